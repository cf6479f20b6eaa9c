/** What is loaded, what is not, and why. */
import { useEffect, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import type { PluginReport } from "../../api/types.ts";
import { url } from "../../boot.ts";
import { t, tn, tOf } from "../../i18n/index.ts";
import { Button, LinkButton } from "../components/button.tsx";
import { SearchField } from "../components/field.tsx";
import { Icon } from "../components/icons.tsx";
import { Badge, Empty, ErrorPanel, Loading, Note, Skeleton } from "../components/states.tsx";
import { currentProject } from "../current_project.ts";
import { useResource } from "../resource.ts";
import { useTitle } from "../title.tsx";
import { copyText } from "../toasts.ts";
import "./lists.css";

const STATES: Record<PluginReport["state"], { kind?: "good" | "warn" | "bad"; name: () => string; rank: number }> = {
  failed: { kind: "bad", name: () => t("Failed"), rank: 0 },
  refused: { kind: "bad", name: () => t("Refused"), rank: 0 },
  disabled: { name: () => t("Switched off"), rank: 2 },
  loaded: { kind: "good", name: () => t("Loaded"), rank: 1 },
};

/** The kinds of things that plugins bring, as the report calls them. */
const PROVIDES: Record<string, () => string> = {
  tag: () => t("Tags"), region: () => t("Regions"), space: () => t("Surfaces"), template: () => t("Templates"), import: () => t("Import formats"), export: () => t("Export formats"),
  queue: () => t("Task orders"), column: () => t("Columns"), job: () => t("Jobs"), command: () => t("Commands"), setting: () => t("Settings"), storage: () => t("Storages"),
};

/** `["tag:Image", "tag:Text"]` by kind: `[["Tags", ["Image", "Text"]]]`. */
export function byKind(provides: readonly string[]): [string, string[]][] {
  const found = new Map<string, string[]>();
  for (const one of provides) {
    const at = one.indexOf(":");
    const kind = at < 0 ? "" : one.slice(0, at);
    found.set(kind, [...(found.get(kind) ?? []), one.slice(at + 1)]);
  }
  return [...found].map(([kind, names]) => [PROVIDES[kind]?.() ?? (kind || t("Other")), names]);
}

/** What stands against a plugin: why it is not loaded, and what it threw. */
function Reason({ report }: { report: PluginReport }) {
  if (!report.reason && !report.traceback) return null;
  const isChosen = report.state === "disabled";
  return (
    <div class={`plugin-reason${isChosen ? "" : " plugin-reason--bad"}`}>
      {report.reason && <p>{tOf(report, report.reason)}</p>}
      {report.traceback && <details><summary>{t("Traceback")}</summary><pre tabIndex={0}>{report.traceback}</pre></details>}
      {!isChosen && <Button small icon="copy" onClick={() => copyText(JSON.stringify({ ...report, messages: undefined }, null, 1))}>{t("Copy the report")}</Button>}
    </div>
  );
}

function BrowserReports({ report }: { report: PluginReport }) {
  if (!report.browser_errors) return null;
  // What it threw may hold people's data: the server tells only owners.
  const reports = report.browser_reports ?? [];
  return (
    <Note kind="warn">
      <p><strong>{tn("It failed {n} time in a browser.", "It failed {n} times in a browser.", report.browser_errors)}</strong></p>
      {reports.length > 0 && (
        <>
          <ul>{reports.slice(-5).reverse().map((one, index) => <li key={index}>{[one.tag, one.message].filter(Boolean).join(": ")}</li>)}</ul>
          <div><Button small icon="copy" onClick={() => copyText(JSON.stringify(reports, null, 1))}>{t("Copy the report")}</Button></div>
        </>
      )}
    </Note>
  );
}

function Card({ report }: { report: PluginReport }) {
  const isTroubled = report.state === "loaded" && (report.browser_errors > 0 || report.hook_errors > 0);
  const state = isTroubled ? { kind: "warn" as const, name: () => t("Loaded, with errors") } : STATES[report.state];
  return (
    <article class="plugin app-panel">
      <header>
        <Icon name="plug" size={18} />
        <div class="lw-grow">
          <h2>{report.title ? tOf(report, report.title) : report.name}</h2>
          <p class="lw-small lw-muted"><code>{report.name}</code> {report.version}</p>
        </div>
        {report.third_party && <Badge>{t("Third party")}</Badge>}
        {report.guard && <Badge kind="accent">{t("Guard")}</Badge>}
        <Badge kind={state?.kind}>{state?.name() ?? report.state}</Badge>
      </header>
      {report.description && <p class="lw-muted">{tOf(report, report.description)}</p>}
      <Reason report={report} />
      {report.hook_errors > 0 && <Note kind="warn"><p>{tn("A hook of it failed {n} time.", "Hooks of it failed {n} times.", report.hook_errors)}</p></Note>}
      <BrowserReports report={report} />
      {report.provides.length > 0 && (
        <dl class="plugin-provides">
          {byKind(report.provides).map(([kind, names]) => (
            <div key={kind}><dt>{kind}</dt><dd>{names.map((name) => <code key={name}>{name}</code>)}</dd></div>
          ))}
        </dl>
      )}
    </article>
  );
}

export function Plugins() {
  useTitle(t("Plugins"));
  const [typed, setTyped] = useState("");
  const { data, error, isLoading, reload } = useResource((signal) => api.get<PluginReport[]>("/api/plugins", { signal }), []);
  useEffect(() => { currentProject.value = null; }, []);
  const words = typed.trim().toLowerCase();
  const shown = (data ?? [])
    .filter((one) => JSON.stringify([one.name, one.title, one.description, one.provides]).toLowerCase().includes(words))
    .toSorted((a, b) => (STATES[a.state]?.rank ?? 1) - (STATES[b.state]?.rank ?? 1) || a.name.localeCompare(b.name));
  const broken = (data ?? []).filter((one) => one.state === "failed" || one.state === "refused").length;
  return (
    <div class="app-page">
      <header class="app-page-head">
        <div>
          <h1>{t("Plugins")}</h1>
          <p>{!data ? <Skeleton width={160} /> : broken > 0 ? tn("{n} plugin could not be loaded; the rest works.", "{n} plugins could not be loaded; the rest works.", broken) : tn("{n} plugin", "{n} plugins", data.length)}</p>
        </div>
        <div class="app-page-actions">
          <SearchField label={t("Find a plugin")} value={typed} onValue={setTyped} />
          <LinkButton icon="code" href={url("/playground")}>{t("Playground")}</LinkButton>
          {data && <Button icon="copy" onClick={() => copyText(JSON.stringify(data, null, 1))}>{t("Copy all as JSON")}</Button>}
        </div>
      </header>
      {isLoading ? <Loading><Skeleton height={150} /><Skeleton height={150} /></Loading>
        : error ? <ErrorPanel error={error} onRetry={reload} />
        : shown.length === 0 ? <Empty icon="plug" title={words ? t("No plugin is called “{typed}”", { typed }) : t("No plugin is installed")} />
        : <div class="plugins">{shown.map((report) => <Card key={report.name} report={report} />)}</div>}
    </div>
  );
}
