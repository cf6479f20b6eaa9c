/** The models that predict a project's tasks: connected, tried, asked for all tasks, forgotten. */
import { useEffect, useState } from "preact/hooks";

import { isEnded, jobs, noteJobs, watchChanges } from "../../api/changes.ts";
import { api } from "../../api/client.ts";
import type { Job } from "../../api/types.ts";
import { formatNumber, t, tn, tOf } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { cancelJob, jobCount, jobError } from "../components/job_line.tsx";
import { Panel } from "../components/panel.tsx";
import { Badge, ErrorPanel, Loading, Note, Progress, Skeleton } from "../components/states.tsx";
import { confirm } from "../confirm.tsx";
import { ModelForm } from "../models/form.tsx";
import type { Model, ModelKind, Tried } from "../models/types.ts";
import { useResource } from "../resource.ts";
import type { SettingsProps } from "../screens/settings.tsx";
import "../storages/storages.css";
import { toast } from "../toasts.ts";

const STATES: Record<Model["state"], { kind?: "good" | "bad" | "accent" | "warn"; name: () => string }> = {
  CO: { kind: "good", name: () => t("Connected") },
  DI: { kind: "warn", name: () => t("Not reached") },
  ER: { kind: "bad", name: () => t("Failed") },
  TR: { kind: "accent", name: () => t("Training") },
  PR: { kind: "accent", name: () => t("Predicting") },
};

function Row({ kind, model, isAsked, onChanged, onEdit }: { kind: ModelKind | undefined; model: Model; isAsked: boolean; onChanged: () => unknown; onEdit: () => void }) {
  const [tried, setTried] = useState<Tried | null>(null);
  const path = `/api/ml/${model.id}`;
  const name = model.title || t("Model {id}", { id: model.id });
  const state = STATES[model.state];
  const remove = async () => {
    if (!(await confirm({ title: t("Forget this model?"), body: t("Its predictions stay."), action: t("Forget"), danger: true }))) return;
    await api.delete(path);
    await onChanged();
  };
  const attempt = async () => {
    setTried(null);
    setTried(await api.post<Tried>(`${path}/predict/test?random=true`));
  };
  const train = async () => {
    await api.post(`${path}/train`, {});
    toast(t("The model was told to learn."), "good");
    await onChanged();
  };
  return (
    <li class="storage-row">
      <div class="lw-spread">
        <div class="lw-stack lw-stack--tight lw-grow">
          <span class="lw-row"><strong class="lw-truncate">{name}</strong><Badge kind={state.kind}>{state.name()}</Badge></span>
          <span class="lw-small lw-muted lw-truncate">{[kind && tOf(kind, kind.title), String(model.url ?? "")].filter(Boolean).join(" · ")}</span>
          <p class="lw-small lw-muted">{[model.model_version && t("Version {version}", { version: model.model_version }), isAsked && t("Asked for predictions")].filter(Boolean).join(" · ")}</p>
        </div>
        <div class="lw-row">
          <Button small icon="play" onClick={attempt}>{t("Try on a task")}</Button>
          {kind?.trains && <Button small onClick={train}>{t("Train")}</Button>}
          <Button small kind="quiet" icon="edit" label={t("Change {name}", { name })} onClick={onEdit} />
          <Button small kind="quiet" icon="trash" label={t("Forget {name}", { name })} onClick={remove} />
        </div>
      </div>
      {tried && (
        <details class="storage-errors" open>
          <summary><span role="status">{t("Task {id}: {count}", { id: tried.task.id, count: tn("{n} prediction", "{n} predictions", tried.predictions.length) })}</span></summary>
          <pre>{tried.predictions.map((one) => `${one.score === null ? "" : `${formatNumber(one.score)}  `}${JSON.stringify(one.result)}`).join("\n")}</pre>
        </details>
      )}
      {model.error_message && <details class="storage-errors" open={model.state !== "CO"}><summary>{t("What went wrong")}</summary><pre>{model.error_message}</pre></details>}
    </li>
  );
}

function Predictions({ project, onEnded }: { project: number; onEnded: () => unknown }) {
  const [id, setId] = useState<Job["id"] | null>(null);
  const job = jobs.value.find((one) => one.id === id);
  const isOver = !job || isEnded(job);
  useEffect(() => {
    if (job && isOver) void onEnded();
  }, [job?.id, isOver]);
  const begin = async () => {
    const begun = await api.post<Job>(`/api/dm/actions?id=retrieve_tasks_predictions&project=${project}`, {}, { respondAsync: true });
    noteJobs([begun]);
    setId(begun.id);
  };
  return (
    <Panel
      title={t("Predictions")} about={t("The first model is asked. Tasks that have a prediction of its version are passed over.")}
      foot={isOver ? <Button icon="refresh" onClick={begin}>{t("Predict all tasks")}</Button> : <Button onClick={() => cancelJob(job)}>{t("Stop")}</Button>}
    >
      {!job ? <p class="lw-muted">{t("For chosen tasks only, choose them in the list of tasks.")}</p>
        : job.state === "failed" ? <Note kind="bad"><p role="alert">{jobError(job)}</p></Note>
          : job.state === "done" ? <Note kind="good"><p role="status">{t("All tasks have been predicted.")}</p></Note>
            : job.state === "cancelled" ? <Note><p role="status">{t("Stopped. What was predicted before stays.")}</p></Note>
              : <div><Progress value={job.progress ?? null} label={t("Predicting")} /><p class="lw-small lw-muted lw-digits" role="status">{jobCount(job) || t("Waiting")}</p></div>}
    </Panel>
  );
}

export function ModelSettings({ project }: SettingsProps) {
  const kinds = useResource((signal) => api.get<ModelKind[]>("/api/ml/kinds", { signal }), []);
  const models = useResource((signal) => api.get<Model[]>("/api/ml", { query: { project: project.id }, signal }), [project.id]);
  const [open, setOpen] = useState<{ model: Model | null } | null>(null);
  useEffect(() => watchChanges({ project: project.id }), [project.id]);
  const saved = async () => {
    setOpen(null);
    toast(t("Saved"), "good");
    await models.reload();
  };
  const failed = kinds.error ?? models.error;
  const title = <h1>{t("Models")}</h1>;
  if (failed) return <>{title}<ErrorPanel error={failed} onRetry={() => Promise.all([kinds.reload(), models.reload()])} /></>;
  if (!kinds.data || !models.data) return <>{title}<Loading><Skeleton height={160} /><Skeleton height={120} /></Loading></>;
  if (open) return <>{title}<ModelForm project={project.id} kinds={kinds.data} model={open.model} onSaved={() => void saved()} onCancel={() => setOpen(null)} /></>;
  return (
    <>
      {title}
      <Panel title={t("Connected models")} about={t("What they say of a task stands there when somebody opens it.")} foot={<Button icon="plus" disabled={kinds.data.length === 0} onClick={() => setOpen({ model: null })}>{t("Connect a model")}</Button>}>
        {models.data.length === 0 ? <p class="lw-muted">{t("No model yet.")}</p> : (
          <ul class="storage-list">
            {models.data.map((model, place) => <Row key={model.id} model={model} isAsked={place === 0 && models.data!.length > 1} kind={kinds.data!.find((kind) => kind.kind === model.kind)} onChanged={models.reload} onEdit={() => setOpen({ model })} />)}
          </ul>
        )}
      </Panel>
      {models.data.length > 0 && <Predictions project={project.id} onEnded={models.reload} />}
    </>
  );
}
