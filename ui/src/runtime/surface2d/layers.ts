/** Three canvases one above the other: what lies beneath, the regions at rest, and what moves now. */
import type { Size } from "../../../sdk/labelwright";
import type { Camera } from "./camera.ts";

/** A redraw that takes longer than this is put off while a gesture runs; what was drawn is moved meanwhile. */
const SHARP_WITHIN_MS = 7;
const REST_MS = 100;
/** How much is drawn beyond each edge when redraws are put off, as a share of the view. */
const BEYOND = 0.25;

export interface Scene {
  /** Paint beneath and regions, sharp, for this camera, on canvases that reach `margin` beyond the view. */
  paintRest(beneath: CanvasRenderingContext2D, shapes: CanvasRenderingContext2D, camera: Camera, margin: Size): void;
  paintTop(g: CanvasRenderingContext2D, camera: Camera): void;
}

export class Layers {
  readonly ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
  view: Size = { width: 1, height: 1 };
  #rest = document.createElement("div");
  #beneath = document.createElement("canvas");
  #shapes = document.createElement("canvas");
  #top = document.createElement("canvas");
  #drawn: Camera = { scale: 1, x: 0, y: 0 };
  #camera: Camera = { scale: 1, x: 0, y: 0 };
  #margin: Size = { width: 0, height: 0 };
  #cost = 0;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRestStale = true;

  constructor(el: HTMLElement, readonly scene: Scene) {
    this.#rest.className = "lw-surface-rest";
    this.#top.className = "lw-surface-top";
    this.#rest.append(this.#beneath, this.#shapes);
    el.append(this.#rest, this.#top);
  }

  /** Milliseconds of the last sharp redraw. */
  get cost(): number {
    return this.#cost;
  }

  resize(view: Size): void {
    this.view = view;
    sized(this.#top, view, this.ratio);
    this.#sizeRest();
    this.redraw();
  }

  #sizeRest(): void {
    const isSlow = this.#cost > SHARP_WITHIN_MS;
    this.#margin = isSlow ? { width: Math.round(this.view.width * BEYOND), height: Math.round(this.view.height * BEYOND) } : { width: 0, height: 0 };
    const all = { width: this.view.width + 2 * this.#margin.width, height: this.view.height + 2 * this.#margin.height };
    this.#rest.style.left = `${-this.#margin.width}px`;
    this.#rest.style.top = `${-this.#margin.height}px`;
    sized(this.#beneath, all, this.ratio);
    sized(this.#shapes, all, this.ratio);
  }

  /** The view moved. */
  moved(camera: Camera): void {
    this.#camera = camera;
    if (this.#cost <= SHARP_WITHIN_MS) {
      this.redraw();
      return;
    }
    this.#follow();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.redraw(), REST_MS);
    this.touch();
  }

  /** Show what was drawn where it would be now: blurred for a moment, but at once. */
  #follow(): void {
    const by = this.#camera.scale / this.#drawn.scale;
    const x = this.#camera.x - (this.#drawn.x + this.#margin.width) * by + this.#margin.width;
    const y = this.#camera.y - (this.#drawn.y + this.#margin.height) * by + this.#margin.height;
    this.#rest.style.transform = `translate(${x}px, ${y}px) scale(${by})`;
  }

  /** Regions changed: paint all again at the next frame. */
  redraw(): void {
    this.#isRestStale = true;
    this.touch();
  }

  /** Only what moves changed. */
  touch(): void {
    this.#frame ||= requestAnimationFrame(() => this.#paint());
  }

  /** Paint more regions over those that are there. */
  add(paint: (g: CanvasRenderingContext2D, camera: Camera) => void): void {
    if (this.#isRestStale || this.#drawn !== this.#camera) {
      this.redraw();
      return;
    }
    paint(this.#contextOf(this.#shapes, false), this.#shifted(this.#drawn));
  }

  #paint(): void {
    this.#frame = 0;
    if (this.#isRestStale) this.#paintRest();
    const g = this.#top.getContext("2d")!;
    g.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    g.clearRect(0, 0, this.view.width, this.view.height);
    this.scene.paintTop(g, this.#camera);
  }

  #paintRest(): void {
    this.#isRestStale = false;
    clearTimeout(this.#timer);
    const begun = performance.now();
    this.scene.paintRest(this.#contextOf(this.#beneath), this.#contextOf(this.#shapes), this.#shifted(this.#camera), this.#margin);
    const wasSlow = this.#margin.width > 0;
    this.#cost = performance.now() - begun;
    this.#drawn = this.#camera;
    this.#rest.style.transform = "";
    const isSlow = this.#cost > (wasSlow ? SHARP_WITHIN_MS / 2 : SHARP_WITHIN_MS);
    if (isSlow !== wasSlow) {
      this.#sizeRest();
      this.redraw();
    }
  }

  #shifted(camera: Camera): Camera {
    return { scale: camera.scale, x: camera.x + this.#margin.width, y: camera.y + this.#margin.height };
  }

  #contextOf(canvas: HTMLCanvasElement, clear = true): CanvasRenderingContext2D {
    const g = canvas.getContext("2d")!;
    g.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    if (clear) g.clearRect(0, 0, canvas.width, canvas.height);
    return g;
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#rest.remove();
    this.#top.remove();
  }
}

function sized(canvas: HTMLCanvasElement, size: Size, ratio: number): void {
  canvas.width = Math.max(1, Math.round(size.width * ratio));
  canvas.height = Math.max(1, Math.round(size.height * ratio));
  canvas.style.width = `${size.width}px`;
  canvas.style.height = `${size.height}px`;
}
