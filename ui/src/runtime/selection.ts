import { computed, signal, type ReadonlySignal } from "@preact/signals";

import type { Region, Selection as PublicSelection } from "../../sdk/labelwright";
import type { Store } from "./store.ts";

/** Which regions are meant; and which are hidden or locked, which is the editor's own and is not undone. */
export class Selection implements PublicSelection {
  readonly ids = signal<ReadonlySet<string>>(new Set());
  readonly hidden = signal<ReadonlySet<string>>(new Set());
  readonly locked = signal<ReadonlySet<string>>(new Set());
  /** The one under the pointer, in the list or on the object. */
  readonly hovered = signal<string | null>(null);
  /** The selected regions, those that are there. */
  readonly regions: ReadonlySignal<readonly Region[]>;
  /** The selected region when it is only one. */
  readonly only: ReadonlySignal<Region | null>;

  constructor(store: Store) {
    this.regions = computed(() => [...this.ids.value].map((id) => store.get(id)).filter((region) => region !== null));
    this.only = computed(() => (this.regions.value.length === 1 ? this.regions.value[0]! : null));
    store.onChange((changes, live) => {
      if (live) return;
      const gone = changes.filter(([id, , after]) => after === null && this.ids.peek().has(id)).map(([id]) => id);
      if (gone.length > 0) this.ids.value = without(this.ids.peek(), gone);
    });
  }

  select(ids: Iterable<string>): void {
    const next = new Set(ids);
    const now = this.ids.peek();
    if (next.size !== now.size || [...next].some((id) => !now.has(id))) this.ids.value = next;
  }

  toggle(id: string): void {
    this.ids.value = toggled(this.ids.peek(), id);
  }

  clear(): void {
    this.select([]);
  }
}

export function toggled(set: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

export function without(set: ReadonlySet<string>, ids: Iterable<string>): Set<string> {
  const next = new Set(set);
  for (const id of ids) next.delete(id);
  return next;
}
