/** The cards of the gallery: one list to walk through by arrow keys, whatever shelf a card stands on. */
import { useEffect, useRef } from "preact/hooks";

import type { Template } from "../../api/types.ts";
import { t, tOf } from "../../i18n/index.ts";
import { isDark } from "../../theme/index.ts";
import { shelves, stepped } from "./shelves.ts";
import { Thumbnail } from "./thumbnail.tsx";

function Picture({ template }: { template: Template }) {
  const address = isDark.value ? (template.image_dark ?? template.image) : template.image;
  return address ? <img class="template-picture" src={address} alt="" width="480" height="288" loading="lazy" decoding="async" /> : <Thumbnail config={template.config} />;
}

interface Props {
  templates: readonly Template[];
  groups: readonly string[];
  chosen: string | null;
  onLook: (template: Template) => void;
  /** `false`: alone; `true`: with its sample tasks, where that is offered. */
  onUse: (template: Template, withSamples: boolean) => void;
}

export function TemplateList({ templates, groups, chosen, onLook, onUse }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const rows = shelves(templates, groups);
  const flat = rows.flatMap(([, all]) => all);
  const options = () => [...(list.current?.querySelectorAll<HTMLElement>("[role=option]") ?? [])];
  // A search may leave the chosen one far away.
  useEffect(() => options().find((one) => one.dataset.template === chosen)?.scrollIntoView({ block: "nearest" }), [templates]);
  const press = (event: KeyboardEvent): void => {
    const at = flat.findIndex((one) => one.name === chosen);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" && flat[at]) {
      event.preventDefault();
      return onUse(flat[at], event.shiftKey);
    }
    if (!/^(Arrow(Up|Down|Left|Right)|Home|End)$/.test(event.key)) return;
    event.preventDefault();
    const all = options();
    const next = stepped(all.map((one) => one.getBoundingClientRect()), Math.max(0, at), event.key);
    if (!flat[next]) return;
    onLook(flat[next]);
    all[next]?.focus();
  };
  return (
    <div ref={list} class="gallery-list" role="listbox" aria-label={t("Templates")} onKeyDown={press}>
      {rows.map(([group, all]) => (
        <div key={group} role="group" aria-label={tOf(all[0]!, group)} class="gallery-shelf">
          <div class="gallery-group" aria-hidden="true">{tOf(all[0]!, group)}</div>
          <div class="templates" role="presentation">
            {all.map((template) => (
              <div
                key={template.name} role="option" class="template" data-template={template.name} aria-selected={template.name === chosen} tabIndex={template.name === chosen ? 0 : -1}
                onClick={() => onLook(template)} onFocus={() => onLook(template)} onDblClick={() => onUse(template, false)}
              >
                <Picture template={template} />
                <span class="template-text">
                  <strong>{tOf(template, template.title)}</strong>
                  {template.details && <span class="lw-small lw-muted">{tOf(template, template.details)}</span>}
                </span>
              </div>
            ))}
          </div>
        </div>
      ))}
    </div>
  );
}
