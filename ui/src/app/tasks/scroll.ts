/**
 * Where rows of a fixed height are, however many there are. Pure.
 *
 * Browsers refuse elements of more than some 17 million pixels, which is 400,000 rows. Above that the scroll bar
 * stands for a share of the way: the track is shorter than the rows are, and positions are scaled between the two.
 */
export interface Track {
  /** What the scrolled element is told its height is. */
  height: number;
  /** What all rows together would be. */
  full: number;
  view: number;
}

export const LONGEST = 12_000_000;

export function track(rows: number, rowHeight: number, view: number, longest = LONGEST): Track {
  const full = rows * rowHeight;
  return { full, view, height: Math.min(full, longest) };
}

const room = (length: number, view: number): number => Math.max(0, length - view);

/** How many pixels of rows lie above the view when the scroll bar stands at `scrolled`. */
export function topOf(at: Track, scrolled: number): number {
  if (at.full === at.height) return Math.min(scrolled, room(at.full, at.view));
  const share = room(at.height, at.view) === 0 ? 0 : Math.min(1, scrolled / room(at.height, at.view));
  return share * room(at.full, at.view);
}

/** Where the scroll bar stands when `top` pixels of rows lie above the view. */
export function scrolledTo(at: Track, top: number): number {
  const wanted = Math.max(0, Math.min(top, room(at.full, at.view)));
  if (at.full === at.height) return wanted;
  return room(at.full, at.view) === 0 ? 0 : (wanted / room(at.full, at.view)) * room(at.height, at.view);
}

/** The rows in view, a few more on both sides. */
export function rowsInView(top: number, view: number, rowHeight: number, rows: number, spare = 6): [first: number, end: number] {
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  return [first, Math.min(rows, Math.ceil((top + view) / rowHeight) + spare)];
}

/** What must lie above the view so that a row is wholly in it; as it is, when it is already. */
export function topShowing(row: number, top: number, view: number, rowHeight: number): number {
  const begin = row * rowHeight;
  if (begin < top) return begin;
  return begin + rowHeight > top + view ? begin + rowHeight - view : top;
}
