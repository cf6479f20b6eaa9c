/**
 * A new project: its name and data, then its labelling interface.
 *
 * Nothing is sent before "Create": then the project is made with its interface, and the files follow one by one, each
 * whole or not at all.
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { api, ApiError } from "../../api/client.ts";
import { describeError, fieldErrors } from "../../api/errors.ts";
import type { ConfigCheck, Project, Template } from "../../api/types.ts";
import { url } from "../../boot.ts";
import { t, tn } from "../../i18n/index.ts";
import { keyOf } from "../../keys/own.ts";
import { Button, LinkButton } from "../components/button.tsx";
import { TextArea, TextField } from "../components/field.tsx";
import { Icon } from "../components/icons.tsx";
import { Note } from "../components/states.tsx";
import { confirm } from "../confirm.tsx";
import { DropZone, FileList, useFiles } from "../importing/file_picker.tsx";
import { entryOf } from "../importing/files.ts";
import { peek, tieFields, type Peek } from "../importing/peek.ts";
import { sendFiles } from "../importing/send.ts";
import { errorsOf } from "../interface/check.ts";
import { NOTHING, TemplateGallery } from "../interface/gallery.tsx";
import type { TaskData } from "../interface/gallery_detail.tsx";
import { InterfaceEditor } from "../interface/interface_editor.tsx";
import { useShortcuts } from "../keys.ts";
import { guardLeaving, navigate } from "../router.ts";
import { useTitle } from "../title.tsx";
import { toast } from "../toasts.ts";
import "./create.css";

const SHORTEST = 3;
const LONGEST = 50;
/** The tasks of a template, as a file among the others: seen, removed and sent like them. */
const SAMPLES = "sample-tasks.json";

type Step = "data" | "interface";

/** What stands against this title; empty when it will do. */
export function titleProblem(title: string): string {
  const length = [...title.trim()].length;
  if (length === 0) return t("Give the project a name.");
  if (length < SHORTEST) return tn("At least {n} character.", "At least {n} characters.", SHORTEST);
  return length > LONGEST ? t("At most {n} characters; it has {length}.", { n: LONGEST, length }) : "";
}

function Steps({ step, onStep, isDataDone, isInterfaceDone }: { step: Step; onStep: (step: Step) => void; isDataDone: boolean; isInterfaceDone: boolean }) {
  const all: [Step, string, boolean][] = [["data", t("Name and data"), isDataDone], ["interface", t("Labelling interface"), isInterfaceDone]];
  return (
    <ol class="steps" aria-label={t("Steps")}>
      {all.map(([id, name, isDone], index) => (
        <li key={id}>
          <button type="button" class="step" aria-current={step === id ? "step" : undefined} onClick={() => onStep(id)}>
            <span class="step-sign" data-done={isDone || undefined}>{isDone ? <Icon name="check" size={12} /> : index + 1}</span>
            {name}
          </button>
        </li>
      ))}
    </ol>
  );
}

/** The template that suits what was dropped: one that shows images for images, texts for texts. */
function useFirstPeek(entries: ReturnType<typeof useFiles>["entries"]): { found: Peek | null; address: string | null } {
  const [found, setFound] = useState<Peek | null>(null);
  const first = entries[0];
  const address = useMemo(() => (first?.file.type.startsWith("image/") ? URL.createObjectURL(first.file) : null), [first?.key]);
  useEffect(() => () => { if (address) URL.revokeObjectURL(address); }, [address]);
  useEffect(() => {
    if (!first) return setFound(null);
    let isWanted = true;
    peek(first).then((result) => { if (isWanted) setFound(result); }, () => undefined);
    return () => { isWanted = false; };
  }, [first?.key]);
  return { found, address };
}

export function CreateProject() {
  useTitle(t("Create a project"));
  const [step, setStep] = useState<Step>("data");
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const [config, setConfig] = useState("");
  const [check, setCheck] = useState<ConfigCheck | null>(null);
  const [hasTried, setTried] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [made, setMade] = useState<Project | null>(null);
  const [isBusy, setBusy] = useState(false);
  const files = useFiles();
  const { found, address } = useFirstPeek(files.entries);
  const sending = useRef<AbortController | null>(null);
  const titleInput = useRef<HTMLDivElement>(null);

  const problem = titleProblem(title);
  const configErrors = errorsOf(check?.problems ?? []).length;
  const isInterfaceDone = config.trim() !== "" && check !== null && configErrors === 0;
  const sample = found?.kind === "tasks" ? found.data : address && check?.fields[0] ? { [check.fields[0]]: address } : null;

  // What was typed is not lost by a slip: leaving asks, unless everything is on the server.
  const dirty = useRef(false);
  dirty.current = isBusy || (!made && (title.trim() !== "" || files.entries.length > 0 || config.trim() !== ""));
  useEffect(() => guardLeaving({
    isDirty: () => dirty.current,
    ask: () => confirm({ title: t("Leave this page?"), body: t("The project is not created yet. What you typed and the files you chose are forgotten."), action: t("Leave"), danger: true }),
  }), []);

  const finish = (id: number) => {
    dirty.current = false;
    setMade((old) => old);
    queueMicrotask(() => navigate(`/projects/${id}/data`));
  };

  const save = async (): Promise<Project> => {
    const fields = { title: title.trim(), description: description.trim(), label_config: config.trim() || "<View></View>" };
    const project = made ? await api.patch<Project>(`/api/projects/${made.id}/`, fields) : await api.post<Project>("/api/projects/", fields);
    setMade(project);
    return project;
  };

  const create = async () => {
    setTried(true);
    setError(null);
    if (problem) {
      setStep("data");
      return titleInput.current?.querySelector("input")?.focus();
    }
    if (configErrors > 0) return setStep("interface");
    sending.current = new AbortController();
    setBusy(true);
    try {
      const project = await save();
      if (files.latest().some((one) => one.state !== "done")) {
        setStep("data");
        await sendFiles(project.id, files.latest(), files.update, sending.current.signal);
      }
      const all = files.latest();
      if (all.some((one) => one.state === "failed")) return;
      const tasks = all.reduce((sum, one) => sum + (one.tasks ?? 0), 0);
      toast(tasks > 0 ? tn("Project created with {n} task", "Project created with {n} tasks", tasks) : t("Project created"), "good");
      if (all.every((one) => one.warnings.length === 0)) finish(project.id);
    } catch (failure) {
      if (sending.current.signal.aborted) return;
      setError(failure);
      if (failure instanceof ApiError && failure.fields.label_config) setStep("interface");
      else if (failure instanceof ApiError && (failure.fields.title || failure.fields.description)) setStep("data");
    } finally {
      setBusy(false);
    }
  };

  useShortcuts(() => ({
    title: t("Create a project"),
    shortcuts: [{ id: "project:create", label: made ? t("Import the rest") : t("Create the project"), run: () => void create() }],
  }), [title, description, config, check, made, files.entries]);

  // Whoever has not said yet how it is labelled is led there first.
  const isNext = step === "data" && !made && config.trim() === "";
  const next = () => {
    setTried(true);
    if (problem) titleInput.current?.querySelector("input")?.focus();
    else setStep("interface");
  };
  const failed = files.entries.filter((one) => one.state === "failed").length;
  const titleErrors = [...(hasTried && problem ? [problem] : []), ...fieldErrors(error, "title")];
  // What is wrong with no field in particular: said on the step that is open.
  const isOfField = error instanceof ApiError && Object.keys(error.fields).length > 0;
  const refusal = error && !isOfField ? <Note kind="bad"><p>{describeError(error)}</p></Note> : null;
  const withoutSamples = () => files.latest().filter((one) => one.name !== SAMPLES);
  /** Another template has no use for the tasks of the one before. */
  const fit = (template: Template): string => {
    const own = withoutSamples();
    if (own.length < files.latest().length) files.set(own);
    return tieFields(template.config, files.entries[0]?.name !== SAMPLES ? (found?.data ?? null) : null);
  };
  const chooseSamples = (template: Template, tasks: TaskData[]) => {
    files.set([...withoutSamples(), entryOf(new File([JSON.stringify(tasks)], SAMPLES, { type: "application/json" }))]);
    setConfig(template.config);
  };

  return (
    <div class={`create create--${step}`}>
      <header class="create-head">
        <h1>{made ? made.title : t("Create a project")}</h1>
        <Steps step={step} onStep={setStep} isDataDone={!problem} isInterfaceDone={isInterfaceDone} />
      </header>

      {step === "data" ? (
        <div class="create-scroll"><div class="create-body">
          {refusal}
          {made && failed > 0 && (
            <Note kind="warn">
              <p><strong>{tn("{n} file was not imported; the project is there.", "{n} files were not imported; the project is there.", failed)}</strong></p>
              <p>{t("Nothing of a refused file is stored. Mend the file or the interface and import again, remove it from the list, or go on without it.")}</p>
            </Note>
          )}
          <section class="create-name" ref={titleInput}>
            <TextField label={t("Name")} value={title} onValue={setTitle} error={titleErrors} maxLength={120} autofocus required />
            <TextArea label={t("Description")} value={description} onValue={setDescription} error={fieldErrors(error, "description")} rows={2} hint={t("Optional. What the data are, and what the labels are for.")} />
          </section>
          <section class="lw-stack" aria-labelledby="create-data">
            <div>
              <h2 id="create-data">{t("Data")}</h2>
              <p class="lw-muted">{t("You can also import later, and more at any time.")}</p>
            </div>
            <DropZone onFiles={files.add} compact={files.entries.length > 0} />
            <FileList entries={files.entries} onChange={files.set} isBusy={isBusy} />
            {found?.kind === "tasks" && found.data && (
              <p class="lw-small lw-muted create-fields">
                {t("Fields found:")} {Object.keys(found.data).slice(0, 12).map((name) => <code key={name}>${name}</code>)}
              </p>
            )}
          </section>
        </div></div>
      ) : config.trim() === "" ? (
        <div class="create-gallery">
          {refusal}
          <p><strong>{t("How will it be labelled?")}</strong> <span class="lw-muted">{t("Begin with a template; every line of it can be changed afterwards.")}</span></p>
          <TemplateGallery onChoose={(template) => setConfig(fit(template))} onChooseSamples={chooseSamples} onNothing={() => setConfig(NOTHING)} />
        </div>
      ) : (
        <div class="create-interface">
          {refusal}
          {fieldErrors(error, "label_config").length > 0 && <Note kind="bad"><p>{fieldErrors(error, "label_config").join(" ")}</p></Note>}
          <InterfaceEditor config={config} onConfig={setConfig} sample={sample} fit={fit} onCheck={setCheck} />
        </div>
      )}

      <footer class="create-foot">
        {made ? <LinkButton kind="quiet" href={url(`/projects/${made.id}/data`)}>{t("Open the project")}</LinkButton>
          : <LinkButton kind="quiet" href={url("/projects")}>{t("Cancel")}</LinkButton>}
        <span class="lw-grow" />
        {isBusy && <Button onClick={() => sending.current?.abort()}>{t("Stop")}</Button>}
        {step === "interface" && <Button icon="arrow-left" disabled={isBusy} onClick={() => setStep("data")}>{t("Back")}</Button>}
        <Button kind={isNext ? "plain" : "primary"} busy={isBusy} disabled={step === "interface" && configErrors > 0} keys={keyOf("project:create")} onClick={create}>
          {made ? t("Import the rest") : t("Create the project")}
        </Button>
        {isNext && <Button kind="primary" disabled={isBusy} onClick={next}>{t("Next: interface")}</Button>}
      </footer>
    </div>
  );
}
