/** What is loaded, what is not, and why. */
import { useEffect, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import type { PluginReport } from "../../api/types.ts";
import { formatNumber, t, tn } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
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

/** The things that plugins bring, as the report calls them. */
const PROVIDES: Record<string, () => string> = {
  tags: () => t("Tags"), templates: () => t("Templates"), importers: () => t("Import formats"), exporters: () => t("Export formats"), queues: () => t("Task orders"),
  columns: () => t("Columns"), jobs: () => t("Jobs"), blueprints: () => t("Routes"), commands: () => t("Commands"), settings: () => t("Settings"), hooks: () => t("Hooks"),
  models: () => t("Tables"), storages: () => t("Storages"),
};

interface Provided {
  name: string;
  items: string[];
  count: number;
}

/** The report's `provides`, whether it counts or names. */
export function providedBy(report: PluginReport): Provided[] {
  return Object.entries(report.provides ?? {}).flatMap(([name, value]): Provided[] => {
    const items = Array.isArray(value) ? value.map(String) : [];
    const count = typeof value === "number" ? value : items.length;
    return count > 0 ? [{ name: PROVIDES[name]?.() ?? name, items, count }] : [];
  });
}

function browserErrors(report: PluginReport): string[] {
  return (report.ui_errors ?? []).map((one) => {
    if (typeof one === "string") return one;
    const error = one as { tag?: string; message?: string };
    return [error.tag, error.message].filter(Boolean).join(": ") || JSON.stringify(one);
  });
}

function Card({ report }: { report: PluginReport }) {
  const state = report.ui_errors?.length && report.state === "loaded" ? { kind: "warn" as const, name: () => t("Fails in the browser") } : STATES[report.state];
  const provided = providedBy(report);
  const errors = browserErrors(report);
  return (
    <article class="plugin app-panel">
      <header>
        <Icon name="plug" size={18} />
        <div class="lw-grow">
          <h2>{report.title ? t(report.title) : report.name}</h2>
          <p class="lw-small lw-muted"><code>{report.name}</code> {report.version}</p>
        </div>
        {report.third_party && <Badge>{t("Third party")}</Badge>}
        {report.guard && <Badge kind="accent">{t("Guard")}</Badge>}
        <Badge kind={state?.kind}>{state?.name() ?? report.state}</Badge>
      </header>
      {report.description && <p class="lw-muted">{t(report.description)}</p>}
      {report.reason && (
        <div class="plugin-reason">
          <pre tabIndex={0}>{report.reason}</pre>
          <Button small icon="copy" onClick={() => copyText(JSON.stringify(report, null, 1))}>{t("Copy the report")}</Button>
        </div>
      )}
      {errors.length > 0 && (
        <Note kind="warn">
          <ul>{errors.slice(0, 5).map((text, index) => <li key={index}>{text}</li>)}</ul>
          <div><Button small icon="copy" onClick={() => copyText(JSON.stringify(report.ui_errors, null, 1))}>{t("Copy the report")}</Button></div>
        </Note>
      )}
      {provided.length > 0 && (
        <dl class="plugin-provides">
          {provided.map((one) => (
            <div key={one.name}>
              <dt>{one.name}</dt>
              <dd>{one.items.length > 0 ? one.items.map((item) => <code key={item}>{item}</code>) : formatNumber(one.count)}</dd>
            </div>
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
