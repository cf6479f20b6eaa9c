/** `<Pairwise>`: which of two objects? By a press on it, or by its side's button or key. */
import { effect } from "@preact/signals";
import { Keys, safeStyle, type ControlContext, type ControlTag } from "labelwright";

import rules from "./pairwise.css?inline";

const SIDES = ["left", "right"] as const;
type Side = (typeof SIDES)[number];

/** A click at the end of a drag over words marks them, and chooses nothing. */
const isMarking = (): boolean => getSelection()?.isCollapsed === false;

function setup(ctx: ControlContext) {
  ctx.css(rules);
  const answer = ctx.answer<string>();
  const titles: Record<Side, () => string> = { left: () => ctx.t("Left"), right: () => ctx.t("Right") };
  const press = (side: Side): void => {
    answer.value = answer.peek() === side ? null : side;
    if (answer.peek() !== null) ctx.announce(ctx.t("Chosen: {side}", { side: titles[side]() }));
  };
  const group: { current: HTMLDivElement | null } = { current: null };
  SIDES.forEach((side, at) => {
    const pressThere = (): void => {
      press(side);
      // From here the arrow keys go on; in the object they would move its caret.
      group.current?.querySelector<HTMLInputElement>(`[value=${side}]`)?.focus({ preventScroll: true });
    };
    const stop = watch(ctx, ctx.toName[at] ?? "", classesOf(ctx.attrs[`${side}Class`] ?? side), () => answer.value === side, pressThere);
    ctx.abort.addEventListener("abort", stop, { once: true });
  });

  const Choice = ({ side }: { side: Side }) => (
    <label class="lw-pair-side" data-chosen={answer.value === side || undefined}>
      <input type="radio" name={ctx.name} value={side} checked={answer.value === side} disabled={ctx.readonly.value}
        onClick={(event) => {
          press(side);
          event.currentTarget.checked = answer.peek() === side;
        }} />
      {titles[side]()}
      <Keys keys={side} />
    </label>
  );
  return {
    view: () => (
      <div ref={group} class="lw-pair" role="radiogroup" aria-label={ctx.t("Which one is chosen?")}>
        {SIDES.map((side) => <Choice key={side} side={side} />)}
      </div>
    ),
    hotkeys: { left: () => press("left"), right: () => press("right") },
  };
}

const classesOf = (written: unknown): string[] => String(written).split(/\s+/).filter(Boolean);

/** Make an object a thing to press, and show whether it is chosen. */
function watch(ctx: ControlContext, object: string, names: readonly string[], isChosen: () => boolean, press: () => void): () => void {
  const chosenStyle = safeStyle(String(ctx.attrs.selectionStyle ?? ""));
  const place = ctx.placeOf(object);
  return effect(() => {
    const el = place.value;
    if (!el) return;
    const before = el.style.cssText;
    const chosen = isChosen();
    el.classList.add("lw-pair-object", ...names);
    el.classList.toggle("lw-pair-chosen", chosen && !chosenStyle);
    if (chosen && chosenStyle) el.style.cssText = `${before};${chosenStyle}`;
    const click = (event: MouseEvent): void => {
      const target = event.target as Element;
      if (ctx.readonly.peek() || isMarking() || target.closest("a[href], button, input, select, textarea, video, audio")) return;
      press();
    };
    el.addEventListener("click", click);
    return () => {
      el.removeEventListener("click", click);
      el.classList.remove("lw-pair-object", "lw-pair-chosen", ...names);
      el.style.cssText = before;
    };
  });
}

const pairwise: ControlTag = { api: 1, tag: "Pairwise", kind: "control", setup };

export default pairwise;
