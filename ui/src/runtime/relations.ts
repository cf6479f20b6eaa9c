/** Relations: what one region has to do with another, with a direction and perhaps labels. */
import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";

import type { Region, ResultItem } from "../../sdk/labelwright";
import { t } from "../i18n/index.ts";
import { walk } from "./config.ts";
import { labelsOf, type LabelSource } from "./labels.ts";
import { keyOf } from "./results.ts";
import type { Runtime } from "./runtime.ts";

export type Direction = "right" | "left" | "bi";

/** A tag with this capability holds the labels that relations may have. */
const CAPABILITY = "relation:labels";
const NEXT: Record<Direction, Direction> = { right: "left", left: "bi", bi: "right" };

export const isRelation = (region: Region | null): boolean => region?.items[0]?.type === "relation";

/** The two ends; `direction` says which way it goes between them. */
export function endsOf(relation: Region): { from: string; to: string; direction: Direction; labels: string[] } {
  const item = relation.items[0]!;
  const direction = item.direction === "left" || item.direction === "bi" ? item.direction : "right";
  return { from: String(item.from_id), to: String(item.to_id), direction, labels: Array.isArray(item.labels) ? item.labels.map(String) : [] };
}

export class Relations {
  /** In the order of the result. */
  readonly ids: ReadonlySignal<readonly string[]>;
  readonly labels: readonly LabelSource[];
  readonly isMultiple: boolean;
  /** The region that waits for the other end of a new relation. */
  readonly from = signal<string | null>(null);
  /** The relation that was made last, or is looked at: its labels are at hand. */
  readonly current = signal<string | null>(null);
  readonly areShown = signal(true);
  /** The one under the pointer, in a list. */
  readonly hovered = signal<string | null>(null);
  /** Whether what happens now was begun with a pointer: a click on a region is an answer, an arrow key only looks around. */
  byPointer = false;

  constructor(readonly runtime: Runtime) {
    const { store, selection } = runtime;
    this.ids = computed(() => store.order.value.filter((id) => isRelation(store.peek(id))));
    const holders = [...walk(runtime.tree)].filter((node) => runtime.infos.get(node.tag)?.capabilities.provides.includes(CAPABILITY));
    this.labels = holders.flatMap((node) => labelsOf(node, runtime.infos.get(node.tag)?.label ?? "", null));
    this.isMultiple = !holders.some((node) => node.attrs.choice === "single");
    effect(() => {
      const only = selection.only.value;
      if (this.byPointer && only && this.from.peek() !== null && only.id !== this.from.peek()) this.finish(only.id);
    });
  }

  of(region: string): string[] {
    return this.ids.value.filter((id) => {
      const { from, to } = endsOf(this.runtime.store.get(id)!);
      return from === region || to === region;
    });
  }

  /** Begin at the selected region; the next press on another one, or Enter on it, ends it there. */
  start(): void {
    const region = this.runtime.selection.only.peek();
    if (!region?.type || this.runtime.isReadonly()) return;
    this.from.value = region.id;
    this.runtime.hand.setTool("select");
    this.runtime.announcer.say(t("Choose the region that it has to do with; Escape to leave it"), true);
  }

  /** Another annotation is shown. */
  forget(): void {
    [this.from.value, this.current.value, this.hovered.value] = [null, null, null];
  }

  cancel(): boolean {
    const was = this.from.peek() !== null;
    this.from.value = null;
    return was;
  }

  finish(to = this.runtime.selection.only.peek()?.id): void {
    const from = this.from.peek();
    const other = to === undefined ? null : this.runtime.store.peek(to);
    if (from === null || to === from || !other?.type) return;
    this.from.value = null;
    this.#make(from, other.id);
    this.runtime.selection.select([from]);
  }

  #make(from: string, to: string): void {
    const { store } = this.runtime;
    const known = this.ids.peek().find((id) => {
      const ends = endsOf(store.peek(id)!);
      return (ends.from === from && ends.to === to) || (ends.from === to && ends.to === from);
    });
    if (!known) {
      const item: ResultItem = { from_id: from, to_id: to, type: "relation", direction: "right" };
      store.edit(t("Relate two regions"), (tx) => tx.set({ id: keyOf(item), object: "", type: null, value: null, items: [item] }));
      this.runtime.announcer.say(t("Related"), true);
    }
    this.current.value = known ?? `relation/${from}/${to}`;
  }

  /** From the first to the second, the other way round, both ways. */
  turn(id: string): void {
    this.#change(id, t("Turn a relation"), (item) => ({ ...item, direction: NEXT[endsOf(this.runtime.store.peek(id)!).direction] }));
  }

  label(id: string, value: string): void {
    this.#change(id, t("Label a relation"), (item) => {
      const { labels, ...bare } = item;
      const now = Array.isArray(labels) ? labels.map(String) : [];
      const others = this.isMultiple ? now.filter((one) => one !== value) : [];
      const next = now.includes(value) ? others : [...others, value];
      return next.length > 0 ? { ...bare, labels: next } : bare;
    });
  }

  #change(id: string, words: string, change: (item: ResultItem) => ResultItem): void {
    const relation = this.runtime.store.peek(id);
    if (!relation || this.runtime.isReadonly()) return;
    this.runtime.store.edit(words, (tx) => tx.set({ ...relation, items: [change(relation.items[0]!) as ResultItem] }));
  }

  remove(id: string): void {
    if (!this.runtime.isReadonly()) this.runtime.store.edit(t("Delete a relation"), (tx) => tx.remove(id));
  }

  labelNamed(value: string): LabelSource | null {
    return this.labels.find((label) => label.value === value) ?? null;
  }
}
