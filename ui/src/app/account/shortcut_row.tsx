/** One action and its keys: press the key to change it, then the new one. What else has it is named and settled here. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import { t } from "../../i18n/index.ts";
import type { Action } from "../../keys/catalogue.ts";
import { isForbidden, recorded, shownKeys } from "../../keys/chords.ts";
import { rivals as rivalsOf, swapped, taken, withKeys } from "../../keys/clashes.ts";
import { keysOf, saveOwnKeys, type KeyMap } from "../../keys/own.ts";
import { Button } from "../components/button.tsx";
import { Icon } from "../components/icons.tsx";
import { Keys } from "../key_list.tsx";
import { showError } from "../toasts.ts";
import type { Named } from "./shortcuts.tsx";

interface Props {
  action: Named;
  all: readonly Named[];
  map: KeyMap;
  usual: (action: Action) => readonly string[];
  /** Those that have one of its keys as things are. */
  rivals: readonly Named[];
}

const spoken = (keys: readonly string[]): string => keys.map((one) => shownKeys(one).join(" ")).join(", ");
const names = (actions: readonly Named[]): string => actions.map((one) => t("“{name}”", { name: one.shown })).join(", ");

export function ShortcutRow({ action, all, map, usual, rivals }: Props) {
  const [isRecording, setRecording] = useState(false);
  const [asked, setAsked] = useState<readonly string[] | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const keys = keysOf(action, map);
  const isOn = keys.length > 0;
  const isChanged = action.id in map;

  const save = async (change: (now: KeyMap) => KeyMap) => {
    setAsked(null);
    button.current?.focus();
    try {
      await saveOwnKeys(change);
    } catch (error) {
      showError(error);
    }
  };
  const want = (wanted: readonly string[]) => {
    setRecording(false);
    setRefusal(null);
    if (rivalsOf(action, wanted, all, map).length > 0) return setAsked(wanted);
    void save((now) => withKeys(now, action, wanted, usual(action)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isRecording) return;
    if (event.key === "Tab" && !event.ctrlKey && !event.altKey) return setRecording(false);
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") return setRecording(false);
    const chord = recorded(event);
    if (!chord) return;
    if (isForbidden(chord)) return setRefusal(t("{keys} belongs to the browser or the system.", { keys: spoken([chord]) }));
    want([chord]);
  };
  const toggle = (on: boolean) => (on ? want(keysSwitchedOff(action, map, usual)) : void save((now) => withKeys(now, action, [], usual(action))));

  return (
    <li class="shortcut" data-action={action.id} data-off={isOn ? undefined : ""}>
      <span class="shortcut-name" id={`name-${action.id}`}>{action.shown}</span>
      {isChanged && <Button kind="quiet" small icon="refresh" label={t("Reset {name}", { name: action.shown })} onClick={() => want(usual(action))} />}
      <button
        ref={button} type="button" class="shortcut-keys" aria-pressed={isRecording} onKeyDown={onKeyDown} onBlur={() => setRecording(false)}
        id={`keys-${action.id}`} aria-labelledby={`name-${action.id} keys-${action.id}`} title={isRecording ? t("Escape leaves it as it is") : t("Change")}
        onClick={() => { setAsked(null); setRefusal(null); setRecording(!isRecording); }}
      >
        {isRecording ? <span class="shortcut-wait">{t("Press keys…")}</span>
          : isOn ? keys.map((one) => <Keys key={one} keys={one} />)
          : <span class="lw-faint">{t("no key")}</span>}
      </button>
      <input
        class="lw-switch" type="checkbox" role="switch" checked={isOn} aria-checked={isOn} aria-labelledby={`name-${action.id}`}
        disabled={!isOn && keysSwitchedOff(action, map, usual).length === 0} onChange={(event) => toggle(event.currentTarget.checked)}
      />
      {refusal && <p class="lw-field-error shortcut-more" role="alert"><Icon name="error" size={14} /><span>{refusal}</span></p>}
      {asked ? <Question wanted={asked} {...{ action, all, map, usual, save }} onLeave={() => { setAsked(null); button.current?.focus(); }} />
        : rivals.length > 0 && <Clash {...{ action, all, map, usual, rivals, save }} />}
    </li>
  );
}

/** The keys that it gets when it is switched on again. */
function keysSwitchedOff(action: Action, map: KeyMap, usual: Props["usual"]): readonly string[] {
  const entry = map[action.id];
  return entry ? keysOf({ ...action, keys: usual(action) }, { [action.id]: { ...entry, active: true } }) : usual(action);
}

type Save = (change: (now: KeyMap) => KeyMap) => Promise<void>;

/** Keys were pressed that another action has: swap, take, or leave it. */
function Question({ wanted, action, all, map, usual, save, onLeave }: Omit<Props, "rivals"> & { wanted: readonly string[]; save: Save; onLeave: () => void }) {
  const first = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  const others = rivalsOf(action, wanted, all, map) as Named[];
  const canSwap = keysOf(action, map).length > 0;
  return (
    <div class="shortcut-more shortcut-question" role="group" aria-label={t("Both want {keys}", { keys: spoken(wanted) })} onKeyDown={(event) => { if (event.key === "Escape") onLeave(); }}>
      <p role="alert"><Icon name="warning" size={14} /><span>{t("{keys} belongs to {names} already.", { keys: spoken(wanted), names: names(others) })}</span></p>
      <div class="shortcut-answers">
        {canSwap && <Button small buttonRef={first} onClick={() => save((now) => swapped(now, action, wanted, all, usual))}>{t("Swap")}</Button>}
        <Button small buttonRef={canSwap ? undefined : first} onClick={() => save((now) => taken(now, action, wanted, all, usual))}>{t("Take it")}</Button>
        <Button small kind="quiet" onClick={onLeave}>{t("Leave it")}</Button>
      </div>
    </div>
  );
}

/** Both have it as things are, from an import or an older map: whose shall it be? */
function Clash({ action, all, map, usual, rivals, save }: Props & { save: Save }) {
  const shared = keysOf(action, map).filter((one) => rivals.some((other) => keysOf(other, map).includes(one)));
  return (
    <div class="shortcut-more shortcut-question">
      <p><Icon name="warning" size={14} /><span>{t("{keys} belongs to {names}, too.", { keys: spoken(shared), names: names(rivals) })}</span></p>
      <div class="shortcut-answers"><Button small onClick={() => save((now) => taken(now, action, keysOf(action, now), all, usual))}>{t("Keep it here only")}</Button></div>
    </div>
  );
}
