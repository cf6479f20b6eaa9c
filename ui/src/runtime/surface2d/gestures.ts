/** What a pressed pointer does until it is let go: each gesture is a small object with the same ends. */
import type { ActiveTool, Drawing, ObjectContext, Point, Region, Size, ToolIO, Transaction } from "../../../sdk/labelwright";
import { guarded } from "./spatial.ts";

/** Where the pointer is: on the screen (pixels of the element) and on the object (percent). */
export interface At {
  screen: Point;
  data: Point;
  shift: boolean;
  alt: boolean;
  toggles: boolean;
  touch: boolean;
}

export interface Gesture {
  move(at: At): void;
  up(at: At): void;
  cancel(): void;
  cursor?: string;
}

const STILL_PX = 3;

export const isFar = (one: Point, other: Point, px = STILL_PX): boolean => Math.hypot(one.x - other.x, one.y - other.y) > px;

/** The hold of a tool on its open region. It outlives single presses: a shape may be drawn by clicks. */
export class ToolHold implements ToolIO {
  active = false;
  origin: Point = { x: 0, y: 0 };
  dragged = false;
  shift = false;
  alt = false;
  state: unknown = null;
  #drawing: Drawing | null = null;
  #at: Point = { x: 0, y: 0 };
  #pressed: Point = { x: 0, y: 0 };

  constructor(
    readonly ctx: Pick<ObjectContext, "draw">,
    readonly tool: ActiveTool,
    readonly attrs: Record<string, unknown>,
    readonly measure: () => { size: Size; grain: Size },
  ) {}

  get size(): Size {
    return this.measure().size;
  }

  get grain(): Size {
    return this.measure().grain;
  }

  down(at: At): void {
    this.#note(at);
    this.#pressed = at.screen;
    this.dragged = false;
    guarded(() => this.tool.tool.down(at.data, this));
  }

  move(at: At): void {
    this.#note(at);
    if (isFar(at.screen, this.#pressed)) this.dragged = true;
    guarded(() => this.tool.tool.move?.(at.data, this));
  }

  up(at: At): void {
    this.#note(at);
    guarded(() => this.tool.tool.up?.(at.data, this));
  }

  /** Says whether something was under way. */
  cancel(): boolean {
    if (!this.active) return false;
    if (this.tool.tool.cancel) guarded(() => this.tool.tool.cancel!(this));
    this.abort();
    return true;
  }

  #note(at: At): void {
    this.#at = at.data;
    this.shift = at.shift;
    this.alt = at.alt;
  }

  begin(value: unknown): void {
    this.active = true;
    this.origin = this.#at;
    if (value !== null) this.update(value);
  }

  update(value: unknown): void {
    if (!this.active) return;
    if (value === null) {
      this.#drawing?.cancel();
      this.#drawing = null;
    } else if (this.#drawing) {
      this.#drawing.update(value);
    } else {
      this.#drawing = this.ctx.draw(value);
      if (!this.#drawing) this.abort();
    }
  }

  commit(): void {
    const drawing = this.#drawing;
    this.#end();
    drawing?.commit();
  }

  abort(): void {
    const drawing = this.#drawing;
    this.#end();
    drawing?.cancel();
  }

  #end(): void {
    this.active = false;
    this.#drawing = null;
    this.state = null;
  }
}

/** Move the selected regions; a press without movement is a click. */
export function moving(ctx: ObjectContext, ids: readonly string[], start: At, size: Size, onClick: () => void): Gesture {
  const regions = ids.map((id) => ctx.store.peek(id)).filter((region): region is Region => region !== null && !ctx.isLocked(region));
  let tx: Transaction | null = null;
  return {
    cursor: "grabbing",
    move(at) {
      if (!tx && (!isFar(at.screen, start.screen, start.touch ? 8 : STILL_PX) || regions.length === 0)) return;
      tx ??= ctx.store.begin(ctx.t("Move"));
      let [dx, dy] = [at.data.x - start.data.x, at.data.y - start.data.y];
      if (at.shift) [dx, dy] = Math.abs(dx * size.width) > Math.abs(dy * size.height) ? [dx, 0] : [0, dy];
      for (const region of regions) {
        const moved = guarded(() => ctx.regionType(region)?.translate?.(region.value, dx, dy, size));
        if (moved) tx.setValue(region.id, moved);
      }
    },
    up() {
      if (tx) tx.commit();
      else onClick();
    },
    cancel: () => tx?.cancel(),
  };
}

/** Drag one handle of a region. */
export function reshaping(ctx: ObjectContext, region: Region, handle: string, start: At, size: Size, cursor?: string): Gesture {
  let tx: Transaction | null = null;
  return {
    cursor,
    move(at) {
      tx ??= ctx.store.begin(ctx.t("Change shape"));
      const drag = { start: region.value, from: start.data, size, shift: at.shift, alt: at.alt, attrs: ctx.attrsOf(region) };
      const next = guarded(() => ctx.regionType(region)?.dragHandle?.(region.value, handle, at.data, drag));
      if (next) tx.setValue(region.id, next);
    },
    up: () => tx?.commit(),
    cancel: () => tx?.cancel(),
  };
}

/** Mark a box on the screen; everything whose bounds touch it is selected. */
export function framing(start: At, show: (box: [Point, Point] | null) => void, choose: (from: Point, to: Point) => void, onClick: () => void): Gesture {
  let isMarked = false;
  return {
    move(at) {
      isMarked ||= isFar(at.screen, start.screen);
      if (isMarked) show([start.screen, at.screen]);
    },
    up(at) {
      show(null);
      if (isMarked) choose(start.data, at.data);
      else onClick();
    },
    cancel: () => show(null),
  };
}

export function panning(start: At, by: (dx: number, dy: number) => void, onClick?: () => void): Gesture {
  let last = start.screen;
  let isMoved = false;
  return {
    cursor: "grabbing",
    move(at) {
      isMoved ||= isFar(at.screen, start.screen);
      by(at.screen.x - last.x, at.screen.y - last.y);
      last = at.screen;
    },
    up() {
      if (!isMoved) onClick?.();
    },
    cancel: () => undefined,
  };
}
