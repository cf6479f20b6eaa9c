/** One's own keys: every action with the key that it has, to be changed on the spot. */
import { useMemo, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import { locale, t, tn, tOf } from "../../i18n/index.ts";
import { actionsOfTags, ACTIONS, type Action, type DeclaredAction } from "../../keys/catalogue.ts";
import { shownKeys } from "../../keys/chords.ts";
import { clashesIn } from "../../keys/clashes.ts";
import { exported } from "../../keys/label_studio.ts";
import { installedKeys, keysOf, ownKeys, saveOwnKeys, type KeyMap } from "../../keys/own.ts";
import { loadMessages } from "../../runtime/messages.ts";
import { set, settings } from "../../runtime/settings.ts";
import { Button } from "../components/button.tsx";
import { SearchField, SwitchField } from "../components/field.tsx";
import { Panel } from "../components/panel.tsx";
import { ErrorPanel, Loading, Note, Skeleton } from "../components/states.tsx";
import { confirm } from "../confirm.tsx";
import { useResource } from "../resource.ts";
import { toast } from "../toasts.ts";
import { ImportKeys } from "./import_keys.tsx";
import { ShortcutRow } from "./shortcut_row.tsx";
import "./shortcuts.css";

interface TagWithActions {
  tag: string;
  actions?: readonly DeclaredAction[];
  messages?: Record<string, Record<string, string>>;
}

/** An action with its title in the language on screen. */
export interface Named extends Action {
  shown: string;
}

/** Everything that has a name: the application's, and what the tags of the plugins declare. */
function useActions() {
  const { data, error, reload } = useResource(async (signal) => {
    const [tags] = await Promise.all([api.get<TagWithActions[]>("/api/tags", { signal }), locale.peek() === "en" ? null : loadMessages()]);
    return actionsOfTags(tags);
  }, []);
  const actions = useMemo(
    () => data && [
      ...ACTIONS.map((action): Named => ({ ...action, shown: t(action.title) })),
      ...data.map(({ action, info }): Named => ({ ...action, shown: tOf(info, action.title) })),
    ],
    [data, locale.value],
  );
  return { actions, error, reload };
}

/** What an action has where nothing was changed. */
const usual = (action: Action): readonly string[] => installedKeys(action.id, action.keys);

function matches(action: Named, search: string): boolean {
  const said = [action.shown, t(action.group), action.id, ...keysOf(action).flatMap((keys) => [keys, shownKeys(keys).join(" "), shownKeys(keys).join("+")])];
  return said.some((one) => one.toLowerCase().includes(search));
}

/** By shelves, in the order in which these come. */
function shelved(actions: readonly Named[]): [string, Named[]][] {
  const found = new Map<string, Named[]>();
  for (const action of actions) found.set(action.group, [...(found.get(action.group) ?? []), action]);
  return [...found];
}

export function Shortcuts() {
  const { actions, error, reload } = useActions();
  if (error) return <ErrorPanel error={error} onRetry={reload} />;
  if (!actions) return <Loading><Skeleton height={420} /></Loading>;
  return <Sheet actions={actions} />;
}

function Sheet({ actions }: { actions: readonly Named[] }) {
  const [typed, setTyped] = useState("");
  const [onlyClashes, setOnlyClashes] = useState(false);
  const map = ownKeys.value;
  const clashes = clashesIn(actions, map);
  const search = typed.trim().toLowerCase();
  const found = actions.filter((action) => (!search || matches(action, search)) && (!onlyClashes || clashes.size === 0 || clashes.has(action.id)));
  return (
    <>
      <Panel title={t("Keyboard shortcuts")} about={t("Kept with your account. A change takes effect at once, in every open tab.")}>
        <div class="shortcuts-bar">
          <SearchField label={t("Find an action or a key")} value={typed} onValue={setTyped} />
          <Exchange actions={actions} map={map} />
        </div>
        <SwitchField
          label={t("Keys on the labelling page")} hint={t("Off, only buttons work there. For this browser.")}
          checked={settings.value.hotkeys} onValue={(on) => set("hotkeys", on)}
        />
        {clashes.size > 0 && (
          <Note kind="warn">
            <p>{tn("{n} action shares its key with another.", "{n} actions share their keys with others.", clashes.size)}</p>
            <Button small aria-pressed={onlyClashes} onClick={() => setOnlyClashes(!onlyClashes)}>{onlyClashes ? t("Show all") : t("Show these")}</Button>
          </Note>
        )}
        <p class="lw-hidden-visually" role="status">{search ? tn("{n} action found", "{n} actions found", found.length) : ""}</p>
      </Panel>
      {found.length === 0 && <p class="lw-muted">{t("No action is called that, and none has that key.")}</p>}
      {shelved(found).map(([group, some]) => (
        <Panel key={group} title={t(group)}>
          <ul class="shortcuts">
            {some.map((action) => <ShortcutRow key={action.id} action={action} all={actions} map={map} usual={usual} rivals={(clashes.get(action.id) ?? []) as Named[]} />)}
          </ul>
        </Panel>
      ))}
      <p class="lw-small lw-muted">{t("Arrow keys, Enter, Space and Escape inside lists, menus and dialogs are the same everywhere and stay as they are. Keys of labels are written in the project's labelling configuration.")}</p>
    </>
  );
}

/** To a file and from one, and all back to the beginning. */
function Exchange({ actions, map }: { actions: readonly Named[]; map: KeyMap }) {
  const [isImporting, setImporting] = useState(false);
  const write = () => {
    const rows = actions.map((action) => {
      const keys = keysOf(action, map);
      return { id: action.id, title: action.title, keys: keys.length > 0 ? keys : usual(action), isOn: keys.length > 0 };
    });
    const file = new Blob([exported(rows, map)], { type: "application/json" });
    const address = URL.createObjectURL(file);
    Object.assign(document.createElement("a"), { href: address, download: "hotkeys.json" }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1_000);
  };
  const resetAll = async () => {
    const isSure = await confirm({ title: t("Take back all changes?"), body: t("Every action gets its usual key again."), action: t("Reset all"), danger: true });
    if (!isSure) return;
    await saveOwnKeys(() => ({}));
    toast(t("All keys are the usual ones"), "good");
  };
  return (
    <div class="shortcuts-exchange">
      <Button icon="upload" onClick={() => setImporting(true)}>{t("Import")}</Button>
      <Button icon="download" onClick={write}>{t("Export")}</Button>
      <Button icon="refresh" disabled={Object.keys(map).length === 0} onClick={resetAll}>{t("Reset all")}</Button>
      {isImporting && <ImportKeys actions={actions} usual={usual} onClose={() => setImporting(false)} />}
    </div>
  );
}
