/** The rows of a project, asked page by page as they come into view; the last pages seen are kept. */
import { api } from "../../api/client.ts";
import type { TaskPage, TaskRow } from "../../api/types.ts";

/** Which tasks, in which order, with what: see `view.ts`. */
export interface Asked {
  query: { filters?: unknown; ordering?: string[]; search?: string } | null;
  /** Names of what a row shall hold; `null`: what it holds anyway. */
  include: readonly string[] | null;
}

export const PAGE = 100;
const KEPT = 80;
const AT_ONCE = 3;

export class TaskPages {
  total = 0;
  totalAnnotations = 0;
  isKnown = false;
  error: unknown = null;

  /** The rows on screen are those of the question before; they stay until the first answer to the new one. */
  isStale = false;

  private readonly pages = new Map<number, TaskRow[]>();
  private readonly asking = new Map<number, AbortController>();

  constructor(
    readonly project: number,
    private asked: Asked,
    private readonly onChange: () => void,
  ) {}

  /** Ask another question. */
  change(asked: Asked): void {
    this.dispose();
    this.asking.clear();
    this.asked = asked;
    this.isStale = true;
    void this.ask(0);
  }

  row(index: number): TaskRow | undefined {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Rows that are here, in order; for finding out which fields there are. */
  known(): TaskRow[] {
    return [...this.pages.keys()].sort((a, b) => a - b).slice(0, 3).flatMap((page) => this.pages.get(page)!);
  }

  /** See to it that these rows come; requests for pages that are no longer wanted are given up. */
  want(first: number, end: number): void {
    if (this.isStale) return;
    const wanted = new Set<number>();
    for (let page = Math.floor(first / PAGE); page * PAGE < Math.max(end, first + 1) && wanted.size < AT_ONCE; page += 1) wanted.add(page);
    for (const [page, control] of this.asking) {
      if (wanted.has(page)) continue;
      control.abort();
      this.asking.delete(page);
    }
    for (const page of wanted) {
      const rows = this.pages.get(page);
      if (!rows) {
        if (!this.asking.has(page)) void this.ask(page);
        continue;
      }
      // Moved to the end: the longest unseen go first.
      this.pages.delete(page);
      this.pages.set(page, rows);
    }
  }

  /** Ask again for what is on screen; the rows of before stay until then. */
  async refresh(first: number, end: number): Promise<void> {
    const wanted = new Set([Math.floor(first / PAGE), Math.floor(Math.max(first, end - 1) / PAGE)]);
    for (const page of this.pages.keys()) if (!wanted.has(page)) this.pages.delete(page);
    await Promise.all([...wanted].map((page) => this.ask(page)));
  }

  dispose(): void {
    for (const control of this.asking.values()) control.abort();
  }

  private async ask(page: number): Promise<void> {
    this.asking.get(page)?.abort();
    const control = new AbortController();
    this.asking.set(page, control);
    try {
      const { query, include } = this.asked;
      const answer = await api.get<TaskPage>("/api/tasks", {
        query: {
          project: this.project, page: page + 1, page_size: PAGE, query: query && JSON.stringify(query),
          ...(include ? { fields: "all", include: include.join(",") } : {}),
        },
        signal: control.signal,
      });
      if (control.signal.aborted) return;
      this.take(page, answer);
    } catch (error) {
      if (control.signal.aborted) return;
      // A page past the end means that rows went meanwhile: begin again from the first.
      if (page > 0 && (error as { status?: number }).status === 404) {
        this.pages.clear();
        await this.ask(0);
      } else this.error = error;
    } finally {
      if (this.asking.get(page) === control) this.asking.delete(page);
      this.onChange();
    }
  }

  private take(page: number, answer: TaskPage): void {
    this.total = answer.total;
    this.totalAnnotations = answer.total_annotations;
    this.isKnown = true;
    this.error = null;
    if (this.isStale) this.pages.clear();
    this.isStale = false;
    this.pages.delete(page);
    this.pages.set(page, answer.tasks);
    for (const old of this.pages.keys()) {
      if (this.pages.size <= KEPT) break;
      this.pages.delete(old);
    }
  }
}
