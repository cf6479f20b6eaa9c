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
  const extra = (Array.isArray(dynamic) ? dynamic : []).map((one): RawLabel => (typeof one === "object" && one ? (one as RawLabel) : { value: one }));
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
