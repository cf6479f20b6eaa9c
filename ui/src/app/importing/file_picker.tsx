/** The place to drop files, and the list of what was dropped with how it goes with each. */
import { useMemo, useRef, useState } from "preact/hooks";

import { boot } from "../../boot.ts";
import { formatBytes, formatNumber, t, tn } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icons.tsx";
import { Progress } from "../components/states.tsx";
import { addFiles, droppedFiles, entryOf, isHiddenFile, type FileEntry } from "./files.ts";
import "./importing.css";

const SHOWN = 100;

export function DropZone({ onFiles, compact }: { onFiles: (files: FileEntry[]) => void; compact?: boolean }) {
  const [isOver, setOver] = useState(false);
  const depth = useRef(0);
  const input = useRef<HTMLInputElement>(null);
  const leave = () => {
    depth.current = 0;
    setOver(false);
  };
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    leave();
    const items = event.dataTransfer?.items;
    if (items) onFiles(await droppedFiles(items));
  };
  const pick = (files: FileList | null) => {
    onFiles([...(files ?? [])].filter((file) => !isHiddenFile(file.name)).map((file) => entryOf(file, file.webkitRelativePath || file.name)));
    if (input.current) input.current.value = "";
  };
  const limit = boot.limits.upload_bytes;
  return (
    <div
      class={`drop${isOver ? " drop--over" : ""}${compact ? " drop--compact" : ""}`}
      onDragEnter={(event) => { event.preventDefault(); depth.current += 1; setOver(true); }}
      onDragOver={(event) => event.preventDefault()}
      onDragLeave={() => { depth.current -= 1; if (depth.current <= 0) leave(); }}
      onDrop={drop}
    >
      <Icon name="upload" size={compact ? 20 : 32} />
      <div class="drop-text">
        <p><strong>{t("Drop files or folders here")}</strong></p>
        <p class="lw-small lw-muted drop-kinds">
          <span>{t("Images, or tasks as JSON, CSV, TSV or text.")}</span>
          {limit ? <span>{t("Up to {size} a file.", { size: formatBytes(limit) })}</span> : null}
        </p>
      </div>
      <Button icon="file" onClick={() => input.current?.click()}>{t("Choose files")}</Button>
      <input ref={input} class="lw-hidden-visually" type="file" multiple tabIndex={-1} aria-hidden="true" onChange={(event) => pick(event.currentTarget.files)} />
    </div>
  );
}

const STATES: Record<FileEntry["state"], () => string> = {
  waiting: () => t("Waiting"), uploading: () => t("Sending"), importing: () => t("Reading"), done: () => t("Imported"), failed: () => t("Not imported"),
};

function Row({ entry, onRemove }: { entry: FileEntry; onRemove?: () => void }) {
  const isBusy = entry.state === "uploading" || entry.state === "importing";
  return (
    <li class={`file file--${entry.state}`}>
      <Icon name={entry.state === "done" ? "check" : entry.state === "failed" ? "error" : entry.file.type.startsWith("image/") ? "image" : "file"} />
      <div class="file-text">
        <span class="file-name lw-truncate" data-tip={entry.name.length > 48 ? entry.name : undefined}>{entry.name}</span>
        {entry.error && <span class="file-error">{entry.place && <strong>{entry.place}: </strong>}{entry.error}</span>}
        {entry.report && <a class="lw-small" href={entry.report} download>{t("All errors of this file as a table")}</a>}
        {entry.warnings.map((text) => <span key={text} class="file-warning">{text}</span>)}
        {isBusy && <Progress value={entry.progress} label={entry.name} />}
      </div>
      <span class="lw-small lw-muted lw-digits file-size">{formatBytes(entry.file.size)}</span>
      <span class="lw-small lw-muted lw-digits file-state">
        {entry.state === "done" && entry.tasks !== null ? tn("{n} task", "{n} tasks", entry.tasks) : STATES[entry.state]()}
      </span>
      {onRemove && !isBusy && entry.state !== "done"
        ? <Button kind="quiet" small icon="close" label={t("Remove {name}", { name: entry.name })} onClick={onRemove} />
        : <span class="file-gap" />}
    </li>
  );
}

const RANK: Record<FileEntry["state"], number> = { failed: 0, uploading: 1, importing: 1, waiting: 2, done: 3 };

export function FileList({ entries, onChange, isBusy }: { entries: readonly FileEntry[]; onChange?: (entries: FileEntry[]) => void; isBusy?: boolean }) {
  const sorted = useMemo(() => entries.toSorted((a, b) => RANK[a.state] - RANK[b.state]), [entries]);
  if (entries.length === 0) return null;
  const bytes = entries.reduce((sum, one) => sum + one.file.size, 0);
  const done = entries.filter((one) => one.state === "done").length;
  const failed = entries.filter((one) => one.state === "failed").length;
  const sent = entries.reduce((sum, one) => sum + (one.state === "done" || one.state === "failed" || one.state === "importing" ? 1 : one.state === "uploading" ? (one.progress ?? 0) : 0), 0);
  return (
    <section class="files" aria-label={t("Files")}>
      <header class="lw-spread">
        <span class="lw-digits" role="status">
          <strong>{tn("{n} file", "{n} files", entries.length)}</strong> <span class="lw-muted">{formatBytes(bytes)}</span>
          {done > 0 && <span class="files-done">{t("{n} imported", { n: formatNumber(done) })}</span>}
          {failed > 0 && <span class="files-failed">{t("{n} not imported", { n: formatNumber(failed) })}</span>}
        </span>
        {onChange && !isBusy && done < entries.length && <Button kind="quiet" small onClick={() => onChange(entries.filter((one) => one.state === "done"))}>{t("Remove all")}</Button>}
      </header>
      {isBusy && entries.length > 1 && <Progress value={sent / entries.length} label={t("All files")} showPercent />}
      <ul class="files-list">
        {sorted.slice(0, SHOWN).map((entry) => (
          <Row key={entry.key} entry={entry} onRemove={onChange && !isBusy ? () => onChange(entries.filter((one) => one.key !== entry.key)) : undefined} />
        ))}
      </ul>
      {entries.length > SHOWN && <p class="lw-small lw-muted">{tn("and {n} more file", "and {n} more files", entries.length - SHOWN)}</p>}
    </section>
  );
}

/** Files in a list that changes from inside: drops add, sending updates. */
export function useFiles(): {
  entries: FileEntry[]; add: (files: FileEntry[]) => void; set: (files: FileEntry[]) => void; update: (keys: readonly string[], change: Partial<FileEntry>) => void;
  latest: () => FileEntry[];
} {
  const [entries, setEntries] = useState<FileEntry[]>([]);
  const latest = useRef(entries);
  const write = (next: FileEntry[]) => {
    latest.current = next;
    setEntries(next);
  };
  return {
    entries,
    latest: () => latest.current,
    set: write,
    add: (files) => write(addFiles(latest.current, files)),
    update: (keys, change) => {
      const wanted = new Set(keys);
      write(latest.current.map((one) => (wanted.has(one.key) ? { ...one, ...change } : one)));
    },
  };
}
