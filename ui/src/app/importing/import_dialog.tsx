/** More data for a project that is there: files, or an address that the server fetches from. */
import { useRef, useState } from "preact/hooks";

import type { Project } from "../../api/types.ts";
import { t, tn } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";
import { confirm } from "../confirm.tsx";
import { toast } from "../toasts.ts";
import { ColumnStep } from "./columns.tsx";
import { DropZone, FileList, useFiles } from "./file_picker.tsx";
import type { FileEntry } from "./files.ts";
import { ImportFailed, sendAddress, sendFiles } from "./send.ts";

/** How an address will be fetched: one field, one button. */
export function AddressForm({ onSend, isBusy }: { onSend: (address: string) => Promise<void>; isBusy: boolean }) {
  const [address, setAddress] = useState("");
  const [error, setError] = useState<string | null>(null);
  const send = async () => {
    setError(null);
    if (!/^https?:\/\/\S+$/i.test(address.trim())) return setError(t("Write an address that begins with https:// or http://."));
    try {
      await onSend(address.trim());
      setAddress("");
    } catch (failure) {
      if (failure instanceof ImportFailed) setError([failure.place, failure.message].filter(Boolean).join(": "));
      else throw failure;
    }
  };
  return (
    <form class="address" onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <TextField label={t("Or an address")} value={address} onValue={setAddress} error={error} placeholder="https://example.org/tasks.json" inputMode="url" autocomplete="off" spellcheck={false} />
      <Button disabled={isBusy || !address.trim()} onClick={send}>{t("Fetch")}</Button>
    </form>
  );
}

export function ImportDialog({ project, first, onClose, onImported }: { project: Project; first?: FileEntry[]; onClose: () => void; onImported: () => void }) {
  const files = useFiles();
  const [isBusy, setBusy] = useState(false);
  const sending = useRef<AbortController | null>(null);
  const begun = useRef(false);
  if (first && !begun.current) {
    begun.current = true;
    queueMicrotask(() => files.add(first));
  }
  const open = files.entries.filter((one) => one.state !== "done").length;

  const work = async (job: (signal: AbortSignal) => Promise<void>) => {
    sending.current = new AbortController();
    setBusy(true);
    try {
      await job(sending.current.signal);
    } finally {
      setBusy(false);
      onImported();
    }
  };
  const send = () => work(async (signal) => {
    await sendFiles(project.id, files.latest(), files.update, signal);
    const all = files.latest();
    if (!all.every((one) => one.state === "done")) return;
    const tasks = all.reduce((sum, one) => sum + (one.tasks ?? 0), 0);
    toast(tn("{n} task imported", "{n} tasks imported", tasks), "good");
    if (all.every((one) => one.warnings.length === 0)) onClose();
  });
  const fetchAddress = (address: string) => work(async (signal) => {
    const summary = await sendAddress(project.id, address, signal);
    toast(tn("{n} task imported", "{n} tasks imported", summary.task_count ?? 0), "good");
  });
  const close = async () => {
    if (isBusy && !(await confirm({ title: t("Stop the import?"), body: t("Files that are done stay; the one under way is taken back."), action: t("Stop") }))) return;
    sending.current?.abort();
    onClose();
  };
  return (
    <Dialog
      title={t("Import data")} onClose={close} wide
      foot={<>
        <Button onClick={close}>{isBusy ? t("Stop") : t("Close")}</Button>
        <Button kind="primary" busy={isBusy} disabled={open === 0} onClick={send}>{open > 0 ? tn("Import {n} file", "Import {n} files", open) : t("Import")}</Button>
      </>}
    >
      <DropZone onFiles={files.add} compact={files.entries.length > 0} />
      <FileList entries={files.entries} onChange={files.set} isBusy={isBusy} />
      {!isBusy && <ColumnStep config={project.label_config} entries={files.entries} update={files.update} />}
      <AddressForm onSend={fetchAddress} isBusy={isBusy} />
    </Dialog>
  );
}
