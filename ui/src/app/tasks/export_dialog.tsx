/** The answers, taken home: a format, what to take, and a download that shows how far it is. */
import { useEffect, useRef, useState } from "preact/hooks";

import { api, ApiError, withQuery } from "../../api/client.ts";
import { describeError } from "../../api/errors.ts";
import type { ExportFormat, Project } from "../../api/types.ts";
import { url } from "../../boot.ts";
import { formatBytes, t, tOf } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { SwitchField } from "../components/field.tsx";
import { Badge, ErrorPanel, Loading, Note, Progress, Skeleton } from "../components/states.tsx";
import { useResource } from "../resource.ts";
import { toast } from "../toasts.ts";

const STORE = "labelwright_export_format";
const OPTIONS_STORE = "labelwright_export_options";

/** Switches that were on the last time, by format and name: who opens tables in Excel does so every time. */
function storedOptions(): Record<string, boolean> {
  try {
    return JSON.parse(localStorage.getItem(OPTIONS_STORE) ?? "{}") as Record<string, boolean>;
  } catch {
    return {};
  }
}

/** The name that the server gave the file. */
export function fileNameOf(headers: Headers, fallback: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(headers.get("Content-Disposition") ?? "")?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="?([^";]+)"?/i.exec(headers.get("Content-Disposition") ?? "")?.[1] ?? headers.get("filename") ?? fallback;
}

async function download(address: string, fallback: string, onProgress: (bytes: number, total: number | null) => void, signal: AbortSignal): Promise<string> {
  const answer = await fetch(address, { signal, credentials: "same-origin" });
  if (!answer.ok) {
    const text = await answer.text();
    let body: unknown = text;
    try {
      body = JSON.parse(text);
    } catch {
      // The text itself will do.
    }
    throw new ApiError(answer.status, body, answer.statusText);
  }
  const total = Number(answer.headers.get("Content-Length")) || null;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = answer.body!.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value as Uint8Array<ArrayBuffer>);
    bytes += value.byteLength;
    onProgress(bytes, total);
  }
  const name = fileNameOf(answer.headers, fallback);
  const object = URL.createObjectURL(new Blob(parts, { type: answer.headers.get("Content-Type") ?? "" }));
  Object.assign(document.createElement("a"), { href: object, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(object), 60_000);
  return name;
}

export function ExportDialog({ project, ids, onClose }: { project: Project; ids: readonly number[]; onClose: () => void }) {
  const { data, error, reload } = useResource((signal) => api.get<ExportFormat[]>(`/api/projects/${project.id}/export/formats`, { signal }), [project.id]);
  const [chosen, setChosen] = useState("");
  const [isAll, setAll] = useState(false);
  const [onlyChosen, setOnlyChosen] = useState(ids.length > 0);
  const [options, setOptions] = useState(storedOptions);
  const [progress, setProgress] = useState<{ bytes: number; total: number | null } | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const work = useRef<AbortController | null>(null);
  useEffect(() => () => work.current?.abort(), []);
  useEffect(() => {
    const enabled = data?.filter((one) => !one.disabled) ?? [];
    setChosen((old) => old || (enabled.find((one) => one.name === localStorage.getItem(STORE)) ?? enabled[0])?.name || "");
  }, [data]);

  const format = data?.find((one) => one.name === chosen);
  const own = format?.options ?? [];
  const keyOf = (option: string) => `${chosen}.${option}`;
  const setOption = (option: string, isOn: boolean) => {
    const next = { ...options, [keyOf(option)]: isOn };
    setOptions(next);
    localStorage.setItem(OPTIONS_STORE, JSON.stringify(next));
  };

  const start = async () => {
    setFailure(null);
    setProgress({ bytes: 0, total: null });
    work.current = new AbortController();
    localStorage.setItem(STORE, chosen);
    const switches = Object.fromEntries(own.filter((one) => keyOf(one.name) in options).map((one) => [one.name, options[keyOf(one.name)]]));
    const query = { ...switches, exportType: chosen, download_all_tasks: isAll, "ids[]": onlyChosen ? [...ids] : null };
    try {
      const name = await download(
        url(withQuery(`/api/projects/${project.id}/export`, query)), `project-${project.id}.${chosen.toLowerCase()}`,
        (bytes, total) => setProgress({ bytes, total }), work.current.signal,
      );
      toast(t("{name} is downloaded", { name }), "good");
      onClose();
    } catch (problem) {
      if (!work.current.signal.aborted) setFailure(problem);
    } finally {
      setProgress(null);
    }
  };
  return (
    <Dialog
      title={t("Export")} wide onClose={() => { work.current?.abort(); onClose(); }}
      foot={<>
        {progress && <div class="lw-grow app-export-progress"><Progress value={progress.total ? progress.bytes / progress.total : null} label={t("Export")} /><span class="lw-small lw-muted lw-digits">{progress.bytes > 0 ? formatBytes(progress.bytes) : t("Preparing…")}</span></div>}
        <Button onClick={() => { if (progress) work.current?.abort(); else onClose(); }}>{t("Cancel")}</Button>
        <Button kind="primary" icon="download" busy={progress !== null} disabled={!chosen} onClick={start}>{t("Download")}</Button>
      </>}
    >
      {failure ? <Note kind="bad"><p>{describeError(failure)}</p></Note> : null}
      {error ? <ErrorPanel error={error} onRetry={reload} />
        : !data ? <Loading><Skeleton height={64} /><Skeleton height={64} /></Loading>
        : (
          <fieldset>
            <legend class="lw-hidden-visually">{t("Format")}</legend>
            <div class="formats">
              {data.map((format) => (
                <label key={format.name} class="format">
                  <input type="radio" name="format" value={format.name} disabled={format.disabled} checked={chosen === format.name} onChange={() => setChosen(format.name)} />
                  <span>
                    <strong>{tOf(format, format.title)}</strong> {format.disabled && <Badge>{t("Does not fit this interface")}</Badge>}
                    {format.description && <span class="lw-hint app-block">{tOf(format, format.description)}</span>}
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
      {format && own.map((one) => (
        <SwitchField key={keyOf(one.name)} label={tOf(format, one.label)} hint={tOf(format, one.hint)} checked={options[keyOf(one.name)] ?? one.value} onValue={(isOn) => setOption(one.name, isOn)} />
      ))}
      {ids.length > 0 && <SwitchField label={t("Only the selected tasks")} hint={t("{n} of {total} tasks.", { n: ids.length, total: project.task_number })} checked={onlyChosen} onValue={setOnlyChosen} />}
      <SwitchField label={t("Tasks without annotations too")} hint={t("Otherwise only tasks that have an answer are exported.")} checked={isAll} onValue={setAll} />
    </Dialog>
  );
}
