/** Paints regions on a canvas: batched by look, labels by level of detail, a slow or broken type as its bounds. */
import type { Look, ObjectContext, Point, Region, RegionType, Size, View2d } from "../../../sdk/labelwright";
import { inkOn } from "../colours.ts";
import { toScreen, type Camera } from "./camera.ts";
import { guarded } from "./spatial.ts";

/** Shapes of one path: translucent overlaps within it merge, so it is not too long. */
const BATCH = 64;
const SMALLEST_WITH_TEXT = 44;
const MOST_TEXTS = 600;
const SLOW_MS = 24;

export function viewOf(camera: Camera, size: Size): View2d {
  return { size, scale: camera.scale, toScreen: (point: Point) => toScreen(camera, size, point) };
}

interface Item {
  region: Region;
  type: RegionType;
  look: Look;
}

export class Painter {
  #looks = new WeakMap<Region, Look>();
  #slow = new Set<string>();
  #chips = new Map<string, HTMLCanvasElement>();

  constructor(readonly ctx: ObjectContext) {}

  lookOf(region: Region): Look {
    let look = this.#looks.get(region);
    if (!look) this.#looks.set(region, (look = this.ctx.look(region)));
    return look;
  }

  #item(id: string): Item | null {
    const region = this.ctx.store.peek(id);
    const type = region && this.ctx.regionType(region);
    return region && type ? { region, type, look: this.lookOf(region) } : null;
  }

  /** All of them, the cheap way. */
  paint(g: CanvasRenderingContext2D, ids: readonly string[], view: View2d, ratio: number): void {
    const items = ids.map((id) => this.#item(id)).filter((item) => item !== null);
    const batches = new Map<string, Item[]>();
    const singles: Item[] = [];
    for (const item of items) {
      if (!item.type.trace) {
        singles.push(item);
        continue;
      }
      const key = `${item.look.stroke} ${item.look.fill} ${item.look.width} ${item.look.dashed}`;
      const batch = batches.get(key);
      if (batch) batch.push(item);
      else batches.set(key, [item]);
    }
    for (const batch of batches.values()) this.#traceAll(g, batch, view);
    this.#drawSingles(g, singles, view);
    if (this.ctx.showLabels.peek()) this.#texts(g, items, view, ratio);
  }

  #traceAll(g: CanvasRenderingContext2D, items: readonly Item[], view: View2d): void {
    styled(g, items[0]!.look);
    for (let from = 0; from < items.length; from += BATCH) {
      g.beginPath();
      for (const item of items.slice(from, from + BATCH)) this.#trace(g, item, view);
      g.fill();
      g.stroke();
    }
  }

  #trace(g: CanvasRenderingContext2D, item: Item, view: View2d): void {
    if (guarded(() => (item.type.trace!(g, item.region.value, view), true)) === null) traceBounds(g, item, view);
  }

  #drawSingles(g: CanvasRenderingContext2D, items: readonly Item[], view: View2d): void {
    const spent = new Map<string, number>();
    for (const item of items) {
      const begun = performance.now();
      this.one(g, item.region, view, item.look);
      spent.set(item.type.type, (spent.get(item.type.type) ?? 0) + performance.now() - begun);
    }
    for (const [type, ms] of spent) if (ms > SLOW_MS && items.length > 20) this.#slow.add(type);
  }

  /** One region, as it looks now. */
  one(g: CanvasRenderingContext2D, region: Region, view: View2d, look: Look): void {
    const type = this.ctx.regionType(region);
    if (!type) return;
    styled(g, look);
    const drawn = type.draw && !this.#slow.has(type.type) && !type.trace
      ? guarded(() => (type.draw!(g, region.value, view, look), true))
      : null;
    if (drawn) return;
    g.beginPath();
    if (type.trace) this.#trace(g, { region, type, look }, view);
    else traceBounds(g, { region, type, look }, view);
    g.fill();
    g.stroke();
  }

  #texts(g: CanvasRenderingContext2D, items: readonly Item[], view: View2d, ratio: number): void {
    let left = MOST_TEXTS;
    for (const { region, type, look } of items) {
      if (!look.text || left <= 0) continue;
      const bounds = guarded(() => type.bounds(region.value, view.size));
      if (!bounds) continue;
      const from = view.toScreen({ x: bounds[0]!, y: bounds[1]! });
      const to = view.toScreen({ x: bounds[2]!, y: bounds[3]! });
      if (to.x - from.x < SMALLEST_WITH_TEXT) continue;
      left--;
      const chip = this.#chip(look, ratio);
      const [width, height] = [chip.width / ratio, chip.height / ratio];
      // Above the region where there is room, inside it otherwise.
      g.drawImage(chip, Math.round(from.x - 1), Math.round(from.y >= height ? from.y - height : from.y), width, height);
    }
  }

  #chip(look: Look, ratio: number): HTMLCanvasElement {
    const key = `${look.stroke} ${look.text} ${ratio}`;
    let chip = this.#chips.get(key);
    if (!chip) this.#chips.set(key, (chip = drawChip(look, ratio)));
    return chip;
  }
}

const FONT = '500 11px system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
const LONGEST_TEXT = 28;

function drawChip(look: Look, ratio: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  const g = canvas.getContext("2d")!;
  const text = look.text.length > LONGEST_TEXT ? `${look.text.slice(0, LONGEST_TEXT - 1)}…` : look.text;
  g.font = FONT;
  const width = Math.ceil(g.measureText(text).width) + 9;
  canvas.width = width * ratio;
  canvas.height = 16 * ratio;
  g.scale(ratio, ratio);
  g.font = FONT;
  g.fillStyle = look.stroke;
  g.beginPath();
  g.roundRect(0, 0, width, 16, [3, 3, 3, 0]);
  g.fill();
  g.fillStyle = inkOn(look.stroke);
  g.textBaseline = "middle";
  g.fillText(text, 4.5, 8.5);
  return canvas;
}

function styled(g: CanvasRenderingContext2D, look: Look): void {
  g.strokeStyle = look.stroke;
  g.fillStyle = look.fill;
  g.lineWidth = look.width;
  g.setLineDash(look.dashed ? [5, 3] : []);
}

function traceBounds(g: CanvasRenderingContext2D, item: Item, view: View2d): void {
  const bounds = guarded(() => item.type.bounds(item.region.value, view.size));
  if (!bounds) return;
  const from = view.toScreen({ x: bounds[0]!, y: bounds[1]! });
  const to = view.toScreen({ x: bounds[2]!, y: bounds[3]! });
  g.rect(from.x, from.y, to.x - from.x, to.y - from.y);
}
