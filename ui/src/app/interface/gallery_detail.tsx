/** One template looked at closely: the page that it makes, with the tasks that it brings. */
import { useEffect, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import type { ConfigCheck, Template } from "../../api/types.ts";
import { locale, t, tn, tOf } from "../../i18n/index.ts";
import { Button } from "../components/button.tsx";
import { Badge, ErrorPanel } from "../components/states.tsx";
import { useResource } from "../resource.ts";
import { Preview } from "./preview.tsx";
import { tagsIn } from "./shelves.ts";

/** The data of one task. */
export type TaskData = Record<string, unknown>;

interface Look {
  of: string;
  check: ConfigCheck;
  tasks: TaskData[];
}

export const samplesOf = (template: Template, signal?: AbortSignal): Promise<TaskData[]> =>
  api.get<TaskData[]>(`/api/templates/${encodeURIComponent(template.name)}/samples`, { query: { lang: locale.peek() }, signal });

async function lookAt(template: Template, signal: AbortSignal): Promise<Look> {
  const [check, tasks] = await Promise.all([
    api.post<ConfigCheck>("/api/label-config/check", { label_config: template.config }, { signal }),
    samplesOf(template, signal),
  ]);
  return { of: template.config, check, tasks };
}

/** The tags that show something or ask for something, in the order of the page. */
function asking({ check }: Look, template: Template): string[] {
  const kinds = new Map(check.tags.map((tag) => [tag.tag, tag.kind]));
  return tagsIn(template.config).filter((tag) => kinds.get(tag) === "object" || kinds.get(tag) === "control");
}

interface Props {
  template: Template;
  onUse: (template: Template) => void;
  /** Missing where there is no project to put tasks into. */
  onUseSamples?: (template: Template) => void;
}

export function TemplateDetail({ template, onUse, onUseSamples }: Props) {
  const { data, error, reload } = useResource((signal) => lookAt(template, signal), [template.config]);
  const [at, setAt] = useState(0);
  useEffect(() => setAt(0), [template.config]);
  const look = data?.of === template.config ? data : null;
  const count = look?.tasks.length ?? 0;
  return (
    <section class="gallery-detail" aria-label={t("Preview of {title}", { title: tOf(template, template.title) })}>
      <header class="gallery-about">
        <h2>{tOf(template, template.title)}</h2>
        {template.details && <p class="lw-muted">{tOf(template, template.details)}</p>}
        <p class="gallery-tags">{look ? asking(look, template).map((tag) => <Badge key={tag}><code>{tag}</code></Badge>) : "\u00a0"}</p>
      </header>
      <div class="gallery-preview">
        {error ? <ErrorPanel error={error} onRetry={reload} /> : <Preview check={look?.check ?? null} data={look?.tasks[at] ?? null} />}
      </div>
      <footer class="gallery-use">
        <span class="lw-row lw-small lw-muted">
          {count > 1 && <Button small kind="quiet" icon="chevron-left" label={t("Sample task before")} disabled={at === 0} onClick={() => setAt(at - 1)} />}
          {count > 0 && <span class="lw-digits" role="status">{t("Sample {n} of {total}", { n: at + 1, total: count })}</span>}
          {count > 1 && <Button small kind="quiet" icon="chevron-right" label={t("Next sample task")} disabled={at === count - 1} onClick={() => setAt(at + 1)} />}
        </span>
        {onUseSamples && count > 0 && (
          <Button keys="shift+enter" onClick={() => onUseSamples(template)}>{tn("Use with {n} sample task", "Use with {n} sample tasks", count)}</Button>
        )}
        <Button kind="primary" keys="enter" onClick={() => onUse(template)}>{t("Use this template")}</Button>
      </footer>
    </section>
  );
}
