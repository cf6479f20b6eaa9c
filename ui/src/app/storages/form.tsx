/** A storage to be set up or changed: the kind's own questions, what is taken in, a test, and a look at what is there. */
import { useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import { fieldErrors } from "../../api/errors.ts";
import { formatBytes, formatDate, t, tOf } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { askedFields, DeclaredField } from "../components/declared_field.tsx";
import { Field, SelectField, SwitchField, TextField } from "../components/field.tsx";
import { Panel } from "../components/panel.tsx";
import { Note } from "../components/states.tsx";
import { FormError } from "../settings/save_bar.tsx";
import { fieldsOf, pathOf, type Side, type Storage, type StorageKind, type StoredFile, type Value } from "./types.ts";

type Draft = Record<string, Value>;

const SHOWN = 30;
const COMMON = ["title", "regex_filter", "use_blob_urls", "recursive_scan", "presign", "presign_ttl", "can_delete_objects"];

function draftOf(kind: StorageKind, side: Side, storage: Storage | null): Draft {
  const own = fieldsOf(kind, side).map((field) => [field.name, storage?.[field.name] ?? (field.kind === "secret" ? "" : field.default)] as const);
  const common: Draft = side === "source"
    ? { title: "", regex_filter: "", use_blob_urls: true, recursive_scan: true, presign: true, presign_ttl: 15 }
    : { title: "", can_delete_objects: false };
  const kept = storage ? Object.fromEntries(Object.keys(common).filter((name) => name in storage).map((name) => [name, storage[name]!])) : common;
  return { ...kept, ...Object.fromEntries(own) };
}

function Files({ files }: { files: StoredFile[] }) {
  const known = files.filter((file) => file.key !== null);
  if (known.length === 0) return <Note kind="warn"><p>{t("It can be reached, but nothing in it fits.")}</p></Note>;
  return (
    <div class="lw-table-frame storage-files">
      <table class="lw-table">
        <thead><tr><th>{t("File")}</th><th>{t("Size")}</th><th>{t("Changed")}</th></tr></thead>
        <tbody>
          {known.map((file) => (
            <tr key={file.key!}>
              <td class="storage-key">{file.key}</td>
              <td class="lw-digits">{file.size === null ? "–" : formatBytes(file.size)}</td>
              <td class="lw-muted">{file.last_modified ? formatDate(file.last_modified) : "–"}</td>
            </tr>
          ))}
          {known.length < files.length && <tr><td colSpan={3} class="lw-muted">{t("… and more")}</td></tr>}
        </tbody>
      </table>
    </div>
  );
}

/** What is taken in of a source, and how its files come to the browser. */
function SourceFields({ kind, draft, set, error }: { kind: StorageKind; draft: Draft; set: (changes: Draft) => void; error: unknown }) {
  return (
    <Panel title={t("What is imported")}>
      <SelectField
        label={t("Each file is")} value={draft.use_blob_urls ? "file" : "list"} onValue={(value) => set({ use_blob_urls: value === "file" })}
        hint={draft.use_blob_urls ? t("Pictures, recordings, texts: a task for each file.") : t("JSON, JSONL, CSV or Parquet: files that list tasks, with answers and predictions.")}
        options={[{ value: "file", label: t("a thing to label") }, { value: "list", label: t("a list of tasks") }]}
      />
      <TextField
        label={t("Only files that fit")} value={String(draft.regex_filter ?? "")} onValue={(regex_filter) => set({ regex_filter })} error={fieldErrors(error, "regex_filter")}
        placeholder={String.raw`.*\.(jpe?g|png)`} spellcheck={false} autocomplete="off"
        hint={kind.filters_names ? t("A regular expression for the file's name. Empty: all.") : t("A regular expression for the whole key. Empty: all.")}
      />
      {kind.folders && <SwitchField label={t("Deeper folders too")} checked={Boolean(draft.recursive_scan)} onValue={(recursive_scan) => set({ recursive_scan })} />}
      {kind.links && <SwitchField label={t("Browsers read from the storage")} hint={t("By addresses that hold for a while. Otherwise files come through this server.")} checked={Boolean(draft.presign)} onValue={(presign) => set({ presign })} />}
      {kind.links && draft.presign && (
        <Field label={t("Minutes that an address holds")} error={fieldErrors(error, "presign_ttl")}>
          {(control) => <input class="lw-input settings-number" type="number" min={1} {...control} value={Number(draft.presign_ttl)} onInput={(event) => set({ presign_ttl: Math.max(1, Math.round(event.currentTarget.valueAsNumber) || 1) })} />}
        </Field>
      )}
    </Panel>
  );
}

export function StorageForm({ project, side, kinds, storage, onSaved, onCancel }: {
  project: number; side: Side; kinds: StorageKind[]; storage: Storage | null; onSaved: (saved: Storage, sync: boolean) => void; onCancel: () => void;
}) {
  const [kind, setKind] = useState(() => kinds.find((one) => one.name === storage?.type) ?? kinds[0]!);
  const [draft, setDraft] = useState(() => draftOf(kind, side, storage));
  const [error, setError] = useState<unknown>(null);
  const [files, setFiles] = useState<StoredFile[] | null>(null);
  const [isReached, setReached] = useState(false);
  const set = (changes: Draft) => {
    setDraft((old) => ({ ...old, ...changes }));
    setReached(false);
    setFiles(null);
  };
  const choose = (name: string) => {
    const chosen = kinds.find((one) => one.name === name)!;
    setKind(chosen);
    setDraft({ ...draftOf(chosen, side, null), title: draft.title ?? "" });
    setError(null);
  };
  const body = { ...draft, project, ...(storage && { id: storage.id }) };
  const attempt = async (work: () => Promise<void>) => {
    setError(null);
    try {
      await work();
    } catch (failure) {
      setError(failure);
      setReached(false);
      setFiles(null);
    }
  };
  const test = () => attempt(async () => {
    await api.post(`${pathOf(side, kind.name)}/validate`, body);
    setReached(true);
  });
  const look = () => attempt(async () => setFiles((await api.post<{ files: StoredFile[] }>(`${pathOf(side, kind.name)}/files`, { ...body, limit: SHOWN })).files));
  const save = (sync: boolean) => attempt(async () => {
    const path = pathOf(side, kind.name);
    onSaved(storage ? await api.patch<Storage>(`${path}/${storage.id}`, draft) : await api.post<Storage>(path, { ...draft, project }), sync);
  });
  const own = askedFields(fieldsOf(kind, side), draft);
  const known = [...own.map((field) => field.name), ...COMMON];
  return (
    <form class="storage-form" onSubmit={(event) => { event.preventDefault(); void save(false); }}>
      <Panel title={storage ? t("Change the storage") : side === "source" ? t("New source") : t("New target")} about={kind.description ? tOf(kind, kind.description) : undefined}>
        <FormError error={error} fields={known} />
        {kinds.length > 1 && !storage && <SelectField label={t("Kind")} value={kind.name} options={kinds.map((one) => ({ value: one.name, label: tOf(one, one.title) }))} onValue={choose} />}
        <TextField label={t("Name")} value={String(draft.title ?? "")} onValue={(title) => setDraft((old) => ({ ...old, title }))} error={fieldErrors(error, "title")} placeholder={tOf(kind, kind.title)} autofocus />
        {own.map((field) => (
          <DeclaredField
            key={`${kind.name}-${field.name}`} kind={kind} field={field} value={draft[field.name] ?? null} isThere={storage !== null}
            onValue={(value) => set({ [field.name]: value })} error={fieldErrors(error, field.name)}
          />
        ))}
        {side === "target" && <SwitchField label={t("Delete there what is deleted here")} hint={t("Otherwise the file of a deleted answer stays.")} checked={Boolean(draft.can_delete_objects)} onValue={(can_delete_objects) => set({ can_delete_objects })} />}
      </Panel>
      {side === "source" && <SourceFields kind={kind} draft={draft} set={set} error={error} />}
      {isReached && !files && <Note kind="good"><p role="status">{t("The storage can be reached.")}</p></Note>}
      {files && <Files files={files} />}
      <div class="storage-buttons">
        <Button kind="quiet" onClick={onCancel}>{t("Cancel")}</Button>
        <span class="lw-grow" />
        <Button onClick={test}>{t("Test the connection")}</Button>
        {side === "source" && <Button icon="eye" onClick={look}>{t("Show files")}</Button>}
        {side === "source" && !storage && <Button onClick={() => save(false)}>{t("Save only")}</Button>}
        <Button kind="primary" onClick={() => save(side === "source" && !storage)}>{side === "source" && !storage ? t("Save and import") : t("Save")}</Button>
      </div>
    </form>
  );
}
