/** Foreign HTML made harmless: what is left may be shown, runs nothing, submits nothing and frames nothing. */
import type { Config } from "dompurify";

import type { CleanHtml, CleanWishes } from "../../sdk/labelwright";
import { safeStyle } from "./css.ts";

const FORBIDDEN = ["form", "button", "input", "select", "textarea", "option", "dialog", "template", "slot", "base", "link", "meta"];
const OWN_WAYS = ["autofocus", "autoplay", "contenteditable", "popover", "tabindex", "accesskey", "ping"];
/** Among other elements of a page, its names must not meet theirs. */
const NAMES = ["class", "id", "name", "for", "slot", "part"];

function configOf(alone: boolean): Config & { RETURN_DOM_FRAGMENT: true } {
  return {
    RETURN_DOM_FRAGMENT: true,
    WHOLE_DOCUMENT: alone, // its head has styles
    FORBID_TAGS: alone ? FORBIDDEN : [...FORBIDDEN, "style"],
    FORBID_ATTR: alone ? OWN_WAYS : [...OWN_WAYS, ...NAMES],
  };
}

/** DOMPurify comes when it is first needed. */
export async function cleanHtml(html: string, { links = false, alone = false }: CleanWishes = {}): Promise<CleanHtml> {
  const { default: purify } = await import("dompurify");
  const whole = purify.sanitize(html, configOf(alone));
  const sheets = [...whole.querySelectorAll("style")];
  const rules = safeStyle(sheets.map((sheet) => sheet.textContent).join("\n"));
  for (const sheet of sheets) sheet.remove();
  for (const link of whole.querySelectorAll("a, area")) tame(link, links);
  for (const styled of whole.querySelectorAll<HTMLElement>("[style]")) restyle(styled);
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
  const written = element.getAttribute("style") ?? "";
  element.removeAttribute("style");
  element.style.cssText = safeStyle(written);
}
