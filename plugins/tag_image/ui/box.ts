/**
 * A box that may be turned: numbers in, numbers out.
 *
 * `x, y, width, height` are percents of the object; `x, y` is the top left corner before turning, `rotation` is in degrees,
 * clockwise, about that corner. Percents are not square, so whatever has to do with angles needs the object's size.
 */
import type { Handle, Point, Size } from "labelwright";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
  rotation: number;
}

const toPixels = (point: Point, size: Size): Point => ({ x: (point.x / 100) * size.width, y: (point.y / 100) * size.height });
const toPercent = (point: Point, size: Size): Point => ({ x: (point.x / size.width) * 100, y: (point.y / size.height) * 100 });

function turned(point: Point, degrees: number): Point {
  if (degrees === 0) return point;
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { x: point.x * cos - point.y * sin, y: point.x * sin + point.y * cos };
}

/** A point of the box's own frame (pixels from its corner, along its sides) as percents of the object. */
function outOf(box: Box, local: Point, size: Size): Point {
  const corner = toPixels(box, size);
  const away = turned(local, box.rotation);
  return toPercent({ x: corner.x + away.x, y: corner.y + away.y }, size);
}

/** The other way round. */
function into(box: Box, at: Point, size: Size): Point {
  const [corner, point] = [toPixels(box, size), toPixels(at, size)];
  return turned({ x: point.x - corner.x, y: point.y - corner.y }, -box.rotation);
}

const extent = (box: Box, size: Size): Size => ({ width: (box.width / 100) * size.width, height: (box.height / 100) * size.height });

/** Clockwise from the top left one. */
export function corners(box: Box, size: Size): [Point, Point, Point, Point] {
  const { width, height } = extent(box, size);
  const at = (x: number, y: number): Point => outOf(box, { x, y }, size);
  return [at(0, 0), at(width, 0), at(width, height), at(0, height)];
}

export function bounds(box: Box, size: Size): [number, number, number, number] {
  if (!box.rotation) return [box.x, box.y, box.x + box.width, box.y + box.height];
  const points = corners(box, size);
  const [xs, ys] = [points.map((point) => point.x), points.map((point) => point.y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** `tolerance` in natural pixels. */
export function isInside(box: Box, at: Point, tolerance: number, size: Size): boolean {
  const local = into(box, at, size);
  const { width, height } = extent(box, size);
  return local.x >= -tolerance && local.y >= -tolerance && local.x <= width + tolerance && local.y <= height + tolerance;
}

export const clamped = (point: Point): Point => ({ x: within(point.x, 0, 100), y: within(point.y, 0, 100) });

const within = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), Math.max(low, high));

/** The nearest corner of natural pixels. */
export function snapped(point: Point, size: Size): Point {
  const pixels = toPixels(point, size);
  return toPercent({ x: Math.round(pixels.x), y: Math.round(pixels.y) }, size);
}

/** The box with these opposite corners, or `null` if it is smaller than `smallest` (percents) on a side. */
export function boxBetween(a: Point, b: Point, smallest: Size): Box | null {
  const width = Math.abs(a.x - b.x);
  const height = Math.abs(a.y - b.y);
  if (width < smallest.width || height < smallest.height) return null;
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width, height, rotation: 0 };
}

/** The far corner of a square on the screen that begins at `a` and reaches for `b`. */
export function squared(a: Point, b: Point, size: Size): Point {
  const away = toPixels({ x: b.x - a.x, y: b.y - a.y }, size);
  const side = Math.max(Math.abs(away.x), Math.abs(away.y));
  const reach = toPercent({ x: Math.sign(away.x) * side, y: Math.sign(away.y) * side }, size);
  return { x: a.x + reach.x, y: a.y + reach.y };
}

/** Moved, but not off the object. */
export function translated(box: Box, dx: number, dy: number, size: Size): Box {
  const [minX, minY, maxX, maxY] = bounds(box, size);
  return { ...box, x: box.x + within(dx, -minX, 100 - maxX), y: box.y + within(dy, -minY, 100 - maxY) };
}

const SIDES: Record<string, { left?: true; right?: true; top?: true; bottom?: true }> = {
  nw: { left: true, top: true }, n: { top: true }, ne: { right: true, top: true }, e: { right: true },
  se: { right: true, bottom: true }, s: { bottom: true }, sw: { left: true, bottom: true }, w: { left: true },
};
const TURN_PX = 26;
const CURSORS = ["ns-resize", "nesw-resize", "ew-resize", "nwse-resize"];
const DIRECTIONS: Record<string, number> = { n: 0, ne: 45, e: 90, se: 135, s: 180, sw: 225, w: 270, nw: 315 };

/** The cursor for a side that points this way after turning. */
const cursorOf = (id: string, rotation: number): string => CURSORS[Math.round((DIRECTIONS[id]! + rotation) / 45) % 4] ?? "move";

/** Eight on its sides, and one above it to turn it by. `scale`: screen pixels for one natural pixel. */
export function handles(box: Box, size: Size, scale: number, mayTurn: boolean): Handle[] {
  const { width, height } = extent(box, size);
  const places: [string, number, number][] = [
    ["nw", 0, 0], ["n", width / 2, 0], ["ne", width, 0], ["e", width, height / 2],
    ["se", width, height], ["s", width / 2, height], ["sw", 0, height], ["w", 0, height / 2],
  ];
  const roomy = Math.min(width, height) * scale > 28;
  const found = places
    .filter(([id]) => roomy || id.length === 2)
    .map(([id, x, y]): Handle => ({
      id, at: outOf(box, { x, y }, size), kind: id.length === 2 ? "corner" : "edge", cursor: cursorOf(id, (box.rotation + 360) % 360),
    }));
  if (mayTurn) found.push({ id: "turn", at: outOf(box, { x: width / 2, y: -TURN_PX / scale }, size), kind: "turn", cursor: "grab" });
  return found;
}

/** The box with its sides at these places of its own frame; they may have passed each other. */
function between(box: Box, left: number, top: number, right: number, bottom: number, size: Size): Box {
  const corner = outOf(box, { x: Math.min(left, right), y: Math.min(top, bottom) }, size);
  const { x: width, y: height } = toPercent({ x: Math.abs(right - left), y: Math.abs(bottom - top) }, size);
  return { x: corner.x, y: corner.y, width, height, rotation: box.rotation };
}

export interface Hold {
  /** Keep the proportions. */
  shift: boolean;
  /** Change both sides about the middle. */
  alt: boolean;
}

/** `start` with one of its handles dragged to `at`; the opposite side stays. */
export function resized(start: Box, handle: string, at: Point, size: Size, hold: Hold): Box {
  const sides = SIDES[handle];
  if (!sides) return start;
  const { width, height } = extent(start, size);
  const local = into(start, start.rotation ? at : clamped(at), size);
  let [left, top, right, bottom] = [0, 0, width, height];
  if (sides.left) left = local.x;
  if (sides.right) right = local.x;
  if (sides.top) top = local.y;
  if (sides.bottom) bottom = local.y;
  if (hold.shift && handle.length === 2 && width > 0 && height > 0) {
    const by = Math.max(Math.abs(right - left) / width, Math.abs(bottom - top) / height);
    if (sides.left) left = right - by * width;
    else right = left + by * width;
    if (sides.top) top = bottom - by * height;
    else bottom = top + by * height;
  }
  if (hold.alt) {
    if (sides.left) right = width - left;
    else if (sides.right) left = width - right;
    if (sides.top) bottom = height - top;
    else if (sides.bottom) top = height - bottom;
  }
  return between(start, left, top, right, bottom, size);
}

const STEP = 15;

/** `start` turned about its middle so that its top looks at `at`; with `shift` in steps of 15 degrees. */
export function turnedTo(start: Box, at: Point, size: Size, shift: boolean): Box {
  const { width, height } = extent(start, size);
  const middle = toPixels(outOf(start, { x: width / 2, y: height / 2 }, size), size);
  const point = toPixels(at, size);
  const free = (Math.atan2(point.y - middle.y, point.x - middle.x) * 180) / Math.PI + 90;
  const rotation = ((shift ? Math.round(free / STEP) * STEP : free) + 360) % 360;
  const away = turned({ x: -width / 2, y: -height / 2 }, rotation);
  const corner = toPercent({ x: middle.x + away.x, y: middle.y + away.y }, size);
  return { ...start, ...corner, rotation };
}
