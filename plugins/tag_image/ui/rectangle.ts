/** Boxes: `<RectangleLabels>` with labels of its own, `<Rectangle>` to be paired with `<Labels>`. */
import { icons, type ControlTag, type Point, type RegionType, type Tool, type ToolIO } from "labelwright";

import { bounds, boxBetween, clamped, corners, handles, isInside, resized, snapped, squared, translated, turnedTo, type Box } from "./box.ts";

const SMALLEST_PX = 3;

const number = (value: unknown): number => (Number.isFinite(Number(value)) ? Number(value) : 0);

export const rectangle: RegionType<Box> = {
  api: 1,
  kind: "region",
  type: "rectangle",
  space: "2d",
  title: "Rectangle",
  icon: icons.rectangle,
  fromResult: ({ value = {} }) => ({
    x: number(value.x), y: number(value.y), width: number(value.width), height: number(value.height), rotation: number(value.rotation),
  }),
  toResult: ({ x, y, width, height, rotation }) => ({ x, y, width, height, rotation }),
  bounds,
  hit: isInside,
  trace(path, box, view) {
    const [first, ...others] = corners(box, view.size).map(view.toScreen);
    path.moveTo(first!.x, first!.y);
    for (const point of others) path.lineTo(point.x, point.y);
    path.closePath();
  },
  handles: (box, view, attrs) => handles(box, view.size, view.scale, attrs.canRotate !== false),
  dragHandle(_box, handle, at, drag) {
    const point = drag.attrs.snap === "pixel" && handle !== "turn" ? snapped(at, drag.size) : at;
    return handle === "turn" ? turnedTo(drag.start, point, drag.size, drag.shift) : resized(drag.start, handle, point, drag.size, drag);
  },
  translate: translated,
  describe: (box, t) => t("{width} × {height} at {x}, {y}", {
    x: Math.round(box.x), y: Math.round(box.y), width: `${Math.round(box.width)}%`, height: `${Math.round(box.height)}%`,
  }),
  fields: [
    { key: "x", label: "X", unit: "%", step: 0.1 },
    { key: "y", label: "Y", unit: "%", step: 0.1 },
    { key: "width", label: "Width", unit: "%", min: 0, max: 100, step: 0.1 },
    { key: "height", label: "Height", unit: "%", min: 0, max: 100, step: 0.1 },
    { key: "rotation", label: "Rotation", unit: "°", step: 1 },
  ],
};

function reach(at: Point, io: ToolIO<Box>): Box | null {
  const snap = (point: Point): Point => (io.attrs.snap === "pixel" ? snapped(clamped(point), io.size) : clamped(point));
  const from = snap(io.origin);
  const to = io.shift ? squared(from, snap(at), io.size) : snap(at);
  return boxBetween(from, clamped(to), { width: io.grain.width * SMALLEST_PX, height: io.grain.height * SMALLEST_PX });
}

/** By a drag, or by two clicks. */
export const drawRectangle: Tool<Box> = {
  kind: "tool",
  name: "rect",
  title: "Rectangle",
  icon: icons.rectangle,
  space: "2d",
  cursor: "crosshair",
  down(at, io) {
    if (io.active) io.update(reach(at, io));
    else io.begin(null);
  },
  move(at, io) {
    if (io.active) io.update(reach(at, io));
  },
  up(at, io) {
    if (!io.active) return;
    // A press that went nowhere was the first of two clicks; the second one ends far from the origin.
    if (io.dragged || reach(at, io) !== null) io.commit();
  },
};

const tags: ControlTag[] = [
  { api: 1, tag: "RectangleLabels", kind: "control", labels: true, region: rectangle, tools: [drawRectangle] },
  { api: 1, tag: "Rectangle", kind: "control", region: rectangle, tools: [drawRectangle] },
];

export default tags;
