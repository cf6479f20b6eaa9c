/** `<View>`, `<Header>`, `<Style>`: where things stand and how they look. */
import { safeRules, type TagContext, type VisualTag } from "labelwright";

import { isOn, styleOf, text } from "./written.ts";

const RULES = `
.lw-view { display: flex; flex-direction: column; gap: 12px; min-width: 0; }
.lw-view--inline { flex-flow: row wrap; align-items: center; }
.lw-view--own { display: block; flex-flow: row; gap: 0; }
.lw-view--own.lw-view--inline { display: inline-block; }
.lw-view:has(.lw-object--2d):not(.lw-view--own) { flex: 1 0 auto; }
.lw-lab-main > .lw-view:not(.lw-view--own)::after { content: ""; flex: none; height: 1px; }
.lw-heading { margin: 4px 0 0; font-weight: 600; line-height: 1.35; overflow-wrap: anywhere; }
.lw-heading--1 { font-size: 1.5rem; } .lw-heading--2 { font-size: 1.25rem; } .lw-heading--3 { font-size: 1.1rem; }
.lw-heading--4 { font-size: 1rem; } .lw-heading--5 { font-size: .9rem; } .lw-heading--6 { font-size: .8rem; }
.lw-heading--underline { padding-bottom: 6px; border-bottom: 1px solid var(--lw-line); }
`;

function classes(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}

const view: VisualTag = {
  api: 1,
  tag: "View",
  kind: "visual",
  setup(ctx) {
    ctx.css(RULES);
    const { attrs } = ctx;
    const style = styleOf(attrs.style);
    return {
      view: () => (
        <div class={classes("lw-view", attrs.display === "inline" && "lw-view--inline", style !== undefined && "lw-view--own", text(attrs.className))}
          id={text(attrs.idAttr)} style={style}>
          {ctx.children()}
        </div>
      ),
    };
  },
};

/** From 1, the largest, to 6: a look only. For screen readers all are one step below the page's own title. */
function sizeOf(ctx: TagContext): number {
  const size = Math.round(Number(ctx.attrs.size ?? 4));
  return Math.min(6, Math.max(1, Number.isFinite(size) ? size : 4));
}

const header: VisualTag = {
  api: 1,
  tag: "Header",
  kind: "visual",
  setup(ctx) {
    ctx.css(RULES);
    const size = sizeOf(ctx);
    const words = String(ctx.field(ctx.attrs.value ?? ctx.node.text ?? "") ?? "");
    const props = {
      class: classes("lw-heading", `lw-heading--${size}`, isOn(ctx.attrs.underline) && "lw-heading--underline", text(ctx.attrs.className)),
      style: styleOf(ctx.attrs.style),
    };
    return { view: () => <h2 {...props}>{words}</h2> };
  },
};

const style: VisualTag = {
  api: 1,
  tag: "Style",
  kind: "visual",
  setup(ctx) {
    ctx.css(safeRules(String(ctx.attrs.value ?? ctx.node.text ?? "")));
    return { view: () => null };
  },
};

const tags: VisualTag[] = [view, header, style];

export default tags;
