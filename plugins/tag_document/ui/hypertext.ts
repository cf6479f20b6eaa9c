/** `<HyperText>`: HTML, cleaned, in a shadow tree so that its looks and ours do not meet. */
import { cleanHtml, type CleanHtml, type ObjectContext, type ObjectTag } from "labelwright";

import rules from "./hypertext.css?inline";
import { htmlOf } from "./source.ts";

const isOn = (value: unknown): boolean => value === true || value === "true";
const isOff = (value: unknown): boolean => value === false || value === "false";

const INSIDE = `
:host { display: block; }
.page { min-height: 3rem; padding: 16px 20px; font: 15px/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
.page > :first-child { margin-top: 0; } .page > :last-child { margin-bottom: 0; }
img, video, svg, canvas { max-width: 100%; height: auto; }
table { border-collapse: collapse; } td, th { padding: 4px 8px; border: 1px solid #d5d9de; text-align: start; }
`;

function sheet(text: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}

function show(el: HTMLElement, ctx: ObjectContext, clean: CleanHtml): HTMLElement {
  const { attrs } = ctx;
  const box = document.createElement("div");
  box.className = `lw-hypertext${isOn(attrs.inline) ? "" : " lw-hypertext--framed"}`;
  box.tabIndex = 0; // so that the arrow keys scroll it
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", ctx.t("Page {name}", { name: ctx.name }));
  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet(INSIDE), sheet(clean.rules)];
  const page = document.createElement("div");
  page.className = "page";
  if (isOff(attrs.selectionEnabled)) page.style.userSelect = "none";
  page.append(clean.nodes);
  root.append(page);
  box.append(host);
  el.append(box);
  return box;
}

const hypertext: ObjectTag = {
  api: 1,
  tag: "HyperText",
  kind: "object",
  space: "hypertext",
  mount(el, ctx) {
    ctx.css(rules);
    let box: HTMLElement | null = null;
    const begin = async (): Promise<void> => {
      const clean = await cleanHtml(await htmlOf(ctx), { links: isOn(ctx.attrs.clickableLinks), alone: true });
      if (ctx.abort.aborted) return;
      box = show(el, ctx, clean);
      ctx.loaded();
    };
    begin().catch((error: Error) => (ctx.abort.aborted ? undefined : ctx.failed(error.message)));
    return { focus: () => box?.focus(), dispose: () => box?.remove() };
  },
};

export default hypertext;
