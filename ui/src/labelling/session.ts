/** One person labelling one project: which task is open, which answer of it, and what happens to it. */
import { batch, computed, signal } from "@preact/signals";

import type { ConfigNode } from "../../sdk/labelwright";
import { api, ApiError } from "../api/client.ts";
import { boot, url } from "../boot.ts";
import { t } from "../i18n/index.ts";
import { createRuntime, settle, validate, type Runtime, type TagInfo } from "../runtime/index.ts";
import { resolveField } from "../runtime/fields.ts";
import { walk } from "../runtime/config.ts";
import { keyOf } from "../runtime/results.ts";
import { DraftKeeper, type Refusal, type ServerDraft } from "./draft.ts";
import { LeadTime } from "./lead_time.ts";
import { openLog } from "./op_log.ts";
import { baseOf, firstTab, parentOf, tabsOf } from "./tabs.ts";
import type { Annotation, LabellingTask, Tab } from "./types.ts";

export interface LabellingConfig {
  tree: ConfigNode | null;
  tags: TagInfo[];
  problems: { level: string; message: string; line: number }[];
}

export interface LabellingProject {
  id: number;
  title: string;
  expert_instruction: string | null;
  show_instruction: boolean;
  show_skip_button: boolean;
  enable_empty_annotation: boolean;
  /** Use predictions to prelabel tasks; of this model, if one is named. */
  show_collab_predictions: boolean;
  model_version?: string | null;
}

export type Phase = "loading" | "ready" | "done" | "failed";

/** What is on screen: replaced as a whole, so that nothing of two answers mixes. */
export interface Open {
  task: LabellingTask;
  tab: Tab;
  runtime: Runtime;
  draft: DraftKeeper | null;
  lead: LeadTime;
  /** Names this submission: sent again, it counts once. */
  uniqueId: string;
}

export class Session {
  readonly phase = signal<Phase>("loading");
  readonly error = signal<unknown>(null);
  readonly open = signal<Open | null>(null);
  readonly task = signal<LabellingTask | null>(null);
  readonly project = signal<LabellingProject | null>(null);
  readonly busy = signal<"submit" | "skip" | "task" | null>(null);
  /** Tasks of this visit, for "previous". */
  readonly trail = signal<readonly number[]>([]);
  readonly place = signal(-1);
  readonly message = signal<string | null>(null);
  readonly tabs = computed(() => tabsOf(this.task.value));
  readonly canGoBack = computed(() => this.place.value > 0);
  #config: LabellingConfig | null = null;
  #ahead: { after: number; task: Promise<LabellingTask | null> } | null = null;
  /** The server's word that a task fetched ahead is in hand now; the next look ahead waits for it. */
  #claim: Promise<unknown> = Promise.resolve();
  #isGone = false;

  constructor(readonly projectId: number, readonly isStream: boolean) {}

  /** Fetch the project and its configuration, then the first task. */
  async start(taskId: number | null): Promise<void> {
    batch(() => {
      this.error.value = null;
      this.phase.value = "loading";
    });
    await this.#guarded(async () => {
      const [project, config] = await Promise.all([
        api.get<LabellingProject>(`/api/projects/${this.projectId}`),
        api.get<LabellingConfig>(`/api/projects/${this.projectId}/label-config`),
      ]);
      this.project.value = project;
      this.#config = config;
      if (taskId !== null) await this.#show(await this.#fetch(taskId));
      else await this.#showNext();
    });
  }

  async #guarded(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (this.#isGone) return;
      batch(() => {
        this.error.value = error;
        if (!this.open.peek()) this.phase.value = "failed";
      });
    } finally {
      this.busy.value = null;
    }
  }

  #fetch(id: number): Promise<LabellingTask> {
    return api.get<LabellingTask>(`/api/tasks/${id}`);
  }

  /* ---------------------------------------------------------------- tasks */

  async #showNext(): Promise<void> {
    const now = this.task.peek()?.id;
    const ahead = this.#ahead !== null && this.#ahead.after === now ? await this.#ahead.task : null;
    this.#ahead = null;
    const task = ahead ? await this.#claimed(ahead) : await this.#next();
    if (this.#isGone) return;
    if (!task) {
      await this.#close();
      this.phase.value = "done";
      return;
    }
    await this.#show(task);
  }

  /** The task that was fetched ahead becomes the one in hand; the server hears of it without our waiting. */
  async #claimed(task: LabellingTask): Promise<LabellingTask> {
    this.#claim = api.get(`/api/projects/${this.projectId}/next`).catch(() => undefined);
    return task;
  }

  async #next(ahead?: number): Promise<LabellingTask | null> {
    try {
      return await api.get<LabellingTask>(`/api/projects/${this.projectId}/next`, { query: { prefetch: ahead } });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  async #show(task: LabellingTask): Promise<void> {
    const before = this.trail.peek();
    const known = before.indexOf(task.id);
    await this.#showTab(task, this.#prelabelled(task, firstTab(task)));
    batch(() => {
      if (known < 0) this.trail.value = [...before, task.id];
      this.place.value = known < 0 ? before.length : known;
      this.phase.value = "ready";
    });
    if (this.isStream && this.place.peek() === this.trail.peek().length - 1) this.#lookAhead(task.id);
  }

  /** Where the project says so, a new answer begins with what a model said. */
  #prelabelled(task: LabellingTask, tab: Tab): Tab {
    const isFresh = tab.kind === "new" && tab.draft === null;
    const { show_collab_predictions: wanted, model_version: version } = this.project.peek()!;
    const said = task.predictions.find((one) => one.model_version === version)
      // A connected model goes by its title; its predictions by their version, of which the newest counts.
      ?? (version ? task.predictions.toSorted((a, b) => b.id - a.id) : task.predictions)[0];
    return isFresh && wanted && said ? { ...tab, parent: said } : tab;
  }

  #lookAhead(id: number): void {
    const task = this.#claim.then(() => this.#next(id)).catch(() => null);
    this.#ahead = { after: id, task };
    void task.then((found) => (found && !this.#isGone ? this.#warm(found) : undefined));
  }

  /** Let the browser fetch the pictures of the next task already. */
  #warm(task: LabellingTask): void {
    for (const node of walk(this.#config!.tree!)) {
      const info = this.#config!.tags.find((one) => one.tag === node.tag);
      const address = info?.kind === "object" && info.space === "2d" ? resolveField(node.attrs.value, task.data) : null;
      if (typeof address === "string" && /^(?:https?:|\/)/.test(address)) new Image().src = address.startsWith("/") ? url(address) : address;
    }
  }

  /** Open one answer of a task. */
  async #showTab(task: LabellingTask, tab: Tab): Promise<void> {
    const { tree, tags } = this.#config!;
    if (!tree) throw new Error(t("The labelling configuration of this project has errors."));
    const isReadonly = tab.kind === "prediction";
    const lead = new LeadTime(tab.kind === "annotation" ? (tab.draft?.lead_time ?? tab.annotation.lead_time ?? 0) : tab.kind === "new" ? (tab.draft?.lead_time ?? 0) : 0);
    const base = baseOf(tab);
    let runtime: Runtime;
    const held: { draft: DraftKeeper | null } = { draft: null };
    let start = base;
    if (!isReadonly) {
      const opened = await DraftKeeper.open({
        key: `${boot.user?.id ?? 0}/${task.id}/${tab.key}`,
        log: await openLog(),
        door: this.#door(task.id, tab),
        draft: "draft" in tab ? tab.draft : null,
        base,
        result: () => runtime.getResult(),
        leadTime: () => lead.seconds(),
        refusalOf,
      });
      held.draft = opened.keeper;
      start = opened.result;
    }
    const isFresh = tab.kind === "new" && !tab.draft && start.length === 0;
    runtime = await createRuntime({
      tree, tags, task: { id: task.id, project: this.projectId, data: task.data }, annotation: isFresh ? null : { result: start }, mode: isReadonly ? "readonly" : "label",
      onChange: (ops) => held.draft?.note(ops),
    });
    if (this.#isGone) return runtime.dispose();
    await this.#close();
    batch(() => {
      this.task.value = task;
      this.message.value = null;
      this.open.value = { task, tab, runtime, draft: held.draft, lead, uniqueId: crypto.randomUUID() };
    });
  }

  #door(taskId: number, tab: Tab) {
    const place = tab.kind === "annotation" ? `/api/tasks/${taskId}/annotations/${tab.annotation.id}/drafts` : `/api/tasks/${taskId}/drafts`;
    const options = { stayWhenSignedOut: true };
    return {
      create: (body: object) => api.post<ServerDraft>(place, body, options),
      change: (id: number, body: object) => api.patch<ServerDraft>(`/api/drafts/${id}`, body, options),
    };
  }

  async #close(): Promise<void> {
    const now = this.open.peek();
    if (!now) return;
    await now.draft?.leave();
    this.open.value = null;
    now.runtime.dispose();
  }

  async goTo(key: string): Promise<void> {
    const task = this.task.peek();
    const tab = this.tabs.peek().find((one) => one.key === key);
    if (!task || !tab || this.open.peek()?.tab.key === key) return;
    await this.#guarded(async () => this.#showTab(await this.#withDraft(task), this.tabs.peek().find((one) => one.key === key) ?? tab));
  }

  /** What was just drafted is part of the task now. */
  async #withDraft(task: LabellingTask): Promise<LabellingTask> {
    const now = this.open.peek();
    if (!now?.draft) return task;
    await now.draft.flush();
    if (now.draft.draftId === null) return task;
    const fresh = await this.#fetch(task.id);
    this.task.value = fresh;
    return fresh;
  }

  /** A new answer that begins as a copy of a prediction or of another answer. */
  async copyOf(key: string): Promise<void> {
    const task = this.task.peek();
    const tab = this.tabs.peek().find((one) => one.key === key);
    if (!task || !tab || tab.kind === "new") return;
    const parent = tab.kind === "prediction" ? tab.prediction : tab.annotation;
    await this.#guarded(() => this.#showTab(task, { kind: "new", key: "new", draft: null, parent }));
    // A copy is work already: it is kept from now on.
    const now = this.open.peek();
    now?.draft?.note(now.runtime.getResult().map((item) => ({ op: "set" as const, key: keyOf(item), value: item })));
  }

  async previous(): Promise<void> {
    if (this.place.peek() <= 0 || this.busy.peek()) return;
    await this.#step(this.trail.peek()[this.place.peek() - 1]!);
  }

  /** On in the trail; at its end the next task of the stream. */
  async next(): Promise<void> {
    if (this.busy.peek()) return;
    const later = this.trail.peek()[this.place.peek() + 1];
    if (later !== undefined) {
      await this.#step(later);
      return;
    }
    this.busy.value = "task";
    await this.#guarded(() => this.#showNext());
  }

  async #step(id: number): Promise<void> {
    this.busy.value = "task";
    await this.#guarded(async () => {
      await this.open.peek()?.draft?.flush();
      await this.#show(await this.#fetch(id));
    });
  }

  /* ---------------------------------------------------------------- answers */

  /** Submit a new answer, or update the one that is open; then on to the next task. */
  async submit(): Promise<void> {
    const now = this.open.peek();
    if (!now || this.busy.peek() || now.tab.kind === "prediction") return;
    finishTyping();
    settle(now.runtime);
    if (this.#pointToProblem(now)) return;
    await this.#save(now, "submit", {});
  }

  /** Show what is missing at its place. Says whether anything is. */
  #pointToProblem(now: Open): boolean {
    const first = validate(now.runtime)[0];
    const isEmpty = now.runtime.getResult(true).length === 0;
    this.message.value = !first && isEmpty && this.project.peek()?.enable_empty_annotation === false ? t("This project takes no empty answers.") : null;
    if (!first) return this.message.peek() !== null;
    if (first.region) now.runtime.selection.select([first.region]);
    requestAnimationFrame(() => document.querySelector(`[data-control="${CSS.escape(first.control)}"]`)?.scrollIntoView({ block: "nearest", behavior: "smooth" }));
    return true;
  }

  /** Skip the task, or take the skip back. */
  async skip(): Promise<void> {
    const now = this.open.peek();
    if (!now || this.busy.peek() || now.tab.kind === "prediction") return;
    finishTyping();
    const wasSkipped = now.tab.kind === "annotation" && now.tab.annotation.was_cancelled;
    await this.#save(now, "skip", { was_cancelled: !wasSkipped });
  }

  async #save(now: Open, what: "submit" | "skip", more: Record<string, unknown>): Promise<void> {
    this.busy.value = what;
    await this.#guarded(async () => {
      await now.draft?.flush();
      const body = { result: now.runtime.getResult(true), lead_time: now.lead.seconds(), draft_id: now.draft?.draftId ?? undefined, ...more };
      const { tab, task } = now;
      if (tab.kind === "annotation") await api.patch(`/api/annotations/${tab.annotation.id}`, body);
      else await api.post(`/api/tasks/${task.id}/annotations`, { ...body, unique_id: now.uniqueId, ...parentOf(tab) });
      await now.draft?.close();
      this.error.value = null;
      const isNew = tab.kind === "new";
      if (this.isStream && isNew && this.place.peek() === this.trail.peek().length - 1) await this.#showNext();
      else await this.#show(await this.#fetch(task.id));
    });
  }

  /** Throw a draft away; what was submitted comes back. */
  async discardDraft(): Promise<void> {
    const now = this.open.peek();
    if (!now?.draft) return;
    await this.#guarded(async () => {
      await now.draft!.flush();
      const id = now.draft!.draftId;
      if (id !== null) await api.delete(`/api/drafts/${id}`);
      await now.draft!.close();
      await this.#show(await this.#fetch(now.task.id));
    });
  }

  async remove(annotation: Annotation): Promise<void> {
    await this.#guarded(async () => {
      await this.open.peek()?.draft?.close();
      await api.delete(`/api/annotations/${annotation.id}`);
      await this.#show(await this.#fetch(this.task.peek()!.id));
    });
  }

  /* ---------------------------------------------------------------- conflicts and leaving */

  async keepMine(): Promise<void> {
    await this.open.peek()?.draft?.keepMine();
  }

  async takeTheirs(): Promise<void> {
    const now = this.open.peek();
    if (now?.draft) now.runtime.load(await now.draft.takeTheirs());
  }

  /** The lease was given to somebody else, or ran out: work goes on, the submission counts all the same. */
  async leave(): Promise<void> {
    this.#isGone = true;
    const task = this.task.peek();
    await this.#close();
    const held = [this.isStream ? task?.id : undefined, (await this.#ahead?.task.catch(() => null))?.id];
    for (const id of held) if (id !== undefined) void api.delete(`/api/tasks/${id}/lease`, undefined, { keepalive: true, stayWhenSignedOut: true }).catch(() => undefined);
  }
}

/** A note or a number that is still being typed counts when its field is left: leave it. */
function finishTyping(): void {
  if (document.activeElement instanceof HTMLElement && document.activeElement.matches("input, textarea")) document.activeElement.blur();
}

function refusalOf(error: unknown): Refusal | null {
  if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500) return null;
  const { draft } = (error.body ?? {}) as { draft?: ServerDraft };
  return { status: error.status, code: error.code, draft: draft ?? null };
}
