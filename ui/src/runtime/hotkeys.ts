/** Which keys do what, here and now. One table: the sheet of keys and the palette read it too. */
import { signal } from "@preact/signals";

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
}

const IS_MAC = typeof navigator !== "undefined" && /mac|iphone|ipad/i.test(navigator.platform ?? "");
const MODIFIERS = ["ctrl", "alt", "shift", "meta"];
const NAMES: Record<string, string> = {
  " ": "space", arrowleft: "left", arrowright: "right", arrowup: "up", arrowdown: "down", esc: "escape", del: "delete",
  "+": "plus", "-": "minus", "=": "plus", return: "enter", command: "ctrl", cmd: "ctrl", control: "ctrl", option: "alt",
};

/** One spelling for each combination: `Shift+CTRL+Z` is `ctrl+shift+z`. */
export function normalised(keys: string): string {
  const parts = (keys.length > 1 && keys.endsWith("+") ? `${keys.slice(0, -1)}plus` : keys)
    .toLowerCase().split("+").map((part) => NAMES[part] ?? (part.trim() || part));
  const modifiers = MODIFIERS.filter((one) => parts.includes(one));
  return [...modifiers, ...parts.filter((part) => !MODIFIERS.includes(part))].join("+");
}

/** The spellings that a key press answers to, the likeliest first: by the letter, then by the place on the keyboard. */
export function spellings(event: KeyboardEvent): string[] {
  const control = IS_MAC ? event.metaKey || event.ctrlKey : event.ctrlKey;
  const held = [control && "ctrl", event.altKey && "alt"].filter(Boolean) as string[];
  const key = event.key.toLowerCase();
  const name = NAMES[key] ?? key;
  const place = /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1]?.toLowerCase();
  const withShift = event.shiftKey ? [...held, "shift"] : held;
  const found = [[...withShift, name]];
  if (place && place !== name) found.push([...withShift, place]);
  // "?" and "+" need shift on most keyboards: the sign itself is what was meant.
  if (event.shiftKey && name.length === 1 && !/[\p{L}\p{N}]/u.test(name)) found.push([...held, name]);
  if (event.shiftKey && name === "plus") found.push([...held, name]);
  return [...new Set(found.map((parts) => parts.join("+")))];
}

const FREE_TEXT = /^(?:text|search|url|tel|email|password|number|date|time|datetime-local|month|week|)$/i;

/** Whether letters pressed now are text: a field has the focus, or an input method is composing. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229) return true;
  const target = (event.composedPath?.()[0] ?? event.target) as Partial<HTMLElement> & { type?: string } | null;
  if (!target?.tagName) return false;
  if (target.tagName === "INPUT") return FREE_TEXT.test(target.type ?? "");
  return target.tagName === "TEXTAREA" || target.tagName === "SELECT" || target.isContentEditable === true;
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

const ON_MAC: Record<string, string> = { ctrl: "⌘", alt: "⌥", shift: "⇧" };
const SHOWN: Record<string, string> = {
  ctrl: "Ctrl", alt: "Alt", shift: "Shift", left: "←", right: "→", up: "↑", down: "↓", plus: "+", minus: "−", space: "Space",
  escape: "Esc", enter: "Enter", backspace: "⌫", delete: "Del", pageup: "PgUp", pagedown: "PgDn",
};

/** The parts of a combination as the user's keyboard has them. */
export function shownKeys(keys: string): string[] {
  return normalised(keys).split("+").map((part) => (IS_MAC && ON_MAC[part]) || SHOWN[part] || part.toUpperCase());
}

export class Hotkeys {
  /** All commands in force, later ones first in a clash. */
  readonly commands = signal<readonly Command[]>([]);
  #own: Record<string, { key?: string; active?: boolean }>;
  #isDetached = false;

  /** `own`: the user's map, as Label Studio keeps it: `{"annotation:submit": {key: "ctrl+s", active: true}}`. */
  constructor(own: Record<string, { key?: string; active?: boolean }> = {}) {
    this.#own = own;
  }

  add(...commands: Command[]): () => void {
    const mine = commands.map((command) => this.#remapped(command));
    this.commands.value = [...this.commands.peek(), ...mine];
    return () => (this.commands.value = this.commands.peek().filter((command) => !mine.includes(command)));
  }

  #remapped(command: Command): Command {
    const own = this.#own[command.id];
    if (own?.active === false) return { ...command, keys: [] };
    const keys = own?.key ? own.key.split(",") : command.keys;
    return { ...command, keys: keys.map(normalised) };
  }

  find(event: KeyboardEvent): Command | null {
    const typing = isTyping(event);
    for (const keys of spellings(event)) {
      for (const command of this.commands.peek().toReversed()) {
        if (!command.keys.includes(keys) || (typing && !command.always) || command.when?.() === false) continue;
        return command;
      }
    }
    return null;
  }

  handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || this.#isDetached || isTaken(event)) return;
    const command = this.find(event);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    command.run(event);
  };

  attach(target: EventTarget, abort: AbortSignal): void {
    target.addEventListener("keydown", this.handle as EventListener, { signal: abort });
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
