/**
 * Maps of keys as Label Studio writes them: in `custom_hotkeys` by section and action, and in the file of its export.
 *
 * It writes down every key, changed or not. What only repeats its usual key is no wish of anybody, and is left out,
 * or each import would bring back the clashes of its map.
 */
import type { Keymap } from "../boot.ts";
import { keysIn } from "./chords.ts";

/** Its sections with the usual keys of their actions. */
const SECTIONS: Record<string, Record<string, string>> = {
  annotation: { "annotation:submit": "ctrl+enter", "annotation:skip": "ctrl+space", "annotation:undo": "ctrl+z", "annotation:redo": "ctrl+shift+z" },
  data_manager: {
    "dm.focus-previous": "shift+up", "dm.focus-next": "shift+down", "dm.close-labeling": "shift+left", "dm.open-labeling": "shift+right",
    "dm.toggle-bulk-sidebar-minimization": "shift+.",
  },
  regions: {
    "region:delete-all": "ctrl+backspace", "region:focus": "enter", "region:relation": "alt+r", "region:visibility": "alt+h",
    "region:visibility-all": "ctrl+h", "region:lock": "alt+l", "region:meta": "alt+m", "region:unselect": "u", "region:exit": "escape",
    "region:delete": "backspace", "region:cycle": "alt+.", "region:duplicate": "ctrl+d", "segment:delete": "delete",
  },
  audio: { "audio:back": "ctrl+b", "audio:playpause": "ctrl+p", "audio:step-backward": "alt+a", "audio:step-forward": "alt+d" },
  video: {
    "media:playpause": "ctrl+alt+space", "media:step-backward": "alt+left", "media:step-forward": "alt+right", "video:keyframe-backward": "ctrl+alt+left",
    "video:keyframe-forward": "ctrl+alt+right", "video:backward": "alt+left", "video:rewind": "shift+ctrl+alt+left", "video:forward": "shift+alt+right",
    "video:fastforward": "shift+ctrl+alt+right", "video:hop-backward": "shift+alt+left", "video:hop-forward": "shift+alt+right",
  },
  timeseries: {
    "ts:grow-left": "left", "ts:grow-right": "right", "ts:shrink-left": "alt+left", "ts:shrink-right": "alt+right", "ts:grow-left-large": "shift+left",
    "ts:grow-right-large": "shift+right", "ts:shrink-left-large": "shift+alt+left", "ts:shrink-right-large": "shift+alt+right",
  },
  image_gallery: { "image:prev": "ctrl+left", "image:next": "ctrl+right" },
  tools: {
    "tool:zoom-in": "ctrl+plus", "tool:pan-image": "h", "tool:zoom-to-fit": "shift+1", "tool:zoom-to-actual": "shift+2", "tool:zoom-out": "ctrl+minus",
    "tool:move": "v", "tool:brush": "b", "tool:ellipse": "o", "tool:eraser": "e", "tool:auto-detect": "m", "tool:key-point": "k", "tool:magic-wand": "w",
    "tool:polygon": "p", "tool:rect": "r", "tool:rect-3point": "shift+r", "tool:rotate-left": "alt+left", "tool:rotate-right": "alt+right",
    "tool:decrease-tool": "[", "tool:increase-tool": "]",
  },
  paragraphs: {
    "phrases:next-phrase": "ctrl+down", "phrases:previous-phrase": "ctrl+up", "phrases:select_all_annotate": "ctrl+shift+a",
    "phrases:next-region": "ctrl+right", "phrases:previous-region": "ctrl+left",
  },
};

const known = new Map(Object.entries(SECTIONS).flatMap(([section, actions]) => Object.entries(actions).map(([id, key]) => [id, { section, key }] as const)));

/** Said of every entry that it wrote; ours have none. */
const isUntouched = (id: string, entry: Keymap[string]): boolean =>
  entry.description !== undefined && entry.active !== false && keysIn(entry.key ?? "").join() === keysIn(known.get(id)?.key ?? "").join();

/** A map by plain ids: `annotation:annotation:submit` is `annotation:submit`. Names that nobody knows stay. */
export function fromStored(stored: Readonly<Keymap>): Keymap {
  const entries = Object.entries(stored).flatMap(([name, entry]): [string, Keymap[string]][] => {
    const rest = name.slice(name.indexOf(":") + 1);
    const id = known.get(rest)?.section === name.slice(0, name.indexOf(":")) ? rest : name;
    if (isUntouched(id, entry)) return [];
    const { description: _, ...kept } = entry;
    return [[id, kept]];
  });
  return Object.fromEntries(entries);
}

export function toStored(map: Readonly<Keymap>): Keymap {
  return Object.fromEntries(Object.entries(map).map(([id, entry]) => [known.has(id) ? `${known.get(id)!.section}:${id}` : id, entry]));
}

interface Listed {
  id: string;
  section: string;
  element: string;
  label: string;
  key: string;
  active: boolean;
  description?: string;
}

/** What its own import takes back: every action with its key. `actions` are all there are, with the keys in force. */
export function exported(actions: readonly { id: string; title: string; keys: readonly string[]; isOn: boolean }[], map: Readonly<Keymap>, now = new Date()): string {
  const named = actions.map(({ id, title, keys, isOn }) => listedAs(id, title, keys.join(","), isOn));
  const others = Object.entries(map).filter(([id]) => !actions.some((one) => one.id === id));
  const unknown = others.map(([id, entry]) => listedAs(id, id, entry.key ?? "", entry.active !== false));
  return JSON.stringify({ hotkeys: [...named, ...unknown].filter((one) => one.key !== ""), settings: {}, exportedAt: now.toISOString(), version: "1.0" }, null, 2);
}

const listedAs = (id: string, label: string, key: string, active: boolean): Listed => ({ id, section: known.get(id)?.section ?? id.split(":")[0]!, element: id, label, key, active });

/** A map out of a file: Label Studio's export, or a bare `custom_hotkeys`. `null`: it is neither. */
export function imported(text: string): Keymap | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const list = Array.isArray(value) ? value : isRecord(value) ? value.hotkeys : null;
  if (Array.isArray(list)) return list.every(isListed) ? fromStored(Object.fromEntries(list.map(entryOf))) : null;
  const map = isRecord(value) ? (value.custom_hotkeys ?? value) : null;
  // An empty object of any other file must not take all keys back.
  if (map === value && Object.keys(map ?? {}).length === 0) return null;
  return isRecord(map) && Object.entries(map).every(([name, entry]) => name.includes(":") && isEntry(entry)) ? fromStored(map as Keymap) : null;
}

function entryOf({ section, element, key, active = true, description }: Listed): [string, Keymap[string]] {
  const name = known.has(element) ? `${section}:${element}` : element;
  return [name, { key, active, ...(description === undefined ? {} : { description }) }];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
const isEntry = (value: unknown): boolean => isRecord(value) && (value.key === null || typeof value.key === "string") && ["boolean", "undefined"].includes(typeof value.active);
const isListed = (value: unknown): value is Listed => isRecord(value) && typeof value.element === "string" && typeof value.section === "string" && isEntry(value);
