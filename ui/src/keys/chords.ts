/** Key combinations: one spelling for each, read from what was pressed, and as the user's keyboard has them. */

export const IS_MAC = typeof navigator !== "undefined" && /mac|iphone|ipad/i.test(navigator.platform ?? "");

const MODIFIERS = ["ctrl", "alt", "shift", "meta"];
const NAMES: Record<string, string> = {
  " ": "space", arrowleft: "left", arrowright: "right", arrowup: "up", arrowdown: "down", esc: "escape", del: "delete", return: "enter",
  "+": "plus", "-": "minus", "=": "plus", ",": "comma", mod: "ctrl", command: "ctrl", cmd: "ctrl", control: "ctrl", option: "alt",
};

/** One spelling for each combination: `Shift+CTRL+Z` is `ctrl+shift+z`; `ctrl` is the command key on a Mac. */
export function normalised(keys: string): string {
  const parts = (keys.length > 1 && keys.endsWith("+") ? `${keys.slice(0, -1)}plus` : keys)
    .toLowerCase().split("+").map((part) => NAMES[part] ?? NAMES[part.trim()] ?? (part.trim() || part));
  const modifiers = MODIFIERS.filter((one) => parts.includes(one));
  return [...modifiers, ...parts.filter((part) => !MODIFIERS.includes(part))].join("+");
}

/** The combinations in a list of them: `command+z,ctrl+z`. A comma may be a key, too. */
export function keysIn(text: string): string[] {
  const listed = text.trim().replace(/(^|\+|,),/g, "$1comma").split(",").map((one) => one.trim()).filter(Boolean);
  return [...new Set(listed.map(normalised))];
}

function parts(event: KeyboardEvent): { held: string[]; name: string; place: string | undefined } {
  const control = IS_MAC ? event.metaKey || event.ctrlKey : event.ctrlKey;
  const key = event.key.toLowerCase();
  return {
    held: [control && "ctrl", event.altKey && "alt"].filter(Boolean) as string[],
    name: NAMES[key] ?? key,
    place: /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(event.code)?.[1]?.toLowerCase(),
  };
}

/** The spellings that a key press answers to, the likeliest first: by the letter, then by the place on the keyboard. */
export function spellings(event: KeyboardEvent): string[] {
  const { held, name, place } = parts(event);
  const withShift = event.shiftKey ? [...held, "shift"] : held;
  const found = [[...withShift, name]];
  if (place && place !== name) found.push([...withShift, place]);
  // "?" and "+" need shift on most keyboards: the sign itself is what was meant.
  if (event.shiftKey && (isSign(name) || name === "plus")) found.push([...held, name]);
  return [...new Set(found.map((each) => each.join("+")))];
}

const isSign = (name: string): boolean => name.length === 1 && !/[\p{L}\p{N}]/u.test(name);
const NO_KEYS = new Set(["control", "ctrl", "shift", "alt", "meta", "altgraph", "capslock", "numlock", "fn", "process", "unidentified", ""]);

/** How to write down the combination that is pressed; `null` while only modifiers are held. */
export function recorded(event: KeyboardEvent): string | null {
  const { held, name, place } = parts(event);
  if (NO_KEYS.has(name)) return null;
  const withShift = event.shiftKey ? [...held, "shift"] : held;
  if (/^[a-z0-9]$/.test(name) || !(name.length === 1 || name === "dead")) return [...withShift, name].join("+");
  // Letters of another alphabet, and what Alt or Shift make of a letter or a digit, are known by their place.
  if (place) return [...withShift, place].join("+");
  return name === "dead" ? null : [...held, ...(event.shiftKey && !isSign(name) ? ["shift"] : []), name].join("+");
}

const OF_THE_SYSTEM = new Set(["alt+f4", "alt+tab", "ctrl+alt+delete", "ctrl+shift+escape", "meta+tab", "tab", "shift+tab"]);
const OF_THE_BROWSER = new Set(["ctrl+w", "ctrl+t", "ctrl+n", "ctrl+q", "ctrl+shift+w", "ctrl+shift+t", "ctrl+shift+n", "ctrl+tab", "ctrl+shift+tab", "f11", "f12"]);

/** Whether a page never hears of this combination, or must leave it alone. */
export function isForbidden(keys: string): boolean {
  return OF_THE_SYSTEM.has(keys) || OF_THE_BROWSER.has(keys) || (IS_MAC && ["ctrl+h", "ctrl+m"].includes(keys));
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

const ON_MAC: Record<string, string> = { ctrl: "⌘", alt: "⌥", shift: "⇧", meta: "⌃" };
const SHOWN: Record<string, string> = {
  ctrl: "Ctrl", alt: "Alt", shift: "Shift", meta: "Meta", left: "←", right: "→", up: "↑", down: "↓", plus: "+", minus: "−", comma: ",", space: "Space",
  escape: "Esc", enter: "Enter", backspace: "⌫", delete: "Del", pageup: "PgUp", pagedown: "PgDn", home: "Home", end: "End", tab: "Tab",
};

/** The parts of a combination as the user's keyboard has them: `["Ctrl", "K"]`, on a Mac `["⌘", "K"]`. */
export function shownKeys(keys: string, mac = IS_MAC): string[] {
  return normalised(keys).split("+").map((part) => (mac && ON_MAC[part]) || SHOWN[part] || part.toUpperCase());
}
