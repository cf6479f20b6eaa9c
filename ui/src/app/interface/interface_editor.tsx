/** Writing a labelling interface: code, or its tags as forms, on one side, the page that it makes on the other. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { ConfigCheck, TagInfo, Template } from "../../api/types.ts";
import { t } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { Segments } from "../components/field.tsx";
import { Badge, ErrorPanel, Loading, Note, Skeleton } from "../components/states.tsx";
import { allTags, errorsOf, useConfigCheck } from "./check.ts";
import { CodeEditor } from "./code_editor.tsx";
import { Gallery } from "./gallery.tsx";
import { useModes } from "./modes.ts";
import { Preview } from "./preview.tsx";
import { Problems } from "./problems.tsx";
import type { DeskProps } from "./visual/desk.ts";
import "./interface.css";

interface Props {
  config: string;
  onConfig: (config: string) => void;
  /** A task of the user's own to preview with. */
  sample?: Record<string, unknown> | null;
  /** What the user's data look like, so that templates can be tied to them. */
  fit?: (template: Template) => string;
  onCheck?: (check: ConfigCheck | null, config: string) => void;
}

export function SampleEditor({ sample, onSample }: { sample: Record<string, unknown>; onSample: (sample: Record<string, unknown>) => void }) {
  const [text, setText] = useState(() => JSON.stringify(sample, null, 2));
  const [isBroken, setBroken] = useState(false);
  const outside = JSON.stringify(sample, null, 2);
  const last = useRef(outside);
  useEffect(() => {
    if (last.current !== outside) setText(outside);
    last.current = outside;
  }, [outside]);
  const change = (next: string) => {
    setText(next);
    try {
      const value: unknown = JSON.parse(next);
      const isTask = typeof value === "object" && value !== null && !Array.isArray(value);
      setBroken(!isTask);
      if (!isTask) return;
      last.current = JSON.stringify(value, null, 2);
      onSample(value as Record<string, unknown>);
    } catch {
      setBroken(true);
    }
  };
  return (
    <div class="sample">
      <CodeEditor language="json" label={t("Sample task as JSON")} value={text} onChange={change} />
      {isBroken && <p class="lw-field-error" role="status">{t("This is no JSON object yet; the preview keeps the last good one.")}</p>}
    </div>
  );
}

function Verdict({ check, isChecking }: { check: ConfigCheck | null; isChecking: boolean }) {
  const problems = check?.problems ?? [];
  const errors = errorsOf(problems).length;
  return (
    <span class="lw-row" role="status">
      {isChecking ? <span class="lw-small lw-muted">{t("Checking…")}</span>
        : errors > 0 ? <Badge kind="bad">{t("{n} to mend", { n: errors })}</Badge>
        : problems.length > 0 ? <Badge kind="warn">{t("{n} to look at", { n: problems.length })}</Badge>
        : check ? <Badge kind="good">{t("Valid")}</Badge> : null}
    </span>
  );
}

/** The visual editor, whose module comes when it is first shown. */
function Visual({ tags, ...props }: Omit<DeskProps, "tags"> & { tags: DeskProps["tags"] | null; onLine: (line: number) => void }) {
  const [module, setModule] = useState<typeof import("./visual/visual_editor.tsx") | null>(null);
  const [error, setError] = useState<unknown>(null);
  const load = () => {
    setError(null);
    return import("./visual/visual_editor.tsx").then(setModule, setError);
  };
  useEffect(() => { void load(); }, []);
  if (error) return <ErrorPanel error={error} onRetry={load} />;
  if (!module || !tags) return <div class="interface-note"><Loading><Skeleton width="40%" /><Skeleton width="70%" /><Skeleton width="55%" /></Loading></div>;
  return <module.VisualEditor {...props} tags={tags} />;
}

export function InterfaceEditor({ config, onConfig, sample, fit, onCheck }: Props) {
  const { checked, isChecking, error } = useConfigCheck(config);
  const [tags, setTags] = useState<TagInfo[] | null>(null);
  const [own, setOwn] = useState<Record<string, unknown> | null>(null);
  const [side, setSide] = useState<"preview" | "sample">("preview");
  const [isChoosing, setChoosing] = useState(false);
  const { mode, show, chosen, setChosen, editor, document, goToLine, goToProblem } = useModes(config, onConfig);
  const check = checked?.check ?? null;
  const problems = check?.problems ?? [];
  const data = useMemo(() => own ?? (sample && check?.fields.every((field) => field in sample) ? sample : (check?.sample_task ?? sample ?? null)), [own, sample, check]);

  useEffect(() => { allTags().then(setTags, () => setTags([])); }, []);
  useEffect(() => onCheck?.(checked?.config === config ? check : null, config), [checked, config]);

  const isFresh = checked?.config === config;
  return (
    <div class={`interface interface--${mode}`}>
      <section class="interface-code app-panel" aria-label={mode === "code" ? t("Code") : t("Visual")}>
        <header class="interface-head">
          <Segments label={t("How to write it")} value={mode} onValue={show} options={[{ value: "code", label: t("Code") }, { value: "visual", label: t("Visual") }]} />
          <Verdict check={check} isChecking={isChecking} />
          <Button small icon="box" onClick={() => setChoosing(true)}>{t("Templates")}</Button>
        </header>
        {error ? <div class="interface-note"><Note kind="warn">{t("The server could not check this. It is checked again when you go on typing.")}</Note></div> : null}
        {mode === "visual" && (
          <div class="interface-editor">
            <Visual
              document={document} config={config} tags={tags} problems={isFresh ? problems : []} sample={own ?? sample ?? null} columns={Object.keys(own ?? sample ?? {})}
              chosen={chosen} onChosen={setChosen} onLine={goToLine}
            />
          </div>
        )}
        <div class="interface-editor" hidden={mode === "visual"}>
          <CodeEditor
            language="xml" label={t("Labelling configuration as XML")} value={config} onChange={onConfig} problems={isFresh ? problems : undefined}
            tags={tags ?? []} placeholder={t("<View> … </View>: begin with a template, or type < for a list of tags")} editorRef={(made) => { editor.current = made; }}
          />
        </div>
        <Problems problems={problems} onGo={goToProblem} />
      </section>
      <section class="interface-preview app-panel" aria-label={t("Preview")}>
        <header class="interface-head">
          <Segments label={t("What to show")} value={side} onValue={setSide} options={[{ value: "preview", label: t("Preview") }, { value: "sample", label: t("Sample task") }]} />
          <span class="lw-small lw-muted lw-truncate">{own ? t("Your sample") : sample && data === sample ? t("From your data") : t("Example data")}</span>
          {own && <Button small kind="quiet" onClick={() => setOwn(null)}>{t("Reset")}</Button>}
        </header>
        {side === "sample"
          ? <SampleEditor sample={data ?? {}} onSample={setOwn} />
          : <Preview check={check} data={data} />}
      </section>
      {isChoosing && (
        <Gallery
          onClose={() => setChoosing(false)} config={config}
          onChoose={(template) => { onConfig(fit ? fit(template) : template.config); setChoosing(false); }}
        />
      )}
    </div>
  );
}
