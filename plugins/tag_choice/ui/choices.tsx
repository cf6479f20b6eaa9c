/** `<Choices>`: one answer of a list, or several; as a column, a row or a drop-down list. */
import { useComputed } from "@preact/signals";
import type { ConfigNode, ControlContext, ControlTag, Label } from "labelwright";
import { Keys, safeStyle } from "labelwright";
import { useMemo } from "preact/hooks";

import { isOn, text } from "./attributes.ts";
import { holds, pressed, pressedInside, type Branch, type Kind, type Made } from "./answers.ts";
import rules from "./choices.css?inline";
import { Shown, wordsIn } from "./html.tsx";
import { Picker } from "./picker.tsx";
import pickerRules from "./picker.css?inline";
import { rawsOf, Tree } from "./tree.ts";

/** What the result stores for an answer. */
const storedAs = (node: ConfigNode): string => text(node.attrs.alias) || text(node.attrs.value) || text(node.text);

/** Answers that the task brings, as nodes like those of the configuration. */
function fromData(items: unknown, id: string, isNested: boolean): ConfigNode[] {
  return (Array.isArray(items) ? items : []).map((item: unknown, index): ConfigNode => {
    const attrs = typeof item === "object" && item !== null ? (item as Record<string, unknown>) : { value: item };
    return { id: `${id}.${index}`, tag: "Choice", name: null, attrs, text: null, children: isNested ? fromData(attrs.children, `${id}.${index}`, true) : [] };
  });
}

const styleOf = (node: ConfigNode): string | undefined => safeStyle(text(node.attrs.style)) || undefined;

/** The words of a chosen path, HTML without its marks. */
function wordsOf(tree: Tree, path: readonly string[]): string[] {
  return path.map((part, at) => {
    const item = tree.find(path.slice(0, at + 1));
    return item ? wordsIn(text(item.raw.html)) || item.words : part;
  });
}

function layoutOf(ctx: ControlContext): "vertical" | "inline" | "select" {
  const { attrs } = ctx;
  if (attrs.showInline !== undefined && ctx.node.attrs.layout === undefined) return isOn(attrs.showInline) ? "inline" : "vertical";
  return attrs.layout === "inline" || attrs.layout === "select" ? attrs.layout : "vertical";
}

function setup(ctx: ControlContext) {
  ctx.css(rules);
  if (layoutOf(ctx) === "select") ctx.css(pickerRules);
  const answer = ctx.answer<Made[]>();
  const kind = (ctx.attrs.choice ?? "single") as Kind;
  const nested = isOn(ctx.attrs.allowNested);
  const layout = layoutOf(ctx);
  const nodes = [...ctx.node.children, ...fromData(ctx.field(ctx.attrs.value), ctx.node.id, nested)];

  const valueOf = (node: ConfigNode, path: readonly string[]): Made => (nested ? [...path, storedAs(node)] : storedAs(node));
  const branches = branchesOf(nodes, []);
  const press = (value: Made): void => {
    const made = answer.peek() ?? [];
    answer.value = nested ? pressedInside(branches, made, [value].flat(), kind) : pressed(made, value, kind);
  };
  const keyOf = (node: ConfigNode): string | null => ctx.labels.value.find((label) => label.value === storedAs(node))?.hotkey ?? null;

  const Option = ({ node, path }: { node: ConfigNode; path: readonly string[] }) => {
    const value = valueOf(node, path);
    const key = keyOf(node);
    const isMade = holds(answer.value ?? [], value);
    const isPartly = nested && !isMade && (answer.value ?? []).some((one) => [value].flat().every((part, at) => one[at] === part));
    return (
      <div class="lw-choice-item">
        <label class="lw-choice" data-made={isMade || undefined} title={text(node.attrs.hint) || undefined}>
          <input type={kind === "single-radio" ? "radio" : "checkbox"} name={ctx.name} value={storedAs(node)} checked={isMade} indeterminate={isPartly} disabled={ctx.readonly.value}
            onChange={(event) => {
              press(value);
              // Shown is what is stored, whatever the browser made of the press.
              event.currentTarget.checked = holds(answer.peek() ?? [], value);
            }} />
          <span class="lw-choice-text" style={styleOf(node)}><Shown attrs={{ value: node.text, ...node.attrs }} /></span>
          {key && <Keys keys={key} />}
        </label>
        {nested && node.children.length > 0 && (
          <div class="lw-choice-inner">{ctx.children(node.children, drawIn([...path, storedAs(node)]))}</div>
        )}
      </div>
    );
  };
  const drawIn = (path: readonly string[]) => (node: ConfigNode) => (node.tag === "Choice" ? <Option node={node} path={path} /> : undefined);

  const List = () => (
    <div class={`lw-choices lw-choices--${layout}`} role={kind === "single-radio" ? "radiogroup" : "group"} aria-label={ctx.name}>
      {ctx.children(nodes, drawIn([]))}
    </div>
  );

  const Drop = () => {
    const tree = useMemo(() => new Tree(rawsOf(nodes)), []);
    const pathOf = (value: Made): readonly string[] => (Array.isArray(value) ? value : (tree.all.find((item) => item.path.at(-1) === value)?.path ?? [value]));
    const made = useComputed(() => (answer.value ?? []).map(pathOf));
    const stored = (path: readonly string[]): Made => (nested ? [...path] : path.at(-1)!);
    return (
      <Picker ctx={ctx} tree={tree} made={made} isMultiple={kind === "multiple"} isOpen mayPick={() => true} press={(item) => press(stored(item.path))}
        remove={kind === "single-radio" ? undefined : (path) => press(stored(path))} nameOf={(path) => wordsOf(tree, path).join(" / ")}
        draw={(item) => <span style={safeStyle(text(item.raw.style)) || undefined}><Shown attrs={item.raw} /></span>} placeholder={ctx.t("Choose…")} />
    );
  };

  return {
    validate: () => (kind !== "multiple" && !nested && (answer.peek()?.length ?? 0) > 1 ? ctx.t("Only one can be chosen") : null),
    view: () => (layout === "select" ? <Drop /> : <List />),
    pick(label: Label) {
      const found = flat(nodes, []).find(({ node }) => storedAs(node) === label.value);
      if (found) press(valueOf(found.node, found.path));
    },
  };
}

function branchesOf(nodes: readonly ConfigNode[], path: readonly string[]): Branch[] {
  return nodes.flatMap((node) => {
    if (node.tag !== "Choice") return branchesOf(node.children, path);
    const own = [...path, storedAs(node)];
    return [{ path: own, children: branchesOf(node.children, own) }];
  });
}

function flat(nodes: readonly ConfigNode[], path: readonly string[]): { node: ConfigNode; path: readonly string[] }[] {
  return nodes.flatMap((node) => {
    if (node.tag !== "Choice") return flat(node.children, path);
    return [{ node, path }, ...flat(node.children, [...path, storedAs(node)])];
  });
}

/** What the author has chosen before. */
function initial({ node, attrs, field }: Pick<ControlContext, "node" | "attrs" | "field">): Made[] {
  const nested = isOn(attrs.allowNested);
  const nodes = [...node.children, ...fromData(field(attrs.value), node.id, nested)];
  const chosen = flat(nodes, []).filter((one) => isOn(one.node.attrs.selected));
  return chosen.map((one) => (nested ? [...one.path, storedAs(one.node)] : storedAs(one.node)));
}

const choices: ControlTag = { api: 1, tag: "Choices", kind: "control", initial, setup };

export default choices;
