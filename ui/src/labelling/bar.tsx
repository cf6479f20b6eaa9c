/** The bar over the work: where one is, which answer is open, is it kept, and on. */
import { formatAgo, formatDate, formatNumber, t } from "../i18n/index.ts";
import { shownKeys } from "../keys/chords.ts";
import { icons } from "../runtime/icons.ts";
import { Icon, IconButton } from "../runtime/parts.tsx";
import { set, settings } from "../runtime/settings.ts";
import type { Session } from "./session.ts";
import type { Tab } from "./types.ts";

export function Bar({ session, onInstructions }: { session: Session; onInstructions: (() => void) | null }) {
  return (
    <div class="lab-bar">
      <Where session={session} />
      <Tabs session={session} />
      <Tools session={session} onInstructions={onInstructions} />
      <Deeds session={session} />
    </div>
  );
}

/** The key in force for an action. */
const keyOf = (session: Session, id: string): string | undefined => session.open.value?.runtime.hotkeys.keyOf(id);

function Where({ session }: { session: Session }) {
  const task = session.task.value;
  const isBusy = session.busy.value !== null;
  return (
    <div class="lab-where">
      {session.isStream && (
        <>
          <IconButton icon={icons.previous} title={t("Previous task")} keys={keyOf(session, "task:previous")} disabled={!session.canGoBack.value || isBusy} onClick={() => void session.previous()} />
          <IconButton icon={icons.next} title={t("Next task")} keys={keyOf(session, "task:next")} disabled={isBusy} onClick={() => void session.next()} />
        </>
      )}
      {task && <h1 class="lab-task" title={task.queue ?? undefined}>{t("Task {id}", { id: `#${task.id}` })}</h1>}
    </div>
  );
}

function Tabs({ session }: { session: Session }) {
  const open = session.open.value;
  const tabs = session.tabs.value;
  if (!open || tabs.length < 2) return <span class="lw-grow" />;
  const go = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const at = tabs.findIndex((tab) => tab.key === open.tab.key);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next) void session.goTo(next.key);
  };
  return (
    <div class="lab-tabs" role="tablist" aria-label={t("Answers to this task")} onKeyDown={go}>
      {tabs.map((tab) => <TabButton key={tab.key} tab={tab} isOpen={tab.key === open.tab.key} onOpen={() => void session.goTo(tab.key)} />)}
    </div>
  );
}

function TabButton({ tab, isOpen, onOpen }: { tab: Tab; isOpen: boolean; onOpen: () => void }) {
  const { icon, title, mark } = wordsOf(tab);
  return (
    <button type="button" class="lab-tab" role="tab" aria-selected={isOpen} tabIndex={isOpen ? 0 : -1} title={titleOf(tab)} data-tab={tab.key} onClick={onOpen}>
      <Icon path={icon} size={14} />
      <span>{title}</span>
      {mark && <small>{mark}</small>}
    </button>
  );
}

function wordsOf(tab: Tab): { icon: string; title: string; mark: string | null } {
  if (tab.kind === "new") return { icon: icons.plus, title: t("New"), mark: tab.draft ? t("draft") : null };
  if (tab.kind === "prediction") {
    const { score } = tab.prediction;
    return { icon: icons.spark, title: tab.prediction.model_version || t("Prediction"), mark: score === null ? null : formatNumber(score, { maximumFractionDigits: 2 }) };
  }
  const { annotation, draft } = tab;
  const marks = [draft && t("draft"), annotation.was_cancelled && t("skipped"), annotation.ground_truth && t("ground truth")].filter(Boolean);
  return { icon: annotation.ground_truth ? icons.star : icons.person, title: nameOf(annotation.created_username) || `#${annotation.id}`, mark: marks.join(", ") || null };
}

/** `Ada Lovelace ada@example.org, 3` without the address and the id. */
function nameOf(text: string): string {
  const parts = text.trim().replace(/,\s*\d+$/, "").split(" ");
  const names = parts.filter((part) => !part.includes("@"));
  return names.join(" ") || (parts[0] ?? "");
}

function titleOf(tab: Tab): string {
  if (tab.kind === "new") return t("A new answer");
  const made = tab.kind === "annotation" ? tab.annotation.updated_at : tab.prediction.created_at;
  return `#${tab.kind === "annotation" ? tab.annotation.id : tab.prediction.id} · ${formatDate(made)} · ${formatAgo(made)}`;
}

function Tools({ session, onInstructions }: { session: Session; onInstructions: (() => void) | null }) {
  const open = session.open.value;
  if (!open) return null;
  const { store, readonly } = open.runtime;
  return (
    <div class="lab-tools">
      <Kept session={session} />
      {!readonly.value && (
        <>
          <IconButton icon={icons.undo} title={t("Undo")} keys={keyOf(session, "annotation:undo")} disabled={store.position.value === 0} onClick={() => store.undo()} />
          <IconButton icon={icons.redo} title={t("Redo")} keys={keyOf(session, "annotation:redo")} disabled={store.position.value >= store.log.value.length} onClick={() => store.redo()} />
        </>
      )}
      {onInstructions && <IconButton icon={icons.info} title={t("Instructions")} onClick={onInstructions} />}
      <IconButton icon={icons.panel} title={t("Side panel")} keys={keyOf(session, "view:side")} pressed={settings.value.sideOpen} onClick={() => set("sideOpen", !settings.peek().sideOpen)} />
    </div>
  );
}

/** Where the work is kept now. It grows into the empty middle of the bar, so nothing jumps. */
function Kept({ session }: { session: Session }) {
  const draft = session.open.value?.draft;
  if (!draft) return null;
  const state = draft.state.value;
  const words = {
    clean: "", pending: t("Saving…"), saving: t("Saving…"), saved: t("Draft saved"), offline: t("Kept in this browser"), conflict: t("Changed elsewhere"),
  }[state];
  return (
    <span class="lab-kept" role="status" data-state={state} title={draft.savedAt.value ? formatDate(draft.savedAt.value, "time") : undefined}>
      {words}
    </span>
  );
}

function Deeds({ session }: { session: Session }) {
  const open = session.open.value;
  const busy = session.busy.value;
  if (!open) return null;
  const { tab } = open;
  if (tab.kind === "prediction") {
    return (
      <div class="lab-deeds">
        <button type="button" class="lw-button lw-button--primary" onClick={() => void session.copyOf(tab.key)}>
          <Icon path={icons.copy} />
          {t("Use as a new answer")}
        </button>
      </div>
    );
  }
  const isSkipped = tab.kind === "annotation" && tab.annotation.was_cancelled;
  const [submitKeys, skipKeys] = ["annotation:submit", "annotation:skip"].map((id) => shownKeys(keyOf(session, id) ?? "").join(" ") || undefined);
  return (
    <div class="lab-deeds">
      {tab.kind === "annotation" && tab.draft && (
        <button type="button" class="lw-button lw-button--quiet" onClick={() => void session.discardDraft()}>{t("Discard draft")}</button>
      )}
      {session.project.value?.show_skip_button !== false && (
        <button type="button" class="lw-button" data-busy={busy === "skip" || undefined} title={skipKeys} aria-disabled={busy !== null ? "true" : undefined} onClick={() => void session.skip()}>
          <span>{isSkipped ? t("Take back the skip") : t("Skip")}</span>
          {busy === "skip" && <i class="lw-spinner" />}
        </button>
      )}
      <button type="button" class="lw-button lw-button--primary lab-submit" data-busy={busy === "submit" || undefined} title={submitKeys} aria-disabled={busy !== null ? "true" : undefined}
        onClick={() => void session.submit()}>
        <span>{tab.kind === "annotation" ? t("Update") : t("Submit")}</span>
        {busy === "submit" && <i class="lw-spinner" />}
      </button>
    </div>
  );
}
