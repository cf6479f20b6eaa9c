/** Label Studio's result list <-> regions. What nobody knows goes through untouched, key by key. */
import type { Region, ResultItem } from "../../sdk/labelwright";
import { newId } from "./ids.ts";

export type Op =
  | { op: "set"; key: string; value: ResultItem }
  | { op: "remove"; key: string }
  | { op: "order"; keys: string[] };

/** Says what shape an item is, if a loaded tag knows: its region type's name and the geometry. */
export type Recognise = (item: ResultItem) => { type: string; value: unknown } | null;

/** The name that drafts call a result item by. */
export function keyOf(item: ResultItem): string {
  if (item.type === "relation") return `relation/${String(item.from_id)}/${String(item.to_id)}`;
  return `${item.id ?? ""}/${item.from_name ?? ""}/${item.type}`;
}

/** The id of the region that an item belongs to. */
const ownerOf = (item: ResultItem): string => (item.type === "relation" ? keyOf(item) : (item.id ?? newId()));

export function regionsOf(result: readonly ResultItem[], recognise: Recognise): Region[] {
  const groups = new Map<string, ResultItem[]>();
  for (const item of result) {
    const owner = ownerOf(item);
    const kept = item.id || item.type === "relation" ? item : { ...item, id: owner };
    const group = groups.get(owner);
    if (group) group.push(kept);
    else groups.set(owner, [kept]);
  }
  return [...groups].map(([id, items]) => regionOf(id, items, recognise));
}

export function regionOf(id: string, items: readonly ResultItem[], recognise: Recognise): Region {
  for (const item of items) {
    const shape = recognise(item);
    if (shape) return { id, object: item.to_name ?? "", type: shape.type, value: shape.value, items };
  }
  return { id, object: items[0]?.to_name ?? "", type: null, value: null, items };
}

export function resultOf(regions: Iterable<Region>): ResultItem[] {
  const result: ResultItem[] = [];
  for (const region of regions) result.push(...region.items);
  return result;
}

/** A prediction's item that a person changed says so. */
export function touched(item: ResultItem): ResultItem {
  return item.origin === "prediction" ? { ...item, origin: "prediction-changed" } : item;
}

/** What turns the items of `before` into those of `after`. */
export function opsBetween(before: Region | null, after: Region | null): Op[] {
  const old = new Map((before?.items ?? []).map((item) => [keyOf(item), item]));
  const ops: Op[] = [];
  for (const item of after?.items ?? []) {
    const key = keyOf(item);
    if (old.get(key) !== item) ops.push({ op: "set", key, value: item });
    old.delete(key);
  }
  for (const key of old.keys()) ops.push({ op: "remove", key });
  return ops;
}

/** The same effect in fewer operations: of each item only the last word, of each order only the last. */
export function compacted(ops: readonly Op[]): Op[] {
  const last = new Map<string, Op>();
  for (const op of ops) {
    const key = op.op === "order" ? "\0order" : op.key;
    last.delete(key);
    last.set(key, op);
  }
  return [...last.values()];
}

/** Apply operations as the server does: a known key is replaced in its place, a new one goes to the end. */
export function applied(result: readonly ResultItem[], ops: readonly Op[]): ResultItem[] {
  const items = new Map(result.map((item) => [keyOf(item), item]));
  for (const op of ops) {
    if (op.op === "set") items.set(op.key, op.value);
    else if (op.op === "remove") items.delete(op.key);
    else {
      const left = new Map(items);
      items.clear();
      for (const key of op.keys) {
        const item = left.get(key);
        if (item) items.set(key, item);
        left.delete(key);
      }
      for (const [key, item] of left) items.set(key, item);
    }
  }
  return [...items.values()];
}
