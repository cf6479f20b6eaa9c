/** Any tag, tried out: its attributes in a form, the page that it makes, and the result that it writes. */
import { useEffect, useMemo, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import type { TagInfo } from "../../api/types.ts";
import { t, tOf } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { SearchField, Segments } from "../components/field.tsx";
import { Badge, Empty, ErrorPanel, Loading, Note, Skeleton } from "../components/states.tsx";
import { currentProject } from "../current_project.ts";
import { allTags, errorsOf, useConfigCheck } from "../interface/check.ts";
import { CodeEditor } from "../interface/code_editor.tsx";
import { SampleEditor } from "../interface/interface_editor.tsx";
import { Preview } from "../interface/preview.tsx";
import { Problems } from "../interface/problems.tsx";
import { useShortcuts } from "../keys.ts";
import { Attributes } from "../playground/attributes.tsx";
import { attributesIn, withAttribute } from "../playground/element.ts";
import { useResource } from "../resource.ts";
import { setQuery } from "../router.ts";
import { useTitle } from "../title.tsx";
import { copyText } from "../toasts.ts";
import "../interface/interface.css";
import "./playground.css";

const KINDS: readonly { kind: TagInfo["kind"]; name: () => string }[] = [
  { kind: "control", name: () => t("Controls") },
  { kind: "object", name: () => t("Objects") },
  { kind: "label", name: () => t("Labels") },
  { kind: "visual", name: () => t("Layout") },
];

function TagList({ tags, chosen, onChoose }: { tags: readonly TagInfo[]; chosen: string; onChoose: (tag: string) => void }) {
  const [typed, setTyped] = useState("");
  const words = typed.trim().toLowerCase();
  const shown = tags.filter((one) => `${one.tag} ${one.aliases.join(" ")} ${one.help ?? ""} ${tOf(one, one.help ?? "")}`.toLowerCase().includes(words));
  return (
    <nav class="playground-tags app-panel" aria-label={t("Tags")}>
      <div class="playground-search"><SearchField label={t("Find a tag")} value={typed} onValue={setTyped} class="playground-find" /></div>
      <div class="playground-list">
        {shown.length === 0 && <Empty icon="search" title={t("No tag is called “{typed}”", { typed })} />}
        {KINDS.map(({ kind, name }) => {
          const own = shown.filter((one) => one.kind === kind).toSorted((a, b) => a.tag.localeCompare(b.tag));
          return own.length > 0 && (
            <section key={kind} aria-label={name()}>
              <h2>{name()}</h2>
              {own.map((one) => (
                <button key={one.tag} type="button" aria-current={one.tag === chosen || undefined} data-tip={tOf(one, one.help ?? "")} onClick={() => onChoose(one.tag)}><code>{one.tag}</code></button>
              ))}
            </section>
          );
        })}
      </div>
    </nav>
  );
}

type Side = "xml" | "result" | "sample";

function Trial({ info, example }: { info: TagInfo; example: string }) {
  const [config, setConfig] = useState(example);
  const [own, setOwn] = useState<Record<string, unknown> | null>(null);
  const [result, setResult] = useState<readonly unknown[]>([]);
  const [side, setSide] = useState<Side>("xml");
  const { checked, error } = useConfigCheck(config);
  const check = checked?.check ?? null;
  const problems = checked?.config === config ? (check?.problems ?? []) : [];
  const written = useMemo(() => attributesIn(config, info), [config, info]);
  const data = useMemo(() => own ?? check?.sample_task ?? null, [own, check]);
  const json = JSON.stringify(result, null, 2);
  return (
    <>
      <section class="playground-attributes app-panel" aria-label={t("Attributes of {tag}", { tag: info.tag })}>
        <header class="playground-about">
          <div class="lw-row"><h1><code>{`<${info.tag}>`}</code></h1><Badge>{info.plugin}</Badge></div>
          {info.help && <p class="lw-small lw-muted">{tOf(info, info.help)}</p>}
        </header>
        {written
          ? <Attributes info={info} written={written} onWrite={(name, value) => setConfig((now) => withAttribute(now, info, name, value))} />
          : <div class="playground-form"><Note kind="warn">{t("The code has no <{tag}> any more. Write one, or begin anew.", { tag: info.tag })}</Note></div>}
        <footer class="app-panel-foot"><Button small disabled={config === example} onClick={() => setConfig(example)}>{t("Begin anew")}</Button></footer>
      </section>
      <section class="playground-stage app-panel" aria-label={t("Preview")}>
        {error ? <div class="interface-note"><Note kind="warn">{t("The server could not check this. It is checked again when you go on typing.")}</Note></div> : null}
        <Preview check={check} data={data} onResult={setResult} />
      </section>
      <section class="playground-code app-panel" aria-label={t("Code")}>
        <header class="interface-head">
          <Segments
            label={t("What to show")} value={side} onValue={setSide}
            options={[{ value: "xml", label: t("XML") }, { value: "result", label: t("Result ({n})", { n: result.length }) }, { value: "sample", label: t("Sample task") }]}
          />
          <span role="status">{errorsOf(problems).length > 0 ? <Badge kind="bad">{t("{n} to mend", { n: errorsOf(problems).length })}</Badge>
            : problems.length > 0 ? <Badge kind="warn">{t("{n} to look at", { n: problems.length })}</Badge> : null}</span>
          {side === "sample"
            ? <Button small kind="quiet" disabled={!own} onClick={() => setOwn(null)}>{t("Reset")}</Button>
            : <Button small icon="copy" onClick={() => copyText(side === "xml" ? config : json)}>{t("Copy")}</Button>}
        </header>
        {side === "xml" && (
          <>
            <div class="interface-editor"><CodeEditor language="xml" label={t("Labelling configuration as XML")} value={config} onChange={setConfig} problems={problems} tags={check?.tags} /></div>
            <Problems problems={problems} onGo={() => undefined} />
          </>
        )}
        {side === "result" && (result.length > 0
          ? <pre class="playground-result" tabIndex={0} aria-label={t("Result as JSON")}>{json}</pre>
          : <Empty icon="code" title={t("No result yet")}>{t("Answer in the preview: what would be saved is shown here.")}</Empty>)}
        {side === "sample" && <SampleEditor sample={data ?? {}} onSample={setOwn} />}
      </section>
    </>
  );
}

export function Playground({ query }: { query: URLSearchParams }) {
  useTitle(t("Playground"));
  useEffect(() => { currentProject.value = null; }, []);
  const tags = useResource(allTags, []);
  const wanted = query.get("tag") ?? "";
  const info = tags.data?.find((one) => one.tag.toLowerCase() === wanted.toLowerCase()) ?? tags.data?.find((one) => one.kind === "control") ?? tags.data?.[0];
  const tag = info?.tag ?? "";
  const example = useResource(async (signal) => (tag ? { tag, ...(await api.get<{ label_config: string }>(`/api/tags/${encodeURIComponent(tag)}/example`, { signal })) } : null), [tag]);
  const step = (by: number) => {
    const all = KINDS.flatMap(({ kind }) => (tags.data ?? []).filter((one) => one.kind === kind).toSorted((a, b) => a.tag.localeCompare(b.tag)));
    const next = all[(all.findIndex((one) => one.tag === tag) + by + all.length) % all.length];
    if (next) setQuery({ tag: next.tag });
  };
  useShortcuts(() => ({
    title: t("Playground"),
    shortcuts: [
      { id: "playground:find", run: () => document.querySelector<HTMLInputElement>(".playground-find input")?.focus() },
      { id: "playground:next", run: () => step(1) },
      { id: "playground:previous", run: () => step(-1) },
    ],
  }), [tags.data, tag]);
  const failure = tags.error ?? example.error;
  return (
    <div class="playground">
      {failure ? <ErrorPanel error={failure} onRetry={() => (tags.error ? tags.reload() : example.reload())} />
        : tags.data && !info ? <Empty icon="plug" title={t("No plugin with tags is installed")} />
        : !tags.data || !info ? <Loading><Skeleton height={200} /></Loading>
        : (
          <>
            <TagList tags={tags.data} chosen={tag} onChoose={(next) => setQuery({ tag: next })} />
            {example.data?.tag === tag ? <Trial key={tag} info={info} example={example.data.label_config} /> : <Loading><Skeleton height={200} /></Loading>}
          </>
        )}
    </div>
  );
}
