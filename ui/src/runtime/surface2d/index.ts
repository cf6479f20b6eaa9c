/** A two-dimensional object on screen: camera, layers, regions, selection, tools. It knows no region type. */
import { effect, signal } from "@preact/signals";
import { h, render } from "preact";

import type { ActiveTool, Handle, ObjectContext, Point, Region, Size } from "../../../sdk/labelwright";
import type { Surface2d as PublicSurface, Surface2dOptions } from "../../../sdk/surface2d";
import { actual, fitted, held, showing, toPercent, toScreen, zoomed, type Camera } from "./camera.ts";
import { SurfaceControls } from "./controls.tsx";
import { framing, moving, panning, reshaping, ToolHold, type At, type Gesture } from "./gestures.ts";
import { Layers } from "./layers.ts";
import { paintCrosshair, paintFrame, paintHandles } from "./marks.ts";
import { Painter, viewOf } from "./painter.ts";
import { listenToPointers } from "./pointer.ts";
import { guarded, Spatial } from "./spatial.ts";

const FARTHEST = 0.02;
const NEAREST = 100;
const TOLERANCE_PX = 5;
const HANDLE_PX = 9;
const HANDLE_TOUCH_PX = 20;

export type { Surface2dOptions };

export function createSurface2d(el: HTMLElement, ctx: ObjectContext, options: Surface2dOptions): PublicSurface {
  return new Surface2d(el, ctx, options);
}

class Surface2d implements PublicSurface {
  #camera = signal<Camera>({ scale: 1, x: 0, y: 0 });
  #scale = signal(1);
  #size: Size = { width: 100, height: 100 };
  #backdrop: CanvasImageSource | null = null;
  #isFitted = true;
  #layers: Layers;
  #painter: Painter;
  #spatial: Spatial;
  #lifted = new Set<string>();
  #frame: [Point, Point] | null = null;
  #pointer: Point | null = null;
  #hold: ToolHold | null = null;
  #pressed: { cancel(): boolean };
  #place = document.createElement("div");
  #edge = document.createElement("div");
  #stops: (() => void)[] = [];
  #abort = new AbortController();

  constructor(el: HTMLElement, readonly ctx: ObjectContext, readonly options: Surface2dOptions) {
    this.#place.className = "lw-surface";
    // A ring is for those who came by keys; a press puts the focus here, too.
    this.#place.addEventListener("pointerdown", () => (this.#place.dataset.pressed = ""), { capture: true });
    this.#place.addEventListener("blur", () => delete this.#place.dataset.pressed);
    this.#place.tabIndex = 0;
    this.#place.setAttribute("role", "group");
    this.#place.setAttribute("aria-label", options.label);
    this.#edge.className = "lw-surface-edge";
    el.append(this.#place, this.#edge);
    this.#painter = new Painter(ctx);
    this.#spatial = new Spatial(ctx, () => this.#size);
    this.#layers = new Layers(this.#place, this);
    render(h(SurfaceControls, { ctx, scale: this.#scale, zoom: (to) => this.zoom(to) }), this.#edge);
    this.#follow();
    this.#pressed = listenToPointers(this.#place, this.#pointers(), this.#abort.signal);
    this.#keys();
    ctx.abort.addEventListener("abort", () => this.dispose(), { once: true });
  }

  /* ---------------------------------------------------------------- what changes outside */

  #follow(): void {
    const { ctx } = this;
    const watch = new ResizeObserver(() => this.#resized());
    watch.observe(this.#place);
    this.#stops.push(() => watch.disconnect());
    this.#stops.push(ctx.store.onChange((changes, live) => this.#changed(changes.map(([id]) => id), changes.every(([, before]) => before === null), live)));
    this.#stops.push(effect(() => {
      void [ctx.hidden.value, ctx.showLabels.value];
      this.#layers.redraw();
    }));
    this.#stops.push(effect(() => {
      void [ctx.selection.ids.value, ctx.hovered.value, ctx.locked.value];
      this.#layers.touch();
    }));
    this.#stops.push(effect(() => {
      const tool = ctx.tool.value;
      if (this.#hold && (ctx.mode.value !== "draw" || this.#hold.tool !== tool)) {
        this.#hold.cancel();
        this.#hold = null;
      }
      this.#setCursor(null);
    }));
    this.#spatial.load(ctx.regions.peek());
  }

  #changed(ids: readonly string[], areNew: boolean, live: boolean): void {
    if (live) {
      const fresh = ids.filter((id) => !this.#lifted.has(id));
      for (const id of fresh) this.#lifted.add(id);
      // Whatever begins to move leaves the layer of those at rest.
      if (fresh.some((id) => this.#spatial.boundsOf(id))) this.#layers.redraw();
      this.#layers.touch();
      return;
    }
    if (ids.length > 1000) this.#spatial.load(this.ctx.regions.peek());
    else for (const id of ids) this.#spatial.update(id);
    this.#lifted.clear();
    if (areNew) this.#layers.add((g, camera) => this.#painter.paint(g, this.#shown(ids), viewOf(camera, this.#size), this.#layers.ratio));
    else this.#layers.redraw();
    this.#layers.touch();
  }

  #resized(): void {
    const view = { width: this.#place.clientWidth, height: this.#place.clientHeight };
    if (view.width === 0 || view.height === 0) return;
    const before = this.#layers.view;
    this.#layers.resize(view);
    if (this.#isFitted || before.width <= 1) this.#fit();
    else this.#look({ ...this.#camera.peek(), x: this.#camera.peek().x + (view.width - before.width) / 2 });
  }

  setBackdrop(source: CanvasImageSource, size: Size): void {
    const isNew = size.width !== this.#size.width || size.height !== this.#size.height;
    this.#backdrop = source;
    this.#size = size;
    if (isNew) {
      this.#spatial.load(this.ctx.regions.peek());
      this.#fit();
    }
    this.#layers.redraw();
  }

  #fit(): void {
    const { view } = this.#layers;
    if (view.width <= 1) return;
    const start = this.options.defaultZoom ?? "fit";
    const whole = fitted(this.#size, view, this.options.align);
    const asIs = start === "original" || (start === "auto" && whole.scale > 1);
    this.#look(asIs ? actual(this.#size, view, this.options.align) : whole);
    this.#isFitted = true;
  }

  /* ---------------------------------------------------------------- camera */

  #look(camera: Camera): void {
    const next = held(camera, this.#size, this.#layers.view);
    this.#camera.value = next;
    this.#scale.value = next.scale;
    this.#isFitted = false;
    this.#layers.moved(next);
  }

  get #limits(): { min: number; max: number } {
    const whole = fitted(this.#size, this.#layers.view).scale;
    return { min: this.options.zoomOutBelowFit ? FARTHEST : Math.min(whole, 1), max: NEAREST };
  }

  zoom(to: "in" | "out" | "fit" | "actual"): void {
    const { view } = this.#layers;
    const middle = { x: view.width / 2, y: view.height / 2 };
    const step = Math.max(this.options.zoomBy ?? 1.1, 1.05) ** 2;
    if (to === "fit") {
      this.#look(fitted(this.#size, view, this.options.align));
      this.#isFitted = true;
    } else if (to === "actual") {
      this.#look(zoomed(this.#camera.peek(), 1 / this.#camera.peek().scale, middle, this.#limits));
    } else {
      this.#look(zoomed(this.#camera.peek(), to === "in" ? step : 1 / step, middle, this.#limits));
    }
  }

  toData(screen: Point): Point {
    return toPercent(this.#camera.peek(), this.#size, screen);
  }

  toScreen(data: Point): Point {
    return toScreen(this.#camera.peek(), this.#size, data);
  }

  invalidate(): void {
    this.#layers.redraw();
  }

  focus(id: string): void {
    const bounds = this.#spatial.boundsOf(id);
    if (!bounds) return;
    const camera = showing(bounds, this.#camera.peek(), this.#size, this.#layers.view);
    if (camera !== this.#camera.peek()) this.#look(camera);
  }

  boxOf(id: string): DOMRect | null {
    const bounds = this.#spatial.boundsOf(id);
    if (!bounds) return null;
    const [from, to] = [this.toScreen({ x: bounds[0]!, y: bounds[1]! }), this.toScreen({ x: bounds[2]!, y: bounds[3]! })];
    const view = this.#place.getBoundingClientRect();
    return new DOMRect(view.left + from.x, view.top + from.y, to.x - from.x, to.y - from.y);
  }

  cancel(): boolean {
    const isDrawing = this.#hold?.cancel() ?? false;
    return this.#pressed.cancel() || isDrawing;
  }

  #keys(): void {
    const key = (id: string, to: "in" | "out" | "fit" | "actual"): void => this.ctx.hotkey({ id, run: () => this.zoom(to) });
    key("tool:zoom-in", "in");
    key("tool:zoom-out", "out");
    key("tool:zoom-to-fit", "fit");
    key("tool:zoom-to-actual", "actual");
  }

  /* ---------------------------------------------------------------- pointer */

  #pointers() {
    return {
      toData: (screen: Point) => this.toData(screen),
      press: (at: At, button: "main" | "pan") => this.#press(at, button),
      hover: (at: At | null) => this.#hover(at),
      cursor: (name: string | null) => this.#setCursor(name),
      zoomBy: (factor: number, at: Point) => this.#look(zoomed(this.#camera.peek(), factor, at, this.#limits)),
      panBy: (dx: number, dy: number) => this.#pan(dx, dy),
    };
  }

  #pan(dx: number, dy: number): void {
    const camera = this.#camera.peek();
    this.#look({ ...camera, x: camera.x + dx, y: camera.y + dy });
  }

  #press(at: At, button: "main" | "pan"): Gesture | null {
    const { ctx } = this;
    const pan = (onClick?: () => void): Gesture => panning(at, (dx, dy) => this.#pan(dx, dy), onClick);
    if (button === "pan" || ctx.mode.peek() === "pan") return pan();
    const tool = ctx.tool.peek();
    if (ctx.mode.peek() === "draw" && tool && !ctx.readonly.peek() && !(at.toggles && !at.shift)) return this.#drawing(tool, at);
    const handle = this.#handleAt(at);
    if (handle) return reshaping(ctx, handle.region, handle.handle.id, at, this.#size, handle.handle.cursor);
    const id = this.#regionAt(at);
    if (id === null) {
      const clear = (): void => (at.toggles ? undefined : ctx.selection.clear());
      return at.touch ? pan(clear) : framing(at, (box) => this.#showFrame(box), (from, to) => this.#selectWithin(from, to, at.toggles), clear);
    }
    return this.#grab(id, at);
  }

  #grab(id: string, at: At): Gesture {
    const { selection } = this.ctx;
    const wasSelected = selection.ids.peek().has(id);
    if (!wasSelected) selection.select(at.toggles ? [...selection.ids.peek(), id] : [id]);
    return moving(this.ctx, [...selection.ids.peek()], at, this.#size, () => {
      if (at.toggles && wasSelected) selection.toggle(id);
      else if (!at.toggles) selection.select([id]);
    });
  }

  #drawing(tool: ActiveTool, at: At): Gesture {
    if (this.#hold?.tool !== tool) {
      this.#hold?.cancel();
      this.#hold = new ToolHold(this.ctx, tool, this.ctx.attrsOf(tool), () => ({ size: this.#size, grain: this.#grain() }));
    }
    const hold = this.#hold;
    hold.down(at);
    return { move: (now) => { this.#pointer = now.screen; hold.move(now); }, up: (now) => hold.up(now), cancel: () => void hold.cancel() };
  }

  #grain(): Size {
    const { scale } = this.#camera.peek();
    return { width: 100 / (this.#size.width * scale), height: 100 / (this.#size.height * scale) };
  }

  #hover(at: At | null): void {
    this.#pointer = at?.screen ?? null;
    if (at && this.#hold?.active) this.#hold.move(at);
    if (this.options.crosshair) this.#layers.touch();
    const isSelecting = this.ctx.mode.peek() === "select";
    const handle = at && isSelecting ? this.#handleAt(at) : null;
    const id = at && isSelecting && !handle ? this.#regionAt(at) : null;
    if (this.ctx.hovered.peek() !== id) this.ctx.hovered.value = id;
    this.#setCursor(handle?.handle.cursor ?? (id ? "pointer" : null));
  }

  #setCursor(name: string | null): void {
    const usual = { select: "default", pan: "grab", draw: this.ctx.tool.peek()?.tool.cursor ?? "crosshair" }[this.ctx.mode.peek()];
    this.#place.style.cursor = name ?? usual;
  }

  #mayBeHit = (region: Region): boolean => !this.ctx.hidden.peek().has(region.id);

  #regionAt(at: At): string | null {
    const tolerance = (at.touch ? 2 * TOLERANCE_PX : TOLERANCE_PX) / this.#camera.peek().scale;
    return this.#spatial.at(at.data, tolerance, this.#mayBeHit, this.ctx.selection.ids.peek());
  }

  /** The region that shows handles: the selected one, if it alone is. */
  #handled(): { region: Region; handles: Handle[] } | null {
    const ids = [...this.ctx.selection.ids.peek()];
    const region = ids.length === 1 ? this.ctx.store.peek(ids[0]!) : null;
    if (!region || region.object !== this.ctx.name || this.ctx.isLocked(region) || this.ctx.hidden.peek().has(region.id)) return null;
    const type = this.ctx.regionType(region);
    const handles = guarded(() => type?.handles?.(region.value, viewOf(this.#camera.peek(), this.#size), this.ctx.attrsOf(region)));
    return handles ? { region, handles } : null;
  }

  #handleAt(at: At): { region: Region; handle: Handle } | null {
    const found = this.#handled();
    if (!found) return null;
    const reach = at.touch ? HANDLE_TOUCH_PX : HANDLE_PX;
    const near = found.handles
      .map((handle) => ({ handle, far: farBetween(this.toScreen(handle.at), at.screen) }))
      .filter((one) => one.far <= reach)
      .sort((one, other) => one.far - other.far)[0];
    return near ? { region: found.region, handle: near.handle } : null;
  }

  #showFrame(box: [Point, Point] | null): void {
    this.#frame = box;
    this.#layers.touch();
  }

  #selectWithin(from: Point, to: Point, isMore: boolean): void {
    const [minX, maxX] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
    const [minY, maxY] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
    const ids = this.#shown(this.#spatial.within(minX, minY, maxX, maxY));
    this.ctx.selection.select(isMore ? [...this.ctx.selection.ids.peek(), ...ids] : ids);
  }

  #shown(ids: readonly string[]): string[] {
    const hidden = this.ctx.hidden.peek();
    return ids.filter((id) => !hidden.has(id) && !this.#lifted.has(id));
  }

  /* ---------------------------------------------------------------- painting */

  paintRest(beneath: CanvasRenderingContext2D, shapes: CanvasRenderingContext2D, camera: Camera, margin: Size): void {
    const { view, ratio } = this.#layers;
    if (this.#backdrop) this.#paintBackdrop(beneath, camera, { width: view.width + 2 * margin.width, height: view.height + 2 * margin.height });
    const from = toPercent(camera, this.#size, { x: 0, y: 0 });
    const to = toPercent(camera, this.#size, { x: view.width + 2 * margin.width, y: view.height + 2 * margin.height });
    const ids = this.#shown(this.#spatial.within(from.x, from.y, to.x, to.y));
    this.#painter.paint(shapes, ids, viewOf(camera, this.#size), ratio);
  }

  /** Only the part in view is scaled. */
  #paintBackdrop(g: CanvasRenderingContext2D, camera: Camera, view: Size): void {
    const { width, height } = this.#size;
    const left = Math.max(0, -camera.x / camera.scale);
    const top = Math.max(0, -camera.y / camera.scale);
    const right = Math.min(width, (view.width - camera.x) / camera.scale);
    const bottom = Math.min(height, (view.height - camera.y) / camera.scale);
    if (right <= left || bottom <= top) return;
    g.imageSmoothingEnabled = this.options.smoothing !== false;
    g.imageSmoothingQuality = camera.scale < 0.5 ? "high" : "medium";
    const [w, h2] = [right - left, bottom - top];
    g.drawImage(this.#backdrop!, left, top, w, h2, left * camera.scale + camera.x, top * camera.scale + camera.y, w * camera.scale, h2 * camera.scale);
  }

  paintTop(g: CanvasRenderingContext2D, camera: Camera): void {
    const view = viewOf(camera, this.#size);
    const { ctx } = this;
    const hidden = ctx.hidden.peek();
    const moving = [...this.#lifted].filter((id) => !ctx.selection.ids.peek().has(id));
    for (const id of moving) this.#paintOne(g, id, view, { width: 1 });
    const hovered = ctx.hovered.peek();
    if (hovered && !ctx.selection.ids.peek().has(hovered) && !hidden.has(hovered)) this.#paintOne(g, hovered, view, { width: 1.5, halo: false });
    for (const id of ctx.selection.ids.peek()) if (!hidden.has(id)) this.#paintOne(g, id, view, { width: 1, halo: true });
    this.#paintHandles(g);
    if (this.#frame) paintFrame(g, this.#frame);
    if (this.options.crosshair && this.#pointer && ctx.mode.peek() === "draw") paintCrosshair(g, this.#pointer, this.#layers.view);
  }

  #paintOne(g: CanvasRenderingContext2D, id: string, view: ReturnType<typeof viewOf>, how: { width: number; halo?: boolean }): void {
    const region = this.ctx.store.peek(id);
    if (!region || region.object !== this.ctx.name) return;
    const look = this.#painter.lookOf(region);
    if (how.halo) {
      this.#painter.one(g, region, view, { ...look, stroke: "rgb(255 255 255 / 0.9)", fill: "transparent", width: look.width + 3.5, dashed: false });
      this.#painter.one(g, region, view, { ...look, stroke: "rgb(0 0 0 / 0.45)", fill: "transparent", width: look.width + 1.5, dashed: false });
    }
    this.#painter.one(g, region, view, { ...look, width: look.width + how.width });
  }

  #paintHandles(g: CanvasRenderingContext2D): void {
    const found = this.#handled();
    if (!found || this.#hold?.active) return;
    const handles = found.handles.map((handle) => ({ ...handle, screen: this.toScreen(handle.at) }));
    paintHandles(g, handles, this.#painter.lookOf(found.region).stroke);
  }

  dispose(): void {
    if (this.#abort.signal.aborted) return;
    this.#hold?.cancel();
    this.#abort.abort();
    for (const stop of this.#stops) stop();
    this.#layers.dispose();
    render(null, this.#edge);
    this.#place.remove();
    this.#edge.remove();
  }
}

const farBetween = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);
