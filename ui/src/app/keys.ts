/** The keys in force on this page: declared where they act, listed by `?`. */
import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

export interface Shortcut {
  /** `mod+k`, `shift+delete`, `?`; `mod` is the command key on a Mac and Ctrl elsewhere. */
  keys: string;
  /** What it does, translated. */
  label: string;
  /** Left out where another part of the page listens itself and only lists its keys here. */
  run?: (event: KeyboardEvent) => void;
  /** Also while the focus is in a text field. */
  inFields?: boolean;
}

export interface ShortcutGroup {
  title: string;
  shortcuts: Shortcut[];
}

const groups = signal<readonly (() => ShortcutGroup)[]>([]);

export const shortcutGroups = computed(() => groups.value.map((group) => group()));

export const isMac = typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.platform);

/** Put keys in force until the function given back is called. The group is a function, so that its texts follow the language. */
export function registerShortcuts(group: () => ShortcutGroup): () => void {
  groups.value = [...groups.value, group];
  return () => { groups.value = groups.value.filter((one) => one !== group); };
}

export function useShortcuts(group: () => ShortcutGroup, deps: readonly unknown[] = []): void {
  useEffect(() => registerShortcuts(group), deps as unknown[]);
}

/** `mod+shift+k` for this key press. */
export function chordOf(event: KeyboardEvent, mac = isMac): string {
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  const isSign = key.length === 1 && !/[a-z0-9]/.test(key);
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey && "ctrl" : event.metaKey && "meta";
  // A sign such as `?` already says that shift was held.
  return [mod && "mod", other, event.altKey && "alt", event.shiftKey && !isSign && "shift", key].filter(Boolean).join("+");
}

const FIELDS = "input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]:not([contenteditable=false])";

function onKeyDown(event: KeyboardEvent): void {
  // While an input method composes, keys belong to it.
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  const isTyping = (event.target as Element | null)?.closest?.(FIELDS) != null;
  const isModal = document.querySelector("dialog[open]") !== null;
  const chord = chordOf(event);
  for (const group of groups.value.toReversed()) {
    for (const one of group().shortcuts) {
      if (one.keys !== chord || !one.run || ((isTyping || isModal) && !one.inFields)) continue;
      event.preventDefault();
      return one.run(event);
    }
  }
}

export function startShortcuts(): void {
  document.addEventListener("keydown", onKeyDown);
}

const NAMES: Record<string, string> = {
  mod: "Ctrl", alt: "Alt", shift: "Shift", ctrl: "Ctrl", meta: "Meta", enter: "Enter", escape: "Esc", delete: "Del", backspace: "⌫", space: "Space",
  arrowup: "↑", arrowdown: "↓", arrowleft: "←", arrowright: "→", home: "Home", end: "End", pageup: "PgUp", pagedown: "PgDn", tab: "Tab",
};
const MAC_NAMES: Record<string, string> = { ...NAMES, mod: "⌘", alt: "⌥", shift: "⇧", ctrl: "⌃" };

/** The caps to show for `mod+k`: `["Ctrl", "K"]`. */
export function keyCaps(keys: string, mac = isMac): string[] {
  const names = mac ? MAC_NAMES : NAMES;
  return keys.split("+").map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}
