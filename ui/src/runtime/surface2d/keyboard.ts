/** The surface for those who use keys: a pointer to draw with, and the camera. */
import type { ObjectContext, Point, Size } from "../../../sdk/labelwright";
import type { At } from "./gestures.ts";

const STEP_PX = 10;
const LARGE_PX = 50;
const MOVES: Record<string, Point> = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 } };

export interface KeyboardHost {
  view(): Size;
  /** Where the pointer is now, however it came there; `null`: nowhere. */
  pointer(): Point | null;
  toData(screen: Point): Point;
  hover(at: At): void;
  press(at: At): void;
  repaint(): void;
}

/** With a tool in hand arrows move a pointer and Enter presses it: whatever is drawn by clicks is drawn by keys. */
export class KeyPointer {
  /** It was moved by keys: a cross shows where it is, since no mouse does. */
  isShown = false;

  constructor(el: HTMLElement, readonly ctx: ObjectContext, readonly host: KeyboardHost, signal: AbortSignal) {
    el.addEventListener("keydown", (event) => this.#press(event), { signal });
    el.addEventListener("blur", () => {
      this.isShown = false;
      host.repaint();
    }, { signal });
  }

  get #mayDraw(): boolean {
    return this.ctx.mode.peek() === "draw" && this.ctx.tool.peek() !== null && !this.ctx.readonly.peek();
  }

  #press(event: KeyboardEvent): void {
    const move = MOVES[event.key];
    if ((!move && event.key !== "Enter") || event.ctrlKey || event.metaKey || event.altKey || !this.#mayDraw) return;
    event.preventDefault();
    event.stopPropagation();
    const { width, height } = this.host.view();
    const now = this.host.pointer() ?? { x: width / 2, y: height / 2 };
    const by = event.shiftKey ? LARGE_PX : STEP_PX;
    const screen = { x: within(now.x + (move?.x ?? 0) * by, width), y: within(now.y + (move?.y ?? 0) * by, height) };
    const at: At = { screen, data: this.host.toData(screen), shift: false, alt: false, toggles: false, touch: false };
    this.isShown = true;
    this.host.hover(at);
    if (!move) this.host.press(at);
    else this.ctx.announce(this.ctx.t("{x} from the left, {y} from the top", { x: percent(at.data.x), y: percent(at.data.y) }));
    this.host.repaint();
  }
}

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
const percent = (share: number): string => `${Math.round(share)}%`;

export function zoomKeys(ctx: ObjectContext, zoom: (to: "in" | "out" | "fit" | "actual") => void): void {
  const key = (id: string, to: "in" | "out" | "fit" | "actual"): void => ctx.hotkey({ id, run: () => zoom(to) });
  key("tool:zoom-in", "in");
  key("tool:zoom-out", "out");
  key("tool:zoom-to-fit", "fit");
  key("tool:zoom-to-actual", "actual");
}
