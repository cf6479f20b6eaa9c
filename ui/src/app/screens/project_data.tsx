/** A project's tasks, or one of them opened for labelling. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { watchChanges } from "../../api/changes.ts";
import { api } from "../../api/client.ts";
import { describeError } from "../../api/errors.ts";
import type { Project, User } from "../../api/types.ts";
import { url } from "../../boot.ts";
import { t, tn } from "../../i18n/index.ts";
import { keyOf } from "../../keys/own.ts";
import { Button, LinkButton } from "../components/button.tsx";
import { SearchField } from "../components/field.tsx";
import { ErrorPanel, Note, Progress, Skeleton } from "../components/states.tsx";
import { confirm } from "../confirm.tsx";
import { useProject } from "../current_project.ts";
import { DropZone } from "../importing/file_picker.tsx";
import { droppedFiles, type FileEntry } from "../importing/files.ts";
import { ImportDialog } from "../importing/import_dialog.tsx";
import { Icon } from "../components/icons.tsx";
import { useShortcuts } from "../keys.ts";
import { Labelling, loadLabelling } from "../labelling_host.tsx";
import { useCommands } from "../palette.tsx";
import { useResource, useRested } from "../resource.ts";
import { navigate, setQuery, type RouteParams } from "../router.ts";
import { ActionsMenu, perform } from "../tasks/actions.tsx";
import type { Column, ServerColumn } from "../tasks/columns.ts";
import { ColumnsPanel } from "../tasks/columns_panel.tsx";
import { ExportDialog } from "../tasks/export_dialog.tsx";
import { FilterPanel } from "../tasks/filter_panel.tsx";
import { PopoverButton } from "../tasks/popover.tsx";
import { countChosen, NOTHING, type Selection } from "../tasks/selection.ts";
import { Tabs } from "../tasks/tabs.tsx";
import { TaskTable, type TableHandle } from "../tasks/task_table.tsx";
import { useViews } from "../tasks/use_views.ts";
import { askedFor, countConditions, orderedBy } from "../tasks/view.ts";
import { useTitle } from "../title.tsx";
import { showError, toast } from "../toasts.ts";

function Facts({ project, total, annotations, isNarrowed }: { project: Project; total: number | null; annotations: number; isNarrowed: boolean }) {
  const done = project.finished_task_number ?? 0;
  if (total === null) return <span class="tasks-count"><Skeleton width={180} /></span>;
  return (
    <div class="tasks-count tasks-stats lw-digits">
      <span>{isNarrowed ? t("{n} of {total} tasks", { n: total, total: project.task_number }) : tn("{n} task", "{n} tasks", total)}</span>
      <span>{tn("{n} annotation", "{n} annotations", annotations)}</span>
      {total > 0 && !isNarrowed && <span class="lw-row"><span class="tasks-meter"><Progress value={done / total} state={done >= total ? "done" : undefined} label={t("Finished tasks")} /></span>{t("{n} finished", { n: done })}</span>}
    </div>
  );
}

const NO_COLUMNS: ServerColumn[] = [];
const NOBODY: ReadonlyMap<number, User> = new Map();

function Tasks({ project, tab, reload }: { project: Project; tab: number | null; reload: () => Promise<void> }) {
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [totals, setTotals] = useState<{ total: number; annotations: number } | null>(null);
  const [importing, setImporting] = useState<FileEntry[] | null>(null);
  const [isExporting, setExporting] = useState(false);
  const [isOver, setOver] = useState(false);
  const [columns, setColumns] = useState<readonly Column[]>([]);
  const [problem, setProblem] = useState<unknown>(null);
  const table = useRef<TableHandle>(null);
  const filters = useRef<HTMLButtonElement>(null);
  const depth = useRef(0);
  const server = useResource((signal) => api.get<{ columns: ServerColumn[] }>("/api/dm/columns/", { query: { project: project.id }, signal }), [project.id]);
  const users = useResource((signal) => api.get<User[]>("/api/users/", { signal }), []);
  const people = useMemo(() => (users.data ? new Map(users.data.map((one) => [one.id, one])) : NOBODY), [users.data]);
  const typeOf = (id: string) => columns.find((one) => one.id === id)?.type ?? "String";
  const views = useViews(project.id, tab, typeOf);
  const view = views.current;
  // What is typed is asked for once the hands rest.
  const asked = useRested(JSON.stringify(askedFor(view, typeOf)), 300);
  const query = useMemo(() => JSON.parse(asked) as ReturnType<typeof askedFor>, [asked]);
  useEffect(() => setSelection(NOTHING), [asked]);
  const total = totals?.total ?? null;
  const chosen = countChosen(selection, total ?? 0);
  useTitle(project.title || t("Untitled project"));

  const refresh = async () => {
    // An empty table is not on screen; put back, it asks by itself.
    if (!table.current) setTotals(null);
    await Promise.all([table.current?.refresh(), server.reload(), reload()]);
  };
  // When work on this project ends elsewhere (another tab, a script), the table follows.
  useEffect(() => watchChanges({ project: project.id, onChange: (changes) => {
    if (changes.jobs?.some((job) => job.project === project.id && job.state === "done")) void refresh();
  } }), [project.id]);

  const target = { project: project.id, selection, chosen, query };
  const remove = async () => {
    if (chosen === 0) return;
    const isSure = await confirm({
      title: tn("Delete {n} task?", "Delete {n} tasks?", chosen), body: t("Their annotations and drafts go with them. This cannot be undone."), action: t("Delete"), danger: true,
    });
    if (!isSure) return;
    await perform("delete_tasks", target);
    toast(tn("{n} task deleted", "{n} tasks deleted", chosen), "good");
    setSelection(NOTHING);
    await refresh();
  };
  const open = (id: number) => setQuery({ task: String(id) }, { replace: false });
  const labelAll = () => navigate(`/projects/${project.id}/label`);

  useShortcuts(() => ({
    title: t("Tasks"),
    shortcuts: [
      { id: "tasks:label", run: () => void labelAll() },
      { id: "tasks:import", run: () => setImporting([]) },
      { id: "tasks:export", run: () => setExporting(true) },
      { id: "tasks:filters", run: () => filters.current?.click() },
      { keys: "down", label: t("Next row") },
      { keys: "up", label: t("Previous row") },
      { keys: "enter", label: t("Open the task") },
      { keys: "space", label: t("Select the task") },
      { keys: "ctrl+a", label: t("Select all tasks") },
      { keys: "escape", label: t("Select nothing") },
      { keys: "delete", label: t("Delete the selected tasks") },
    ],
  }), [project.id]);
  useCommands(() => [
    { id: "tasks:import", title: t("Import data"), icon: "upload", group: t("This project"), run: () => setImporting([]) },
    { id: "tasks:export", title: t("Export"), icon: "download", group: t("This project"), run: () => setExporting(true) },
  ], [project.id]);

  const isEmpty = total === 0 && query === null;
  const onDrop = async (event: DragEvent) => {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    if (event.dataTransfer?.items && !importing) setImporting(await droppedFiles(event.dataTransfer.items));
  };
  const conditions = countConditions(view);
  const isSettling = !views.isKnown && !views.error;
  const isFiles = (event: DragEvent) => !importing && [...(event.dataTransfer?.types ?? [])].includes("Files");
  return (
    <div
      class="tasks"
      onDragEnter={(event) => { if (isFiles(event)) { event.preventDefault(); depth.current += 1; setOver(true); } }}
      onDragOver={(event) => { if (isFiles(event)) event.preventDefault(); }}
      onDragLeave={() => { depth.current -= 1; if (depth.current <= 0) { depth.current = 0; setOver(false); } }}
      onDrop={onDrop}
    >
      <div class="tasks-bar">
        <h1 class="lw-hidden-visually">{t("Tasks of {title}", { title: project.title })}</h1>
        {chosen > 0 ? (
          <div class="tasks-chosen" role="status">
            <span>{tn("{n} task selected", "{n} tasks selected", chosen)}</span>
            <ActionsMenu target={target} people={people} onDone={() => { setSelection(NOTHING); void refresh(); }} />
            <Button small icon="trash" onClick={remove}>{t("Delete")}</Button>
            <Button small icon="download" onClick={() => setExporting(true)}>{t("Export")}</Button>
            <Button small kind="quiet" onClick={() => setSelection(NOTHING)}>{t("Clear")}</Button>
          </div>
        ) : <Facts project={project} total={total} annotations={totals?.annotations ?? 0} isNarrowed={query?.filters !== undefined || query?.search !== undefined} />}
        <Button icon="upload" keys={keyOf("tasks:import")} onClick={() => setImporting([])}>{t("Import")}</Button>
        <Button icon="download" keys={keyOf("tasks:export")} disabled={isEmpty} onClick={() => setExporting(true)}>{t("Export")}</Button>
        {isEmpty
          ? <Button kind="primary" icon="play" disabled>{t("Label all tasks")}</Button>
          : <LinkButton kind="primary" icon="play" href={url(`/projects/${project.id}/label`)}>{t("Label all tasks")}</LinkButton>}
      </div>
      {!isEmpty && (
        <div class="tasks-tools">
          <Tabs views={views} />
          <SearchField
            class="tasks-search" label={t("Search in the data")} example={t("Search words or \"a phrase\"")}
            hint={t("Every word must be there; of the last one its beginning is enough. Words in quotes must stand together.")}
            value={view.search} onValue={(search) => views.change({ search })}
          />
          <PopoverButton small icon="filter" disabled={isSettling} title={t("Filters")} keys={keyOf("tasks:filters")} opener={filters} aria-pressed={conditions > 0} inside={() => <FilterPanel view={view} columns={columns} people={people} onChange={views.change} />}>
            {conditions > 0 ? t("Filters ({n})", { n: conditions }) : t("Filters")}
          </PopoverButton>
          <PopoverButton small icon="columns" disabled={isSettling} title={t("Columns")} inside={() => <ColumnsPanel columns={columns} hidden={view.hidden} onHidden={(hidden) => views.change({ hidden })} />}>{t("Columns")}</PopoverButton>
        </div>
      )}
      {problem ? <Note kind="bad">{describeError(problem)}</Note> : null}
      {isEmpty ? <div class="tasks-empty"><DropZone onFiles={setImporting} /></div> : (
        <TaskTable
          projectId={project.id} query={query} serverColumns={server.data?.columns ?? NO_COLUMNS} hidden={view.hidden} ordering={view.ordering} people={people}
          onOrder={(column, add) => views.change({ ordering: orderedBy(view.ordering, column, add) })} onColumns={setColumns} onProblem={setProblem} selection={selection} onSelection={setSelection} onOpen={open} onTotal={(n, annotations) => setTotals({ total: n, annotations })}
          onDelete={() => remove().catch(showError)} tableRef={table}
        />
      )}
      {isOver && <div class="tasks-over"><Icon name="upload" size={40} />{t("Drop to import")}</div>}
      {importing && <ImportDialog project={project} first={importing} onClose={() => setImporting(null)} onImported={() => void refresh()} />}
      {isExporting && <ExportDialog project={project} ids={selection.all ? [] : [...selection.ids]} onClose={() => setExporting(false)} />}
    </div>
  );
}

export function ProjectData({ params, query }: { params: RouteParams; query: URLSearchParams }) {
  const id = Number(params.id);
  const project = useProject(id);
  const task = Number(query.get("task")) || null;
  // While somebody looks through the table, the labelling page's module is fetched.
  useEffect(() => { loadLabelling().catch(() => undefined); }, []);
  if (task) return <Labelling key={`${id}-${task}`} projectId={id} taskId={task} />;
  if (project.error) return <div class="app-page"><ErrorPanel error={project.error} onRetry={project.reload} /></div>;
  if (!project.data) return <div class="tasks"><div class="tasks-bar"><span class="tasks-count"><Skeleton width={180} /></span></div></div>;
  return <Tasks key={id} project={project.data} tab={Number(query.get("tab")) || null} reload={project.reload} />;
}
