/** Foreign HTML made harmless: what is left may be shown, runs nothing, submits nothing and frames nothing. */
import type { Config } from "dompurify";

import type { CleanHtml, CleanWishes } from "../../sdk/labelwright";
import { safeStyle } from "./css.ts";

const FORBIDDEN = ["form", "button", "input", "select", "textarea", "option", "dialog", "template", "slot", "base", "link", "meta"];
const OWN_WAYS = ["autofocus", "autoplay", "contenteditable", "popover", "tabindex", "accesskey", "ping"];
/** Among other elements of a page, its names must not meet theirs. */
const NAMES = ["class", "id", "name", "for", "slot", "part"];

const STYLE = "data-lw-style";

function configOf(alone: boolean): Config & { RETURN_DOM_FRAGMENT: true } {
  return {
    RETURN_DOM_FRAGMENT: true,
    WHOLE_DOCUMENT: alone, // its head has rules
    ALLOW_DATA_ATTR: false,
    ADD_ATTR: [STYLE],
    FORBID_TAGS: alone ? FORBIDDEN : [...FORBIDDEN, "style"],
    FORBID_ATTR: alone ? OWN_WAYS : [...OWN_WAYS, ...NAMES],
  };
}

const OPENING = /<[a-z][^\s<>/"']*(?:"[^"]*"|'[^']*'|[^"'<>])*>/gi;
const TELLING = /"[^"]*"|'[^']*'|([\s/])(style|on[a-z]+)(?=\s*=)/gi;

/** Other names for what the content policy would refuse, and complain of, before we have even seen it. */
export function quiet(html: string): string {
  return html.replace(OPENING, (tag) => tag.replace(TELLING, (whole, gap?: string, name?: string) => (name ? `${gap}data-lw-${name}` : whole)));
}

/** DOMPurify comes when it is first needed. */
export async function cleanHtml(html: string, { links = false, alone = false }: CleanWishes = {}): Promise<CleanHtml> {
  const { default: purify } = await import("dompurify");
  const whole = purify.sanitize(quiet(html), configOf(alone));
  const sheets = [...whole.querySelectorAll("style")];
  const rules = safeStyle(sheets.map((sheet) => sheet.textContent).join("\n"));
  for (const sheet of sheets) sheet.remove();
  for (const link of whole.querySelectorAll("a, area")) tame(link, links);
  for (const styled of whole.querySelectorAll<HTMLElement>(`[style], [${STYLE}]`)) restyle(styled);
  const nodes = document.createDocumentFragment();
  nodes.append(...(whole.querySelector("body") ?? whole).childNodes);
  return { nodes, rules };
}

function tame(link: Element, mayOpen: boolean): void {
  if (mayOpen) {
    link.setAttribute("target", "_blank");
    link.setAttribute("rel", "noopener noreferrer");
    return;
  }
  link.removeAttribute("href");
  link.removeAttribute("xlink:href");
}

/** Written as an attribute the content policy refuses it; said to the element itself it holds. */
function restyle(element: HTMLElement): void {
  const written = element.getAttribute(STYLE) ?? element.getAttribute("style") ?? "";
  element.removeAttribute(STYLE);
  element.removeAttribute("style");
  element.style.cssText = safeStyle(written);
}
