/** The tools at the edge of a surface, and its zoom. */
import type { Signal } from "@preact/signals";

import type { ObjectContext } from "../../../sdk/labelwright";
import { formatPercent, t } from "../../i18n/index.ts";
import { icons } from "../icons.ts";
import { IconButton } from "../parts.tsx";

interface Props {
  ctx: ObjectContext;
  scale: Signal<number>;
  zoom: (to: "in" | "out" | "fit" | "actual") => void;
}

export function SurfaceControls({ ctx, scale, zoom }: Props) {
  const mode = ctx.mode.value;
  const tool = ctx.tool.value;
  return (
    <>
      <div class="lw-surface-tools" role="toolbar" aria-label={t("Tools")} aria-orientation="vertical">
        <IconButton icon={icons.move} title={t("Select and move")} keys={ctx.keyOf("tool:move")} pressed={mode === "select"} onClick={() => ctx.setMode("select")} />
        <IconButton icon={icons.hand} title={t("Move the view")} keys={ctx.keyOf("tool:pan-image")} pressed={mode === "pan"} onClick={() => ctx.setMode("pan")} />
        {!ctx.readonly.value && ctx.tools.map((one) => (
          <IconButton key={`${one.control} ${one.tool.name}`} icon={one.tool.icon ?? one.region.icon ?? icons.rectangle} title={ctx.toolTitle(one)}
            keys={ctx.keyOf(`tool:${one.tool.name}`)} pressed={mode === "draw" && tool?.tool === one.tool && tool.control === one.control} onClick={() => ctx.setMode("draw", one)} />
        ))}
      </div>
      <div class="lw-surface-zoom" role="toolbar" aria-label={t("Zoom")}>
        <IconButton small icon={icons.zoomOut} title={t("Zoom out")} keys={ctx.keyOf("tool:zoom-out")} onClick={() => zoom("out")} />
        <button type="button" class="lw-button lw-button--quiet lw-button--small lw-surface-scale" title={t("One to one")} aria-label={t("Zoom: {share}. Show one to one", { share: formatPercent(scale.value) })} onClick={() => zoom("actual")}>
          {formatPercent(scale.value)}
        </button>
        <IconButton small icon={icons.zoomIn} title={t("Zoom in")} keys={ctx.keyOf("tool:zoom-in")} onClick={() => zoom("in")} />
        <IconButton small icon={icons.fit} title={t("Fit to the view")} keys={ctx.keyOf("tool:zoom-to-fit")} onClick={() => zoom("fit")} />
      </div>
    </>
  );
}
