/** `?`: the keys in force here. `Ctrl+K`: any command by its name. */
import { useComputed, useSignal } from "@preact/signals";
import { useContext, useEffect, useRef } from "preact/hooks";

import { t } from "../i18n/index.ts";
import type { Command } from "./hotkeys.ts";
import { icons } from "./icons.ts";
import { IconButton, Keys } from "./parts.tsx";
import type { Runtime } from "./runtime.ts";
import { RuntimeContext } from "./tree.tsx";

const offered = (command: Command): boolean => command.when?.() !== false;

/** Opened as a modal dialog when it comes to be; closing it any way calls `onClose`. */
function Dialog({ title, wide, onClose, children }: { title: string; wide?: boolean; onClose: () => void; children: preact.ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class={`lw-dialog${wide ? " lw-dialog--wide" : ""}`} aria-label={title} onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}>
      {children}
    </dialog>
  );
}

export function KeySheet({ onClose }: { onClose: () => void }) {
  const runtime = useContext(RuntimeContext);
  const groups = useComputed(() => grouped(runtime));
  return (
    <Dialog title={t("Keys")} wide onClose={onClose}>
      <div class="lw-dialog-head">
        <h2>{t("Keys")}</h2>
        <IconButton icon={icons.close} title={t("Close")} onClick={onClose} />
      </div>
      <div class="lw-dialog-body lw-keysheet">
        {groups.value.map(([name, commands]) => (
          <section key={name}>
            <h3>{t(name)}</h3>
            <dl>
              {commands.map((command) => (
                <div key={command.id}>
                  <dt>{command.title()}</dt>
                  <dd>{command.keys.map((keys) => <Keys key={keys} keys={keys} />)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function grouped(runtime: Runtime): [string, Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of runtime.hotkeys.commands.value) {
    if (command.keys.length === 0) continue;
    groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  }
  return [...groups];
}

export function Palette({ onClose }: { onClose: () => void }) {
  const runtime = useContext(RuntimeContext);
  const search = useSignal("");
  const at = useSignal(0);
  const list = useRef<HTMLDivElement>(null);
  const found = useComputed(() => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const all = runtime.hotkeys.commands.value.filter((command) => !command.quiet && offered(command));
    return all.filter((command) => words.every((word) => command.title().toLowerCase().includes(word)));
  });
  const run = (command: Command | undefined): void => {
    if (!command) return;
    onClose();
    command.run(null);
  };
  const go = (event: KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      at.value = (at.peek() + by + found.value.length) % Math.max(1, found.value.length);
      list.current?.children[at.peek()]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      run(found.value[at.peek()]);
    }
  };
  return (
    <Dialog title={t("Commands")} onClose={onClose}>
      <input class="lw-palette-input" type="text" role="combobox" aria-expanded="true" aria-controls="lw-palette" aria-label={t("Find a command")}
        aria-activedescendant={found.value[at.value] ? `lw-command-${at.value}` : undefined} placeholder={t("What would you like to do?")} autocomplete="off"
        onKeyDown={go} onInput={(event) => { search.value = event.currentTarget.value; at.value = 0; }} />
      <div id="lw-palette" class="lw-palette" role="listbox" aria-label={t("Commands")} ref={list}>
        {found.value.map((command, index) => (
          <div key={command.id} id={`lw-command-${index}`} class="lw-menu-item" role="option" tabIndex={-1} aria-selected={index === at.value}
            data-active={index === at.value || undefined} onPointerMove={() => (at.value = index)} onClick={() => run(command)}>
            <span>{command.title()}</span>
            {command.keys[0] && <Keys keys={command.keys[0]} />}
          </div>
        ))}
        {found.value.length === 0 && <p class="lw-hint">{t("No command is called that.")}</p>}
      </div>
    </Dialog>
  );
}
