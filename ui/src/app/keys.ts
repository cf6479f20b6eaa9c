/** The keys in force on this page: declared where they act, listed by `?` and by the palette. */
import { computed, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { t } from "../i18n/index.ts";
import { actionOf } from "../keys/catalogue.ts";
import { isTyping, normalised, spellings } from "../keys/chords.ts";
import { keysInForce } from "../keys/own.ts";

export interface Shortcut {
  /** Its name in the catalogue, which has its usual keys and its words, and in a person's own map. */
  id?: string;
  /** `ctrl+k`, `shift+delete`, `?`; `ctrl` is the command key on a Mac. Without an id they are fixed. */
  keys?: string;
  /** What it does, translated. */
  label?: string;
  /** Left out where another part of the page listens itself and only lists its keys here. */
  run?: (event: KeyboardEvent | null) => void;
  /** Also while the focus is in a text field. */
  inFields?: boolean;
}

export interface ShortcutGroup {
  title: string;
  shortcuts: Shortcut[];
}

export interface ListedShortcut extends Shortcut {
  label: string;
  /** In force; none where the person switched it off. */
  all: readonly string[];
}

const groups = signal<readonly (() => ShortcutGroup)[]>([]);

function listed(shortcut: Shortcut): ListedShortcut {
  const action = shortcut.id ? actionOf(shortcut.id) : undefined;
  const usual = shortcut.keys ? [normalised(shortcut.keys)] : (action?.keys ?? []);
  return {
    ...shortcut,
    label: shortcut.label ?? t(action?.title ?? ""),
    inFields: shortcut.inFields ?? action?.inFields,
    all: shortcut.id ? keysInForce(shortcut.id, usual) : usual,
  };
}

export const shortcutGroups = computed(() => groups.value.map((group) => {
  const { title, shortcuts } = group();
  return { title, shortcuts: shortcuts.map(listed) };
}));

/** Put keys in force until the function given back is called. The group is a function, so that its texts follow the language. */
export function registerShortcuts(group: () => ShortcutGroup): () => void {
  groups.value = [...groups.value, group];
  return () => { groups.value = groups.value.filter((one) => one !== group); };
}

export function useShortcuts(group: () => ShortcutGroup, deps: readonly unknown[] = []): void {
  useEffect(() => registerShortcuts(group), deps as unknown[]);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  const isBusy = isTyping(event) || document.querySelector("dialog[open]") !== null;
  const pressed = spellings(event);
  const groupsNow = shortcutGroups.peek().toReversed();
  for (const keys of pressed) {
    for (const { shortcuts } of groupsNow) {
      const meant = shortcuts.find((one) => one.run && one.all.includes(keys) && (!isBusy || one.inFields));
      if (!meant) continue;
      event.preventDefault();
      return meant.run!(event);
    }
  }
}

export function startShortcuts(): void {
  document.addEventListener("keydown", onKeyDown);
}
