/** Which regions lie where: an R-tree over their bounds, kept up to date with the store. */
import RBush from "rbush";

import type { ObjectContext, Point, Region, RegionType, Size } from "../../../sdk/labelwright";

interface Box {
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
  id: string;
}

export class Spatial {
  #tree = new RBush<Box>();
  #boxes = new Map<string, Box>();

  constructor(
    readonly ctx: Pick<ObjectContext, "store" | "regionType" | "name">,
    readonly size: () => Size,
  ) {}

  /** Begin anew with all regions of the object. */
  load(ids: readonly string[]): void {
    this.#boxes.clear();
    const boxes = ids.map((id) => this.#boxOf(id)).filter((box) => box !== null);
    for (const box of boxes) this.#boxes.set(box.id, box);
    this.#tree.clear().load(boxes);
  }

  update(id: string): void {
    const known = this.#boxes.get(id);
    if (known) this.#tree.remove(known);
    const box = this.#boxOf(id);
    if (box) {
      this.#tree.insert(box);
      this.#boxes.set(id, box);
    } else {
      this.#boxes.delete(id);
    }
  }

  #boxOf(id: string): Box | null {
    const region = this.ctx.store.peek(id);
    if (!region || region.object !== this.ctx.name) return null;
    const type = this.ctx.regionType(region);
    const bounds = type && guarded(() => type.bounds(region.value, this.size()));
    if (!bounds || !bounds.every(Number.isFinite)) return null;
    const [minX, minY, maxX, maxY] = bounds as [number, number, number, number];
    return { minX, minY, maxX, maxY, id };
  }

  boundsOf(id: string): number[] | null {
    const box = this.#boxes.get(id);
    return box ? [box.minX, box.minY, box.maxX, box.maxY] : null;
  }

  /** Ids whose bounds touch this box (percent). */
  within(minX: number, minY: number, maxX: number, maxY: number): string[] {
    return this.#tree.search({ minX, minY, maxX, maxY }).map((box) => box.id);
  }

  /** The region at a point: a selected one first, then the smallest. `tolerance` in natural pixels. */
  at(point: Point, tolerance: number, may: (region: Region) => boolean, selected: ReadonlySet<string>): string | null {
    const size = this.size();
    const [dx, dy] = [(tolerance / size.width) * 100, (tolerance / size.height) * 100];
    const near = this.#tree.search({ minX: point.x - dx, minY: point.y - dy, maxX: point.x + dx, maxY: point.y + dy });
    const hit = near.filter((box) => {
      const region = this.ctx.store.peek(box.id);
      const type = region && this.ctx.regionType(region);
      return region && type && may(region) && isHit(type, region.value, point, tolerance, size);
    });
    const chosen = hit.filter((box) => selected.has(box.id));
    return (chosen.length > 0 ? chosen : hit).sort((one, other) => area(one) - area(other))[0]?.id ?? null;
  }
}

const area = (box: Box): number => (box.maxX - box.minX) * (box.maxY - box.minY);

function isHit(type: RegionType, value: unknown, at: Point, tolerance: number, size: Size): boolean {
  // Without a word of its own a region is its bounds, which were searched already.
  return type.hit ? guarded(() => type.hit!(value, at, tolerance, size)) === true : true;
}

/** A region type is a plugin's: what it throws is told to the window, where it is named, and the surface goes on. */
export function guarded<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (typeof reportError === "function") reportError(error);
    return null;
  }
}
