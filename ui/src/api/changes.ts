/**
 * What changed on the server, asked by cursor: one poll for the whole page, however many screens listen.
 *
 * The server says when to ask again. A hidden page asks seldom; a server that does not answer is asked ever more
 * seldom, and `isOffline` tells.
 */
import { computed, signal } from "@preact/signals";

import { api, ApiError } from "./client.ts";
import type { Changes, Job } from "./types.ts";

export interface Interest {
  project?: number;
  /** Id of the task whose lease the open page renews. */
  lease?: number;
  onChange?: (changes: Changes) => void;
}

const FIRST_MS = 2_000;
const SLOWEST_MS = 60_000;
const HIDDEN_MS = 30_000;

export const isOffline = signal(false);
const known = signal<ReadonlyMap<Job["id"], Job>>(new Map());

/** Every job that this page has heard of, the newest first. */
export const jobs = computed(() => [...known.value.values()].sort((a, b) => b.created_at.localeCompare(a.created_at)));
export const runningJobs = computed(() => jobs.value.filter((job) => !isEnded(job)));

export const isEnded = (job: Job): boolean => job.state === "done" || job.state === "failed" || job.state === "cancelled";

/** Take in what a request told about jobs, before the next poll. */
export function noteJobs(news: Job[]): void {
  if (news.length === 0) return;
  const next = new Map(known.value);
  for (const job of news) next.set(job.id, { ...next.get(job.id), ...job });
  known.value = next;
}

const interests = new Set<Interest>();
let cursor: string | undefined;
let interval = FIRST_MS;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let asking = false;

function wait(): number {
  if (failures > 0) return Math.min(SLOWEST_MS, FIRST_MS * 2 ** failures);
  return document.hidden ? Math.max(interval, HIDDEN_MS) : interval;
}

function plan(ms = wait()): void {
  clearTimeout(timer);
  if (interests.size > 0) timer = setTimeout(ask, ms);
}

async function ask(): Promise<void> {
  if (asking) return;
  asking = true;
  const last = [...interests];
  const latest = <K extends "project" | "lease">(key: K) => last.findLast((one) => one[key] !== undefined)?.[key];
  try {
    const changes = await api.get<Changes | null>("/api/changes", {
      query: { since: cursor, project: latest("project"), lease: latest("lease") },
    });
    failures = 0;
    isOffline.value = false;
    if (changes) {
      cursor = changes.cursor;
      interval = Math.max(500, changes.interval_ms || FIRST_MS);
      noteJobs(changes.jobs ?? []);
      for (const one of interests) one.onChange?.(changes);
    }
  } catch (error) {
    failures += 1;
    isOffline.value = error instanceof ApiError && error.status === 0;
  } finally {
    asking = false;
    plan();
  }
}

/** Listen from now on; give back how to stop. */
export function watchChanges(interest: Interest): () => void {
  interests.add(interest);
  if (interests.size === 1 || interest.lease !== undefined) plan(interests.size === 1 ? 0 : Math.min(wait(), 200));
  return () => {
    interests.delete(interest);
    if (interests.size === 0) clearTimeout(timer);
  };
}

/** Ask at once: something was just started. */
export function askNow(): void {
  plan(0);
}

if (typeof document !== "undefined") {
  document.addEventListener("visibilitychange", () => !document.hidden && plan(0));
  addEventListener("online", () => plan(0));
}

const PATIENCE_MS = [200, 300, 500, 800, 1_200, 2_000];

/** Whether an answer is a job that does the work, and not what the work gave. */
export const isJob = (answer: unknown): answer is Job => typeof answer === "object" && answer !== null && "state" in answer && "kind" in answer;

/** Wait until a job has ended, telling its progress. Gives the job, however it ended. */
export async function followJob(job: Job, onProgress?: (job: Job) => void, signal?: AbortSignal): Promise<Job> {
  let now = job;
  for (let round = 0; ; round += 1) {
    noteJobs([now]);
    onProgress?.(now);
    if (isEnded(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS[Math.min(round, PATIENCE_MS.length - 1)]));
    signal?.throwIfAborted();
    now = await askFor(now);
  }
}

/** The job as it is by now; as it was, while the connection is down. */
async function askFor(job: Job): Promise<Job> {
  try {
    return await api.get<Job>(`/api/jobs/${job.id}`);
  } catch (error) {
    if (error instanceof ApiError && (error.status === 0 || error.status >= 502)) return job;
    throw error;
  }
}
