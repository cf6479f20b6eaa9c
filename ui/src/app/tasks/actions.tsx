/** What can be done with the selected tasks: the server's list, its forms, and taking it back. */
import { useState } from "preact/hooks";

import { followJob, isJob } from "../../api/changes.ts";
import { api, ApiError } from "../../api/client.ts";
import type { Job, Messages, UserLite } from "../../api/types.ts";
import { t, tn, tOf } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { SelectField, SwitchField, TextField } from "../components/field.tsx";
import { Icon } from "../components/icons.tsx";
import { jobError } from "../components/job_line.tsx";
import { Menu } from "../components/menu.tsx";
import { ErrorPanel, Loading, Progress, Skeleton } from "../components/states.tsx";
import { useResource } from "../resource.ts";
import { toast } from "../toasts.ts";
import { nameOf } from "./cell.tsx";
import { selectedItems, type Selection } from "./selection.ts";
import type { Asked } from "./pages.ts";

export interface Action {
  id: string;
  title: string;
  order: number;
  hidden?: boolean;
  disabled?: boolean;
  disabled_reason?: string;
  /** Whether what it does can be taken back. */
  undo?: boolean;
  dialog?: { title?: string; text?: string; type?: string; form?: unknown } | null;
  messages?: Messages;
}

interface FormField {
  type: string;
  name: string;
  label: string;
  value?: unknown;
  options?: (string | number | { value: string | number; label: string })[] | null;
  placeholder?: string;
}

interface Outcome {
  processed_items?: number;
  detail?: string;
  /** The row of what was done; by it, it is taken back. */
  run?: number;
}

export interface Target {
  project: number;
  selection: Selection;
  chosen: number;
  query: Asked["query"];
}

async function settle(answer: unknown, onProgress: (job: Job) => void): Promise<Outcome> {
  if (!isJob(answer)) return (answer ?? {}) as Outcome;
  const job = await followJob(answer, onProgress);
  if (job.state !== "done") throw new ApiError(400, job.error, jobError(job));
  return { run: job.params?.run_id as number | undefined, ...job.result };
}

export async function perform(action: string, target: Target, values: Record<string, unknown> = {}, onProgress: (job: Job) => void = () => undefined): Promise<Outcome> {
  const answer = await api.post("/api/dm/actions/", { ...values, ...target.query, selectedItems: selectedItems(target.selection) }, { query: { id: action, project: target.project }, respondAsync: true });
  return settle(answer, onProgress);
}

async function undo(project: number, run: number): Promise<void> {
  await settle(await api.post(`/api/dm/actions/runs/${run}/undo`, {}, { query: { project }, respondAsync: true }), () => undefined);
}

function FieldFor({ field, value, people, onValue }: { field: FormField; value: unknown; people: ReadonlyMap<number, UserLite>; onValue: (value: unknown) => void }) {
  const label = field.label || field.name;
  if (field.type === "toggle" || field.type === "checkbox") return <SwitchField label={t(label)} checked={value === true} onValue={onValue} />;
  if (field.options) {
    const options = field.options.map((one) => {
      const plain = typeof one === "object" ? one : { value: one, label: typeof one === "number" && people.get(one) ? nameOf(people.get(one)!) : String(one) };
      return { value: String(plain.value), label: plain.label, given: plain.value };
    });
    return (
      <SelectField
        label={t(label)} value={value === null || value === undefined ? "" : String(value)}
        options={[{ value: "", label: field.placeholder ? t(field.placeholder) : t("Choose…") }, ...options]}
        onValue={(text) => onValue(options.find((one) => one.value === text)?.given ?? null)}
      />
    );
  }
  return <TextField label={t(label)} value={String(value ?? "")} onValue={(text) => onValue(field.type === "number" && text !== "" ? Number(text) : text)} autocomplete="off" />;
}

function ActionDialog({ action, target, people, onClose, onDone }: {
  action: Action; target: Target; people: ReadonlyMap<number, UserLite>; onClose: () => void; onDone: () => void;
}) {
  const form = useResource((signal) => api.get<{ fields: FormField[] }[]>(`/api/dm/actions/${action.id}/form/`, { query: { project: target.project }, signal }), [action.id]);
  const [values, setValues] = useState<Record<string, unknown>>({});
  const [progress, setProgress] = useState<number | null | undefined>(undefined);
  const fields = (Array.isArray(form.data) ? form.data : []).flatMap((group) => group.fields ?? []);
  const given = Object.fromEntries(fields.map((field) => [field.name, field.name in values ? values[field.name] : (field.value ?? null)]));
  const isDanger = action.id.startsWith("delete") || action.id.startsWith("remove");
  const title = tOf(action, action.dialog?.title || action.title);
  const run = async () => {
    setProgress(null);
    try {
      const outcome = await perform(action.id, target, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)), (job) => setProgress(job.progress));
      const text = t("{action}: done for {tasks}.", { action: tOf(action, action.title), tasks: tn("{n} task", "{n} tasks", outcome.processed_items ?? target.chosen) });
      toast(text, "good", outcome.run && action.undo ? { label: t("Undo"), run: async () => { await undo(target.project, outcome.run!); onDone(); } } : undefined);
      onClose();
      onDone();
    } finally {
      setProgress(undefined);
    }
  };
  return (
    <Dialog
      title={title} onClose={onClose}
      foot={<>
        {progress !== undefined && <div class="lw-grow"><Progress value={progress} label={title} /></div>}
        <Button autofocus={isDanger} onClick={onClose}>{t("Cancel")}</Button>
        <Button kind={isDanger ? "danger" : "primary"} autofocus={!isDanger} busy={progress !== undefined} disabled={form.isLoading} onClick={run}>{tOf(action, action.title)}</Button>
      </>}
    >
      <p class="lw-muted">{tn("{n} task selected", "{n} tasks selected", target.chosen)}</p>
      {action.dialog?.text && <p>{tOf(action, action.dialog.text)}</p>}
      {form.error ? <ErrorPanel error={form.error} onRetry={form.reload} />
        : form.isLoading ? <Loading><Skeleton height={40} /></Loading>
        : fields.map((field) => <FieldFor key={field.name} field={field} value={given[field.name]} people={people} onValue={(value) => setValues({ ...values, [field.name]: value })} />)}
    </Dialog>
  );
}

/** The button and its menu; nothing where the server offers nothing. */
export function ActionsMenu({ target, people, onDone }: { target: Target; people: ReadonlyMap<number, UserLite>; onDone: () => void }) {
  const { data } = useResource((signal) => api.get<Action[]>("/api/dm/actions/", { query: { project: target.project }, signal }), [target.project]);
  const [open, setOpen] = useState<Action | null>(null);
  const offered = (data ?? []).filter((one) => !one.hidden).sort((a, b) => a.order - b.order);
  return (
    <>
      <Menu
        label={t("Actions")}
        items={offered.length === 0 ? [{ head: t("Loading…") }] : offered.map((action) => ({
          label: tOf(action, action.title), disabled: action.disabled, hint: action.disabled_reason && tOf(action, action.disabled_reason),
          danger: action.id.startsWith("delete"), onSelect: () => setOpen(action),
        }))}
        trigger={(props) => <button type="button" class="lw-button lw-button--small" {...props}><span>{t("Actions")}</span><Icon name="chevron-down" size={14} /></button>}
      />
      {open && <ActionDialog action={open} target={target} people={people} onClose={() => setOpen(null)} onDone={onDone} />}
    </>
  );
}
