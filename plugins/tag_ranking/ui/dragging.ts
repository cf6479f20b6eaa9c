/** Dragging with mouse, pen or finger: where the thing would go is a place on the board. */
import { signal } from "@preact/signals";

export interface Place {
  group: string;
  at: number;
}

const FAR_PX = 5;

export class Dragging {
  /** What is being dragged. */
  readonly id = signal<string | null>(null);
  readonly over = signal<Place | null>(null);

  constructor(readonly drop: (id: string, place: Place) => void) {}

  /** Begin with a press on a thing; it is a drag only once the pointer goes far enough. */
  press(event: PointerEvent, id: string): void {
    const board = (event.currentTarget as HTMLElement).closest<HTMLElement>("[data-board]");
    if (event.button !== 0 || !board) return;
    const end = new AbortController();
    const { signal: until } = end;
    const stop = (keep: boolean): void => {
      const place = this.over.peek();
      end.abort();
      [this.id.value, this.over.value] = [null, null];
      if (keep && place) this.drop(id, place);
    };
    addEventListener("pointermove", (now) => {
      if (this.id.peek() === null && Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) < FAR_PX) return;
      this.id.value = id;
      this.over.value = placeAt(board, now, id);
    }, { signal: until });
    addEventListener("pointerup", () => stop(this.id.peek() !== null), { signal: until });
    addEventListener("pointercancel", () => stop(false), { signal: until });
    addEventListener("keydown", (now) => {
      if (now.key !== "Escape" || this.id.peek() === null) return;
      now.stopPropagation();
      stop(false);
    }, { signal: until, capture: true });
  }
}

/** The group under the pointer, else the nearest; and before which of its things. */
function placeAt(board: HTMLElement, { clientX, clientY }: PointerEvent, id: string): Place | null {
  const groups = [...board.querySelectorAll<HTMLElement>("[data-group]")];
  const away = (el: HTMLElement): number => {
    const box = el.getBoundingClientRect();
    return Math.hypot(Math.max(box.left - clientX, 0, clientX - box.right), Math.max(box.top - clientY, 0, clientY - box.bottom));
  };
  const nearest = groups.sort((one, other) => away(one) - away(other))[0];
  if (!nearest) return null;
  const things = [...nearest.querySelectorAll<HTMLElement>("[data-thing]")].filter((el) => el.dataset.thing !== id);
  const at = things.findIndex((el) => {
    const box = el.getBoundingClientRect();
    return clientY < box.top + box.height / 2;
  });
  return { group: nearest.dataset.group!, at: at < 0 ? things.length : at };
}
