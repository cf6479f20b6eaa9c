import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** A part of a page with its name, what it is about, and what can be done at its foot. */
export function Panel({ title, about, foot, children }: { title: string; about?: ComponentChildren; foot?: ComponentChildren; children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="app-panel" aria-labelledby={id}>
      <header class="app-panel-head"><h2 id={id}>{title}</h2>{about && <p>{about}</p>}</header>
      <div class="app-panel-body">{children}</div>
      {foot && <footer class="app-panel-foot">{foot}</footer>}
    </section>
  );
}
