/** `<Collapse>` and its `<Panel>`s: parts of a page that open and close. */
import { effect, signal, type Signal } from "@preact/signals";
import { Icon, icons, type ConfigNode, type TagContext, type VisualTag } from "labelwright";

import rules from "./collapse.css?inline";
import { holds } from "./nodes.ts";
import { isOn } from "./written.ts";

interface PanelProps {
  ctx: TagContext;
  node: ConfigNode;
  open: Signal<ReadonlySet<string>>;
  opened: Set<string>;
  toggle: (id: string) => void;
}

/** What was open once stays on the page: words half typed inside are not lost. */
function PanelView({ ctx, node, open, opened, toggle }: PanelProps) {
  const isOpen = open.value.has(node.id);
  if (isOpen) opened.add(node.id);
  const body = `lw-panel-${node.id}`;
  return (
    <section class="lw-panel" data-open={isOpen || undefined}>
      <h3 class="lw-panel-head">
        <button type="button" aria-expanded={isOpen} aria-controls={body} onClick={() => toggle(node.id)}>
          <Icon path={icons.next} size={14} />
          <span>{String(ctx.field(node.attrs.value ?? node.text ?? "") ?? "")}</span>
        </button>
      </h3>
      <div id={body} class="lw-panel-body" hidden={!isOpen}>{opened.has(node.id) && ctx.children(node.children)}</div>
    </section>
  );
}

/** Open and close panels; each one alone where it is an accordion. */
function folding(panels: readonly ConfigNode[], isAccordion: boolean, begin: readonly ConfigNode[]) {
  const ids = begin.map((panel) => panel.id);
  const open = signal<ReadonlySet<string>>(new Set(isAccordion ? ids.slice(0, 1) : ids));
  const show = (id: string): void => {
    if (!open.peek().has(id)) open.value = new Set(isAccordion ? [id] : [...open.peek(), id]);
  };
  const toggle = (id: string): void => {
    if (open.peek().has(id)) open.value = new Set([...open.peek()].filter((one) => one !== id));
    else show(id);
  };
  const find = (name: string): void => {
    const panel = panels.find((one) => holds(one.children, name));
    if (panel) show(panel.id);
  };
  return { open, toggle, find };
}

function follow(ctx: TagContext, find: (name: string) => void): void {
  const stop = effect(() => {
    if (ctx.wanted.value) find(ctx.wanted.value.name);
  });
  ctx.abort.addEventListener("abort", stop, { once: true });
}

const collapse: VisualTag = {
  api: 1,
  tag: "Collapse",
  kind: "visual",
  setup(ctx) {
    ctx.css(rules);
    const panels = ctx.node.children.filter((child) => child.tag === "Panel");
    const begin = isOn(ctx.attrs.open) ? panels : panels.filter((panel) => isOn(panel.attrs.open));
    const { open, toggle, find } = folding(panels, isOn(ctx.attrs.accordion), begin);
    const opened = new Set<string>();
    follow(ctx, find);
    const draw = (node: ConfigNode) => (panels.includes(node) ? <PanelView ctx={ctx} node={node} open={open} opened={opened} toggle={toggle} /> : undefined);
    return { view: () => <div class={`lw-collapse${isOn(ctx.attrs.bordered) ? " lw-collapse--bordered" : ""}`}>{ctx.children(ctx.node.children, draw)}</div> };
  },
};

/** A panel that stands by itself. */
const panel: VisualTag = {
  api: 1,
  tag: "Panel",
  kind: "visual",
  setup(ctx) {
    ctx.css(rules);
    const { open, toggle, find } = folding([ctx.node], false, isOn(ctx.attrs.open) ? [ctx.node] : []);
    const opened = new Set<string>();
    follow(ctx, find);
    return { view: () => <PanelView ctx={ctx} node={ctx.node} open={open} opened={opened} toggle={toggle} /> };
  },
};

const tags: VisualTag[] = [collapse, panel];

export default tags;
