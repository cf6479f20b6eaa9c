/** Items that labellers add to a tree: labels of the organisation, linked to this control of the project. */
import type { TagContext } from "labelwright";

import type { Item, Tree } from "./tree.ts";

const PAGE = 1000;

interface Link {
  from_name?: string;
  label?: { value?: unknown };
}

/** Put the items that were added before into the tree. */
export async function recall(ctx: TagContext, tree: Tree): Promise<void> {
  if (ctx.task.project === null) return;
  const query = new URLSearchParams({ project: String(ctx.task.project), from_name: ctx.name, expand: "label", page_size: String(PAGE) });
  const answer = await fetch(ctx.mediaUrl(`/api/label_links?${String(query)}`), { signal: ctx.abort });
  if (!answer.ok) return;
  const { results = [] } = (await answer.json()) as { results?: Link[] };
  const paths = results.flatMap((link) => (Array.isArray(link.label?.value) ? [link.label.value.map(String)] : []));
  for (const path of paths.sort((one, other) => one.length - other.length)) put(tree, path);
}

/** The item at a path, made if its parent is there. */
function put(tree: Tree, path: readonly string[]): Item | null {
  const parent = path.length > 1 ? tree.find(path.slice(0, -1)) : null;
  if (path.length > 1 && (!parent || parent.isAbsent)) return null;
  if (!tree.find(path)) tree.put(parent, [{ value: path.at(-1) }]);
  return tree.find(path);
}

/** Add an item, here at once and for all labellers of the project. Who may not add labels has it in their answer alone. */
export function add(ctx: TagContext, tree: Tree, parent: Item | null, words: string): Item | null {
  const path = [...(parent?.path ?? []), words];
  const item = put(tree, path);
  if (item && ctx.task.project !== null) {
    const body = [{ project: ctx.task.project, from_name: ctx.name, title: `${ctx.name}:${JSON.stringify(path)}`, value: path }];
    const request = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    void fetch(ctx.mediaUrl("/api/labels"), request).catch(() => undefined);
  }
  return item;
}
