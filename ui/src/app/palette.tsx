/** The command palette (Ctrl/Cmd+K): everything that can be done from here, found by typing. */
import { computed, signal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { t } from "../i18n/index.ts";
import { Dialog } from "./components/dialog.tsx";
import { Icon, type IconName } from "./components/icons.tsx";
import { Keys } from "./key_list.tsx";
import { showError } from "./toasts.ts";

export interface Command {
  id: string;
  /** Translated; what is typed is looked for in it. */
  title: string;
  /** Translated; the shelf it stands on. */
  group?: string;
  icon?: IconName;
  /** Keys that do the same: `mod+enter`. */
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

// What the page on screen offers, registered last, stands first.
const commands = computed(() => sources.value.toReversed().flatMap((source) => source()));

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

export function rank(all: readonly Command[], typed: string): Command[] {
  if (!typed.trim()) return [...all];
  return all
    .map((command, order) => ({ command, order, score: Math.max(matchScore(typed, command.title), matchScore(typed, command.words ?? "\0") / 2) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .map((one) => one.command);
}

const SHOWN = 60;

function List({ close }: { close: () => void }) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const all = commands.value;
  const found = useMemo(() => rank(all, typed).slice(0, SHOWN), [all, typed]);
  const at = Math.min(active, found.length - 1);

  useEffect(() => list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" }), [at, typed]);

  const run = (command: Command | undefined) => {
    if (!command) return;
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
              {command.keys && <Keys keys={command.keys} />}
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
