/** Dragging rows by mouse, pen or finger. */

const THRESHOLD_PX = 5;

/**
 * Follow a pointer that went down on a row. `over` is told each place of the pointer once it has moved far enough to
 * be a drag, `drop` where it was let go; after Escape, or if it was only a click, neither.
 */
export function followDrag(event: PointerEvent, { over, drop, end }: { over: (x: number, y: number) => void; drop: (x: number, y: number) => void; end: () => void }): void {
  if (event.button !== 0) return;
  const { clientX, clientY, pointerId } = event;
  const listening = new AbortController();
  const options = { signal: listening.signal };
  let isDragging = false;
  const stop = () => {
    listening.abort();
    end();
  };
  document.addEventListener("pointermove", (moved) => {
    if (moved.pointerId !== pointerId) return;
    isDragging ||= Math.hypot(moved.clientX - clientX, moved.clientY - clientY) > THRESHOLD_PX;
    if (!isDragging) return;
    moved.preventDefault();
    getSelection()?.removeAllRanges();
    over(moved.clientX, moved.clientY);
  }, options);
  document.addEventListener("pointerup", (up) => {
    if (up.pointerId !== pointerId) return;
    stop();
    if (isDragging) drop(up.clientX, up.clientY);
  }, options);
  document.addEventListener("pointercancel", stop, options);
  document.addEventListener("keydown", (pressed) => {
    if (pressed.key !== "Escape") return;
    pressed.stopPropagation();
    stop();
  }, { ...options, capture: true });
}

/** The row under a height, of those that carry this attribute, and how far down in it that is, from 0 to 1. */
export function rowAt(container: HTMLElement, attribute: string, y: number): { row: HTMLElement; share: number } | null {
  const rows = [...container.querySelectorAll<HTMLElement>(`[${attribute}]`)];
  const row = rows.find((one) => y < one.getBoundingClientRect().bottom) ?? rows.at(-1);
  if (!row) return null;
  const { top, height } = row.getBoundingClientRect();
  return { row, share: Math.max(0, Math.min(1, (y - top) / height)) };
}
