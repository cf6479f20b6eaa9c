/** A person's own keys, in the shape in which Label Studio keeps them; a change is in force at once, in every tab. */
import { computed, signal, type ReadonlySignal } from "@preact/signals";

import { api } from "../api/client.ts";
import { boot, type Keymap } from "../boot.ts";
import { actionOf, type Action } from "./catalogue.ts";
import { IS_MAC, keysIn } from "./chords.ts";
import { fromStored, toStored } from "./label_studio.ts";

/** `{"annotation:submit": {key: "ctrl+s", active: true}}`. What it names and nobody here knows is kept. */
export type KeyMap = Readonly<Keymap>;

const own = signal<KeyMap>(fromStored(boot.user?.custom_hotkeys ?? {}));
const installed = fromStored(boot.keymap ?? {});

/** Written by `saveOwnKeys`. */
export const ownKeys: ReadonlySignal<KeyMap> = computed(() => own.value);

function said(entry: Keymap[string] | undefined, usual: readonly string[]): readonly string[] | null {
  if (!entry) return null;
  if (entry.active === false) return [];
  const key = (IS_MAC && entry.mac) || entry.key;
  if (key === null) return [];
  return key === undefined ? usual : keysIn(key);
}

/** The keys that an action answers to: a person's own, else the installation's, else the usual ones. */
export function keysInForce(id: string, usual: readonly string[], map: KeyMap = own.value): readonly string[] {
  return said(map[id], usual) ?? installedKeys(id, usual);
}

/** What an action has where a person changed nothing. */
export function installedKeys(id: string, usual: readonly string[]): readonly string[] {
  return said(installed[id], usual) ?? usual;
}

export const keysOf = (action: Pick<Action, "id" | "keys">, map?: KeyMap): readonly string[] => keysInForce(action.id, action.keys, map);

/** The first key of an action, for tooltips. */
export function keyOf(id: string): string | undefined {
  return keysInForce(id, actionOf(id)?.keys ?? [])[0];
}

/* ---------------------------------------------------------------- keeping them */

const STORE = "labelwright:keys";

/** Other tabs are told by what is put into the store for a moment. */
function tellTabs(map: KeyMap): void {
  try {
    localStorage.setItem(STORE, JSON.stringify({ user: boot.user?.id, map }));
    localStorage.removeItem(STORE);
  } catch {
    // Then they know when they are loaded again.
  }
}

if (typeof addEventListener === "function") {
  addEventListener("storage", ({ key, newValue }) => {
    if (key !== STORE || !newValue) return;
    const told = JSON.parse(newValue) as { user: number; map: KeyMap };
    if (told.user === boot.user?.id) own.value = told.map;
  });
}

let last: Promise<unknown> = Promise.resolve();

async function send(after: Promise<unknown>, map: KeyMap): Promise<void> {
  await after;
  await api.patch("/api/current-user/hotkeys/", { custom_hotkeys: toStored(map) });
}

/** Change the map. It is in force before the server has answered, and taken back if the server refuses. */
export async function saveOwnKeys(change: (map: KeyMap) => KeyMap): Promise<void> {
  const before = own.peek();
  const next = change(before);
  own.value = next;
  const sent = send(last, next);
  last = sent.catch(() => undefined);
  try {
    await sent;
  } catch (error) {
    if (own.peek() === next) own.value = before;
    throw error;
  }
  tellTabs(next);
}
