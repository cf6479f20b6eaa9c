/** Templates on their shelves, and those that match what was typed. Pure. */
import type { Template } from "../../api/types.ts";
import { tOf } from "../../i18n/index.ts";

/** Templates by the shelf that they stand on, shelves in the order of first sight or of `groups`. */
export function shelves(templates: readonly Template[], groups: readonly string[] = []): [string, Template[]][] {
  const found = new Map<string, Template[]>(groups.map((group) => [group, []]));
  const ordered = templates.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
  for (const template of ordered) found.set(template.group, [...(found.get(template.group) ?? []), template]);
  return [...found].filter(([, all]) => all.length > 0);
}

/** The tags that a configuration uses, each once. */
export function tagsIn(config: string): string[] {
  return [...new Set([...config.replaceAll(/<!--[\s\S]*?-->/g, "").matchAll(/<([A-Za-z][\w.-]*)/g)].map((match) => match[1]!))];
}

/** Those that hold every word: in what is said of them, in either language, or as the name of a tag. */
export function matching(templates: readonly Template[], typed: string): Template[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...templates];
  return templates.filter((template) => {
    const said = [template.title, template.group, template.details ?? ""];
    const all = [template.name, ...said, ...said.map((text) => tOf(template, text)), ...tagsIn(template.config)].join("\n").toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** What an option's place is measured by. */
export interface Box {
  left: number;
  top: number;
  width: number;
}

/** The option that an arrow key leads to: the next one in the row of reading, or the nearest of the row above or below. */
export function stepped(boxes: readonly Box[], at: number, key: string): number {
  const last = boxes.length - 1;
  if (key === "Home") return 0;
  if (key === "End") return last;
  if (key === "ArrowRight") return Math.min(last, at + 1);
  if (key === "ArrowLeft") return Math.max(0, at - 1);
  const here = boxes[at];
  if (!here || (key !== "ArrowDown" && key !== "ArrowUp")) return at;
  const isBeyond = (box: Box): boolean => (key === "ArrowDown" ? box.top > here.top + 1 : box.top < here.top - 1);
  const rows = boxes.filter(isBeyond).map((box) => box.top);
  if (rows.length === 0) return at;
  const row = key === "ArrowDown" ? Math.min(...rows) : Math.max(...rows);
  const middle = (box: Box): number => box.left + box.width / 2;
  const inRow = boxes.map((box, index) => ({ box, index })).filter(({ box }) => Math.abs(box.top - row) <= 1);
  return inRow.toSorted((a, b) => Math.abs(middle(a.box) - middle(here)) - Math.abs(middle(b.box) - middle(here)))[0]!.index;
}
