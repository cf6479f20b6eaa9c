/** Sends files to a project, bundle by bundle, and tells what became of each. */
import { followJob, isJob } from "../../api/changes.ts";
import { api, ApiError } from "../../api/client.ts";
import { asParams, describeError, translateServerText } from "../../api/errors.ts";
import type { ImportSummary, Job } from "../../api/types.ts";
import { boot, url } from "../../boot.ts";
import { formatBytes, isTranslated, t } from "../../i18n/index.ts";
import { jobError } from "../components/job_line.tsx";
import { batches, type FileEntry, type Limits } from "./files.ts";

type Update = (keys: readonly string[], change: Partial<FileEntry>) => void;

/** An import that the server refused, from its answer or from its job. */
export class ImportFailed extends Error {
  constructor(
    message: string,
    readonly place: string | null,
    readonly isAboutContent: boolean,
    /** Where the list of errors is, item by item. */
    readonly report: string | null = null,
  ) {
    super(message);
    this.name = "ImportFailed";
  }
}

/** Where in the input the fault is, in words: `2.data.image` is item 3, field "image". */
export function placeInWords(field: string | null | undefined, params: Record<string, unknown> = {}): string | null {
  const item = typeof params.item === "number" ? params.item : typeof params.index === "number" ? params.index : null;
  const place = field ?? (typeof params.place === "string" ? params.place : "");
  const written = /^line (\d+)$/.exec(place);
  const line = typeof params.line === "number" ? params.line : written ? Number(written[1]) : null;
  const path = /^(\d+)(?:\.data)?(?:\.(.+))?$/.exec(place);
  const at = item ?? (path ? Number(path[1]) : null);
  const name = typeof params.field === "string" ? params.field : typeof params.key === "string" ? params.key : path?.[2];
  if (line !== null) return name ? t("Line {line}, field “{name}”", { line, name }) : t("Line {line}", { line });
  if (at !== null) return name ? t("Item {n}, field “{name}”", { n: at + 1, name }) : t("Item {n}", { n: at + 1 });
  return null;
}

function failureOf(error: unknown): ImportFailed {
  if (!(error instanceof ApiError)) return new ImportFailed(describeError(error), null, false);
  const field = Object.keys(error.fields).find((name) => name !== "non_field_errors") ?? null;
  return new ImportFailed(describeError(error), placeInWords(field, error.params), error.status === 400 || error.status === 413 || error.status === 415);
}

function failureOfJob(job: Job): ImportFailed {
  const error = (typeof job.error === "object" ? job.error : null) as { field?: string; params?: Record<string, unknown>; validation_errors?: Record<string, unknown> } | null;
  const field = error?.field ?? Object.keys(error?.validation_errors ?? {}).find((name) => name !== "non_field_errors");
  const message = jobError(job) || (job.state === "cancelled" ? t("The import was cancelled; nothing of it was stored.") : t("The import failed; nothing of it was stored."));
  return new ImportFailed(message, placeInWords(field, error?.params ?? job.params ?? {}), job.state === "failed");
}

/** Wait for the counts of an import, whether the server answered at once or with a job. */
export async function settleImport(answer: unknown, onProgress?: (share: number | null) => void, signal?: AbortSignal): Promise<ImportSummary> {
  if (!isJob(answer)) return answer as ImportSummary;
  const job = await followJob(answer, (now) => onProgress?.(now.progress), signal);
  if (job.state !== "done") throw failureOfJob(job);
  return (job.result ?? {}) as unknown as ImportSummary;
}

async function sendBatch(project: number, batch: readonly FileEntry[], update: Update, signal: AbortSignal): Promise<void> {
  const keys = batch.map((one) => one.key);
  const form = new FormData();
  for (const entry of batch) form.append(batch.length === 1 ? "file" : entry.key, entry.file, entry.file.name);
  update(keys, { state: "uploading", progress: 0, error: null, place: null, report: null, warnings: [] });
  const answer = await api.upload(`/api/projects/${project}/import`, form, {
    query: batch[0]?.columns ? { columns: JSON.stringify(batch[0].columns) } : {}, signal, respondAsync: true,
    onProgress: (sent, total) => update(keys, sent < total ? { progress: sent / total } : { state: "importing", progress: null }),
  });
  update(keys, { state: "importing", progress: null });
  const summary = await settleImport(answer, (progress) => update(keys, { progress }), signal).catch((error: unknown) => {
    const id = (answer as { import?: number } | null)?.import;
    if (!(error instanceof ImportFailed) || !error.isAboutContent || id === undefined || batch.length > 1) throw error;
    throw new ImportFailed(error.message, error.place, error.isAboutContent, url(`/api/projects/${project}/imports/${id}/errors`));
  });
  const warnings = (summary.warnings ?? []).map((one) => (typeof one === "string" ? translateServerText(one) : isTranslated(one.msgid) ? t(one.msgid, asParams(one.params)) : one.message));
  update(keys, { state: "done", progress: 1, tasks: batch.length === 1 ? (summary.task_count ?? null) : 1, warnings });
}

function refuseTooLarge(entries: readonly FileEntry[], limits: Limits, update: Update): FileEntry[] {
  const most = limits.upload_bytes;
  if (!most) return [...entries];
  return entries.filter((entry) => {
    if (entry.file.size <= most) return true;
    update([entry.key], { state: "failed", error: t("This file is {size}; the server accepts at most {most}.", { size: formatBytes(entry.file.size), most: formatBytes(most) }) });
    return false;
  });
}

/** Send every file that is not there yet. A bundle that is refused is sent again file by file, to find which one it was. */
export async function sendFiles(project: number, entries: readonly FileEntry[], update: Update, signal: AbortSignal, limits: Limits = boot.limits): Promise<void> {
  const open = refuseTooLarge(entries.filter((one) => one.state !== "done"), limits, update);
  update(open.map((one) => one.key), { state: "waiting", error: null, place: null, progress: null });
  const queue = batches(open, limits);
  while (queue.length > 0) {
    const batch = queue.shift()!;
    try {
      await sendBatch(project, batch, update, signal);
    } catch (error) {
      if (signal.aborted) {
        update([...batch, ...queue.flat()].map((one) => one.key), { state: "waiting", progress: null });
        throw error;
      }
      const failure = error instanceof ImportFailed ? error : failureOf(error);
      if (batch.length > 1 && failure.isAboutContent) queue.unshift(...batch.map((one) => [one]));
      else update(batch.map((one) => one.key), { state: "failed", progress: null, error: failure.message, place: failure.place, report: failure.report });
    }
  }
}

/** Let the server fetch a file by its address. */
export async function sendAddress(project: number, address: string, signal: AbortSignal): Promise<ImportSummary> {
  try {
    const answer = await api.post(`/api/projects/${project}/import`, new URLSearchParams({ url: address }), { respondAsync: true, signal });
    return await settleImport(answer, undefined, signal);
  } catch (error) {
    throw error instanceof ImportFailed || signal.aborted ? error : failureOf(error);
  }
}
