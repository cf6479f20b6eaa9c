/** One job: what it does, how far it is, how it ended. */
import { asParams, describeRefusal, translateServerText, type Refusal } from "../../api/errors.ts";
import { isEnded, noteJobs } from "../../api/changes.ts";
import { api } from "../../api/client.ts";
import type { Job } from "../../api/types.ts";
import { formatAgo, formatDuration, formatNumber, t } from "../../i18n/index.ts";
import { Button } from "./button.tsx";
import { Badge, Progress } from "./states.tsx";

/** What kinds of work are called; a plugin's own kinds speak by their message. */
const KINDS: Record<string, () => string> = {
  import: () => t("Import"),
  "import-tasks": () => t("Import"),
  export: () => t("Export"),
  "delete-tasks": () => t("Delete tasks"),
  "delete-project": () => t("Delete a project"),
  "project-deletion": () => t("Delete a project"),
  conversion: () => t("Export"),
  "storage-sync": () => t("Synchronise a storage"),
};

export function jobName(job: Job): string {
  const known = KINDS[job.kind.replaceAll("_", "-").replace(/^.*[.:]/, "")];
  return known ? known() : job.kind.replaceAll(/[_.-]+/g, " ").replace(/^./, (first) => first.toUpperCase());
}

const STATES: Record<Job["state"], { kind?: "good" | "bad" | "accent" | "warn"; name: () => string }> = {
  queued: { name: () => t("Waiting") },
  running: { kind: "accent", name: () => t("Running") },
  done: { kind: "good", name: () => t("Done") },
  failed: { kind: "bad", name: () => t("Failed") },
  cancelled: { kind: "warn", name: () => t("Cancelled") },
};

export function JobState({ job }: { job: Job }) {
  const state = STATES[job.state] ?? { name: () => job.state };
  return <Badge kind={state.kind}>{state.name()}</Badge>;
}

/** Why a job failed, in words. */
export function jobError(job: Job): string {
  const refusal: Refusal = typeof job.error === "object" && job.error !== null ? job.error : { detail: typeof job.error === "string" ? job.error : (job.message ?? "") };
  return describeRefusal({ code: job.code, params: job.params, ...refusal });
}

/** What a job says of itself, such as how many it imported. */
export function jobMessage(job: Job): string {
  return job.message && job.state !== "failed" ? translateServerText(job.message, job.code ?? "", asParams(job.params)) : "";
}

/** How far it is in things that can be counted; bytes are told by the share alone. */
export function jobCount(job: Job): string {
  const said = jobMessage(job);
  if (said) return said;
  return job.total ? t("{done} of {total}", { done: job.done ?? 0, total: job.total }) : job.done ? formatNumber(job.done) : "";
}

/** Seconds until it is done, at the speed so far; `null` while that is a guess. */
export function secondsLeft(job: Job, now = Date.now()): number | null {
  if (job.state !== "running" || !job.started_at || !job.progress || job.progress < 0.02) return null;
  const passed = (now - new Date(job.started_at).getTime()) / 1000;
  return passed < 2 ? null : (passed / job.progress) * (1 - job.progress);
}

export async function cancelJob(job: Job): Promise<void> {
  const answer = await api.post<Job | null>(`/api/jobs/${job.id}/cancel`);
  noteJobs([answer && "state" in answer ? answer : { ...job, state: "cancelled" }]);
}

function facts(job: Job): string {
  const left = secondsLeft(job);
  const counted = job.state === "failed" ? "" : jobCount(job);
  const when = isEnded(job) ? formatAgo(job.finished_at ?? job.created_at) : left === null ? "" : t("{time} left", { time: formatDuration(left) });
  const why = job.state === "failed" ? jobError(job) : "";
  return [counted, when, why].filter(Boolean).join(" · ");
}

export function JobLine({ job }: { job: Job }) {
  return (
    <div class="app-job">
      <div class="lw-spread">
        <strong class="lw-truncate">{jobName(job)}</strong>
        <span class="lw-row">
          <JobState job={job} />
          {!isEnded(job) && <Button kind="quiet" small icon="close" label={t("Cancel this job")} onClick={() => cancelJob(job)} />}
        </span>
      </div>
      {!isEnded(job) && <Progress value={job.state === "queued" ? 0 : job.progress} label={jobName(job)} />}
      <p class="lw-small lw-muted lw-digits">{facts(job)}</p>
    </div>
  );
}
