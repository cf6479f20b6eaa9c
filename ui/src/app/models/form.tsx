/** A model to be connected or changed: the kind's own questions, how long it may take, and a test. */
import { useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import { fieldErrors } from "../../api/errors.ts";
import { t, tOf } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { askedFields, DeclaredField } from "../components/declared_field.tsx";
import { Field, SelectField, SwitchField, TextField } from "../components/field.tsx";
import { Panel } from "../components/panel.tsx";
import { Note } from "../components/states.tsx";
import { FormError } from "../settings/save_bar.tsx";
import { bodyOf, draftOf, type Draft, type Model, type ModelKind } from "./types.ts";

const COMMON = ["title", "is_interactive", "timeout"];

export function ModelForm({ project, kinds, model, onSaved, onCancel }: {
  project: number; kinds: ModelKind[]; model: Model | null; onSaved: () => void; onCancel: () => void;
}) {
  const [kind, setKind] = useState(() => kinds.find((one) => one.kind === (model?.kind ?? "label_studio")) ?? kinds[0]!);
  const [draft, setDraft] = useState(() => draftOf(kind, model));
  const [error, setError] = useState<unknown>(null);
  const [isReached, setReached] = useState(false);
  const set = (changes: Draft) => {
    setDraft((old) => ({ ...old, ...changes }));
    setReached(false);
  };
  const choose = (name: string) => {
    const chosen = kinds.find((one) => one.kind === name)!;
    setKind(chosen);
    setDraft({ ...draftOf(chosen, null), title: draft.title ?? "" });
    setError(null);
  };
  const attempt = async (work: () => Promise<void>) => {
    setError(null);
    setReached(false);
    try {
      await work();
    } catch (failure) {
      setError(failure);
    }
  };
  const body = { ...bodyOf(kind, draft), project, ...(!model && { kind: kind.kind }) };
  const test = () => attempt(async () => {
    await api.post("/api/ml/validate", { ...body, ...(model && { id: model.id }) });
    setReached(true);
  });
  const save = () => attempt(async () => {
    await (model ? api.patch(`/api/ml/${model.id}`, body) : api.post("/api/ml", body));
    onSaved();
  });
  const shownFields = askedFields(kind.fields, draft);
  return (
    <form class="storage-form" onSubmit={(event) => event.preventDefault()}>
      <Panel title={model ? t("Change the model") : t("New model")} about={kind.description ? tOf(kind, kind.description) : undefined}>
        <FormError error={error} fields={[...shownFields.map((field) => field.name), ...COMMON]} />
        {kinds.length > 1 && !model && <SelectField label={t("Kind")} value={kind.kind} options={kinds.map((one) => ({ value: one.kind, label: tOf(one, one.title) }))} onValue={choose} />}
        <TextField label={t("Name")} value={String(draft.title ?? "")} onValue={(title) => setDraft((old) => ({ ...old, title }))} error={fieldErrors(error, "title")} autofocus />
        {shownFields.map((field) => (
          <DeclaredField
            key={`${kind.kind}-${field.name}`} kind={kind} field={field} value={draft[field.name] ?? null} isThere={model !== null}
            onValue={(value) => set({ [field.name]: value })} error={fieldErrors(error, field.name)}
          />
        ))}
        <Field label={t("Seconds that a prediction may take")} error={fieldErrors(error, "timeout")}>
          {(control) => <input class="lw-input settings-number" type="number" min={1} max={3600} {...control} value={Number(draft.timeout)} onInput={(event) => set({ timeout: Math.max(1, event.currentTarget.valueAsNumber || 1) })} />}
        </Field>
        <SwitchField label={t("Answers while somebody labels")} hint={t("For programs that send it what has been drawn.")} checked={Boolean(draft.is_interactive)} onValue={(is_interactive) => set({ is_interactive })} />
      </Panel>
      {isReached && <Note kind="good"><p role="status">{t("The model is there, and takes this labelling interface.")}</p></Note>}
      <div class="storage-buttons">
        <Button kind="quiet" onClick={onCancel}>{t("Cancel")}</Button>
        <span class="lw-grow" />
        <Button onClick={test}>{t("Test the connection")}</Button>
        <Button kind="primary" type="submit" onClick={save}>{t("Save")}</Button>
      </div>
    </form>
  );
}
