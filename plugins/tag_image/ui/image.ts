/** `<Image>`: loads one picture and puts it under the regions. */
import type { ObjectContext, ObjectTag } from "labelwright";
import { createSurface2d, type Surface2dOptions } from "labelwright/surface2d";

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

/** The address of the picture, or what is wrong with the task's data. */
function addressOf(ctx: ObjectContext): { url: string } | { problem: string } {
  const value: unknown = ctx.field(ctx.attrs.value);
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first !== "string" || first === "") {
    return { problem: ctx.t("This task has no picture in {field}.", { field: String(ctx.attrs.value) }) };
  }
  return { url: ctx.mediaUrl(first) };
}

function load(url: string, crossOrigin: unknown): Promise<HTMLImageElement> {
  const image = new Image();
  if (crossOrigin && crossOrigin !== "none") image.crossOrigin = String(crossOrigin);
  image.decoding = "async";
  image.src = url;
  return image.decode().then(() => image);
}

const image: ObjectTag = {
  api: 1,
  tag: "Image",
  kind: "object",
  space: "2d",
  mount(el, ctx) {
    if (el.parentElement) sizeAsWritten(el.parentElement, ctx.node.attrs);
    const surface = createSurface2d(el, ctx, optionsOf(ctx));
    let size = { width: 0, height: 0 };
    const address = addressOf(ctx);
    if ("problem" in address) {
      ctx.failed(address.problem);
    } else {
      load(address.url, ctx.attrs.crossOrigin).then(
        (picture) => {
          if (ctx.abort.aborted) return;
          size = { width: picture.naturalWidth || 1000, height: picture.naturalHeight || 1000 };
          surface.setBackdrop(picture, size);
          ctx.loaded();
        },
        () => ctx.failed(ctx.t("The picture could not be loaded: {url}", { url: address.url })),
      );
    }
    return {
      focus: (id) => surface.focus(id),
      boxOf: (id) => surface.boxOf(id),
      cancel: () => surface.cancel(),
      extras: () => ({ original_width: size.width, original_height: size.height, image_rotation: 0 }),
      dispose: () => surface.dispose(),
    };
  },
};

export default image;
