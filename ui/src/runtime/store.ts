/** Regions by id, each a signal over an immutable value, and a log of what each edit changed: undo costs what the edit touched. */
import { batch, signal, type Signal } from "@preact/signals";

import type { Change, Region, Store as PublicStore, Transaction } from "../../sdk/labelwright";

/** `at` is the place in the order where a region was put or from where it was taken. */
interface Step {
  id: string;
  before: Region | null;
  after: Region | null;
  at: number;
}

export interface LogEntry {
  label: string;
  time: number;
  steps: readonly Step[];
  merge: string | null;
}

export type Reshape = (region: Region, value: unknown) => Region;
export type Listener = (changes: readonly Change[], live: boolean) => void;

const MERGE_WITHIN_MS = 800;

export class Store implements PublicStore {
  readonly order = signal<readonly string[]>([]);
  /** Done edits, oldest first; those after `position` have been undone. */
  readonly log = signal<readonly LogEntry[]>([]);
  readonly position = signal(0);

  #cells = new Map<string, Signal<Region>>();
  #ids: string[] = [];
  #orderIsStale = false;
  #open: OpenTransaction | null = null;
  #listeners = new Set<Listener>();
  #reshape: Reshape;

  /** `reshape` writes a new geometry into a region's items; only the region types know how. */
  constructor(reshape: Reshape = (region, value) => ({ ...region, value })) {
    this.#reshape = reshape;
  }

  get(id: string): Region | null {
    const cell = this.#cells.get(id);
    if (cell) return cell.value;
    void this.order.value; // follow its coming into being
    return null;
  }

  peek(id: string): Region | null {
    return this.#cells.get(id)?.peek() ?? null;
  }

  peekOrder(): readonly string[] {
    return this.#ids;
  }

  /** Begin anew with these regions; nothing to undo. */
  load(regions: Iterable<Region>): void {
    this.#open = null;
    const gone = this.#ids.map((id): Change => [id, this.peek(id), null]);
    this.#cells.clear();
    this.#ids = [];
    const came: Change[] = [];
    for (const region of regions) {
      if (this.#cells.has(region.id)) continue;
      this.#cells.set(region.id, signal(region));
      this.#ids.push(region.id);
      came.push([region.id, null, region]);
    }
    batch(() => {
      this.order.value = [...this.#ids];
      this.log.value = [];
      this.position.value = 0;
    });
    this.#tell([...gone, ...came], false);
  }

  edit(label: string, change: (tx: Transaction) => void, merge?: string): void {
    if (this.#open) {
      change(this.#open); // part of what is under way
      return;
    }
    batch(() => {
      const tx = this.#begin(label, merge ?? null, true);
      try {
        change(tx);
      } catch (error) {
        tx.cancel();
        throw error;
      }
      tx.commit();
    });
  }

  begin(label: string): Transaction {
    this.#open?.commit();
    return this.#begin(label, null, false);
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  #begin(label: string, merge: string | null, quiet: boolean): OpenTransaction {
    const open = new OpenTransaction(
      {
        peek: (id) => this.peek(id),
        write: (id, after, at) => this.#write(id, after, at),
        reshape: (region, value) => this.#reshape(region, value),
        live: (change) => (quiet ? undefined : this.#live(change)),
        end: (steps, kept) => this.#end(label, merge, steps, kept, quiet),
      },
    );
    this.#open = open;
    return open;
  }

  /** Put a value in place; says where it stands in the order. */
  #write(id: string, after: Region | null, at?: number): number {
    const cell = this.#cells.get(id);
    if (cell && after) {
      cell.value = after;
      return -1;
    }
    this.#orderIsStale = true;
    if (after) {
      const place = at ?? this.#ids.length;
      this.#cells.set(id, signal(after));
      if (place >= this.#ids.length) this.#ids.push(id);
      else this.#ids.splice(place, 0, id);
      return place;
    }
    const place = this.#ids.lastIndexOf(id);
    this.#ids.splice(place, 1);
    this.#cells.delete(id);
    return place;
  }

  #publishOrder(): void {
    if (!this.#orderIsStale) return;
    this.#orderIsStale = false;
    this.order.value = [...this.#ids];
  }

  #live(change: Change): void {
    this.#publishOrder();
    this.#tell([change], true);
  }

  #end(label: string, merge: string | null, steps: Step[], kept: boolean, quiet: boolean): void {
    this.#open = null;
    if (!kept) for (const step of steps.toReversed()) this.#write(step.id, step.before, step.at);
    batch(() => {
      this.#publishOrder();
      if (kept && steps.length > 0) this.#remember({ label, merge, steps, time: Date.now() });
    });
    if (kept ? steps.length > 0 : !quiet) {
      this.#tell(steps.map((step): Change => (kept ? [step.id, step.before, step.after] : [step.id, step.after, step.before])), false);
    }
  }

  #remember(entry: LogEntry): void {
    const log = this.log.peek().slice(0, this.position.peek());
    const last = log.at(-1);
    if (last?.merge && last.merge === entry.merge && entry.time - last.time < MERGE_WITHIN_MS) {
      log[log.length - 1] = { ...entry, steps: joined(last.steps, entry.steps) };
    } else {
      log.push(entry);
    }
    this.log.value = log;
    this.position.value = log.length;
  }

  undo(): void {
    if (this.#open) {
      this.#open.cancel();
      return;
    }
    const entry = this.log.peek()[this.position.peek() - 1];
    if (!entry) return;
    this.#replay(entry.steps.toReversed().map((step) => ({ ...step, before: step.after, after: step.before })), -1);
  }

  redo(): void {
    const entry = this.log.peek()[this.position.peek()];
    if (!entry || this.#open) return;
    this.#replay(entry.steps, 1);
  }

  /** Undo or redo until `position` edits are done. */
  goTo(position: number): void {
    while (this.position.peek() > Math.max(0, position)) this.undo();
    while (this.position.peek() < Math.min(this.log.peek().length, position)) this.redo();
  }

  #replay(steps: readonly Step[], by: 1 | -1): void {
    batch(() => {
      for (const step of steps) this.#write(step.id, step.after, step.at < 0 ? undefined : step.at);
      this.#publishOrder();
      this.position.value = this.position.peek() + by;
    });
    this.#tell(steps.map((step): Change => [step.id, step.before, step.after]), false);
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(changes: readonly Change[], live: boolean): void {
    if (changes.length > 0) for (const listener of this.#listeners) listener(changes, live);
  }
}

/** Two edits one after the other as one. */
function joined(first: readonly Step[], second: readonly Step[]): Step[] {
  const steps = [...first];
  for (const step of second) {
    const index = steps.findIndex((one) => one.id === step.id && one.after !== null && step.after !== null && step.at < 0);
    if (index < 0) steps.push(step);
    else steps[index] = { ...steps[index]!, after: step.after };
  }
  return steps;
}

interface Host {
  peek(id: string): Region | null;
  write(id: string, after: Region | null, at?: number): number;
  reshape(region: Region, value: unknown): Region;
  live(change: Change): void;
  end(steps: Step[], kept: boolean): void;
}

class OpenTransaction implements Transaction {
  #steps: Step[] = [];
  /** The last step of each region that is still there. */
  #last = new Map<string, Step>();
  #isOpen = true;
  #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  set(region: Region): void {
    const before = this.#host.peek(region.id);
    if (!this.#isOpen || before === region) return;
    const at = this.#host.write(region.id, region);
    const last = this.#last.get(region.id);
    if (last && before) last.after = region;
    else this.#push({ id: region.id, before, after: region, at });
    this.#host.live([region.id, before, region]);
  }

  setValue(id: string, value: unknown): void {
    const region = this.#host.peek(id);
    if (region) this.set(this.#host.reshape(region, value));
  }

  remove(id: string): void {
    const before = this.#host.peek(id);
    if (!this.#isOpen || !before) return;
    const at = this.#host.write(id, null);
    this.#push({ id, before, after: null, at });
    this.#last.delete(id);
    this.#host.live([id, before, null]);
  }

  #push(step: Step): void {
    this.#steps.push(step);
    this.#last.set(step.id, step);
  }

  commit(): void {
    this.#close(true);
  }

  cancel(): void {
    this.#close(false);
  }

  #close(kept: boolean): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#host.end(this.#steps, kept);
  }
}
