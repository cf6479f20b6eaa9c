/** A project's settings, one page a topic. */
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";

import type { Project } from "../../api/types.ts";
import { url } from "../../boot.ts";
import { t, tOf } from "../../i18n/index.ts";
import { ErrorPanel, Loading, Skeleton } from "../components/states.tsx";
import { noteProject, useProject } from "../current_project.ts";
import { PluginPageHost, usePluginPages, type PluginPage } from "../plugin_page.tsx";
import type { RouteParams } from "../router.ts";
import { AnnotationSettings } from "../settings/annotation.tsx";
import { DangerZone } from "../settings/danger.tsx";
import { GeneralSettings } from "../settings/general.tsx";
import { InterfaceSettings } from "../settings/interface.tsx";
import { ModelSettings } from "../settings/models.tsx";
import { StorageSettings } from "../settings/storage.tsx";
import { SETTINGS_TOPICS } from "../settings/topics.ts";
import { useTitle } from "../title.tsx";
import { NotFound } from "./not_found.tsx";
import "./settings.css";

export interface SettingsProps {
  project: Project;
  onSaved: (project: Project) => void;
}

interface Topic {
  id: string;
  name: () => string;
  Content: ComponentType<SettingsProps>;
  wide?: boolean;
}

const CONTENTS: Record<(typeof SETTINGS_TOPICS)[number]["id"], Omit<Topic, "id" | "name">> = {
  general: { Content: GeneralSettings },
  labeling: { Content: InterfaceSettings, wide: true },
  annotation: { Content: AnnotationSettings },
  storage: { Content: StorageSettings },
  ml: { Content: ModelSettings },
  "danger-zone": { Content: DangerZone },
};
const TOPICS: readonly Topic[] = SETTINGS_TOPICS.map((topic) => ({ ...topic, ...CONTENTS[topic.id] }));

const contents = new Map<string, ComponentType<SettingsProps>>();

/** A plugin's page as a topic; the same component each time, so that a redraw does not mount it anew. */
function topicOf(page: PluginPage): Topic {
  const key = `${page.plugin}/${page.name}`;
  if (!contents.has(key)) contents.set(key, ({ project }) => <PluginPageHost page={page} project={project} />);
  return { id: page.name, name: () => tOf(page, page.title), Content: contents.get(key)! };
}

export function ProjectSettings({ params }: { params: RouteParams }) {
  const id = Number(params.id);
  const pages = usePluginPages();
  const topics = [...TOPICS.slice(0, -1), ...(pages.data ?? []).map(topicOf), TOPICS.at(-1)!];
  const topic = topics.find((one) => one.id === (params.sub ?? "general"));
  const project = useProject(id);
  useTitle([topic?.name() ?? t("Settings"), project.data?.title].filter(Boolean).join(" · "));
  const nav = useRef<HTMLElement>(null);
  // On a telephone the topics are one row that scrolls; the one that is open is seen.
  useEffect(() => nav.current?.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" }), [topic?.id]);
  // A plugin's topic is not known before the list of pages is.
  if (!topic && pages.isLoading) return <div class="settings"><Loading><Skeleton width={220} height={26} /></Loading></div>;
  if (!topic) return <NotFound />;
  const { Content } = topic;
  return (
    <div class={`settings${topic.wide ? " settings--wide" : ""}`}>
      <nav ref={nav} class="settings-nav" aria-label={t("Settings")}>
        {topics.map((one) => (
          <a key={one.id} class="settings-link" href={url(`/projects/${id}/settings/${one.id}`)} aria-current={one.id === topic.id ? "page" : undefined}>{one.name()}</a>
        ))}
      </nav>
      <div class="settings-body">
        {project.error ? <ErrorPanel error={project.error} onRetry={project.reload} />
          : !project.data || !("label_config" in project.data) ? <Loading><Skeleton width={220} height={26} /><Skeleton height={280} /></Loading>
          : <Content key={`${id}-${topic.id}`} project={project.data} onSaved={(saved) => { noteProject(saved); project.set({ ...project.data!, ...saved }); }} />}
      </div>
    </div>
  );
}
