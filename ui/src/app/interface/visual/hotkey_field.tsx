/** A key that is pressed rather than spelled. */
import { t } from "../../../i18n/index.ts";
import { shownKeys } from "../../../runtime/hotkeys.ts";

const MODIFIERS = new Set(["Control", "Alt", "Shift", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified"]);
const SPELLED: Record<string, string> = { " ": "space", "+": "plus", ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

/** `shift+a` for a key press; signs such as `?` say themselves that shift was held. `null` for a modifier alone. */
export function keysOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string | null {
  if (MODIFIERS.has(event.key)) return null;
  const isSign = event.key.length === 1 && !/[\p{L}\p{N} ]/u.test(event.key);
  const key = SPELLED[event.key] ?? event.key.toLowerCase();
  return [(event.ctrlKey || event.metaKey) && "ctrl", event.altKey && "alt", event.shiftKey && !isSign && "shift", key].filter(Boolean).join("+");
}

/** Tab and Escape keep their meaning, Backspace and Delete take the key away; any other key is the answer. */
export function HotkeyField({ value, onValue, clash, ...rest }: {
  value: string; onValue: (value: string | null) => void; clash?: string; id?: string; "aria-label"?: string; "aria-describedby"?: string; class?: string;
}) {
  const press = (event: KeyboardEvent) => {
    if (event.key === "Tab" || event.key === "Escape" || event.isComposing) return;
    const isClear = event.key === "Backspace" || event.key === "Delete";
    const keys = isClear ? null : keysOf(event);
    event.preventDefault();
    event.stopPropagation();
    if (isClear || keys) onValue(keys);
  };
  return (
    <input
      {...rest} class={`lw-input hotkey-field ${rest.class ?? ""}`} readOnly value={value && shownKeys(value).join(" ")} placeholder={t("Key")} onKeyDown={press}
      title={clash ?? t("Press the key; Backspace takes it away")} aria-invalid={clash ? true : undefined}
    />
  );
}
