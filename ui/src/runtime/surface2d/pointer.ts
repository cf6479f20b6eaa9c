/** Mouse, pen and touch as one: single presses become gestures, two fingers move and zoom, the wheel too. */
import type { Point } from "../../../sdk/labelwright";
import type { At, Gesture } from "./gestures.ts";

export interface PointerHost {
  toData(screen: Point): Point;
  /** What a press here begins. */
  press(at: At, button: "main" | "pan"): Gesture | null;
  hover(at: At | null): void;
  zoomBy(factor: number, at: Point): void;
  panBy(dx: number, dy: number): void;
  cursor(name: string | null): void;
}

const WHEEL_STEP = 0.0022;
const MOST_A_STEP = 0.3;

export function listenToPointers(el: HTMLElement, host: PointerHost, signal: AbortSignal): { cancel(): boolean } {
  const fingers = new Map<number, Point>();
  let gesture: Gesture | null = null;
  let holder: number | null = null;
  let isSpaceHeld = false;

  const pointOf = (event: PointerEvent | WheelEvent): Point => {
    const box = el.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const atOf = (event: PointerEvent): At => {
    const screen = pointOf(event);
    return {
      screen, data: host.toData(screen), shift: event.shiftKey, alt: event.altKey,
      toggles: event.ctrlKey || event.metaKey || event.shiftKey, touch: event.pointerType === "touch",
    };
  };
  const drop = (): void => {
    gesture?.cancel();
    gesture = null;
    holder = null;
    host.cursor(null);
  };
  const options = { signal };

  el.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch") fingers.set(event.pointerId, pointOf(event));
    if (fingers.size === 2) {
      drop();
      return;
    }
    if (gesture || (event.button !== 0 && event.button !== 1)) return;
    el.focus({ preventScroll: true });
    gesture = host.press(atOf(event), event.button === 1 || isSpaceHeld ? "pan" : "main");
    holder = event.pointerId;
    if (gesture?.cursor) host.cursor(gesture.cursor);
    el.setPointerCapture(event.pointerId);
    event.preventDefault();
  }, options);

  el.addEventListener("pointermove", (event) => {
    if (fingers.has(event.pointerId)) {
      if (fingers.size === 2) pinch(fingers, event.pointerId, pointOf(event), host);
      fingers.set(event.pointerId, pointOf(event));
      if (fingers.size === 2) return;
    }
    if (gesture && event.pointerId === holder) gesture.move(atOf(event));
    else if (!gesture) host.hover(atOf(event));
  }, options);

  const release = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    if (event.pointerId !== holder) return;
    const done = gesture;
    gesture = null;
    holder = null;
    host.cursor(null);
    if (event.type === "pointerup") done?.up(atOf(event));
    else done?.cancel();
  };
  el.addEventListener("pointerup", release, options);
  el.addEventListener("pointercancel", release, options);
  el.addEventListener("pointerleave", () => (gesture ? undefined : host.hover(null)), options);

  el.addEventListener("wheel", (event) => {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : 1;
    if (event.ctrlKey || event.metaKey) {
      const by = Math.exp(-event.deltaY * unit * WHEEL_STEP * (Math.abs(event.deltaY) < 30 ? 4 : 1));
      host.zoomBy(Math.min(1 + MOST_A_STEP, Math.max(1 / (1 + MOST_A_STEP), by)), pointOf(event));
    } else if (event.shiftKey && event.deltaX === 0) {
      host.panBy(-event.deltaY * unit, 0);
    } else {
      host.panBy(-event.deltaX * unit, -event.deltaY * unit);
    }
  }, { signal, passive: false });

  // The space bar, held, makes every press move the view.
  const isOurs = (event: KeyboardEvent): boolean => event.code === "Space" && !(event.target as HTMLElement).closest?.("input, textarea, select, button, a, summary, [contenteditable], dialog");
  document.addEventListener("keydown", (event) => {
    if (!isOurs(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (!isSpaceHeld) host.cursor("grab");
    isSpaceHeld = true;
  }, options);
  document.addEventListener("keyup", (event) => {
    if (event.code !== "Space" || !isSpaceHeld) return;
    isSpaceHeld = false;
    if (!gesture) host.cursor(null);
  }, options);
  addEventListener("blur", () => (isSpaceHeld = false), options);

  return {
    /** Take back what the pointer is doing; says whether it did anything. */
    cancel() {
      const isBusy = gesture !== null;
      drop();
      return isBusy;
    },
  };
}

function pinch(fingers: ReadonlyMap<number, Point>, moved: number, now: Point, host: PointerHost): void {
  const before = fingers.get(moved)!;
  const other = [...fingers].find(([id]) => id !== moved)![1];
  const was = { x: (before.x + other.x) / 2, y: (before.y + other.y) / 2 };
  const is = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
  const spread = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
  host.panBy(is.x - was.x, is.y - was.y);
  host.zoomBy(spread, is);
}
