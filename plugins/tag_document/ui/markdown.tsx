/** `<Markdown>`: formatted text between the others. */
import { cleanHtml, safeStyle, type TagContext, type VisualTag } from "labelwright";
import { marked } from "marked";

import { dedented } from "./dedented.ts";
import rules from "./markdown.css?inline";

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));

async function fill(el: HTMLElement, ctx: TagContext): Promise<void> {
  const written = dedented(text(ctx.field(ctx.attrs.value ?? ctx.node.text ?? "")));
  const { nodes } = await cleanHtml(marked.parse(written, { async: false, gfm: true }), { links: true });
  el.replaceChildren(nodes);
}

const markdown: VisualTag = {
  api: 1,
  tag: "Markdown",
  kind: "visual",
  setup(ctx) {
    ctx.css(rules);
    const { attrs } = ctx;
    const put = (el: HTMLElement | null): void => {
      if (el) void fill(el, ctx);
    };
    const name = `lw-markdown ${text(attrs.className)}`.trim();
    return { view: () => <div ref={put} class={name} id={text(attrs.idAttr) || undefined} style={safeStyle(text(attrs.style)) || undefined} /> };
  },
};

export default markdown;
