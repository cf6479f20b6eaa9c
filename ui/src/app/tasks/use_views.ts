/** The tabs of a project's table: loaded once, changed on screen at once, kept on the server a moment later. */
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";

import { api } from "../../api/client.ts";
import { t } from "../../i18n/index.ts";
import { useResource } from "../resource.ts";
import { setQuery } from "../router.ts";
import { showError } from "../toasts.ts";
import { isPlain, newView, readView, storedData, type StoredView, type TaskView } from "./view.ts";

const REST_MS = 600;
/** What Label Studio calls a project's first tab; shown in the reader's language. */
export const DEFAULT = "Default";

interface Unsaved {
  view: TaskView;
  timer: ReturnType<typeof setTimeout>;
}

export interface Views {
  views: readonly TaskView[];
  current: TaskView;
  isKnown: boolean;
  error: unknown;
  reload: () => Promise<void>;
  show: (view: TaskView) => void;
  /** Change the tab on screen. */
  change: (changes: Partial<TaskView>) => void;
  add: (like?: TaskView) => Promise<void>;
  rename: (view: TaskView, title: string) => Promise<void>;
  remove: (view: TaskView) => Promise<void>;
  /** Put a tab one place further to the left (-1) or the right (1). */
  move: (view: TaskView, step: -1 | 1) => Promise<void>;
}

export function useViews(project: number, tab: number | null, typeOf: (column: string) => string): Views {
  const stored = useResource((signal) => api.get<StoredView[]>("/api/dm/views/", { query: { project }, signal }), [project]);
  const [views, setViews] = useState<TaskView[]>([]);
  const [fresh, setFresh] = useState<TaskView>(() => newView(""));
  const unsaved = useRef<Unsaved | null>(null);
  /** A tab that is being made: its number to come, and what it has become on screen meanwhile. */
  const making = useRef<{ id: Promise<number | null>; latest: TaskView } | null>(null);
  const types = useRef(typeOf);
  types.current = typeOf;
  useEffect(() => {
    if (stored.data) setViews(stored.data.map(readView));
  }, [stored.data]);

  // What was changed before the tabs were there is not lost to them: it becomes one more.
  const current = views.find((one) => one.id === tab) ?? (isPlain(fresh) ? views[0] : undefined) ?? fresh;
  const replace = (view: TaskView) => setViews((all) => all.map((one) => (one.id === view.id ? view : one)));

  const create = async (view: TaskView, keepalive = false): Promise<TaskView> => {
    const answer = await api.post<StoredView>("/api/dm/views/", { project, data: storedData(view, types.current) }, { keepalive });
    return { ...view, id: answer.id };
  };
  const keep = useCallback(async (view: TaskView, keepalive = false) => {
    unsaved.current = null;
    const id = view.id ?? (making.current ? await making.current.id : null);
    if (id !== null) return void (await api.patch(`/api/dm/views/${id}/`, { project, data: storedData(view, types.current) }, { keepalive }));
    const title = view.title || DEFAULT;
    const created = create({ ...view, title }, keepalive);
    making.current = { id: created.then((made) => made.id), latest: view };
    try {
      const made = await created;
      const later = unsaved.current as Unsaved | null;
      if (later?.view.id === null) later.view = { ...later.view, title, id: made.id };
      const shown = { ...making.current.latest, title, id: made.id };
      setViews((all) => [...all, shown]);
      setFresh(newView(""));
      setQuery({ tab: String(made.id) });
    } finally {
      making.current = null;
    }
  }, [project]);
  const flush = useCallback((keepalive = false) => {
    if (!unsaved.current) return;
    clearTimeout(unsaved.current.timer);
    keep(unsaved.current.view, keepalive).catch(showError);
  }, [keep]);
  // Who leaves the page within that moment finds the tab as it was left.
  useEffect(() => {
    const leave = () => flush(true);
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      flush();
    };
  }, [flush]);

  const change = (changes: Partial<TaskView>) => {
    const base = unsaved.current?.view.id === current.id ? unsaved.current.view : current;
    const next = { ...base, ...changes };
    if (next.id === null) {
      setFresh(next);
      if (making.current) making.current.latest = next;
    } else replace(next);
    if (unsaved.current && unsaved.current.view.id !== next.id) flush();
    if (unsaved.current) clearTimeout(unsaved.current.timer);
    unsaved.current = null;
    // What was only looked through is not kept: a tab begins with its first filter, order or column.
    if (next.id === null && isPlain(next)) return;
    unsaved.current = { view: next, timer: setTimeout(() => flush(), REST_MS) };
  };

  return useMemo(() => ({
    views, current, isKnown: stored.data !== undefined, error: stored.error, reload: stored.reload, change,
    show: (view) => { flush(); setQuery({ tab: view.id === null ? null : String(view.id) }); },
    add: async (like) => {
      flush();
      const first = views.length === 0 ? [await create(newView(DEFAULT))] : [];
      const title = like ? t("{title} (copy)", { title: like.title }) : t("New tab {n}", { n: views.length + first.length + 1 });
      const made = await create({ ...(like ?? newView(title)), title, id: null });
      setViews((all) => [...all, ...first, made]);
      setQuery({ tab: String(made.id) });
    },
    rename: async (view, title) => {
      flush();
      const next = { ...view, title };
      replace(next);
      await keep(next);
    },
    remove: async (view) => {
      if (unsaved.current?.view.id === view.id) {
        clearTimeout(unsaved.current.timer);
        unsaved.current = null;
      }
      await api.delete(`/api/dm/views/${view.id}/`);
      setViews((all) => all.filter((one) => one.id !== view.id));
      setQuery({ tab: null });
    },
    move: async (view, step) => {
      const from = views.findIndex((one) => one.id === view.id);
      const next = views.toSpliced(from, 1).toSpliced(from + step, 0, view);
      setViews(next);
      await api.post("/api/dm/views/order/", { project, ids: next.map((one) => one.id) });
    },
  }), [views, current, stored.data, stored.error, fresh]);
}
