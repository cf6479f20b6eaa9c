/** Keeps a draft: each edit in the browser at once, on the server within two seconds, and no edit sent twice counts twice. */
import { signal } from "@preact/signals";

import type { ResultItem } from "../../sdk/labelwright";
import type { Op } from "../runtime/index.ts";
import { applied, compacted, keyOf } from "../runtime/results.ts";
import type { OpLog, Standing } from "./op_log.ts";

export interface ServerDraft {
  id: number;
  revision: number;
  result: ResultItem[];
  lead_time?: number | null;
  annotation?: number | null;
  updated_at?: string;
}

export interface DraftDoor {
  create(body: { result: ResultItem[]; lead_time: number; client: string; seq: number }): Promise<ServerDraft>;
  change(id: number, body: { revision: number; client: string; seq: number; ops: Op[]; lead_time: number }): Promise<ServerDraft>;
}

/** What a refusal by the server says; anything else is taken for a lost connection. */
export interface Refusal {
  status: number;
  code: string;
  draft: ServerDraft | null;
}

export type DraftState = "clean" | "pending" | "saving" | "saved" | "offline" | "conflict";

const WAIT_MS = 700;
const RETRY_MS = [1000, 2000, 5000, 10_000, 30_000];

export interface DraftOptions {
  key: string;
  log: OpLog;
  door: DraftDoor;
  /** The draft that the task came with. */
  draft: ServerDraft | null;
  /** What the work began with: the submitted annotation's result, or nothing. */
  base: readonly ResultItem[];
  result: () => ResultItem[];
  leadTime: () => number;
  refusalOf: (error: unknown) => Refusal | null;
}

export class DraftKeeper {
  readonly state = signal<DraftState>("clean");
  readonly savedAt = signal<number | null>(null);
  /** The server's draft, when it parted from ours. */
  readonly conflict = signal<ServerDraft | null>(null);
  #standing: Standing;
  #chain: Promise<void> = Promise.resolve();
  /** What is being written into the log. It waits for no request: one may hang. */
  #kept: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #isClosed = false;

  private constructor(readonly options: DraftOptions, standing: Standing) {
    this.#standing = standing;
    if (options.draft) this.state.value = "saved";
  }

  /** Open the work; `result` is what it stands at, edits that the server never got included. */
  static async open(options: DraftOptions): Promise<{ keeper: DraftKeeper; result: ResultItem[] }> {
    const { log, key, draft } = options;
    const known = await log.standing(key);
    const left = await log.entries(key);
    const begun = { key, client: crypto.randomUUID(), seq: 0, draft: draft?.id ?? null, revision: draft?.revision ?? 0, sentUpTo: null };
    const keeper = new DraftKeeper(options, known && left.length > 0 ? { ...known, draft: known.draft ?? draft?.id ?? null } : begun);
    const base = draft?.result ?? options.base;
    if (left.length === 0) return { keeper, result: [...base] };
    keeper.state.value = "pending";
    keeper.#plan(0);
    return { keeper, result: applied(base, left.map((entry) => entry.op)) };
  }

  get draftId(): number | null {
    return this.#standing.draft;
  }

  get isDirty(): boolean {
    return this.state.peek() !== "clean" && this.state.peek() !== "saved";
  }

  /** Note edits: in the browser now, on the server soon. */
  note(ops: readonly Op[]): void {
    if (this.#isClosed || ops.length === 0) return;
    if (this.state.peek() !== "conflict") this.state.value = "pending";
    const entries = ops.map((op) => ({ key: this.options.key, op }));
    this.#kept = this.#kept.then(() => this.options.log.append(entries)).catch(() => undefined);
    this.#plan(WAIT_MS);
  }

  #plan(ms: number): void {
    if (this.#timer !== undefined && ms > 0 && this.#failures === 0) return; // the earlier plan holds: within two seconds of the first edit
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), ms);
  }

  /** Send what waits, now. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#chain = this.#chain.then(() => this.#send()).catch(() => undefined);
    return this.#chain;
  }

  async #send(): Promise<void> {
    if (this.#isClosed || this.state.peek() === "conflict") return;
    await this.#kept;
    const entries = await this.options.log.entries(this.options.key);
    if (entries.length === 0) {
      if (this.state.peek() === "pending") this.state.value = "saved";
      return;
    }
    await this.#number(entries.at(-1)!.id);
    const upTo = this.#standing.sentUpTo!;
    this.state.value = "saving";
    try {
      const saved = await this.#deliver(compacted(entries.filter((entry) => entry.id <= upTo).map((entry) => entry.op)));
      if (this.#isClosed) return;
      await this.#acknowledge(saved, upTo);
    } catch (error) {
      await this.#refused(error);
    }
  }

  /** A request keeps its number until it is answered, also over a reload of the page. */
  async #number(last: number): Promise<void> {
    if (this.#standing.sentUpTo !== null) return;
    this.#standing = { ...this.#standing, seq: this.#standing.seq + 1, sentUpTo: last };
    await this.options.log.write(this.#standing);
  }

  #deliver(ops: Op[]): Promise<ServerDraft> {
    const { client, seq, draft, revision } = this.#standing;
    const lead_time = this.options.leadTime();
    if (draft === null) return this.options.door.create({ result: this.options.result(), lead_time, client, seq });
    return this.options.door.change(draft, { revision, client, seq, ops, lead_time });
  }

  async #acknowledge(saved: ServerDraft, upTo: number): Promise<void> {
    this.#failures = 0;
    this.#standing = { ...this.#standing, draft: saved.id, revision: saved.revision, sentUpTo: null };
    await this.options.log.write(this.#standing);
    await this.options.log.drop(this.options.key, upTo);
    this.savedAt.value = Date.now();
    await this.#kept;
    const more = await this.options.log.entries(this.options.key);
    this.state.value = more.length > 0 ? "pending" : "saved";
    if (more.length > 0) this.#plan(WAIT_MS);
  }

  async #refused(error: unknown): Promise<void> {
    if (this.#isClosed) return;
    const refusal = this.options.refusalOf(error);
    if (refusal?.code === "draft-conflict" && refusal.draft) {
      this.state.value = "conflict";
      this.conflict.value = refusal.draft;
      return;
    }
    if (refusal?.status === 404 && this.#standing.draft !== null) {
      // Thrown away elsewhere: what is here begins a new one.
      this.#standing = { ...this.#standing, draft: null, revision: 0, client: crypto.randomUUID() };
      await this.options.log.write(this.#standing);
      this.#plan(0);
      return;
    }
    this.state.value = "offline";
    const wait = RETRY_MS[Math.min(this.#failures, RETRY_MS.length - 1)]!;
    this.#failures++;
    this.#plan(wait);
  }

  /** After a conflict: our work goes over the server's. */
  async keepMine(): Promise<void> {
    const theirs = this.conflict.peek();
    if (!theirs) return;
    const mine = this.options.result();
    const kept = new Set(mine.map(keyOf));
    const ops: Op[] = [
      ...theirs.result.map(keyOf).filter((key) => !kept.has(key)).map((key): Op => ({ op: "remove", key })),
      ...mine.map((item): Op => ({ op: "set", key: keyOf(item), value: item })),
      { op: "order", keys: [...kept] },
    ];
    await this.#settle(theirs);
    this.note(ops);
    await this.flush();
  }

  /** After a conflict: the server's work stays; gives its result to be shown. */
  async takeTheirs(): Promise<ResultItem[]> {
    const theirs = this.conflict.peek()!;
    await this.#settle(theirs);
    this.state.value = "saved";
    return theirs.result;
  }

  async #settle(theirs: ServerDraft): Promise<void> {
    await this.options.log.forget(this.options.key);
    this.#standing = { ...this.#standing, draft: theirs.id, revision: theirs.revision, sentUpTo: null };
    this.conflict.value = null;
    this.state.value = "pending";
  }

  /** The work was submitted or thrown away: nothing more is sent, nothing is left behind. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#chain;
    await this.#kept;
    await this.options.log.forget(this.options.key);
    this.state.value = "clean";
  }

  /** The page turns to something else: send what waits, and let go. */
  async leave(): Promise<void> {
    if (this.isDirty) await this.flush();
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }
}
