/** The command palette (Ctrl/Cmd+K): everything that can be done from here, found by typing. */
import { computed, signal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { api } from "../api/client.ts";
import type { Page, Project } from "../api/types.ts";
import { t, tOf } from "../i18n/index.ts";
import { keyOf } from "../keys/own.ts";
import { Dialog } from "./components/dialog.tsx";
import { Icon, type IconName } from "./components/icons.tsx";
import { currentProject } from "./current_project.ts";
import { Keys } from "./key_list.tsx";
import { shortcutGroups } from "./keys.ts";
import type { PluginPage } from "./plugin_page.tsx";
import { noteCommand, recentCommands } from "./recent.ts";
import { useResource, useRested } from "./resource.ts";
import { navigate } from "./router.ts";
import { showError } from "./toasts.ts";

export interface Command {
  /** Where the catalogue of keys has an action of this name, its key is shown. */
  id: string;
  /** Translated; what is typed is looked for in it. */
  title: string;
  /** Translated; the shelf it stands on. */
  group?: string;
  icon?: IconName;
  /** Keys that do the same: `ctrl+enter`. */
  keys?: string;
  /** More words that find it. */
  words?: string;
  run: () => unknown;
}

type Source = () => readonly Command[];

const sources = signal<readonly Source[]>([]);
export const isPaletteOpen = signal(false);

/** Offer commands until the function given back is called. The source is a function: it is asked when the palette opens. */
export function registerCommands(source: Source): () => void {
  sources.value = [...sources.value, source];
  return () => { sources.value = sources.value.filter((one) => one !== source); };
}

export function useCommands(source: Source, deps: readonly unknown[] = []): void {
  useEffect(() => registerCommands(source), deps as unknown[]);
}

/** What is done by keys here can be found by its name, too. */
const fromShortcuts = (): Command[] => shortcutGroups.value.toReversed().flatMap(({ title: group, shortcuts }) =>
  shortcuts.flatMap(({ id, label, run }) => (id && run && id !== "app:palette" ? [{ id, title: label, group, icon: "keyboard" as const, run: () => run(null) }] : [])));

/** Each once; the first of a name stays. */
function once(all: readonly Command[]): Command[] {
  const seen = new Set<string>();
  return all.filter(({ id }) => !seen.has(id) && seen.add(id));
}

// What the page on screen offers, registered last, stands first.
const commands = computed(() => once([...sources.value.toReversed().flatMap((source) => source()), ...fromShortcuts()]));

/**
 * How well `typed` matches `text`: 0 not at all, higher is better. Every letter must come in order; the start of the
 * text, the start of a word and unbroken runs count more.
 */
export function matchScore(typed: string, text: string): number {
  const wanted = typed.toLowerCase().replace(/\s+/g, "");
  const given = text.toLowerCase();
  if (!wanted) return 1;
  const whole = given.indexOf(typed.toLowerCase().trim());
  if (whole >= 0) return 1000 - whole + (whole === 0 || /[\s:/·]/.test(given[whole - 1]!) ? 500 : 0);
  let score = 1;
  let at = -1;
  for (const letter of wanted) {
    const next = given.indexOf(letter, at + 1);
    if (next < 0) return 0;
    score += next === at + 1 ? 8 : /[\s:/·]/.test(given[next - 1] ?? " ") ? 6 : 0;
    at = next;
  }
  return score;
}

const RECENT = 5;

/** Those that fit what is typed, the best first. Of equals, and while nothing is typed, those that were run last. */
export function rank(all: readonly Command[], typed: string, recent: readonly string[] = []): Command[] {
  if (!typed.trim()) {
    const last = recent.flatMap((id) => all.find((command) => command.id === id) ?? []).slice(0, RECENT);
    return [...last.map((command) => ({ ...command, group: t("Recent") })), ...all.filter((command) => !last.includes(command))];
  }
  const ease = (id: string): number => (recent.includes(id) ? 1 - recent.indexOf(id) / recent.length : 0);
  return all
    .map((command, order) => ({ command, order, score: Math.max(matchScore(typed, command.title), matchScore(typed, command.words ?? "\0") / 2) }))
    .map((one) => (one.score > 0 ? { ...one, score: one.score + ease(one.command.id) } : one))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .map((one) => one.command);
}

const SHOWN = 60;

/** Projects by their name, and the topics that plugins add to the settings of the project on screen. */
function useElsewhere(typed: string): Command[] {
  const search = useRested(typed.trim(), 150);
  const project = currentProject.value?.id ?? null;
  const projects = useResource(
    (signal) => api.get<Page<Project>>("/api/projects/", { query: { search: search || null, page_size: 10, include: "id,title" }, signal }), [search],
  );
  const pages = useResource((signal) => (project ? api.get<PluginPage[]>("/api/plugins/pages", { signal }) : Promise.resolve([])), [project]);
  return useMemo(() => [
    ...(pages.data ?? []).map((page): Command => ({
      id: `settings-${page.name}`, title: `${t("Settings")}: ${tOf(page, page.title)}`, icon: "settings", group: t("This project"),
      run: () => navigate(`/projects/${project}/settings/${page.name}`),
    })),
    ...(projects.data?.results ?? []).map((one): Command => ({
      id: `project-${one.id}`, title: one.title || t("Untitled project"), icon: "folder", group: t("Projects"), run: () => navigate(`/projects/${one.id}/data`),
    })),
  ], [projects.data, pages.data, project]);
}

function KeysOf({ command }: { command: Command }) {
  const keys = command.keys ?? keyOf(command.id);
  return keys ? <Keys keys={keys} /> : null;
}

function List({ close }: { close: () => void }) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const all = commands.value;
  const [recent] = useState(recentCommands);
  const elsewhere = useElsewhere(typed);
  const found = useMemo(() => {
    const here = rank(all, typed, recent);
    // What the server is asked for comes later: behind the rest, so that nothing moves under the hand.
    const more = elsewhere.filter((one) => !all.some((command) => command.id === one.id));
    return [...here, ...rank(more, typed)].slice(0, SHOWN);
  }, [all, typed, recent, elsewhere]);
  const at = Math.min(active, found.length - 1);

  useEffect(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [at, typed]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    noteCommand(command.id);
    close();
    // After the dialog has given the focus back, so that the command may take it.
    setTimeout(async () => {
      try {
        await command.run();
      } catch (error) {
        showError(error);
      }
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) setActive((at + step + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter") run(found[at]);
    else return;
    event.preventDefault();
  };

  return (
    <div class="app-palette" onKeyDown={onKeyDown}>
      <label class="app-palette-input">
        <Icon name="search" />
        <span class="lw-hidden-visually">{t("Find a command")}</span>
        <input
          type="text" role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" autocomplete="off" spellcheck={false}
          aria-activedescendant={found[at] ? `palette-${at}` : undefined} placeholder={t("What do you want to do?")}
          value={typed} onInput={(event) => { setTyped(event.currentTarget.value); setActive(0); }} autofocus
        />
        <Keys keys="escape" />
      </label>
      <div ref={list} id="palette-list" class="app-palette-list" role="listbox" aria-label={t("Commands")} tabIndex={-1}>
        {found.map((command, index) => (
          <div key={command.id} role="presentation">
            {!typed && command.group && command.group !== found[index - 1]?.group && <div class="app-palette-group" role="presentation">{command.group}</div>}
            <div
              id={`palette-${index}`} class="lw-menu-item" role="option" aria-selected={index === at} data-active={index === at ? "" : undefined}
              onPointerMove={() => setActive(index)} onClick={() => run(command)}
            >
              <Icon name={command.icon ?? "chevron-right"} />
              <span class="lw-truncate">{command.title}</span>
              <KeysOf command={command} />
            </div>
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="app-palette-none" role="status">{t("Nothing is called “{typed}”.", { typed })}</p>}
    </div>
  );
}

export function Palette() {
  if (!isPaletteOpen.value) return null;
  const close = () => { isPaletteOpen.value = false; };
  return <Dialog title={t("Commands")} onClose={close} bare><List close={close} /></Dialog>;
}
