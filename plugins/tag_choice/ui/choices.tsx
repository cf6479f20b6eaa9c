/** `<Choices>`: one answer of a list, or several; as a column, a row or a drop-down list. */
import type { ConfigNode, ControlContext, ControlTag, Label } from "labelwright";
import { Keys, safeStyle } from "labelwright";

import { isOn, text } from "./attributes.ts";
import { holds, pressed, type Kind, type Made } from "./answers.ts";
import rules from "./choices.css?inline";

/** What the result stores for an answer. */
const storedAs = (node: ConfigNode): string => text(node.attrs.alias) || text(node.attrs.value) || text(node.text);

/** Answers that the task brings, as nodes like those of the configuration. */
function fromData(items: unknown, id: string): ConfigNode[] {
  return (Array.isArray(items) ? items : []).map((item: unknown, index): ConfigNode => {
    const attrs = typeof item === "object" && item !== null ? (item as Record<string, unknown>) : { value: item };
    return { id: `${id}.${index}`, tag: "Choice", name: null, attrs, text: null, children: fromData(attrs.children, `${id}.${index}`) };
  });
}

function shown(node: ConfigNode): string {
  const html = text(node.attrs.html);
  if (!html) return text(node.attrs.value) || text(node.text);
  return new DOMParser().parseFromString(html, "text/html").body.textContent ?? "";
}

function layoutOf(ctx: ControlContext): "vertical" | "inline" | "select" {
  const { attrs } = ctx;
  if (attrs.showInline !== undefined && ctx.node.attrs.layout === undefined) return isOn(attrs.showInline) ? "inline" : "vertical";
  return attrs.layout === "inline" || attrs.layout === "select" ? attrs.layout : "vertical";
}

function setup(ctx: ControlContext) {
  ctx.css(rules);
  const answer = ctx.answer<Made[]>();
  const kind = (ctx.attrs.choice ?? "single") as Kind;
  const nested = isOn(ctx.attrs.allowNested);
  const layout = layoutOf(ctx);
  const nodes = [...ctx.node.children, ...fromData(ctx.field(ctx.attrs.value), ctx.node.id)];

  const valueOf = (node: ConfigNode, path: readonly string[]): Made => (nested ? [...path, storedAs(node)] : storedAs(node));
  const press = (value: Made): void => {
    answer.value = pressed(answer.peek() ?? [], value, kind);
  };
  const keyOf = (node: ConfigNode): string | null => ctx.labels.value.find((label) => label.value === storedAs(node))?.hotkey ?? null;

  const Option = ({ node, path }: { node: ConfigNode; path: readonly string[] }) => {
    const value = valueOf(node, path);
    const key = keyOf(node);
    const isMade = holds(answer.value ?? [], value);
    return (
      <div class="lw-choice-item">
        <label class="lw-choice" data-made={isMade || undefined} title={text(node.attrs.hint) || undefined}>
          <input type={kind === "single-radio" ? "radio" : "checkbox"} name={ctx.name} value={storedAs(node)} checked={isMade} disabled={ctx.readonly.value}
            onChange={(event) => {
              press(value);
              // Shown is what is stored, whatever the browser made of the press.
              event.currentTarget.checked = holds(answer.peek() ?? [], value);
            }} />
          <span class="lw-choice-text" style={safeStyle(text(node.attrs.style)) || undefined}>{shown(node)}</span>
          {key && <Keys keys={key} />}
        </label>
        {node.children.length > 0 && (
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
    const all = flat(nodes, []);
    const now = answer.value?.[0];
    const at = now === undefined ? -1 : all.findIndex(({ node, path }) => holds([now], valueOf(node, path)));
    return (
      <select class="lw-select lw-choices-select" aria-label={ctx.name} value={String(at)} disabled={ctx.readonly.value}
        onChange={(event) => {
          const chosen = all[Number(event.currentTarget.value)];
          answer.value = chosen ? [valueOf(chosen.node, chosen.path)] : null;
        }}>
        <option value="-1">{ctx.t("Choose…")}</option>
        {all.map(({ node, path }, index) => <option key={node.id} value={String(index)}>{[...path, shown(node)].join(" / ")}</option>)}
      </select>
    );
  };

  return {
    view: () => (layout === "select" && kind !== "multiple" ? <Drop /> : <List />),
    pick(label: Label) {
      const found = flat(nodes, []).find(({ node }) => storedAs(node) === label.value);
      if (found) press(valueOf(found.node, found.path));
    },
  };
}

function flat(nodes: readonly ConfigNode[], path: readonly string[]): { node: ConfigNode; path: readonly string[] }[] {
  return nodes.flatMap((node) => {
    if (node.tag !== "Choice") return flat(node.children, path);
    return [{ node, path }, ...flat(node.children, [...path, storedAs(node)])];
  });
}

const choices: ControlTag = { api: 1, tag: "Choices", kind: "control", setup };

export default choices;
