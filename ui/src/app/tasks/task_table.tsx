/** The table of a project's tasks: only rows in view exist, so that a million are as quick as ten. */
import { useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Ref } from "preact";

import type { TaskRow, UserLite } from "../../api/types.ts";
import { t, tn } from "../../i18n/index.ts";
import { ErrorPanel, Skeleton } from "../components/states.tsx";
import { Icon } from "../components/icons.tsx";
import { Cell } from "./cell.tsx";
import { columnsOf, includedFor, isSeen, spread, type Column, type ServerColumn } from "./columns.ts";
import { TaskPages, type Asked } from "./pages.ts";
import { choose, EVERYTHING, isChosen, NOTHING, type Selection } from "./selection.ts";
import { rowsInView, scrolledTo, topOf, topShowing, track } from "./scroll.ts";
import "./tasks.css";

/** Where somebody was in each project's table, for when they come back from a task. */
const places = new Map<number, { top: number; active: number }>();

const ROW = 48;
const IMAGE_ROW = 72;
const CHECK = 44;

export interface TableHandle {
  refresh: () => Promise<void>;
  focus: () => void;
}

interface Props {
  projectId: number;
  /** Which tasks in which order: see `askedFor`. */
  query: Asked["query"];
  serverColumns: readonly ServerColumn[];
  hidden: readonly string[] | null;
  ordering: readonly string[];
  /** A column's head was pressed; with `add`, besides the others. */
  onOrder: (column: string, add: boolean) => void;
  onColumns: (columns: readonly Column[]) => void;
  /** The server refused the question; `null`: it has answered. */
  onProblem: (error: unknown) => void;
  people: ReadonlyMap<number, UserLite>;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  onOpen: (id: number) => void;
  onTotal: (total: number, annotations: number) => void;
  onDelete: () => void;
  tableRef?: Ref<TableHandle>;
}

export function TaskTable({
  projectId, query, serverColumns, hidden, ordering, onOrder, onColumns, onProblem, people, selection, onSelection, onOpen, onTotal, onDelete, tableRef,
}: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [, redraw] = useState(0);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [place] = useState(() => places.get(projectId));
  const [top, setTop] = useState(place?.top ?? 0);
  const [active, setActive] = useState(place?.active ?? 0);
  const anchor = useRef<number | null>(null);
  // Set by us, so that the scroll event it causes is not taken for the user's.
  const ownScroll = useRef<number | null>(null);
  const pages = useMemo(() => new TaskPages(projectId, { query, include: null }, () => redraw((n) => n + 1)), [projectId]);
  useEffect(() => () => pages.dispose(), [pages]);

  const known = pages.known();
  const all = useMemo(() => columnsOf(known, serverColumns), [known[0]?.id, known.length, pages.isKnown, serverColumns, t("ID")]);
  const columns = useMemo(() => all.filter((one) => isSeen(one, hidden)), [all, hidden]);
  useEffect(() => onColumns(all), [all]);
  const include = includedFor(columns);
  const question = JSON.stringify([query, include]);
  const wasAsked = useRef(JSON.stringify([query, null]));
  useEffect(() => {
    if (question === wasAsked.current) return;
    wasAsked.current = question;
    pages.change({ query, include });
  }, [question]);
  useEffect(() => onProblem(pages.error), [pages.error]);
  const rowHeight = columns.some((one) => one.kind === "image") ? IMAGE_ROW : ROW;
  const shown = spread(columns, size.width - CHECK - 2);
  const width = CHECK + shown.reduce((sum, one) => sum + one.width, 0);
  const at = track(pages.total, rowHeight, size.height);
  const [first, end] = rowsInView(top, size.height, rowHeight, pages.total);

  useLayoutEffect(() => {
    const watcher = new ResizeObserver(([entry]) => {
      const { width: w, height: h } = entry!.contentRect;
      setSize({ width: w, height: h - 40 });
    });
    watcher.observe(frame.current!);
    return () => watcher.disconnect();
  }, []);
  useEffect(() => pages.want(first, end), [pages, first, end, pages.isStale]);
  // Another question begins at its first row.
  const asked = JSON.stringify(query);
  const wasShown = useRef(asked);
  useEffect(() => {
    if (wasShown.current === asked) return;
    wasShown.current = asked;
    setActive(0);
    goTo(0);
  }, [asked]);
  useEffect(() => { if (pages.isKnown) onTotal(pages.total, pages.totalAnnotations); }, [pages.total, pages.totalAnnotations, pages.isKnown]);

  const goTo = (next: number) => {
    const wanted = Math.max(0, Math.min(next, at.full - at.view));
    ownScroll.current = Math.round(scrolledTo(at, wanted));
    setTop(wanted);
    frame.current!.scrollTop = ownScroll.current;
  };
  const onScroll = () => {
    const scrolled = frame.current!.scrollTop;
    if (ownScroll.current !== null && Math.abs(ownScroll.current - scrolled) < 2) {
      ownScroll.current = null;
      return;
    }
    ownScroll.current = null;
    setTop(topOf(at, scrolled));
  };
  // On a scaled track the browser's own step would be many rows: a wheel moves rows, as everywhere.
  useEffect(() => {
    const element = frame.current!;
    const onWheel = (event: WheelEvent) => {
      if (at.full === at.height || event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      goTo(top + event.deltaY * (event.deltaMode === 1 ? rowHeight : event.deltaMode === 2 ? size.height : 1));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  });

  useImperativeHandle(tableRef ?? null, () => ({ refresh: () => pages.refresh(first, end), focus: () => frame.current?.focus() }), [pages, first, end]);

  useEffect(() => { places.set(projectId, { top, active }); }, [projectId, top, active]);
  useLayoutEffect(() => {
    if (!pages.isKnown || !size.height || !place) return;
    goTo(top);
    frame.current?.focus({ preventScroll: true });
  }, [pages.isKnown, size.height > 0]);

  const move = (to: number, extend: boolean) => {
    const next = Math.max(0, Math.min(pages.total - 1, to));
    if (extend) {
      const from = (anchor.current ??= active);
      const range = Array.from({ length: Math.abs(next - from) + 1 }, (_, step) => pages.row(Math.min(from, next) + step)?.id).filter((id) => id !== undefined);
      onSelection(choose(selection, range, true));
    } else anchor.current = null;
    setActive(next);
    goTo(topShowing(next, top, at.view, rowHeight));
  };
  const toggle = (index: number, row: TaskRow, extend: boolean) => {
    const wanted = !isChosen(selection, row.id);
    const from = extend && anchor.current !== null ? anchor.current : index;
    const ids = Array.from({ length: Math.abs(index - from) + 1 }, (_, step) => pages.row(Math.min(from, index) + step)?.id).filter((id) => id !== undefined);
    onSelection(choose(selection, ids, wanted));
    anchor.current = index;
    setActive(index);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== frame.current || event.altKey) return;
    const page = Math.max(1, Math.floor(at.view / rowHeight) - 1);
    const steps: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: pages.total - 1 };
    const row = pages.row(active);
    const isMod = event.ctrlKey || event.metaKey;
    if (event.key in steps && !isMod) move(steps[event.key]!, event.shiftKey);
    else if (event.key === "Enter" && row && !isMod) onOpen(row.id);
    else if (event.key === " " && row) toggle(active, row, event.shiftKey);
    else if (event.key === "a" && isMod) onSelection(EVERYTHING);
    else if (event.key === "Escape") onSelection(NOTHING);
    else if (event.key === "Delete") onDelete();
    else return;
    event.preventDefault();
  };

  const isAll = selection.all && selection.ids.size === 0;
  const isSome = !isAll && (selection.all || selection.ids.size > 0);
  // Rows are laid out around the scroll bar's place, since the track may be shorter than they are.
  const offset = scrolledTo(at, top) - top;
  const layout = { width: `${width}px`, gridTemplateColumns: `${CHECK}px ${shown.map((one) => `${one.width}px`).join(" ")}` };

  if (pages.error && !pages.isKnown) return <ErrorPanel error={pages.error} onRetry={() => pages.refresh(0, 1)} />;
  return (
    <div
      ref={frame} class="tasks-frame" role="grid" tabIndex={0} aria-label={tn("{n} task", "{n} tasks", pages.total)} aria-rowcount={pages.total + 1} aria-colcount={shown.length + 1}
      aria-multiselectable="true" aria-activedescendant={pages.row(active) ? `task-${pages.row(active)!.id}` : undefined} onScroll={onScroll} onKeyDown={onKeyDown}
    >
      <div class="tasks-head" role="row" aria-rowindex={1} style={layout}>
        <div role="columnheader" class="tasks-check">
          <input
            type="checkbox" tabIndex={-1} aria-label={t("Select all tasks")} checked={isAll} ref={(element) => { if (element) element.indeterminate = isSome; }}
            onChange={() => onSelection(isAll ? NOTHING : EVERYTHING)}
          />
        </div>
        {shown.map((column) => <Head key={column.id} column={column} ordering={ordering} onOrder={onOrder} />)}
      </div>
      <div class="tasks-track" role="rowgroup" style={{ height: `${pages.isKnown ? at.height : size.height}px`, width: `${width}px` }}>
        {pages.isKnown
          ? Array.from({ length: end - first }, (_, step) => first + step).map((index) => (
            <Row
              key={index} index={index} row={pages.row(index)} columns={shown} style={{ ...layout, height: `${rowHeight}px`, transform: `translateY(${index * rowHeight + offset}px)` }}
              people={people} selection={selection} isActive={index === active} onToggle={toggle} onOpen={onOpen} onPoint={() => { setActive(index); frame.current?.focus({ preventScroll: true }); }}
            />
          ))
          : Array.from({ length: 12 }, (_, index) => <div key={index} class="tasks-row" aria-hidden="true" style={{ ...layout, height: `${ROW}px`, transform: `translateY(${index * ROW}px)` }}><span /><Skeleton width="60%" /><Skeleton width="80%" /></div>)}
      </div>
    </div>
  );
}

/** The head of a column: pressed, the table is ordered by it; with Shift, by it besides the others. */
function Head({ column, ordering, onOrder }: { column: Column; ordering: readonly string[]; onOrder: (column: string, add: boolean) => void }) {
  const isUp = ordering.includes(column.id);
  const isDown = ordering.includes(`-${column.id}`);
  const shared = `tasks-cell tasks-cell--${column.kind}`;
  if (!column.type) return <div role="columnheader" class={`${shared} lw-truncate`}>{column.title}</div>;
  return (
    <div role="columnheader" class={shared} aria-sort={isUp ? "ascending" : isDown ? "descending" : "none"}>
      <button type="button" class="tasks-sort" tabIndex={-1} data-tip={t("Order by {column}", { column: column.title })} onClick={(event) => onOrder(column.id, event.shiftKey)}>
        <span class="lw-truncate">{column.title}</span>
        {(isUp || isDown) && <Icon name={isUp ? "arrow-up" : "arrow-down"} size={12} />}
      </button>
    </div>
  );
}

function Row({ index, row, columns, people, style, selection, isActive, onToggle, onOpen, onPoint }: {
  index: number; row: TaskRow | undefined; columns: Column[]; style: Record<string, string>; selection: Selection; isActive: boolean;
  people: ReadonlyMap<number, UserLite>; onToggle: (index: number, row: TaskRow, extend: boolean) => void; onOpen: (id: number) => void; onPoint: () => void;
}) {
  if (!row) {
    return (
      <div class="tasks-row" role="row" aria-rowindex={index + 2} aria-busy="true" style={style}>
        <span role="gridcell"><span class="lw-hidden-visually">{t("Loading…")}</span></span>{columns.map((column) => <span key={column.id} role="gridcell" class={`tasks-cell tasks-cell--${column.kind}`}><Skeleton width="70%" height={11} /></span>)}
      </div>
    );
  }
  const chosen = isChosen(selection, row.id);
  return (
    <div
      id={`task-${row.id}`} class="tasks-row" role="row" aria-rowindex={index + 2} aria-selected={chosen} data-active={isActive || undefined} style={style}
      onClick={(event) => {
        if ((event.target as Element).closest(".tasks-check")) return;
        onPoint();
        if (event.shiftKey || event.ctrlKey || event.metaKey) onToggle(index, row, event.shiftKey);
        else onOpen(row.id);
      }}
    >
      <div role="gridcell" class="tasks-check">
        <input
          type="checkbox" tabIndex={-1} aria-label={t("Select task {id}", { id: String(row.id) })} checked={chosen}
          onClick={(event) => { event.stopPropagation(); onToggle(index, row, event.shiftKey); }}
        />
      </div>
      {columns.map((column) => <div key={column.id} role="gridcell" class={`tasks-cell tasks-cell--${column.kind}`}><Cell row={row} column={column} people={people} /></div>)}
    </div>
  );
}
