/** Every long work: what runs, how far it is, what became of it. */
import { useEffect } from "preact/hooks";

import { isEnded, jobs, noteJobs } from "../../api/changes.ts";
import { api } from "../../api/client.ts";
import { reportOf } from "../../api/errors.ts";
import type { Job, Page } from "../../api/types.ts";
import { url } from "../../boot.ts";
import { formatAgo, formatDate, formatDuration, t, tn } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { cancelJob, jobCount, jobError, jobName, JobState, secondsLeft } from "../components/job_line.tsx";
import { Empty, ErrorPanel, Loading, Progress, Skeleton } from "../components/states.tsx";
import { currentProject } from "../current_project.ts";
import { useResource } from "../resource.ts";
import { useTitle } from "../title.tsx";
import { copyText } from "../toasts.ts";
import "./lists.css";

function took(job: Job): string {
  if (!job.started_at) return "";
  const end = job.finished_at ? new Date(job.finished_at) : new Date();
  return formatDuration((end.getTime() - new Date(job.started_at).getTime()) / 1000);
}

function Row({ job }: { job: Job }) {
  const left = secondsLeft(job);
  const why = job.state === "failed" ? jobError(job) : "";
  return (
    <tr>
      <th scope="row">
        <span class="job-name">{jobName(job)}</span>
        {job.project !== null && <a class="lw-small" href={url(`/projects/${job.project}/data`)}>{t("Project {id}", { id: String(job.project) })}</a>}
      </th>
      <td><JobState job={job} /></td>
      <td class="job-progress">
        {isEnded(job)
          ? job.state !== "failed" && <span class="lw-small lw-muted">{jobCount(job)}</span>
          : <>
              <Progress value={job.state === "queued" ? 0 : job.progress} label={jobName(job)} showPercent />
              <span class="lw-tiny lw-muted">
                {[jobCount(job), left === null ? "" : t("{time} left", { time: formatDuration(left) })].filter(Boolean).join(" · ")}
              </span>
            </>}
        {why && <p class="job-why">{why}</p>}
      </td>
      <td><time dateTime={job.created_at} data-tip={formatDate(job.created_at)}>{formatAgo(job.created_at)}</time></td>
      <td>{took(job)}</td>
      <td class="cell-actions">
        {!isEnded(job) && <Button small onClick={() => cancelJob(job)}>{t("Cancel")}</Button>}
        {job.state === "failed" && <Button small kind="quiet" icon="copy" label={t("Copy the report")} onClick={() => copyText(JSON.stringify(job, null, 1) || reportOf(job.error))} />}
      </td>
    </tr>
  );
}

export function Jobs() {
  useTitle(t("Jobs"));
  const asked = useResource(async (signal) => {
    const answer = await api.get<Job[] | Page<Job>>("/api/jobs", { signal });
    const list = Array.isArray(answer) ? answer : answer.results;
    noteJobs(list);
    return list;
  }, []);
  useEffect(() => { currentProject.value = null; }, []);
  const all = jobs.value;
  const running = all.filter((job) => !isEnded(job)).length;
  return (
    <div class="app-page">
      <header class="app-page-head">
        <div>
          <h1>{t("Jobs")}</h1>
          <p>{running > 0 ? tn("{n} job is running", "{n} jobs are running", running) : t("Imports, exports and other long work, the newest first.")}</p>
        </div>
      </header>
      {asked.isLoading && all.length === 0 ? <Loading><Skeleton height={44} /><Skeleton height={44} /><Skeleton height={44} /></Loading>
        : asked.error && all.length === 0 ? <ErrorPanel error={asked.error} onRetry={asked.reload} />
        : all.length === 0 ? <Empty icon="activity" title={t("Nothing has run yet")}>{t("When you import or export, the work appears here with its progress.")}</Empty>
        : (
          <div class="lw-table-frame" tabIndex={0} role="region" aria-label={t("Jobs")}>
            <table class="lw-table jobs-table">
              <thead>
                <tr>
                  <th scope="col">{t("Job")}</th><th scope="col">{t("State")}</th><th scope="col">{t("Progress")}</th><th scope="col">{t("Started")}</th>
                  <th scope="col">{t("Took")}</th><th scope="col"><span class="lw-hidden-visually">{t("Actions")}</span></th>
                </tr>
              </thead>
              <tbody>{all.map((job) => <Row key={job.id} job={job} />)}</tbody>
            </table>
          </div>
        )}
    </div>
  );
}
