/** `<Image>`: loads a picture, or one of several, and puts it under the regions. */
import { effect, type Signal } from "@preact/signals";
import type { ObjectContext, ObjectTag } from "labelwright";
import { createSurface2d, type Surface2dOptions } from "labelwright/surface2d";
import { h, render } from "preact";

import { Pager, RULES } from "./pager.tsx";

const isOn = (value: unknown): boolean => value === true || value === "true";
const isOff = (value: unknown): boolean => value === false || value === "false";

function optionsOf(ctx: ObjectContext): Surface2dOptions {
  const { attrs, t } = ctx;
  return {
    label: t("Picture {name}; its regions are in the list of regions", { name: ctx.name }),
    zoomBy: Number(attrs.zoomBy) || 1.1,
    zoomOutBelowFit: isOn(attrs.negativeZoom),
    defaultZoom: attrs.defaultZoom ?? "fit",
    crosshair: isOn(attrs.crosshair),
    smoothing: !isOff(attrs.smoothing),
    // An author who says nothing gets the picture in the middle: there it is nearest to all tools.
    align: { x: ctx.node.attrs.horizontalAlignment ?? "center", y: ctx.node.attrs.verticalAlignment ?? "center" },
  };
}

/** Sizes that the author wrote; without any the picture fills the room that there is. */
function sizeAsWritten(el: HTMLElement, attrs: Record<string, unknown>): void {
  for (const side of ["width", "maxWidth", "height", "maxHeight"] as const) {
    const written = attrs[side];
    if (written !== undefined && written !== "") el.style[side] = /^[\d.]+$/.test(String(written)) ? `${String(written)}px` : String(written);
  }
  // The least height is for pictures of which nobody said how high they are.
  if (attrs.height || attrs.maxHeight) el.style.minHeight = "0";
}

/** The pictures of the task: several of them where the author named a list. */
function picturesOf(ctx: ObjectContext): string[] {
  const isList = Boolean(ctx.attrs.valueList);
  const value: unknown = ctx.field(isList ? ctx.attrs.valueList : ctx.attrs.value);
  const found = [value].flat().filter((one): one is string => typeof one === "string" && one !== "");
  return isList ? found : found.slice(0, 1);
}

function load(url: string, crossOrigin: unknown): Promise<HTMLImageElement> {
  const image = new Image();
  if (crossOrigin && crossOrigin !== "none") image.crossOrigin = String(crossOrigin);
  image.decoding = "async";
  image.src = url;
  return image.decode().then(() => image);
}

/** Show the one of several pictures that is asked for, with the way to the others. */
function paging(el: HTMLElement, ctx: ObjectContext, at: Signal<number>, pictures: readonly string[], show: (picture: string) => void): void {
  ctx.css(RULES);
  const place = el.appendChild(document.createElement("div"));
  render(h(Pager, { ctx, at, count: pictures.length }), place);
  const go = (by: number) => (): void => {
    at.value = Math.max(0, Math.min(pictures.length - 1, at.peek() + by));
  };
  ctx.hotkey({ id: "image:prev", run: go(-1) });
  ctx.hotkey({ id: "image:next", run: go(1) });
  const stop = effect(() => show(pictures[at.value]!));
  ctx.abort.addEventListener("abort", () => {
    stop();
    render(null, place);
  }, { once: true });
}

const image: ObjectTag = {
  api: 1,
  tag: "Image",
  kind: "object",
  space: "2d",
  mount(el, ctx) {
    if (el.parentElement) sizeAsWritten(el.parentElement, ctx.node.attrs);
    const surface = createSurface2d(el, ctx, optionsOf(ctx));
    const pictures = picturesOf(ctx);
    const at = ctx.attrs.valueList ? ctx.paged(pictures.length) : null;
    let size = { width: 0, height: 0 };
    const show = (picture: string): void => {
      const url = ctx.mediaUrl(picture);
      const isMeant = (): boolean => !ctx.abort.aborted && picture === pictures[at?.peek() ?? 0];
      load(url, ctx.attrs.crossOrigin).then(
        (image) => {
          if (!isMeant()) return;
          size = { width: image.naturalWidth || 1000, height: image.naturalHeight || 1000 };
          surface.setBackdrop(image, size);
          ctx.loaded();
        },
        () => isMeant() && ctx.failed(ctx.t("The picture could not be loaded: {url}", { url })),
      );
    };
    if (pictures.length === 0) ctx.failed(ctx.t("This task has no picture in {field}.", { field: String(ctx.attrs.valueList ?? ctx.attrs.value) }));
    else if (at) paging(el, ctx, at, pictures, show);
    else show(pictures[0]!);
    return {
      focus: (id) => {
        if (at) at.value = Number(ctx.store.peek(id)?.items[0]?.item_index ?? 0);
        surface.focus(id);
      },
      boxOf: (id) => surface.boxOf(id),
      cancel: () => surface.cancel(),
      extras: () => ({ original_width: size.width, original_height: size.height, image_rotation: 0, ...(at ? { item_index: at.peek() } : {}) }),
      dispose: () => surface.dispose(),
    };
  },
};

export default image;
