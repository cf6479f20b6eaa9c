/** The one board that a List and its Ranker share: whichever comes first waits for the other. */
import { signal, type Signal } from "@preact/signals";
import type { ControlContext, Store } from "labelwright";

import { moved, placesOf, REST, type Group, type Places, type Thing } from "./order.ts";

const isOn = (value: unknown): boolean => value === true || value === "true";

/** What a Ranker says of the List that it names. */
export class Ranking {
  readonly groups: readonly Group[];
  /** The group where everything lies in the beginning. */
  readonly first: string;
  readonly hasBuckets: boolean;
  readonly #answer;

  constructor(readonly ctx: ControlContext) {
    const buckets = ctx.node.children.filter((child) => child.tag === "Bucket" && child.name);
    const named = buckets.map((bucket): Group => ({ name: bucket.name!, title: String(bucket.attrs.title ?? "") || bucket.name! }));
    const beginning = buckets.find((bucket) => isOn(bucket.attrs.default))?.name;
    this.hasBuckets = named.length > 0;
    this.first = this.hasBuckets ? (beginning ?? REST) : ctx.name;
    this.groups = beginning ? named : [{ name: this.first }, ...named];
    this.#answer = ctx.answer<Places>();
  }

  places(things: readonly Thing[]): Places {
    return placesOf(this.#answer.value, things, this.groups, this.first);
  }

  move(things: readonly Thing[], id: string, group: string, at: number): void {
    if (this.ctx.readonly.peek()) return;
    this.#answer.value = moved(placesOf(this.#answer.peek(), things, this.groups, this.first), id, group, at);
  }
}

const boards = new WeakMap<Store, Map<string, Signal<Ranking | null>>>();

/** The ranking of a list, as soon as there is one. */
export function rankingOf(store: Store, list: string): Signal<Ranking | null> {
  const known = boards.get(store) ?? new Map<string, Signal<Ranking | null>>();
  boards.set(store, known);
  const found = known.get(list) ?? signal<Ranking | null>(null);
  known.set(list, found);
  return found;
}
