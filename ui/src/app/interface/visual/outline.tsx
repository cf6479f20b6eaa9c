/** The tags of a configuration as a tree: chosen, moved, copied and taken out by keys or by hand. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";

import type { TagInfo } from "../../../api/types.ts";
import { t, tn } from "../../../i18n/index.ts";
import { errorsOf, problemText } from "../check.ts";
import { findTag } from "../completion.ts";
import { Icon, type IconName } from "../../components/icons.tsx";
import { copyOf, moveBy, moveIn, moveOut, takeOut } from "./arranging.ts";
import { problemsAt, type Desk } from "./desk.ts";
import { followDrag, rowAt } from "./drag.ts";
import { keyOf } from "./problems_at.ts";
import { mayHold } from "./rules.ts";
import { move } from "./xml_edit.ts";
import { elementAt, isSame, isWithin, valueOf, type Path, type XmlElement } from "./xml_text.ts";

interface Row {
  path: Path;
  element: XmlElement;
  info: TagInfo | undefined;
  labels: number;
  /** Its place among the rows beside it, and their number. */
  place: number;
  size: number;
}

const isLabel = (tags: readonly TagInfo[], element: XmlElement): boolean => findTag(tags, element.name)?.kind === "label";

/** What the tree shows: every element but labels, which the form lists, and what stands in markup. */
export function rowsOf(tags: readonly TagInfo[], element: XmlElement, path: Path = [], place = 1, size = 1): Row[] {
  const info = findTag(tags, element.name);
  const shown = info?.markup ? [] : element.children.map((child, index) => ({ child, index })).filter(({ child }) => !isLabel(tags, child));
  const labels = info?.markup ? 0 : element.children.length - shown.length;
  return [{ path, element, info, labels, place, size }, ...shown.flatMap(({ child, index }, at) => rowsOf(tags, child, [...path, index], at + 1, shown.length))];
}

const ICONS: Record<string, IconName> = { object: "eye", control: "edit", visual: "columns", label: "tag" };

/** What tells elements of one tag apart: the name, else the first thing that it needs. */
function titleOf({ element, info }: Row): string {
  const needed = Object.entries(info?.attributes ?? {}).find(([name, one]) => one.required && valueOf(element, name))?.[0];
  return valueOf(element, "name") ?? (needed ? valueOf(element, needed) : undefined) ?? "";
}

type Where = "before" | "after" | "inside";

interface Drop {
  key: string;
  where: Where;
  parent: Path;
  index: number;
}

/** Where a dragged element would go if it were let go over this row. */
function dropOn(desk: Desk, dragged: Path, row: Row, hasRowsInside: boolean, share: number): Drop | null {
  const { path, element } = row;
  if (isWithin(path, dragged)) return null;
  const root = desk.xml.root!;
  const child = findTag(desk.tags, elementAt(root, dragged)!.name);
  const fits = (parent: Path) => mayHold(desk.tags, root, parent, child);
  const key = keyOf(path);
  const inside = fits(path) ? { key, where: "inside" as const, parent: path, index: hasRowsInside && share > 0.7 ? 0 : element.children.length } : null;
  const beside = path.length > 0 && fits(path.slice(0, -1))
    ? { key, where: share < 0.5 ? ("before" as const) : ("after" as const), parent: path.slice(0, -1), index: path.at(-1)! + (share < 0.5 ? 0 : 1) } : null;
  const isEdge = share < 0.3 || (share > 0.7 && !hasRowsInside);
  return isEdge ? (beside ?? inside) : (inside ?? beside);
}

function Problems({ row, desk }: { row: Row; desk: Desk }) {
  const problems = problemsAt(desk, row.path);
  const inside = [...desk.problems].filter(([key]) => key.startsWith(`${keyOf(row.path)}.`) && row.labels > 0).flatMap(([, some]) => some);
  const all = [...problems, ...inside];
  if (all.length === 0) return null;
  const isBad = errorsOf(all).length > 0;
  return (
    <span class={`outline-problem${isBad ? " outline-problem--bad" : ""}`} data-tip={problemText(all[0]!)}>
      <Icon name={isBad ? "error" : "warning"} size={14} />
      <span class="lw-hidden-visually">{isBad ? tn("{n} error", "{n} errors", errorsOf(all).length) : tn("{n} warning", "{n} warnings", all.length)}</span>
    </span>
  );
}

/** What a key does to the row in hand; nothing if it is not ours. */
function actionOf(event: KeyboardEvent, { desk, rows, current, onAdd, onForm }: { desk: Desk; rows: Row[]; current: Row; onAdd: () => void; onForm: () => void }): (() => void) | undefined {
  const { path } = current;
  const at = rows.indexOf(current);
  const go = (row: Row | undefined) => row && desk.choose(row.path, "outline");
  if (event.altKey) return { ArrowUp: () => moveBy(desk, path, -1), ArrowDown: () => moveBy(desk, path, 1), ArrowRight: () => moveIn(desk, path), ArrowLeft: () => moveOut(desk, path) }[event.key];
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === "d" ? () => copyOf(desk, path) : undefined;
  return {
    ArrowUp: () => go(rows[at - 1]), ArrowDown: () => go(rows[at + 1]), Home: () => go(rows[0]), End: () => go(rows.at(-1)),
    ArrowLeft: () => go(rows.find((row) => isSame(row.path, path.slice(0, -1)))),
    ArrowRight: () => go(rows.find((row) => row.path.length === path.length + 1 && isWithin(row.path, path))),
    Delete: () => takeOut(desk, path), Backspace: () => takeOut(desk, path), Enter: onForm, Insert: onAdd, "+": onAdd,
  }[event.key];
}

function OutlineRow({ desk, row, isChosen, drop, onForm, onPointerDown }: {
  desk: Desk; row: Row; isChosen: boolean; drop: Where | undefined; onForm: () => void; onPointerDown: (event: PointerEvent) => void;
}) {
  return (
    <div
      role="treeitem" class="outline-row" data-path={keyOf(row.path)} data-drop={drop} tabIndex={isChosen ? 0 : -1}
      aria-level={row.path.length + 1} aria-posinset={row.place} aria-setsize={row.size} aria-selected={isChosen} style={{ "--depth": row.path.length }}
      onClick={() => desk.choose(row.path, "outline")} onDblClick={onForm} onPointerDown={onPointerDown}
    >
      {row.path.length > 0 && <span class="outline-grip" aria-hidden="true"><Icon name="grip" size={14} /></span>}
      <Icon name={ICONS[row.info?.kind ?? ""] ?? "help"} size={14} />
      <code class="outline-tag" title={row.element.name}>{row.element.name}</code>
      <code class="outline-title lw-truncate" title={titleOf(row)}>{titleOf(row)}</code>
      {row.labels > 0 && <span class="outline-count lw-digits" aria-label={tn("{n} label", "{n} labels", row.labels)}>{row.labels}</span>}
      <Problems row={row} desk={desk} />
    </div>
  );
}

export function Outline({ desk, onAdd, onForm }: { desk: Desk; onAdd: () => void; onForm: () => void }) {
  const { xml, tags } = desk;
  const tree = useRef<HTMLDivElement>(null);
  const [drop, setDrop] = useState<Drop | null>(null);
  const rows = xml.root ? rowsOf(tags, xml.root) : [];
  // A label is chosen in the form; the tree stays at what it belongs to.
  const current = rows.findLast((row) => isWithin(desk.chosen, row.path)) ?? rows[0];
  const currentKey = current ? keyOf(current.path) : "";

  useLayoutEffect(() => {
    const row = tree.current?.querySelector<HTMLElement>("[aria-selected=true]");
    if (desk.wanted.current === "outline" || tree.current?.contains(document.activeElement)) row?.focus();
    if (desk.wanted.current === "outline") desk.wanted.current = null;
    row?.scrollIntoView({ block: "nearest" });
  }, [currentKey, xml.text]);

  const onKeyDown = (event: KeyboardEvent) => {
    const act = current && !event.isComposing && actionOf(event, { desk, rows, current, onAdd, onForm });
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  const drag = (event: PointerEvent, row: Row) => {
    if (row.path.length === 0 || (event.pointerType === "touch" && !(event.target as Element).closest(".outline-grip"))) return;
    const at = (y: number): Drop | null => {
      const found = rowAt(tree.current!, "data-path", y);
      const over = found && rows.find((one) => keyOf(one.path) === found.row.dataset.path);
      return over ? dropOn(desk, row.path, over, rows.some((one) => one !== over && isWithin(one.path, over.path)), found.share) : null;
    };
    followDrag(event, {
      over: (_x, y) => setDrop(at(y)),
      end: () => setDrop(null),
      drop: (_x, y) => {
        const to = at(y);
        if (!to) return;
        const isAfterItself = isSame(to.parent, row.path.slice(0, -1)) && to.index > row.path.at(-1)!;
        desk.edit((now) => move(now, row.path, to.parent, to.index - (isAfterItself ? 1 : 0)), { focus: "outline", say: t("Moved") });
      },
    });
  };

  return (
    <div ref={tree} class="outline" role="tree" aria-label={t("Tags of the configuration")} onKeyDown={onKeyDown}>
      {rows.map((row) => (
        <OutlineRow
          key={keyOf(row.path)} desk={desk} row={row} isChosen={row === current} drop={drop?.key === keyOf(row.path) ? drop.where : undefined}
          onForm={onForm} onPointerDown={(event) => drag(event, row)}
        />
      ))}
    </div>
  );
}
