/** The runtime on screen: the configuration on one side, regions, details and history on the other. */
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";

import { t } from "../i18n/index.ts";
import { Actions } from "./actions.ts";
import { Details } from "./details.tsx";
import { History } from "./history.tsx";
import type { Command } from "./hotkeys.ts";
import { m } from "./messages.ts";
import { Outliner } from "./outliner.tsx";
import { RelationLines } from "./relation_lines.tsx";
import { RelationsPanel } from "./relation_list.tsx";
import type { Runtime } from "./runtime.ts";
import { set, settings } from "./settings.ts";
import { RuntimeContext } from "./context.ts";
import { Node } from "./tree.tsx";

export interface WorkspaceProps {
  runtime: Runtime;
  /** Regions, details, history beside it. */
  side?: boolean;
  /** More commands, of the page around. */
  commands?: readonly Command[];
  /** What the side panel shows of the task. */
  about?: () => ComponentChildren;
}

function labelCommands(runtime: Runtime): Command[] {
  return [...runtime.controls.values()].flatMap((control) =>
    control.labels.map((label): Command => ({
      id: `label:${control.name}:${label.value}`,
      keys: label.hotkey ? [label.hotkey] : [],
      title: () => label.text,
      group: m("Labels"),
      byAuthor: label.wantedKey !== null,
      when: () => !runtime.readonly.peek() && runtime.isVisible(control.node),
      run: () => (control.hasLabels ? runtime.hand.pressLabel(control, label) : void runtime.guard(control.info, () => control.handle?.pick?.(label))),
    })),
  );
}

export function Workspace({ runtime, side = true, commands = [], about }: WorkspaceProps) {
  const root = useRef<HTMLDivElement>(null);
  const actions = useMemo(() => new Actions(runtime), [runtime]);
  // Keys count from the moment that the task is seen: a quick hand does not wait for a frame.
  useLayoutEffect(() => {
    const abort = new AbortController();
    const remove = runtime.hotkeys.add(...actions.commands(), ...labelCommands(runtime));
    runtime.hotkeys.attach(side ? document : root.current!, abort.signal);
    nudging(runtime, actions, side ? document : root.current!, abort.signal);
    noticePointer(runtime, root.current!, abort.signal);
    const stopListening = fenceEvents(runtime);
    return () => {
      remove();
      abort.abort();
      stopListening();
    };
  }, [runtime]);
  useLayoutEffect(() => runtime.hotkeys.add(...commands), [runtime, commands]);
  return (
    <RuntimeContext.Provider value={runtime}>
      <div class="lw-lab" ref={root} tabIndex={-1} data-side={side && settings.value.sideOpen ? "open" : undefined} data-embedded={!side || undefined}>
        <div class="lw-lab-main"><Node node={runtime.tree} /></div>
        {side && settings.value.sideOpen && <Side runtime={runtime} actions={actions} about={about} />}
        <RelationLines root={root} />
        <Notice runtime={runtime} />
        <div class="lw-unseen" aria-live="polite">{runtime.announcer.words}</div>
      </div>
    </RuntimeContext.Provider>
  );
}

function Notice({ runtime }: { runtime: Runtime }) {
  const words = runtime.announcer.notice.value;
  return words ? <p class="lw-lab-notice">{words}</p> : null;
}

function Side({ runtime, actions, about }: { runtime: Runtime; actions: Actions; about?: () => ComponentChildren }) {
  const { ids, labels } = runtime.relations;
  const hasRelations = ids.value.length > 0 || labels.length > 0;
  const titles: Record<string, string> = {
    regions: t("Regions"), ...(hasRelations ? { relations: t("Relations") } : {}), history: t("History"), ...(about ? { task: t("Task") } : {}),
  };
  const tab = settings.value.sideTab in titles ? settings.value.sideTab : "regions";
  return (
    <aside class="lw-lab-side" style={{ width: `${settings.value.sideWidth}px` }} aria-label={t("Side panel")}>
      <Grip />
      <div class="lw-lab-tabs" role="tablist">
        {Object.entries(titles).map(([name, title]) => (
          <button key={name} type="button" role="tab" aria-selected={tab === name} tabIndex={tab === name ? 0 : -1}
            onClick={() => set("sideTab", name as typeof tab)}
            onKeyDown={(event) => {
              if (event.key === "ArrowRight" || event.key === "ArrowLeft") moveTab(event.currentTarget, event.key === "ArrowRight");
            }}>
            {title}
          </button>
        ))}
      </div>
      <div class="lw-lab-panel" role="tabpanel" aria-label={titles[tab]}>
        {tab === "regions" && <><Outliner actions={actions} /><Details actions={actions} /></>}
        {tab === "relations" && <RelationsPanel actions={actions} />}
        {tab === "history" && <History />}
        {tab === "task" && about?.()}
      </div>
    </aside>
  );
}

function moveTab(from: HTMLElement, forward: boolean): void {
  const next = (forward ? from.nextElementSibling : from.previousElementSibling) as HTMLElement | null;
  next?.focus();
  next?.click();
}

const [NARROWEST, WIDEST] = [240, 560];

function Grip() {
  const resize = (width: number): void => set("sideWidth", Math.round(Math.min(WIDEST, Math.max(NARROWEST, width))));
  const drag = (event: PointerEvent): void => {
    const grip = event.currentTarget as HTMLElement;
    const [startX, startWidth] = [event.clientX, settings.peek().sideWidth];
    grip.setPointerCapture(event.pointerId);
    const move = (now: PointerEvent): void => resize(startWidth + startX - now.clientX);
    grip.addEventListener("pointermove", move);
    grip.addEventListener("lostpointercapture", () => grip.removeEventListener("pointermove", move), { once: true });
  };
  return (
    <div class="lw-lab-grip" role="separator" tabIndex={0} aria-orientation="vertical" aria-label={t("Width of the side panel")}
      aria-valuenow={settings.value.sideWidth} aria-valuemin={NARROWEST} aria-valuemax={WIDEST} onPointerDown={drag}
      onKeyDown={(event) => {
        const by = { ArrowLeft: 16, ArrowRight: -16 }[event.key];
        if (by) resize(settings.peek().sideWidth + by);
      }} />
  );
}

/** Whether a hand or a key is at work. */
function noticePointer(runtime: Runtime, root: HTMLElement, signal: AbortSignal): void {
  root.addEventListener("pointerdown", () => (runtime.relations.byPointer = true), { signal, capture: true });
  document.addEventListener("keydown", () => (runtime.relations.byPointer = false), { signal, capture: true });
}

/** Arrow keys move what is selected, unless something focused uses them. */
function nudging(runtime: Runtime, actions: Actions, target: EventTarget, signal: AbortSignal): void {
  const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  target.addEventListener("keydown", (raw) => {
    const event = raw as KeyboardEvent;
    const step = steps[event.key];
    if (!step || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || runtime.selection.ids.peek().size === 0) return;
    const focused = event.target as HTMLElement;
    if (focused.closest?.("input, textarea, select, [role=grid], [role=tablist], [role=radiogroup], [role=separator], dialog")) return;
    if (!runtime.selection.regions.peek().some((region) => runtime.regionType(region)?.translate)) return;
    event.preventDefault();
    const by = event.shiftKey ? 10 : 1;
    actions.nudge(step[0] * by, step[1] * by);
  }, { signal });
}

/** An error in a tag's event handler reaches only the window: it is named by its address and reported. */
function fenceEvents(runtime: Runtime): () => void {
  const blame = (error: unknown, file: string): void => {
    const where = `${file} ${error instanceof Error ? error.stack : ""}`;
    const plugin = /\/plugins\/([\w-]+)\//.exec(where)?.[1];
    const info = [...runtime.infos.values()].find((one) => plugin !== undefined && (one.plugin === plugin || one.module?.startsWith(`/plugins/${plugin}/`)));
    if (!info) return;
    const known = error instanceof Error ? error : new Error(String(error));
    runtime.report({ plugin: info.plugin, tag: info.tag, message: known.message, stack: known.stack ?? "" });
    runtime.announcer.say(t("The plugin {plugin} made an error; it was reported.", { plugin: info.plugin }), true);
  };
  const onError = (event: ErrorEvent): void => blame(event.error ?? event.message, event.filename ?? "");
  const onRejection = (event: PromiseRejectionEvent): void => blame(event.reason, "");
  addEventListener("error", onError);
  addEventListener("unhandledrejection", onRejection);
  return () => {
    removeEventListener("error", onError);
    removeEventListener("unhandledrejection", onRejection);
  };
}
