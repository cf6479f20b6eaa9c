/** What a person can do to regions, as commands with keys. */
import type { Region, ResultItem } from "../../sdk/labelwright";
import { t } from "../i18n/index.ts";
import { named, shownKeys, type Command } from "./hotkeys.ts";
import { newId } from "./ids.ts";
import { m } from "./messages.ts";
import { regionOf } from "./results.ts";
import type { Runtime } from "./runtime.ts";
import { toggled, without } from "./selection.ts";
import { set, settings } from "./settings.ts";

const NUDGE_MERGE = "nudge";

export class Actions {
  /** The note field asks for the focus. */
  focusNote: (() => void) | null = null;

  constructor(readonly runtime: Runtime) {}

  #editable(ids: Iterable<string>): Region[] {
    const found = [...ids].map((id) => this.runtime.store.peek(id)).filter((region) => region !== null);
    return found.filter((region) => !this.runtime.isLocked(region));
  }

  get #selected(): ReadonlySet<string> {
    return this.runtime.selection.ids.peek();
  }

  remove = (ids: Iterable<string> = this.#selected): void => {
    const regions = this.#editable(ids);
    if (regions.length === 0) return;
    const gone = new Set(regions.map((region) => region.id));
    const label = regions.length === 1 ? t("Delete region") : t("Delete {n} regions", { n: regions.length });
    const next = this.#after(gone);
    const all = this.runtime.store.peekOrder().slice(); // it shrinks meanwhile
    this.runtime.store.edit(label, (tx) => {
      for (const id of all) if (gone.has(id) || this.#joins(id, gone)) tx.remove(id);
    });
    if (next && regions.length === 1 && settings.peek().sideTab === "regions") this.runtime.selection.select([next]);
    // No question is asked before: how it comes back is said, and seen.
    const undo = this.runtime.hotkeys.keyOf("annotation:undo");
    this.runtime.announcer.say(undo ? t("{done}. {keys} brings it back.", { done: label, keys: shownKeys(undo).join(" ") }) : label, true);
  };

  /** A relation whose end goes, goes too. */
  #joins(id: string, gone: ReadonlySet<string>): boolean {
    if (!id.startsWith("relation/")) return false;
    const item = this.runtime.store.peek(id)?.items[0];
    return gone.has(String(item?.from_id)) || gone.has(String(item?.to_id));
  }

  #after(gone: ReadonlySet<string>): string | null {
    if (document.activeElement?.closest("[data-regions]") === null) return null;
    const listed = this.runtime.listed.peek();
    const at = listed.findIndex((id) => gone.has(id));
    return listed.slice(at).find((id) => !gone.has(id)) ?? listed.slice(0, at).findLast((id) => !gone.has(id)) ?? null;
  }

  removeAll = (): void => this.remove(this.runtime.listed.peek());

  duplicate = (): void => {
    this.paste(this.#editable(this.#selected).map((region) => region.items), 2);
  };

  copy = (): void => {
    const items = this.#editable(this.#selected).filter((region) => region.type !== null).map((region) => region.items);
    if (items.length === 0) return;
    clipboard.write(items);
    this.runtime.announcer.say(t("Copied {n} regions", { n: items.length }), true);
  };

  /** Put copies in, moved by `shift` percent, and select them. */
  paste = (copies: readonly (readonly ResultItem[])[] = clipboard.read(), shift = 0): void => {
    const { store } = this.runtime;
    if (copies.length === 0 || this.runtime.isReadonly()) return;
    const made: string[] = [];
    store.edit(t("Paste {n} regions", { n: copies.length }), (tx) => {
      for (const items of copies) {
        const id = newId();
        const fresh = items.map((item) => ({ ...item, id, origin: "manual" as const }));
        const region = regionOf(id, fresh, (item) => this.runtime.recognise(item));
        const type = this.runtime.regionType(region);
        if (!type) continue;
        tx.set(region);
        if (shift && type.translate) tx.setValue(id, type.translate(region.value, shift, shift, this.runtime.sizeOf(region)));
        made.push(id);
      }
    });
    this.runtime.selection.select(made);
  };

  nudge(dx: number, dy: number): void {
    const regions = this.#editable(this.#selected);
    if (regions.length === 0) return;
    this.runtime.store.edit(t("Move"), (tx) => {
      for (const region of regions) {
        const type = this.runtime.regionType(region);
        const size = this.runtime.sizeOf(region);
        if (!type?.translate) continue;
        tx.setValue(region.id, type.translate(region.value, (dx / size.width) * 100, (dy / size.height) * 100, size));
      }
    }, NUDGE_MERGE + [...this.#selected].join());
  }

  hide = (ids: Iterable<string> = this.#selected): void => {
    const { hidden } = this.runtime.selection;
    for (const id of ids) hidden.value = toggled(hidden.peek(), id);
  };

  hideAll = (): void => {
    const { hidden } = this.runtime.selection;
    const all = this.runtime.listed.peek();
    hidden.value = all.every((id) => hidden.peek().has(id)) ? without(hidden.peek(), all) : new Set(all);
  };

  lock = (ids: Iterable<string> = this.#selected): void => {
    const { locked } = this.runtime.selection;
    for (const id of ids) locked.value = toggled(locked.peek(), id);
  };

  cycle = (by: 1 | -1): void => {
    const listed = this.runtime.listed.peek();
    if (listed.length === 0) return;
    const now = listed.findLastIndex((id) => this.#selected.has(id));
    const next = listed[(now + by + listed.length) % listed.length]!;
    this.runtime.selection.select([next]);
    this.focus(next);
    this.runtime.announcer.say(this.runtime.spoken(this.runtime.store.peek(next)!));
  };

  /** Bring a region into view. */
  focus = (id: string): void => {
    const region = this.runtime.store.peek(id);
    if (!region) return;
    const part = this.runtime.objects.get(region.object);
    this.runtime.wanted.value = { name: region.object };
    if (part?.handle) part.handle.focus(id);
    else setTimeout(() => part?.handle?.focus(id)); // it was folded away until now
  };

  /** Escape: first what is being drawn, then what is in hand, then the selection. */
  leave = (): void => {
    if (this.runtime.relations.cancel()) return;
    const cancelled = [...this.runtime.objects.values()].some((part) => part.handle?.cancel?.() === true);
    if (cancelled) return;
    if (this.runtime.selection.ids.peek().size > 0) this.runtime.selection.clear();
    else this.runtime.hand.letGo();
  };

  commands(): Command[] {
    const { runtime } = this;
    const { relations } = runtime;
    const editing = (): boolean => !runtime.readonly.peek();
    const some = (): boolean => this.#selected.size > 0;
    const only = (): boolean => this.#selected.size === 1;
    const related = (): boolean => editing() && relations.current.peek() !== null;
    return [
      named("annotation:undo", () => runtime.store.undo(), editing),
      named("annotation:redo", () => runtime.store.redo(), editing),
      named("region:delete", () => this.remove(), () => editing() && some()),
      named("region:delete-all", this.removeAll, editing),
      named("region:duplicate", this.duplicate, () => editing() && some()),
      named("region:copy", this.copy, () => some() && !marked()),
      named("region:paste", () => this.paste(), () => editing() && clipboard.read().length > 0),
      named("region:select-all", () => runtime.selection.select(runtime.listed.peek())),
      named("region:unselect", () => { runtime.selection.clear(); runtime.hand.letGo(); }),
      named("region:exit", this.leave),
      named("region:cycle", () => this.cycle(1)),
      named("region:cycle-back", () => this.cycle(-1)),
      named("region:focus", () => [...this.#selected].slice(0, 1).forEach(this.focus), some),
      // The same key, while a relation waits for its other end.
      { ...named("region:focus", () => relations.finish(), () => relations.from.peek() !== null), title: () => t("Relate it to the selected region") },
      named("region:visibility", () => this.hide(), some),
      named("region:visibility-all", this.hideAll),
      named("region:lock", () => this.lock(), () => editing() && some()),
      named("region:meta", () => this.focusNote?.(), only),
      named("region:relation", () => (relations.from.peek() === null ? relations.start() : relations.finish()), () => editing() && only()),
      named("relation:turn", () => relations.turn(relations.current.peek()!), related),
      named("relation:show", () => (relations.areShown.value = !relations.areShown.peek())),
      ...relations.labels.map((label): Command => ({
        id: `relation:label:${label.value}`, keys: [], title: () => t("Relation: {label}", { label: label.text }), group: m("Relations"),
        run: () => relations.label(relations.current.peek()!, label.value), when: related,
      })),
      named("tool:move", () => runtime.hand.setTool("select")),
      named("tool:pan-image", () => runtime.hand.setTool("pan"), () => runtime.tools.some((one) => one.tool.space === "2d")),
      ...runtime.tools.map((one): Command => ({
        id: `tool:${one.tool.name}`, keys: runtime.usualKeys(one), title: () => runtime.toolTitle(one), group: m("Tools"),
        run: () => runtime.hand.setTool("draw", one), when: editing, owner: one.control,
      })),
      named("setting:keep-label", () => set("keepLabel", !settings.peek().keepLabel)),
      named("setting:show-labels", () => set("showLabels", !settings.peek().showLabels)),
      named("setting:select-after", () => set("selectAfterDrawing", !settings.peek().selectAfterDrawing)),
      named("view:side", () => set("sideOpen", !settings.peek().sideOpen)),
    ];
  }
}

/** Text is marked on the page: Ctrl+C means that. */
const marked = (): boolean => !(getSelection()?.isCollapsed ?? true);

const CLIPBOARD = "labelwright:regions";

/** Copies last over tasks and tabs of this browser. */
const clipboard = {
  write(items: readonly (readonly ResultItem[])[]): void {
    try {
      localStorage.setItem(CLIPBOARD, JSON.stringify(items));
    } catch {
      // Too large or forbidden: then there is nothing to paste.
    }
  },
  read(): ResultItem[][] {
    try {
      return JSON.parse(localStorage.getItem(CLIPBOARD) ?? "[]") as ResultItem[][];
    } catch {
      return [];
    }
  },
};
