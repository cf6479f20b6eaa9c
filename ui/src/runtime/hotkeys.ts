/** Which keys do what, here and now. One table: the sheet of keys and the palette read it too. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";

import { t } from "../i18n/index.ts";
import { actionOf } from "../keys/catalogue.ts";
import { isTyping, normalised, spellings } from "../keys/chords.ts";
import { keysInForce, ownKeys, type KeyMap } from "../keys/own.ts";
import { settings } from "./settings.ts";

export { isTyping, normalised, shownKeys, spellings } from "../keys/chords.ts";

export interface Command {
  /** `annotation:submit`; what a user's own map of keys is written with. */
  id: string;
  /** In the user's language already. */
  title: () => string;
  group: string;
  keys: readonly string[];
  run: (event: KeyboardEvent | null) => void;
  /** Not offered and not run while this is false. */
  when?: () => boolean;
  /** Works while letters are typed, too. */
  always?: boolean;
  /** Left out of the palette (digits of a rating, say). */
  quiet?: boolean;
  /** The author of the configuration gave it its key: whatever else has that key moves aside. */
  byAuthor?: boolean;
  /** The element that it belongs to. Of several with one key, that of the part touched last acts. */
  owner?: string;
}

/** A command of the catalogue: its title, its usual keys and its shelf are written there. */
export function named(id: string, run: Command["run"], when?: Command["when"]): Command {
  const action = actionOf(id)!;
  return { id, keys: action.keys, title: () => t(action.title), group: action.group, always: action.inFields, run, when };
}

/** Keys that a focused button, link or list uses itself. */
function isTaken(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  if (!target?.closest || event.ctrlKey || event.altKey || event.metaKey) return false;
  if (target.closest("dialog[open], [role=dialog], [role=menu], [popover]:popover-open")) return true;
  if (event.key === "Enter" || event.key === " ") return target.closest("button, a[href], summary, input, [role=button], [role=option], [role=row]") !== null;
  if (event.key.startsWith("Arrow")) return target.closest("input, [role=radiogroup], [role=grid], [role=listbox], [role=tablist]") !== null;
  return false;
}

/** Where keys go that a label takes: first the key with Shift. */
const BESIDE = ["shift", "alt+shift", "ctrl+alt"];

/** Whatever has the key of a label gets the next free one beside it; the tooltips and the sheet of keys show that. */
export function asideOfLabels(commands: readonly Command[]): readonly Command[] {
  const ofLabels = new Set(commands.flatMap((command) => (command.byAuthor ? command.keys : [])));
  const isStruck = (command: Command): boolean => !command.byAuthor && command.keys.some((keys) => ofLabels.has(keys));
  if (!commands.some(isStruck)) return commands;
  const used = new Set(commands.flatMap((command) => command.keys));
  const moved = new Map<string, string[]>();
  const beside = (id: string, keys: string): string[] => {
    if (!ofLabels.has(keys)) return [keys];
    const place = `${id} ${keys}`;
    if (!moved.has(place)) moved.set(place, BESIDE.map((held) => normalised(`${held}+${keys}`)).filter((one) => !used.has(one)).slice(0, 1));
    for (const one of moved.get(place)!) used.add(one);
    return moved.get(place)!;
  };
  return commands.map((command) => (isStruck(command) ? { ...command, keys: command.keys.flatMap((keys) => beside(command.id, keys)) } : command));
}

export class Hotkeys {
  #added = signal<readonly Command[]>([]);
  /** All commands with the keys in force, later ones first in a clash. */
  readonly commands: ReadonlySignal<readonly Command[]>;
  #touched: string | null = null;
  #isDetached = false;

  /** `own`: the person's map. What changes in it is in force at once. */
  constructor(own: ReadonlySignal<KeyMap> = ownKeys) {
    this.commands = computed(() =>
      asideOfLabels(this.#added.value.map((command) => ({ ...command, keys: keysInForce(command.id, command.keys.map(normalised), own.value) }))),
    );
  }

  add(...commands: Command[]): () => void {
    this.#added.value = [...this.#added.peek(), ...commands];
    return () => (this.#added.value = this.#added.peek().filter((command) => !commands.includes(command)));
  }

  /** The key in force for an action, for its tooltip. */
  keyOf(id: string): string | undefined {
    return this.commands.value.findLast((command) => command.id === id)?.keys[0];
  }

  find(event: KeyboardEvent): Command | null {
    const typing = isTyping(event);
    for (const keys of spellings(event)) {
      const meant = this.commands.peek().filter((command) => command.keys.includes(keys) && (!typing || command.always) && command.when?.() !== false);
      const touched = meant.findLast((command) => command.owner !== undefined && command.owner === this.#touched);
      if (meant.length > 0) return touched ?? meant.at(-1)!;
    }
    return null;
  }

  handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.#isDetached || !settings.peek().hotkeys || isTaken(event)) return;
    const command = this.find(event);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    command.run(event);
  };

  /** A part of the page has the hand or the focus: keys that several parts have are meant for it. */
  touch = (event: Event): void => {
    const part = (event.target as Element | null)?.closest?.<HTMLElement>("[data-object], [data-control]");
    if (part) this.#touched = part.dataset.object ?? part.dataset.control ?? null;
  };

  attach(target: EventTarget, abort: AbortSignal): void {
    target.addEventListener("keydown", this.handle as EventListener, { signal: abort });
    for (const kind of ["pointerdown", "focusin"]) target.addEventListener(kind, this.touch, { signal: abort });
    abort.addEventListener("abort", () => (this.#isDetached = true), { once: true });
  }
}

export const LABEL_KEYS = "1234567890qwetasdfgzxcvbyiopjklnm";

/** A key for each label: its own where it has one, else the next free of the row. `taken` are keys of tools. */
export function assignKeys(wanted: readonly (string | null)[], taken: Iterable<string> = []): (string | null)[] {
  const used = new Set(taken);
  const explicit = wanted.map((key) => (key ? normalised(key) : null));
  for (const key of explicit) if (key) used.add(key);
  const free = [...LABEL_KEYS].filter((key) => !used.has(key));
  return explicit.map((key) => key ?? free.shift() ?? null);
}
