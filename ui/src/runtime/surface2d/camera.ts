/** Where the object lies on the screen. Numbers in, numbers out. Screen = natural pixel * scale + offset. */
import type { Point, Size } from "../../../sdk/labelwright";

export interface Camera {
  scale: number;
  x: number;
  y: number;
}

export interface Align {
  x: "left" | "center" | "right";
  y: "top" | "center" | "bottom";
}

const MARGIN = 12;
const CENTRED: Align = { x: "center", y: "center" };
const SHARE = { left: 0, top: 0, center: 0.5, right: 1, bottom: 1 };

/** The whole object in view. */
export function fitted(size: Size, view: Size, align: Align = CENTRED): Camera {
  const scale = Math.min((view.width - 2 * MARGIN) / size.width, (view.height - 2 * MARGIN) / size.height);
  return placed(Math.max(scale, 0.0001), size, view, align);
}

/** One natural pixel on one pixel of the screen. */
export function actual(size: Size, view: Size, align: Align = CENTRED): Camera {
  return placed(1, size, view, align);
}

function placed(scale: number, size: Size, view: Size, align: Align): Camera {
  const room = { x: view.width - size.width * scale, y: view.height - size.height * scale };
  return {
    scale,
    x: room.x < 2 * MARGIN ? room.x / 2 : MARGIN + (room.x - 2 * MARGIN) * SHARE[align.x],
    y: room.y < 2 * MARGIN ? room.y / 2 : MARGIN + (room.y - 2 * MARGIN) * SHARE[align.y],
  };
}

/** Nearer or farther, with the point under `at` staying where it is. */
export function zoomed(camera: Camera, factor: number, at: Point, limits: { min: number; max: number }): Camera {
  const scale = Math.min(limits.max, Math.max(limits.min, camera.scale * factor));
  const by = scale / camera.scale;
  return { scale, x: at.x - (at.x - camera.x) * by, y: at.y - (at.y - camera.y) * by };
}

/** Kept so that a part of the object stays in view. */
export function held(camera: Camera, size: Size, view: Size): Camera {
  const [width, height] = [size.width * camera.scale, size.height * camera.scale];
  const keep = { x: Math.min(80, width / 2), y: Math.min(80, height / 2) };
  return {
    scale: camera.scale,
    x: Math.min(view.width - keep.x, Math.max(keep.x - width, camera.x)),
    y: Math.min(view.height - keep.y, Math.max(keep.y - height, camera.y)),
  };
}

export function toPercent(camera: Camera, size: Size, screen: Point): Point {
  return {
    x: ((screen.x - camera.x) / camera.scale / size.width) * 100,
    y: ((screen.y - camera.y) / camera.scale / size.height) * 100,
  };
}

export function toScreen(camera: Camera, size: Size, point: Point): Point {
  return {
    x: (point.x / 100) * size.width * camera.scale + camera.x,
    y: (point.y / 100) * size.height * camera.scale + camera.y,
  };
}

/** A camera that shows these bounds (percent) in the middle, no nearer than needed. */
export function showing(bounds: readonly number[], camera: Camera, size: Size, view: Size): Camera {
  const [minX, minY, maxX, maxY] = bounds as [number, number, number, number];
  const from = toScreen(camera, size, { x: minX, y: minY });
  const to = toScreen(camera, size, { x: maxX, y: maxY });
  const inView = from.x >= 0 && from.y >= 0 && to.x <= view.width && to.y <= view.height;
  if (inView && Math.max(to.x - from.x, to.y - from.y) > 12) return camera;
  const width = ((maxX - minX) / 100) * size.width;
  const height = ((maxY - minY) / 100) * size.height;
  const most = Math.min((view.width * 0.6) / Math.max(width, 1), (view.height * 0.6) / Math.max(height, 1));
  const tooSmall = Math.max(to.x - from.x, to.y - from.y) <= 12;
  const scale = tooSmall ? Math.min(most, 8) : Math.min(camera.scale, most);
  return {
    scale,
    x: view.width / 2 - ((minX + maxX) / 200) * size.width * scale,
    y: view.height / 2 - ((minY + maxY) / 200) * size.height * scale,
  };
}
