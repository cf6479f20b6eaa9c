/** What the page is called: in the browser's tab, and spoken when the page changes. */
import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

const spoken = signal("");

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Labelwright` : "Labelwright";
    spoken.value = title;
  }, [title]);
}

let isFirst = true;

/** After a change of page the focus begins at its content, as after a load. */
export function announce(): void {
  if (isFirst) {
    isFirst = false;
    return;
  }
  const focused = document.activeElement;
  const isElsewhere = !focused || focused === document.body || focused.closest(".app-bar") !== null || !focused.isConnected;
  if (isElsewhere) document.getElementById("main")?.focus({ preventScroll: true });
}

export function Announcer() {
  return <div class="lw-hidden-visually" aria-live="polite">{spoken.value}</div>;
}
