/** The project's instructions: HTML of a manager, of which only harmless elements and attributes are drawn. */
import { h, type ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";

import { t } from "../i18n/index.ts";
import { icons } from "../runtime/icons.ts";
import { IconButton } from "../runtime/parts.tsx";

const ELEMENTS = new Set([
  "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6",
  "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th",
  "thead", "tr", "u", "ul",
]);
const DROPPED = new Set(["script", "style", "template", "iframe", "object", "embed", "noscript", "svg", "math"]);
const ATTRIBUTES = new Set(["alt", "title", "colspan", "rowspan", "width", "height", "start", "lang", "dir"]);
const LINKS = /^(?:https?:|mailto:|\/(?!\/)|#)/i;
const PICTURES = /^(?:https:|data:image\/(?:png|jpe?g|gif|webp);|\/(?!\/))/i;

function drawn(node: Node): ComponentChildren {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return null;
  const name = node.localName;
  if (DROPPED.has(name)) return null;
  const children = [...node.childNodes].map(drawn);
  if (!ELEMENTS.has(name)) return children;
  const props: Record<string, string> = {};
  for (const { name: key, value } of node.attributes) if (ATTRIBUTES.has(key)) props[key] = value;
  const [href, src] = [node.getAttribute("href"), node.getAttribute("src")];
  if (name === "a" && href && LINKS.test(href.trim())) Object.assign(props, { href, target: "_blank", rel: "noopener noreferrer" });
  if (name === "img" && src && PICTURES.test(src.trim())) Object.assign(props, { src, loading: "lazy" });
  return h(name, props, ...children);
}

export function SafeHtml({ html }: { html: string }) {
  const content = useMemo(() => [...new DOMParser().parseFromString(html, "text/html").body.childNodes].map(drawn), [html]);
  return <div class="lw-prose">{content}</div>;
}

export function Instructions({ html, onClose }: { html: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="lw-dialog lw-dialog--wide" aria-label={t("Instructions")} onClose={onClose}>
      <div class="lw-dialog-head">
        <h2>{t("Instructions")}</h2>
        <IconButton icon={icons.close} title={t("Close")} onClick={() => dialog.current?.close()} />
      </div>
      <div class="lw-dialog-body"><SafeHtml html={html} /></div>
      <div class="lw-dialog-foot">
        <button type="button" class="lw-button lw-button--primary" onClick={() => dialog.current?.close()}>{t("Begin")}</button>
      </div>
    </dialog>
  );
}
