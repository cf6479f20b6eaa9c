/**
 * The surface of two-dimensional objects: `import { createSurface2d } from "labelwright/surface2d"`.
 *
 * Pictures, frames of a video, pages of a document: whatever can be painted on a canvas gets zoom, tools, regions,
 * selection and handles from here. The object loads its content and says what to paint.
 */
import type { ObjectContext, Point, Size } from "./labelwright";

export interface Surface2dOptions {
  /** Factor of one step of zoom. */
  zoomBy?: number;
  /** May be made smaller than the view. */
  zoomOutBelowFit?: boolean;
  defaultZoom?: "fit" | "original" | "auto";
  crosshair?: boolean;
  smoothing?: boolean;
  align?: { x: "left" | "center" | "right"; y: "top" | "center" | "bottom" };
  /** Buttons of the object's own, shown under the tools. */
  label: string;
}

export interface Surface2d {
  /** What lies under the regions. It is painted again whenever this is called. */
  setBackdrop(source: CanvasImageSource, size: Size): void;
  /** From pixels of the element to percents of the object, and back. */
  toData(screen: Point): Point;
  toScreen(data: Point): Point;
  invalidate(): void;
  focus(id: string): void;
  /** Where a region is on the screen. */
  boxOf(id: string): DOMRect | null;
  cancel(): boolean;
  zoom(to: "in" | "out" | "fit" | "actual"): void;
  dispose(): void;
}

export declare function createSurface2d(el: HTMLElement, ctx: ObjectContext, options: Surface2dOptions): Surface2d;
