/** Short news in the corner of the screen; it goes by itself unless it is bad or has something to press. */
import { signal } from "@preact/signals";

import { describeError } from "../api/errors.ts";
import { t } from "../i18n/index.ts";

export interface Toast {
  id: number;
  kind: "info" | "good" | "bad";
  text: string;
  action?: { label: string; run: () => unknown };
}

const STAYS_MS = 6_000;
const AT_MOST = 4;

export const toasts = signal<Toast[]>([]);
let last = 0;

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

export function toast(text: string, kind: Toast["kind"] = "info", action?: Toast["action"]): void {
  const id = ++last;
  const others = toasts.value.filter((one) => one.text !== text);
  toasts.value = [...others.slice(-(AT_MOST - 1)), { id, kind, text, action }];
  if (kind !== "bad" && !action) setTimeout(() => dismiss(id), STAYS_MS);
}

/** Say what went wrong; a request that was given up is no news. */
export function showError(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  toast(describeError(error), "bad");
}

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("Copied"), "good");
  } catch {
    // Without https there is no clipboard API; a selection can still be copied.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    (document.querySelector("dialog[open]") ?? document.body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    toast(done ? t("Copied") : t("The browser does not allow copying here"), done ? "good" : "bad");
  }
}
