/** Answers: what a control says about the whole object, with `perRegion` about the selected region, with `perItem` about what is on screen. */
import { computed, signal, type Signal } from "@preact/signals";

import type { Answer, Region, ResultItem, Transaction } from "../../sdk/labelwright";
import { isEmpty, type Control } from "./control.ts";
import { newId } from "./ids.ts";
import { touched } from "./results.ts";
import type { Store } from "./store.ts";

/** Finds the answer of a control without looking through all regions. */
export class AnswerIndex {
  #ids = new Map<string, Signal<string | null>>();

  constructor(store: Store) {
    store.onChange((changes) => {
      for (const [id, before, after] of changes) {
        for (const name of namesIn(before)) if (this.#cell(name).peek() === id) this.#cell(name).value = null;
        for (const name of namesIn(after)) this.#cell(name).value ??= id;
      }
    });
  }

  #cell(name: string): Signal<string | null> {
    let cell = this.#ids.get(name);
    if (!cell) {
      cell = signal<string | null>(null);
      this.#ids.set(name, cell);
    }
    return cell;
  }

  /** Id of the control's answer about the whole object, or about one item of it. */
  idOf(name: string, item: number | null = null): string | null {
    return this.#cell(item === null ? name : withItem(name, item)).value;
  }
}

function namesIn(region: Region | null): string[] {
  if (!region || region.type !== null) return [];
  return region.items.filter((item) => item.from_name).flatMap(({ from_name: name = "", item_index: at }) => [name, withItem(name, Number(at ?? 0))]);
}

const withItem = (name: string, item: number): string => `${name}\0${item}`;

/** Write a control's word into a region's items; an empty one takes its item away. */
export function withSaid(region: Region, control: Control, value: unknown, geometry: Record<string, unknown>, meta?: Record<string, unknown>): Region {
  const known = control.itemOf(region);
  if (isEmpty(value)) return { ...region, items: region.items.filter((item) => item !== known) };
  if (known) {
    const changed = touched({ ...known, value: { ...known.value, [control.valueKey]: value }, ...(meta ? { meta: { ...known.meta, ...meta } } : {}) });
    return { ...region, items: region.items.map((item) => (item === known ? changed : item)) };
  }
  const like = region.items[0];
  const item: ResultItem = {
    ...carried(like),
    id: region.id,
    from_name: control.name,
    to_name: region.object,
    type: control.resultType,
    origin: "manual",
    value: { ...geometry, [control.valueKey]: value },
    ...(meta ? { meta } : {}),
  };
  return { ...region, items: [...region.items, item] };
}

const CARRIED = ["original_width", "original_height", "image_rotation", "item_index", "original_length"];

/** What every item of a region repeats about its object. */
function carried(item: ResultItem | undefined): Record<string, unknown> {
  return Object.fromEntries(CARRIED.filter((key) => item && key in item).map((key) => [key, item![key]]));
}

/** Where a bound answer finds its region and how it writes. */
export interface AnswerHost {
  store: Store;
  index: AnswerIndex;
  /** With `perRegion`: the region spoken of. */
  spokenOf(control: Control): Region | null;
  geometryOf(region: Region): Record<string, unknown>;
  /** With `perItem`: the item that is on screen. */
  itemFor(control: Control): number | null;
  editLabel(control: Control): string;
  isReadonly(): boolean;
}

export function answerOf<T>(control: Control, host: AnswerHost): Answer<T> {
  const region = (): Region | null => {
    if (control.perRegion) return host.spokenOf(control);
    const id = host.index.idOf(control.name, host.itemFor(control));
    return id === null ? null : host.store.get(id);
  };
  const read = computed(() => control.said(region()) as T | null);
  const say = (value: T | null, meta?: Record<string, unknown>): void => {
    if (host.isReadonly()) return;
    const now = region();
    if (sameJson(control.said(now), value)) return;
    control.problem.value = null;
    host.store.edit(host.editLabel(control), (tx) => write(tx, control, now, value, host, meta));
  };
  return {
    get value() {
      return read.value;
    },
    set value(value: T | null) {
      say(value);
    },
    peek: () => read.peek(),
    meta: () => control.metaOf(region()),
    say,
  };
}

function write(tx: Transaction, control: Control, region: Region | null, value: unknown, host: AnswerHost, meta?: Record<string, unknown>): void {
  if (control.perRegion) {
    if (region) tx.set(withSaid(region, control, value, host.geometryOf(region), meta));
    return;
  }
  const start = region ?? { id: newId(), object: control.speaksOf, type: null, value: null, items: [] };
  const after = onItem(withSaid(start, control, value, {}, meta), control, host.itemFor(control));
  if (after.items.length > 0) tx.set(after);
  else if (region) tx.remove(region.id);
}

/** What was said about one of several items carries its number. */
function onItem(region: Region, control: Control, item: number | null): Region {
  if (item === null) return region;
  return { ...region, items: region.items.map((one) => (one.from_name === control.name && one.item_index !== item ? { ...one, item_index: item } : one)) };
}

const sameJson = (one: unknown, other: unknown): boolean => one === other || JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
