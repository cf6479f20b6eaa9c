/** The labelling page: the label stream of a project, or one task of it. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

import { isOffline, watchChanges } from "../api/changes.ts";
import { describeError } from "../api/errors.ts";
import { registerCommands } from "../app/palette.tsx";
import { registerShortcuts } from "../app/keys.ts";
import { formatDate, locale, t } from "../i18n/index.ts";
import { named } from "../runtime/hotkeys.ts";
import { Workspace, type Command, type Runtime } from "../runtime/index.ts";
import { icons } from "../runtime/icons.ts";
import { loadMessages, m } from "../runtime/messages.ts";
import { Icon } from "../runtime/parts.tsx";
import { url } from "../boot.ts";
import { Bar } from "./bar.tsx";
import { Instructions } from "./instructions.tsx";
import { Session } from "./session.ts";
import "./labelling.css";

export { clearLog } from "./op_log.ts";

interface Props {
  projectId: number;
  /** `null`: the label stream. */
  taskId: number | null;
}

export function LabellingPage({ projectId, taskId }: Props) {
  const session = useMemo(() => new Session(projectId, taskId === null), [projectId, taskId]);
  const instructions = useSignal(false);
  useEffect(() => {
    if (locale.peek() !== "en") void loadMessages();
    void session.start(taskId);
    return () => void session.leave();
  }, [session]);
  usePageLife(session, projectId);
  const project = session.project.value;
  useEffect(() => {
    if (project?.show_instruction && project.expert_instruction && wasNotShown(project.id)) instructions.value = true;
  }, [project?.id]);
  const open = session.open.value;
  return (
    <div class="lab" data-phase={session.phase.value} data-task={session.task.value?.id}>
      {session.phase.value !== "done" && <Bar session={session} onInstructions={project?.expert_instruction ? () => (instructions.value = true) : null} />}
      <div class="lab-stage">
        <Notes session={session} />
        {open ? <Stage key={open.uniqueId} session={session} runtime={open.runtime} /> : <Waiting session={session} onRetry={() => void session.start(taskId)} />}
      </div>
      {instructions.value && project?.expert_instruction && <Instructions html={project.expert_instruction} onClose={() => (instructions.value = false)} />}
    </div>
  );
}

/** The lease is renewed by the page's one poll; the clock stands still while nobody looks. */
function usePageLife(session: Session, project: number): void {
  const task = session.isStream ? session.task.value?.id : undefined;
  useEffect(() => watchChanges({ project, lease: task }), [project, task]);
  useEffect(() => {
    const look = (): void => {
      const now = session.open.peek();
      if (document.hidden) {
        now?.lead.pause();
        void now?.draft?.flush();
      } else {
        now?.lead.resume();
      }
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [session]);
}

const SHOWN = "labelwright:instructions";

/** Instructions open by themselves once in a visit. */
function wasNotShown(project: number): boolean {
  const key = `${SHOWN}:${project}`;
  try {
    if (sessionStorage.getItem(key)) return false;
    sessionStorage.setItem(key, "1");
  } catch {
    // Then they open each time.
  }
  return true;
}

function Stage({ session, runtime }: { session: Session; runtime: Runtime }) {
  const commands = useMemo((): Command[] => [
    named("annotation:submit", () => void session.submit()),
    named("annotation:skip", () => void session.skip()),
    ...(session.isStream ? [named("task:next", () => void session.next()), named("task:previous", () => void session.previous())] : []),
  ], [session]);
  useEffect(() => {
    const offered = (): Command[] => runtime.hotkeys.commands.value.filter((command) => !command.quiet && command.when?.() !== false);
    const stops = [
      registerCommands(() => offered().map((command) => ({
        id: command.id, title: command.title(), group: t(command.group), keys: command.keys[0], run: () => command.run(null),
      }))),
      ...GROUPS.map((group) => registerShortcuts(() => ({ title: t(group), shortcuts: keysOf(offered(), (command) => command.group === group) }))),
      registerShortcuts(() => ({ title: t("This task"), shortcuts: keysOf(offered(), (command) => !GROUPS.includes(command.group)) })),
    ];
    return () => stops.forEach((stop) => stop());
  }, [runtime]);
  return <Workspace runtime={runtime} commands={commands} about={() => <About session={session} />} />;
}

const GROUPS = [m("Annotation"), m("Labels"), m("Regions"), m("Relations"), m("Tools"), m("View")];

/** For the sheet of keys: it lists them, we listen ourselves. */
function keysOf(commands: readonly Command[], isMeant: (command: Command) => boolean) {
  return commands.filter(isMeant).flatMap((command) => command.keys.slice(0, 1).map((keys) => ({ keys, label: command.title() })));
}

/** What is known of the task itself. */
function About({ session }: { session: Session }) {
  const task = session.task.value;
  if (!task) return null;
  return (
    <dl class="lab-about">
      <div><dt>{t("Task")}</dt><dd>#{task.id}</dd></div>
      {session.open.value?.tab.kind === "annotation" && <AnswerFacts session={session} />}
      {Object.entries(task.data).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === "string" ? value : JSON.stringify(value, null, 1)}</dd>
        </div>
      ))}
    </dl>
  );
}

function AnswerFacts({ session }: { session: Session }) {
  const tab = session.open.value?.tab;
  if (tab?.kind !== "annotation") return null;
  return (
    <>
      <div><dt>{t("Annotation")}</dt><dd>#{tab.annotation.id}</dd></div>
      <div><dt>{t("By")}</dt><dd>{tab.annotation.created_username}</dd></div>
      <div><dt>{t("Changed")}</dt><dd>{formatDate(tab.annotation.updated_at)}</dd></div>
      <div>
        <dt>{t("Answer")}</dt>
        <dd><button type="button" class="lw-button lw-button--small" onClick={() => void session.copyOf(tab.key)}><Icon path={icons.copy} />{t("Duplicate")}</button></dd>
      </div>
    </>
  );
}

function Notes({ session }: { session: Session }) {
  const conflict = session.open.value?.draft?.conflict.value;
  const error = session.phase.value === "failed" ? null : session.error.value;
  return (
    <div class="lab-notes">
      {isOffline.value && (
        <p class="lab-note" data-kind="offline" role="status"><Icon path={icons.offline} />{t("No connection. Go on: your work is kept in this browser and is sent when the server answers again.")}</p>
      )}
      {session.message.value && <p class="lab-note" data-kind="bad" role="alert"><Icon path={icons.warning} />{session.message.value}</p>}
      {error !== null && (
        <p class="lab-note" data-kind="bad" role="alert">
          <Icon path={icons.warning} />
          <span class="lw-grow">{describeError(error)}</span>
          <button type="button" class="lw-button lw-button--small" onClick={() => (session.error.value = null)}>{t("Close")}</button>
        </p>
      )}
      {conflict && (
        <div class="lab-note" data-kind="warn" role="alertdialog" aria-label={t("Changed elsewhere")}>
          <Icon path={icons.warning} />
          <span class="lw-grow">
            {t("This draft was changed in another window or on another device, {when}. Which work shall stay?", { when: conflict.updated_at ? formatDate(conflict.updated_at) : "" })}
          </span>
          <button type="button" class="lw-button lw-button--small" onClick={() => void session.takeTheirs()}>{t("Take the other")}</button>
          <button type="button" class="lw-button lw-button--small lw-button--primary" onClick={() => void session.keepMine()}>{t("Keep mine")}</button>
        </div>
      )}
    </div>
  );
}

function Waiting({ session, onRetry }: { session: Session; onRetry: () => void }) {
  if (session.phase.value === "failed") {
    return (
      <div class="lw-empty" role="alert">
        <Icon path={icons.warning} size={32} />
        <h1>{t("This task cannot be opened")}</h1>
        <p>{describeError(session.error.value)}</p>
        <div class="lw-empty-actions">
          <button type="button" class="lw-button lw-button--primary" onClick={onRetry}>{t("Try again")}</button>
          <a class="lw-button" href={url(`/projects/${session.projectId}/data`)}>{t("To the project's data")}</a>
        </div>
      </div>
    );
  }
  if (session.phase.value === "done") {
    return (
      <div class="lw-empty">
        <Icon path={icons.check} size={32} />
        <h1>{t("Nothing is left to label")}</h1>
        <p>{t("Every task of this project has its answers, or others are at work on the rest.")}</p>
        <div class="lw-empty-actions"><a class="lw-button lw-button--primary" href={url(`/projects/${session.projectId}/data`)}>{t("To the project's data")}</a></div>
      </div>
    );
  }
  return (
    <div class="lab-skeleton" aria-busy="true" aria-label={t("Loading")}>
      <span class="lw-skeleton lab-skeleton-labels" />
      <span class="lw-skeleton lab-skeleton-object" />
    </div>
  );
}
