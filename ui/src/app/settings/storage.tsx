/** Where a project's tasks come from, and where its answers go: storages, their state, and work on them. */
import { useEffect, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import { jobs, noteJobs, watchChanges } from "../../api/changes.ts";
import type { Job } from "../../api/types.ts";
import { formatAgo, formatDate, t, tn, tOf } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { cancelJob, jobMessage } from "../components/job_line.tsx";
import { Panel } from "../components/panel.tsx";
import { Badge, ErrorPanel, Loading, Note, Progress, Skeleton } from "../components/states.tsx";
import { confirm } from "../confirm.tsx";
import { useResource } from "../resource.ts";
import type { SettingsProps } from "../screens/settings.tsx";
import { StorageForm } from "../storages/form.tsx";
import "../storages/storages.css";
import { isBusy, pathOf, type Side, type Storage, type StorageKind } from "../storages/types.ts";
import { toast } from "../toasts.ts";

const STATES: Record<Storage["status"], { kind?: "good" | "bad" | "accent" | "warn"; name: () => string }> = {
  initialized: { name: () => t("Not synchronised yet") },
  queued: { name: () => t("Waiting") },
  in_progress: { kind: "accent", name: () => t("Synchronising") },
  failed: { kind: "bad", name: () => t("Failed") },
  completed: { kind: "good", name: () => t("Synchronised") },
  completed_with_errors: { kind: "warn", name: () => t("Synchronised, with errors") },
};

function Facts({ storage, side }: { storage: Storage; side: Side }) {
  const count = storage.last_sync_count ?? 0;
  return (
    <p class="lw-small lw-muted">
      {storage.last_sync
        ? <><time dateTime={storage.last_sync} title={formatDate(storage.last_sync)}>{formatAgo(storage.last_sync)}</time>{" · "}{side === "source" ? tn("{n} new task", "{n} new tasks", count) : tn("{n} answer written", "{n} answers written", count)}</>
        : side === "source" ? t("Nothing has been imported yet.") : t("Answers are written as they come.")}
    </p>
  );
}

function Row({ kind, side, storage, onChanged, onEdit }: { kind: StorageKind | undefined; side: Side; storage: Storage; onChanged: () => unknown; onEdit: () => void }) {
  const path = `${pathOf(side, storage.type)}/${storage.id}`;
  const job = jobs.value.find((one) => String(one.id) === storage.last_sync_job);
  const name = storage.title || (kind ? tOf(kind, kind.title) : storage.type);
  const state = STATES[storage.status];
  const sync = async () => {
    noteJobs([await api.post<Job>(`${path}/sync`, {}, { respondAsync: true })]);
    await onChanged();
  };
  const remove = async () => {
    const body = side === "source" ? t("Its files and the tasks that came from it stay, but files are no longer shown in these tasks.") : t("What was written there stays.");
    if (!(await confirm({ title: t("Forget this storage?"), body, action: t("Forget"), danger: true }))) return;
    await api.delete(path);
    await onChanged();
  };
  return (
    <li class="storage-row">
      <div class="lw-spread">
        <div class="lw-stack lw-stack--tight lw-grow">
          <span class="lw-row"><strong class="lw-truncate">{name}</strong><Badge kind={state.kind}>{state.name()}</Badge></span>
          <span class="lw-small lw-muted lw-truncate">{[kind && tOf(kind, kind.title), String(storage.path ?? storage.bucket ?? storage.container ?? "")].filter(Boolean).join(" · ")}</span>
          <Facts storage={storage} side={side} />
        </div>
        <div class="lw-row">
          {isBusy(storage) && job ? <Button small onClick={() => cancelJob(job).then(onChanged)}>{t("Stop")}</Button> : <Button small icon="refresh" onClick={sync}>{t("Synchronise now")}</Button>}
          <Button small kind="quiet" icon="edit" label={t("Change {name}", { name })} onClick={onEdit} />
          <Button small kind="quiet" icon="trash" label={t("Forget {name}", { name })} onClick={remove} />
        </div>
      </div>
      {isBusy(storage) && <div><Progress value={job?.progress ?? null} label={t("Synchronising")} />{job && <p class="lw-small lw-muted lw-digits" role="status">{jobMessage(job)}</p>}</div>}
      {storage.traceback && <details class="storage-errors" open={storage.status === "failed"}><summary>{t("What went wrong")}</summary><pre>{storage.traceback}</pre></details>}
    </li>
  );
}

type Open = { side: Side; storage: Storage | null } | null;

export function StorageSettings({ project }: SettingsProps) {
  const kinds = useResource((signal) => api.get<StorageKind[]>("/api/storages/kinds", { signal }), []);
  const ask = (side: Side) => (signal: AbortSignal) => api.get<Storage[]>(side === "source" ? "/api/storages" : "/api/storages/export", { query: { project: project.id }, signal });
  const sources = useResource(ask("source"), [project.id]);
  const targets = useResource(ask("target"), [project.id]);
  const [open, setOpen] = useState<Open>(null);
  const reload = () => Promise.all([sources.reload(), targets.reload()]);
  const isWorking = [...(sources.data ?? []), ...(targets.data ?? [])].some(isBusy);
  useEffect(() => watchChanges({ project: project.id }), [project.id]);
  useEffect(() => {
    if (!isWorking) return;
    const timer = setInterval(() => void reload(), 1_500);
    return () => clearInterval(timer);
  }, [isWorking]);

  const saved = async (storage: Storage, side: Side, isSynced: boolean) => {
    setOpen(null);
    toast(t("Saved"), "good");
    if (isSynced) noteJobs([await api.post<Job>(`${pathOf(side, storage.type)}/${storage.id}/sync`, {}, { respondAsync: true })]);
    await reload();
  };
  const failed = kinds.error ?? sources.error ?? targets.error;
  if (failed) return <><h1>{t("Cloud storage")}</h1><ErrorPanel error={failed} onRetry={() => Promise.all([kinds.reload(), reload()])} /></>;
  if (!kinds.data || !sources.data || !targets.data) return <><h1>{t("Cloud storage")}</h1><Loading><Skeleton height={160} /><Skeleton height={160} /></Loading></>;
  const of = (side: Side) => kinds.data!.filter((kind) => kind.sides.includes(side) && !kind.unavailable);
  if (open) {
    const offered = open.storage ? kinds.data : of(open.side);
    return (
      <>
        <h1>{t("Cloud storage")}</h1>
        <StorageForm project={project.id} side={open.side} kinds={offered} storage={open.storage} onSaved={(storage, sync) => void saved(storage, open.side, sync)} onCancel={() => setOpen(null)} />
      </>
    );
  }
  const part = (side: Side, rows: Storage[], title: string, about: string, none: string, add: string) => (
    <Panel title={title} about={about} foot={<Button icon="plus" disabled={of(side).length === 0} onClick={() => setOpen({ side, storage: null })}>{add}</Button>}>
      {rows.length === 0 ? <p class="lw-muted">{none}</p> : (
        <ul class="storage-list">
          {rows.map((storage) => <Row key={storage.id} side={side} storage={storage} kind={kinds.data!.find((kind) => kind.name === storage.type)} onChanged={reload} onEdit={() => setOpen({ side, storage })} />)}
        </ul>
      )}
    </Panel>
  );
  const closed = kinds.data.filter((kind) => kind.unavailable);
  return (
    <>
      <h1>{t("Cloud storage")}</h1>
      {part("source", sources.data, t("Sources"), t("Where tasks come from. Only what is new is imported, each time that you synchronise."), t("No source yet."), t("Add a source"))}
      {part("target", targets.data, t("Targets"), t("Where answers go: a JSON file for each, written when it is saved."), t("No target yet."), t("Add a target"))}
      {closed.map((kind) => <Note key={kind.name}><p>{t("{kind}: {reason}", { kind: tOf(kind, kind.title), reason: tOf(kind, kind.unavailable) })}</p></Note>)}
    </>
  );
}
