/** The labels (or choices) of a control: from its children and from the task's data, with colours and keys. */
import type { ConfigNode, Label } from "../../sdk/labelwright";
import { colourFor } from "./colours.ts";
import { isOn, walk } from "./config.ts";

export interface LabelSource extends Label {
  /** Chosen when the task opens. */
  selected: boolean;
  /** The key that the author wrote. */
  wantedKey: string | null;
}

interface RawLabel {
  value?: unknown;
  color?: unknown;
  children?: unknown;
  alias?: unknown;
  background?: unknown;
  hotkey?: unknown;
  hint?: unknown;
  selected?: unknown;
  maxUsages?: unknown;
  granularity?: unknown;
  html?: unknown;
}

const textOf = (value: unknown): string | null => (value === undefined || value === null || value === "" ? null : String(value));

function labelFrom(raw: RawLabel, place: number, taken: Set<string>): LabelSource | null {
  const text = textOf(raw.value);
  if (text === null) return null;
  const background = textOf(raw.background) ?? colourFor(text, nextColour(place, taken));
  return {
    value: textOf(raw.alias) ?? text,
    text,
    background,
    hotkey: null,
    wantedKey: textOf(raw.hotkey),
    hint: textOf(raw.hint),
    maxUsages: raw.maxUsages === undefined || raw.maxUsages === null || raw.maxUsages === "" ? null : Number(raw.maxUsages),
    granularity: textOf(raw.granularity),
    selected: isOn(raw.selected),
  };
}

/** Colours are dealt out in order, past those that the author gave to other labels. */
function nextColour(place: number, taken: Set<string>): number {
  let index = place;
  while (taken.has(colourFor("", index).toLowerCase()) && index < place + 16) index++;
  return index;
}

/** `element` is the name of the children that are labels: `Label`, `Choice`. */
export function labelsOf(control: ConfigNode, element: string, dynamic: unknown): LabelSource[] {
  const children = [...walk(control)].filter((node) => node.tag === element).map((node) => ({ value: node.text, ...node.attrs }) as RawLabel);
  const extra = rawsIn(dynamic, isOn(control.attrs.allowNested));
  const all = [...children, ...extra];
  const taken = new Set(all.map((raw) => String(raw.background ?? "").toLowerCase()).filter(Boolean));
  const cap = Number(control.attrs.maxUsages) || null;
  const seen = new Set<string>();
  return all.flatMap((raw, place) => {
    const label = labelFrom(raw, place, taken);
    if (!label || seen.has(label.value)) return [];
    seen.add(label.value);
    return [{ ...label, maxUsages: label.maxUsages ?? cap }];
  });
}

/** A path of a tree by the name that labels have: what is in hand is a set of texts. */
export const keyOfPath = (path: unknown): string => JSON.stringify([path].flat().map(String));

export const pathOfKey = (key: string): string[] => JSON.parse(key) as string[];

/** The label that a path of a tree is. It has the colour of the innermost item with one; the outermost gives one else. */
export function labelOfPath(path: readonly string[], control: ConfigNode, element: string, dynamic: unknown): LabelSource {
  let level = [...branches(control.children, element), ...(Array.isArray(dynamic) ? (dynamic as unknown[]) : [])];
  let background: string | null = null;
  const texts = path.map((part) => {
    const found = level.map(rawOf).find((raw) => (textOf(raw.alias) ?? textOf(raw.value)) === part);
    background = textOf(found?.color) ?? textOf(found?.background) ?? background;
    level = Array.isArray(found?.children) ? (found.children as unknown[]) : [];
    return textOf(found?.value) ?? part;
  });
  const text = isOn(control.attrs.showFullPath) ? texts.join(String(control.attrs.pathSeparator ?? " / ")) : (texts.at(-1) ?? "");
  return {
    value: keyOfPath(path), text, background: background ?? colourFor(texts[0] ?? ""), hotkey: null, wantedKey: null, hint: null, maxUsages: null, granularity: null,
    selected: false,
  };
}

/** Labels that come with the task; those inside others behind them. */
function rawsIn(items: unknown, isNested: boolean): RawLabel[] {
  return (Array.isArray(items) ? (items as unknown[]) : []).map(rawOf).flatMap((raw) => [raw, ...(isNested ? rawsIn(raw.children, true) : [])]);
}

const rawOf = (one: unknown): RawLabel => (typeof one === "object" && one ? (one as RawLabel) : { value: one });

/** The label elements of one level, wherever elements that arrange them put them, as the data would have them. */
function branches(nodes: readonly ConfigNode[], element: string): RawLabel[] {
  return nodes.flatMap((node) => (node.tag === element ? [{ value: node.text, ...node.attrs, children: branches(node.children, element) } as RawLabel] : branches(node.children, element)));
}
