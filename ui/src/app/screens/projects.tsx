/** All projects: a dense list that stays quick at thousands, found by typing, sorted, paged. */
import { useEffect, useRef, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import type { Page, Project } from "../../api/types.ts";
import { url } from "../../boot.ts";
import { formatAgo, formatDate, formatNumber, formatPercent, t, tn } from "../../i18n/index.ts";
import { Avatar } from "../components/avatar.tsx";
import { Button, LinkButton } from "../components/button.tsx";
import { ColourDot } from "../components/colour_dot.tsx";
import { SearchField, SelectField } from "../components/field.tsx";
import { Icon } from "../components/icons.tsx";
import { Menu } from "../components/menu.tsx";
import { Pager } from "../components/pager.tsx";
import { Badge, Empty, ErrorPanel, Loading, Progress, Skeleton } from "../components/states.tsx";
import { currentProject } from "../current_project.ts";
import { deleteProject } from "../delete_project.tsx";
import { useCommands } from "../palette.tsx";
import { useResource, useRested } from "../resource.ts";
import { navigate, query, scrollUp, setQuery } from "../router.ts";
import { useTitle } from "../title.tsx";
import { showError } from "../toasts.ts";
import "./projects.css";

const SIZES = ["30", "50", "100"] as const;
const FIELDS = "id,title,description,color,pinned_at,created_at,created_by,task_number,finished_task_number,total_annotations_number,"
  + "total_predictions_number,skipped_annotations_number,is_draft";

const ORDERS = {
  "": () => t("Newest first"),
  created_at: () => t("Oldest first"),
  title: () => t("By title, A to Z"),
  "-title": () => t("By title, Z to A"),
  "-task_number": () => t("Most tasks first"),
};
type Order = keyof typeof ORDERS;

const PAGE_SIZE_STORE = "labelwright_projects_page_size";

function useList() {
  const search = query.value.get("search") ?? "";
  const order = (query.value.get("ordering") ?? "") as Order;
  const page = Math.max(1, Number(query.value.get("page")) || 1);
  const size = query.value.get("page_size") ?? localStorage.getItem(PAGE_SIZE_STORE) ?? SIZES[0];
  const resource = useResource(
    (signal) => api.get<Page<Project>>("/api/projects/", {
      query: { search: search || null, ordering: order || null, page, page_size: size, include: FIELDS }, signal,
    }),
    [search, order, page, size],
  );
  return { search, order, page, size, ...resource };
}

async function togglePin(project: Project, reload: () => unknown): Promise<void> {
  await api.patch(`/api/projects/${project.id}/`, { pinned_at: project.pinned_at ? null : new Date().toISOString() });
  await reload();
}

function Row({ project, reload }: { project: Project; reload: () => Promise<void> }) {
  const to = (path: string) => url(`/projects/${project.id}/${path}`);
  const title = project.title || t("Untitled project");
  const done = project.finished_task_number ?? 0;
  const all = project.task_number ?? 0;
  return (
    <li class="projects-row">
      <div class="projects-name">
        <ColourDot colour={project.color} size={12} />
        <div class="lw-grow">
          <div class="lw-row">
            <a class="projects-link lw-truncate" href={to("data")}>{title}</a>
            {project.pinned_at && <Icon name="pin" size={14} class="projects-pin" />}
            {project.is_draft && <Badge>{t("Draft")}</Badge>}
          </div>
          <p class="lw-truncate lw-small lw-muted">
            {project.description || (project.created_by && t("Created {when}", { when: formatAgo(project.created_at) }))}
          </p>
        </div>
      </div>
      <div class="projects-progress">
        {all === 0
          ? <span class="lw-small lw-muted">{t("No tasks yet")}</span>
          : <>
              <span class="lw-small lw-digits projects-share">
                <span>{t("{done} of {total}", { done, total: all })}</span><span class="lw-muted">{formatPercent(Math.floor((100 * done) / all) / 100)}</span>
              </span>
              <Progress value={done / all} state={done >= all ? "done" : undefined} label={t("Finished tasks of {title}", { title })} />
            </>}
      </div>
      <dl class="projects-counts lw-digits">
        <div><dt>{t("Annotations")}</dt><dd>{formatNumber(project.total_annotations_number ?? 0)}</dd></div>
        <div><dt>{t("Skipped")}</dt><dd>{formatNumber(project.skipped_annotations_number ?? 0)}</dd></div>
      </dl>
      <span class="projects-made" data-tip={formatDate(project.created_at)}>
        {project.created_by && <Avatar user={project.created_by} size={22} />}
        <time class="lw-small lw-muted" dateTime={project.created_at}>{formatDate(project.created_at, "date")}</time>
      </span>
      <div class="projects-actions">
        <LinkButton small href={to("label")} icon="play">{t("Label")}</LinkButton>
        <Menu
          label={t("Project {title}", { title })} align="end"
          trigger={(props) => <Button {...props} kind="quiet" small icon="more" label={t("More for {title}", { title })} />}
          items={[
            { label: t("Open"), icon: "list", href: to("data") },
            { label: t("Settings"), icon: "settings", href: to("settings/general") },
            { label: project.pinned_at ? t("Unpin") : t("Pin to the top"), icon: "pin", onSelect: () => togglePin(project, reload).catch(showError) },
            "line",
            { label: t("Delete…"), icon: "trash", danger: true, onSelect: () => deleteProject(project).then((isDone) => (isDone ? reload() : undefined)).catch(showError) },
          ]}
        />
      </div>
    </li>
  );
}

function Rows({ children }: { children: preact.ComponentChildren }) {
  return <ul class="projects lw-card">{children}</ul>;
}

function SkeletonRows() {
  return (
    <Loading>
      <Rows>
        {Array.from({ length: 6 }, (_, index) => (
          <li key={index} class="projects-row" aria-hidden="true">
            <div class="projects-name"><Skeleton width={12} height={12} /><div class="lw-grow lw-stack lw-stack--tight"><Skeleton width="46%" /><Skeleton width="72%" height={11} /></div></div>
            <div class="projects-progress"><Skeleton width="60%" height={11} /><Skeleton height={6} /></div>
            <Skeleton width={130} height={11} /><Skeleton width={90} height={11} /><Skeleton width={110} height={28} />
          </li>
        ))}
      </Rows>
    </Loading>
  );
}

export function Projects() {
  useTitle(t("Projects"));
  const list = useList();
  const [typed, setTyped] = useState(list.search);
  const rested = useRested(typed.trim());
  const last = useRef(rested);
  useEffect(() => { currentProject.value = null; }, []);
  useEffect(() => {
    if (last.current !== rested) setQuery({ search: rested || null, page: null });
    last.current = rested;
  }, [rested]);
  useCommands(() => (list.data?.results ?? []).map((project) => ({
    id: `project-${project.id}`, title: project.title || t("Untitled project"), icon: "folder", group: t("Projects"), run: () => navigate(`/projects/${project.id}/data`),
  })), [list.data]);

  const count = list.data?.count ?? 0;
  const isFirstUse = list.data !== undefined && count === 0 && !list.search;
  const setSize = (size: string) => {
    localStorage.setItem(PAGE_SIZE_STORE, size);
    setQuery({ page_size: size, page: null });
  };

  if (isFirstUse) {
    return (
      <div class="app-page">
        <h1 class="lw-hidden-visually">{t("Projects")}</h1>
        <div class="projects-welcome">
          <Empty
            icon="tag" title={t("Begin with your first project")}
            actions={<LinkButton kind="primary" icon="plus" href={url("/projects/create")}>{t("Create a project")}</LinkButton>}
          >
            {t("A project holds your data, says what is labelled in it, and collects the answers. Drop in images or texts, pick a template, and label the first task in a minute.")}
          </Empty>
        </div>
      </div>
    );
  }
  return (
    <div class="app-page">
      <header class="app-page-head">
        <div>
          <h1>{t("Projects")}</h1>
          <p class="lw-digits">{list.data ? tn("{n} project", "{n} projects", count) : list.isLoading ? <Skeleton width={80} /> : null}</p>
        </div>
        <div class="app-page-actions"><LinkButton kind="primary" icon="plus" href={url("/projects/create")}>{t("Create a project")}</LinkButton></div>
      </header>
      <div class="app-toolbar projects-tools">
        <SearchField label={t("Find a project")} value={typed} onValue={setTyped} class="projects-search" />
        <SelectField
          quiet label={t("Order")} value={list.order} onValue={(ordering) => setQuery({ ordering, page: null })}
          options={Object.entries(ORDERS).map(([value, name]) => ({ value: value as Order, label: name() }))}
        />
      </div>
      {list.isLoading ? <SkeletonRows />
        : list.error && !list.data ? <ErrorPanel error={list.error} onRetry={list.reload} />
        : count === 0 ? (
          <Empty icon="search" title={t("No project is called “{search}”", { search: list.search })} actions={<Button onClick={() => setTyped("")}>{t("Show all projects")}</Button>} />
        ) : (
          <div data-refreshing={list.isRefreshing || undefined} class="projects-list">
            <Rows>{list.data!.results.map((project) => <Row key={project.id} project={project} reload={list.reload} />)}</Rows>
          </div>
        )}
      {count > Number(SIZES[0]) && (
        <Pager page={list.page} size={Number(list.size)} count={count} onPage={(page) => { setQuery({ page: page > 1 ? String(page) : null }); scrollUp(); }} sizes={SIZES} onSize={setSize} />
      )}
    </div>
  );
}
