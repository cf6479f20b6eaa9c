/** HTML that an author or a task brings, made harmless before it is shown. */
import { cleanHtml } from "labelwright";
import { useLayoutEffect, useRef } from "preact/hooks";

import { text } from "./attributes.ts";

/** Its words, for names and for the moment before it is shown. */
export const wordsIn = (html: string): string => new DOMParser().parseFromString(html, "text/html").body.textContent ?? "";

function Html({ html }: { html: string }) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    let isGone = false;
    void cleanHtml(html).then(({ nodes }) => (isGone ? undefined : place.current?.replaceChildren(nodes)));
    return () => {
      isGone = true;
    };
  }, [html]);
  return <span ref={place} class="lw-choice-html" />;
}

/** What an answer is shown as: its HTML where it has some, else its value. */
export function Shown({ attrs }: { attrs: { html?: unknown; value?: unknown } }) {
  const html = text(attrs.html);
  return html ? <Html html={html} /> : <>{text(attrs.value)}</>;
}
