/** A project's tasks, or one of them opened for labelling. */
import { useEffect, useRef, useState } from "preact/hooks";

import { watchChanges } from "../../api/changes.ts";
import { api, ApiError } from "../../api/client.ts";
import type { Job, Project } from "../../api/types.ts";
import { url } from "../../boot.ts";
import { t, tn } from "../../i18n/index.ts";
import { Button, LinkButton } from "../components/button.tsx";
import { ErrorPanel, Progress, Skeleton } from "../components/states.tsx";
import { confirm } from "../confirm.tsx";
import { useProject } from "../current_project.ts";
import { DropZone } from "../importing/file_picker.tsx";
import { droppedFiles, type FileEntry } from "../importing/files.ts";
import { ImportDialog } from "../importing/import_dialog.tsx";
import { settleImport } from "../importing/send.ts";
import { Icon } from "../components/icons.tsx";
import { useShortcuts } from "../keys.ts";
import { Labelling, loadLabelling } from "../labelling_host.tsx";
import { useCommands } from "../palette.tsx";
import { navigate, setQuery, type RouteParams } from "../router.ts";
import { ExportDialog } from "../tasks/export_dialog.tsx";
import { countChosen, NOTHING, selectedItems, type Selection } from "../tasks/selection.ts";
import { TaskTable, type TableHandle } from "../tasks/task_table.tsx";
import { useTitle } from "../title.tsx";
import { showError, toast } from "../toasts.ts";

/** Delete by the bulk action where the server has it; else one by one. */
async function deleteTasks(project: number, selection: Selection): Promise<void> {
  const actions = await api.get<{ id: string }[]>("/api/dm/actions/", { query: { project } }).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  });
  if (actions.some((one) => one.id === "delete_tasks")) {
    const answer = await api.post<Job | Record<string, unknown>>("/api/dm/actions/", { selectedItems: selectedItems(selection) }, { query: { id: "delete_tasks", project }, respondAsync: true });
    await settleImport(answer);
    return;
  }
  if (selection.all && selection.ids.size === 0) return void (await api.delete(`/api/projects/${project}/tasks/`));
  for (const id of selection.ids) await api.delete(`/api/tasks/${id}/`);
}

function Facts({ project, total, annotations }: { project: Project; total: number | null; annotations: number }) {
  const done = project.finished_task_number ?? 0;
  if (total === null) return <span class="tasks-count"><Skeleton width={180} /></span>;
  return (
    <div class="tasks-count tasks-stats lw-digits">
      <span>{tn("{n} task", "{n} tasks", total)}</span>
      <span>{tn("{n} annotation", "{n} annotations", annotations)}</span>
      {total > 0 && <span class="lw-row"><span class="tasks-meter"><Progress value={done / total} state={done >= total ? "done" : undefined} label={t("Finished tasks")} /></span>{t("{n} finished", { n: done })}</span>}
    </div>
  );
}

function Tasks({ project, reload }: { project: Project; reload: () => Promise<void> }) {
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [totals, setTotals] = useState<{ total: number; annotations: number } | null>(null);
  const [importing, setImporting] = useState<FileEntry[] | null>(null);
  const [isExporting, setExporting] = useState(false);
  const [isOver, setOver] = useState(false);
  const table = useRef<TableHandle>(null);
  const depth = useRef(0);
  const total = totals?.total ?? null;
  const chosen = countChosen(selection, total ?? 0);
  useTitle(project.title || t("Untitled project"));

  const refresh = async () => {
    // An empty table is not on screen; put back, it asks by itself.
    if (!table.current) setTotals(null);
    await Promise.all([table.current?.refresh(), reload()]);
  };
  // When work on this project ends elsewhere (another tab, a script), the table follows.
  useEffect(() => watchChanges({ project: project.id, onChange: (changes) => {
    if (changes.jobs?.some((job) => job.project === project.id && job.state === "done")) void refresh();
  } }), [project.id]);

  const remove = async () => {
    if (chosen === 0) return;
    const isSure = await confirm({
      title: tn("Delete {n} task?", "Delete {n} tasks?", chosen), body: t("Their annotations and drafts go with them. This cannot be undone."), action: t("Delete"), danger: true,
    });
    if (!isSure) return;
    await deleteTasks(project.id, selection);
    toast(tn("{n} task deleted", "{n} tasks deleted", chosen), "good");
    setSelection(NOTHING);
    await refresh();
  };
  const open = (id: number) => setQuery({ task: String(id) }, { replace: false });
  const labelAll = () => navigate(`/projects/${project.id}/label`);

  useShortcuts(() => ({
    title: t("Tasks"),
    shortcuts: [
      { keys: "l", label: t("Label all tasks"), run: () => void labelAll() },
      { keys: "i", label: t("Import"), run: () => setImporting([]) },
      { keys: "e", label: t("Export"), run: () => setExporting(true) },
      { keys: "arrowdown", label: t("Next row") },
      { keys: "arrowup", label: t("Previous row") },
      { keys: "enter", label: t("Open the task") },
      { keys: "space", label: t("Select the task") },
      { keys: "mod+a", label: t("Select all tasks") },
      { keys: "escape", label: t("Select nothing") },
      { keys: "delete", label: t("Delete the selected tasks") },
    ],
  }), [project.id]);
  useCommands(() => [
    { id: "import", title: t("Import data"), icon: "upload", keys: "i", group: t("This project"), run: () => setImporting([]) },
    { id: "export", title: t("Export"), icon: "download", keys: "e", group: t("This project"), run: () => setExporting(true) },
  ], [project.id]);

  const isEmpty = total === 0;
  const onDrop = async (event: DragEvent) => {
    event.preventDefault();
    depth.current = 0;
    setOver(false);
    if (event.dataTransfer?.items && !importing) setImporting(await droppedFiles(event.dataTransfer.items));
  };
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
            <Button small icon="trash" onClick={remove}>{t("Delete")}</Button>
            <Button small icon="download" onClick={() => setExporting(true)}>{t("Export")}</Button>
            <Button small kind="quiet" onClick={() => setSelection(NOTHING)}>{t("Clear")}</Button>
          </div>
        ) : <Facts project={project} total={total} annotations={totals?.annotations ?? 0} />}
        <Button icon="upload" keys="i" onClick={() => setImporting([])}>{t("Import")}</Button>
        <Button icon="download" keys="e" disabled={isEmpty} onClick={() => setExporting(true)}>{t("Export")}</Button>
        {isEmpty
          ? <Button kind="primary" icon="play" disabled>{t("Label all tasks")}</Button>
          : <LinkButton kind="primary" icon="play" href={url(`/projects/${project.id}/label`)}>{t("Label all tasks")}</LinkButton>}
      </div>
      {isEmpty ? <div class="tasks-empty"><DropZone onFiles={setImporting} /></div> : (
        <TaskTable
          projectId={project.id} selection={selection} onSelection={setSelection} onOpen={open} onTotal={(n, annotations) => setTotals({ total: n, annotations })}
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
  return <Tasks key={id} project={project.data} reload={project.reload} />;
}
