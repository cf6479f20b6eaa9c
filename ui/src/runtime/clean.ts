/** Foreign HTML made harmless: what is left may be shown, runs nothing, submits nothing and frames nothing. */
import type { Config } from "dompurify";

import type { CleanHtml, CleanWishes } from "../../sdk/labelwright";
import { safeStyle } from "./css.ts";

const FORBIDDEN = ["form", "button", "input", "select", "textarea", "option", "dialog", "template", "slot", "base", "link", "meta", "style"];
const OWN_WAYS = ["autofocus", "autoplay", "contenteditable", "popover", "tabindex", "accesskey", "ping"];
/** Among other elements of a page, its names must not meet theirs. */
const NAMES = ["class", "id", "name", "for", "slot", "part"];

const STYLE = "data-lw-style";

function configOf(alone: boolean): Config & { RETURN_DOM_FRAGMENT: true } {
  return {
    RETURN_DOM_FRAGMENT: true,
    ALLOW_DATA_ATTR: false,
    ADD_ATTR: [STYLE],
    ADD_URI_SAFE_ATTR: [STYLE],
    FORBID_TAGS: FORBIDDEN,
    FORBID_ATTR: alone ? OWN_WAYS : [...OWN_WAYS, ...NAMES],
  };
}

/** It always matches once begun, so that no hostile page makes it look twice at the same place. */
const OPENING = /<[a-z](?:"[^"]*"|'[^']*'|[^"'<>])*/gi;
const BASE = /^<base(?![\w:-])/i;
const TELLING = /"[^"]*"|'[^']*'|([\s/])(style|on[a-z]+)(?=\s*=)/gi;

/** Other names for what the content policy would refuse, and complain of, before we have even seen it. */
export function quiet(html: string): string {
  return html.replace(OPENING, (tag) => tag.replace(BASE, "<data-lw-base").replace(TELLING, (whole, gap?: string, name?: string) => (name ? `${gap}data-lw-${name}` : whole)));
}

/** A page without its `<style>` elements, and what they say. */
export function apart(html: string): { html: string; rules: string } {
  const parts = html.split(/<\/style\s*>/i);
  const rules: string[] = [];
  const kept = parts.map((part, at) => {
    const opening = at < parts.length - 1 ? /<style\b[^<>]*>/i.exec(part) : null;
    if (!opening) return part;
    rules.push(part.slice(opening.index + opening[0].length));
    return part.slice(0, opening.index);
  });
  return { html: kept.join(""), rules: rules.join("\n") };
}

/** DOMPurify comes when it is first needed. */
export async function cleanHtml(html: string, { links = false, alone = false }: CleanWishes = {}): Promise<CleanHtml> {
  const { default: purify } = await import("dompurify");
  const { html: page, rules } = apart(html);
  const nodes = purify.sanitize(quiet(page), configOf(alone));
  for (const link of nodes.querySelectorAll("a, area")) tame(link, links);
  for (const styled of nodes.querySelectorAll<HTMLElement>(`[style], [${STYLE}]`)) restyle(styled);
  return { nodes, rules: alone ? safeStyle(rules) : "" };
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
