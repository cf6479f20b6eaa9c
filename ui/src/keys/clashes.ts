/** Which actions want the same keys, and what a person may do about it. */
import type { Action, Scope } from "./catalogue.ts";
import { keysOf, type KeyMap } from "./own.ts";

/** Whether both can be there to be done at a time. Keys of two tags go to the part of the page that was touched last. */
export function meet(one: Scope, other: Scope): boolean {
  return one === other || one === "everywhere" || other === "everywhere" || one.startsWith(`${other}:`) || other.startsWith(`${one}:`);
}

/** The others that have one of these keys. */
export function rivals(action: Action, keys: readonly string[], all: readonly Action[], map: KeyMap): Action[] {
  return all.filter((other) => other.id !== action.id && meet(action.scope, other.scope) && keysOf(other, map).some((one) => keys.includes(one)));
}

/** Every action that has a rival, with its rivals. */
export function clashesIn(all: readonly Action[], map: KeyMap): Map<string, Action[]> {
  const found = all.map((action) => [action.id, rivals(action, keysOf(action, map), all, map)] as const);
  return new Map(found.filter(([, others]) => others.length > 0));
}

/** Keys in the form in which a map keeps them; `plus` and `comma` stay words, so that Label Studio can read them back. */
const written = (keys: readonly string[]): string => keys.join(",");

/** The map with other keys for an action; without an entry where they are the usual ones again. */
export function withKeys(map: KeyMap, action: Action, keys: readonly string[], usual: readonly string[] = action.keys): KeyMap {
  const { [action.id]: entry, ...others } = map;
  if (written(keys) === written(usual)) return others;
  // A key stays written down while it is switched off: Label Studio knows no entry without one.
  if (keys.length === 0) return { ...others, [action.id]: { ...entry, key: entry?.key ?? (written(usual) || null), active: false } };
  const { mac: _, ...rest } = entry ?? {};
  return { ...others, [action.id]: { ...rest, key: written(keys), active: true } };
}

/** The keys go to this action and leave those that had them. */
export function taken(map: KeyMap, action: Action, keys: readonly string[], all: readonly Action[], usualOf: (action: Action) => readonly string[]): KeyMap {
  const freed = rivals(action, keys, all, map).reduce((now, other) => withKeys(now, other, keysOf(other, now).filter((one) => !keys.includes(one)), usualOf(other)), map);
  return withKeys(freed, action, keys, usualOf(action));
}

/** The keys go to this action; those that had them get the ones it had. */
export function swapped(map: KeyMap, action: Action, keys: readonly string[], all: readonly Action[], usualOf: (action: Action) => readonly string[]): KeyMap {
  const before = keysOf(action, map);
  const [first] = rivals(action, keys, all, map);
  const freed = taken(map, action, keys, all, usualOf);
  if (!first || before.length === 0) return freed;
  const left = keysOf(first, freed);
  return withKeys(freed, first, [...left, ...before.filter((one) => !left.includes(one))], usualOf(first));
}
