/** Relations as lines over the objects. They follow whatever scrolls, zooms or grows beneath them. */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useContext } from "preact/hooks";

import { inkOn } from "./colours.ts";
import { RuntimeContext } from "./context.ts";
import { lineBetween, type Box, type Line } from "./relation_paths.ts";
import { endsOf, type Direction } from "./relations.ts";
import type { Runtime } from "./runtime.ts";

/** With more than these, only those of what is selected or pointed at: a web of lines says nothing. */
const MANY = 60;

interface Drawn extends Line {
  id: string;
  direction: Direction;
  colour: string;
  words: string;
  isNear: boolean;
}

interface View {
  frame: Box;
  lines: readonly Drawn[];
}

const NOTHING: View = { frame: { left: 0, top: 0, width: 0, height: 0 }, lines: [] };

export function RelationLines({ root }: { root: RefObject<HTMLElement | null> }) {
  const runtime = useContext(RuntimeContext);
  const ids = useComputed(() => wanted(runtime));
  const view = useSignal(NOTHING);
  useSignalEffect(() => {
    const shown = ids.value;
    if (shown.length === 0) {
      view.value = NOTHING;
      return;
    }
    let frame = 0;
    let last = "";
    const look = (): void => {
      const next = measured(runtime, shown, root.current);
      const print = JSON.stringify(next);
      if (print !== last) [view.value, last] = [next, print];
      frame = requestAnimationFrame(look);
    };
    look();
    return () => cancelAnimationFrame(frame);
  });
  const { frame, lines } = view.value;
  if (lines.length === 0) return null;
  return (
    <div class="lw-relations-over" aria-hidden="true" style={{ left: `${frame.left}px`, top: `${frame.top}px`, width: `${frame.width}px`, height: `${frame.height}px` }}>
      <svg width="100%" height="100%">
        {lines.map((line) => <Path key={line.id} line={line} />)}
      </svg>
      {lines.filter((line) => line.words).map((line) => (
        <span key={line.id} class="lw-relation-words" style={{ left: `${line.middle.x}px`, top: `${line.middle.y}px`, background: line.colour, color: ink(line.colour) }}>{line.words}</span>
      ))}
    </div>
  );
}

const ink = (colour: string): string => (colour.startsWith("#") ? inkOn(colour) : "var(--lw-on-accent)");

function Path({ line }: { line: Drawn }) {
  const head = `lw-head-${line.id.replace(/[^\w-]/g, "_")}`;
  return (
    <g class="lw-relation-line" data-near={line.isNear || undefined} style={{ color: line.colour }}>
      <marker id={head} viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="11" markerHeight="11" orient="auto-start-reverse">
        <path d="M0 0.5L8 4L0 7.5z" fill="currentColor" />
      </marker>
      <path class="lw-relation-halo" d={line.path} />
      <path d={line.path} marker-end={line.direction === "left" ? undefined : `url(#${head})`} marker-start={line.direction === "right" ? undefined : `url(#${head})`} />
    </g>
  );
}

function wanted(runtime: Runtime): readonly string[] {
  const { relations, selection } = runtime;
  if (!relations.areShown.value) return [];
  const hidden = selection.hidden.value;
  const visible = relations.ids.value.filter((id) => {
    const { from, to } = endsOf(runtime.store.get(id)!);
    return !hidden.has(from) && !hidden.has(to);
  });
  return visible.length > MANY ? visible.filter((id) => isNear(runtime, id)).slice(0, MANY) : visible;
}

function isNear(runtime: Runtime, id: string): boolean {
  const { from, to } = endsOf(runtime.store.get(id)!);
  const { ids, hovered } = runtime.selection;
  return [from, to].some((end) => ids.value.has(end) || hovered.value === end) || runtime.relations.hovered.value === id;
}

function measured(runtime: Runtime, ids: readonly string[], root: HTMLElement | null): View {
  const main = root?.querySelector(".lw-lab-main")?.getBoundingClientRect();
  const outer = root?.getBoundingClientRect();
  if (!main || !outer) return NOTHING;
  const lines = ids.flatMap((id): Drawn[] => {
    const relation = runtime.store.peek(id);
    if (!relation) return [];
    const { from, to, direction, labels } = endsOf(relation);
    const [a, b] = [boxOf(runtime, from, main), boxOf(runtime, to, main)];
    if (!a || !b) return [];
    const first = labels[0] === undefined ? null : runtime.relations.labelNamed(labels[0]);
    const words = labels.map((label) => runtime.relations.labelNamed(label)?.text ?? label).join(", ");
    return [{ id, direction, words, colour: first?.background ?? "var(--lw-accent)", isNear: isNear(runtime, id), ...lineBetween(a, b) }];
  });
  return { frame: { left: main.left - outer.left, top: main.top - outer.top, width: main.width, height: main.height }, lines };
}

/** Where a region is within the main part, if any of it can be seen. */
function boxOf(runtime: Runtime, id: string, main: DOMRect): Box | null {
  const part = runtime.objects.get(runtime.store.peek(id)?.object ?? "");
  const box = part && runtime.guard(part.info, () => part.handle?.boxOf?.(id) ?? null);
  const place = part?.place.peek()?.getBoundingClientRect();
  if (!box || !place || box.bottom < place.top || box.top > place.bottom || box.right < place.left || box.left > place.right) return null;
  return { left: box.left - main.left, top: box.top - main.top, width: box.width, height: box.height };
}
