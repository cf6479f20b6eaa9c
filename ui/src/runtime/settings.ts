/** How this person likes to work, kept per browser. */
import { effect, signal } from "@preact/signals";

const KEY = "labelwright:labelling";

const DEFAULTS = {
  /** The keys of the labelling page are listened to. */
  hotkeys: true,
  /** Keep the label after drawing, so that many things of a kind go fast. */
  keepLabel: true,
  selectAfterDrawing: false,
  showLabels: true,
  groupBy: "none" as "none" | "label" | "type",
  sideOpen: true,
  sideWidth: 320,
  sideTab: "regions" as "regions" | "relations" | "history" | "task",
};

export type Settings = typeof DEFAULTS;

function stored(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Settings>;
  } catch {
    return {}; // storage may be forbidden, or hold something else
  }
}

export const settings = signal<Settings>({ ...DEFAULTS, ...(typeof localStorage === "undefined" ? {} : stored()) });

export function set<K extends keyof Settings>(key: K, value: Settings[K]): void {
  settings.value = { ...settings.peek(), [key]: value };
}

if (typeof localStorage !== "undefined") {
  effect(() => {
    const text = JSON.stringify(settings.value);
    try {
      localStorage.setItem(KEY, text);
    } catch {
      // Kept for this page only.
    }
  });
}
