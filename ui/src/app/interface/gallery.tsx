/** Configurations to begin with; each comes from the plugin whose tags it uses. */
import { api } from "../../api/client.ts";
import type { Template } from "../../api/types.ts";
import { t, tOf } from "../../i18n/index.ts";
import { confirm } from "../confirm.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { Empty, ErrorPanel, Loading, Skeleton } from "../components/states.tsx";
import { useResource } from "../resource.ts";
import { Thumbnail } from "./thumbnail.tsx";

interface Answer {
  templates: Template[];
  groups: string[];
}

/** Templates by the shelf that they stand on, shelves in the order of first sight or of `groups`. */
export function shelves(templates: readonly Template[], groups: readonly string[] = []): [string, Template[]][] {
  const found = new Map<string, Template[]>(groups.map((group) => [group, []]));
  const ordered = templates.toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0));
  for (const template of ordered) found.set(template.group, [...(found.get(template.group) ?? []), template]);
  return [...found].filter(([, all]) => all.length > 0);
}

export function useTemplates() {
  return useResource((signal) => api.get<Answer>("/api/templates/", { signal }), []);
}

export function TemplateCards({ templates, chosen, onChoose }: { templates: readonly Template[]; chosen?: string; onChoose: (template: Template) => void }) {
  return (
    <ul class="templates">
      {templates.map((template) => (
        <li key={template.title + template.config}>
          <button type="button" class="template" aria-pressed={chosen === undefined ? undefined : chosen === template.config} onClick={() => onChoose(template)}>
            <Thumbnail config={template.config} />
            <span class="template-text">
              <strong>{tOf(template, template.title)}</strong>
              {template.details && <span class="lw-small lw-muted">{tOf(template, template.details)}</span>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

export function Gallery({ config, onChoose, onClose }: { config: string; onChoose: (template: Template) => void; onClose: () => void }) {
  const { data, error, reload } = useTemplates();
  const isEmpty = config.replaceAll(/<\/?View\s*\/?>/g, "").trim() === "";
  const choose = async (template: Template) => {
    const isKnown = data?.templates.some((one) => one.config.trim() === config.trim());
    const mayReplace = isEmpty || isKnown || (await confirm({
      title: t("Replace what you have written?"), body: t("The template takes the place of the code in the editor. Undo (Ctrl+Z) in the editor brings it back."), action: t("Replace"),
    }));
    if (mayReplace) onChoose(template);
  };
  return (
    <Dialog title={t("Begin with a template")} onClose={onClose} wide>
      {error ? <ErrorPanel error={error} onRetry={reload} />
        : !data ? <Loading><Skeleton height={120} /><Skeleton height={120} /></Loading>
        : data.templates.length === 0 ? <Empty icon="plug" title={t("No plugin brings templates")}>{t("Templates come with the plugins whose tags they use. Write your own interface in the editor.")}</Empty>
        : shelves(data.templates, data.groups).map(([group, templates]) => (
          <section key={group} class="lw-stack lw-stack--tight">
            <h3>{tOf(templates[0]!, group)}</h3>
            <TemplateCards templates={templates} onChoose={choose} />
          </section>
        ))}
      <div class="lw-row"><Button kind="quiet" onClick={() => onChoose({ title: "", group: "", config: "<View>\n  \n</View>" })}>{t("Begin with nothing")}</Button></div>
    </Dialog>
  );
}
