/** Which of several pictures is on screen, and the way to the others. */
import type { Signal } from "@preact/signals";
import { IconButton, icons, type ObjectContext } from "labelwright";

export const RULES = `
.lw-pager { position: absolute; z-index: 2; inset-block-end: 10px; inset-inline-start: 50%; display: flex; align-items: center; gap: 4px; padding: 3px; border: 1px solid var(--lw-line); border-radius: var(--lw-radius-l); background: var(--lw-raised); box-shadow: var(--lw-shadow-1); translate: -50% 0; }
[dir="rtl"] .lw-pager { translate: 50% 0; }
.lw-pager-place { min-width: 5ch; font-variant-numeric: tabular-nums; text-align: center; }
`;

export function Pager({ ctx, at, count }: { ctx: ObjectContext; at: Signal<number>; count: number }) {
  return (
    <div class="lw-pager" role="toolbar" aria-label={ctx.t("Pictures")}>
      <IconButton small icon={icons.previous} title={ctx.t("Previous picture")} keys={ctx.keyOf("image:prev")} disabled={at.value === 0} onClick={() => (at.value -= 1)} />
      <span class="lw-pager-place" role="status">{ctx.t("{n} of {count}", { n: at.value + 1, count })}</span>
      <IconButton small icon={icons.next} title={ctx.t("Next picture")} keys={ctx.keyOf("image:next")} disabled={at.value >= count - 1} onClick={() => (at.value += 1)} />
    </div>
  );
}
