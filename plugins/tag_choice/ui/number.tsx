/** `<Number>`: a field for a number, with a slider where the author wants one. */
import { Keys, type ControlContext, type ControlTag } from "labelwright";

import { isOn, number, text } from "./attributes.ts";
import rules from "./number.css?inline";

function setup(ctx: ControlContext) {
  ctx.css(rules);
  const answer = ctx.answer<number>();
  const least = number(ctx.attrs.min);
  const most = number(ctx.attrs.max);
  const step = number(ctx.attrs.step) || 1;
  const preset = number(ctx.attrs.defaultValue);
  const slides = isOn(ctx.attrs.slider) && least !== null && most !== null;
  const key = text(ctx.attrs.hotkey);

  const take = (event: { currentTarget: HTMLInputElement }): void => {
    const field = event.currentTarget;
    if (field.validity.badInput) return; // half a number, as "-" or "1e"
    answer.value = field.value === "" ? null : field.valueAsNumber;
  };
  if (key) {
    ctx.hotkey({ keys: key, title: "One step more", run: () => {
      if (ctx.readonly.peek()) return;
      // Steps of a tenth would otherwise add up to 0.30000000000000004.
      const next = Number(((answer.peek() ?? preset ?? (least ?? 0) - step) + step).toPrecision(12));
      answer.value = most === null ? next : Math.min(most, next);
    } });
  }
  const limits = (): string => {
    if (least !== null && most !== null) return ctx.t("From {least} to {most}", { least, most });
    if (least !== null) return ctx.t("{least} or more", { least });
    return most === null ? "" : ctx.t("{most} or less", { most });
  };
  const isOutside = (value: number): boolean => (least !== null && value < least) || (most !== null && value > most);

  return {
    view: () => {
      const given = answer.value;
      const shared = { min: least ?? undefined, max: most ?? undefined, disabled: ctx.readonly.value, "aria-label": ctx.name };
      return (
        <div class="lw-numeric">
          {slides && (
            <input type="range" {...shared} step={step} value={given ?? preset ?? least} data-preset={given === null || undefined} onInput={take} />
          )}
          <input class="lw-input lw-numeric-field" type="number" {...shared} step={Number.isInteger(step) ? "any" : step} inputMode="decimal"
            value={given ?? ""} placeholder={preset === null ? undefined : String(preset)} aria-invalid={(given !== null && isOutside(given)) || undefined} onInput={take}
            onKeyDown={(event) => {
              if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
              event.preventDefault();
              const by = event.key === "ArrowUp" ? step : -step;
              const next = Number(((answer.peek() ?? preset ?? least ?? 0) + by).toPrecision(12));
              answer.value = Math.min(most ?? next, Math.max(least ?? next, next));
            }} />
          {limits() && <span class="lw-numeric-limits">{limits()}</span>}
          {key && <Keys keys={key} />}
        </div>
      );
    },
    settle: () => {
      if (answer.peek() === null && preset !== null) answer.value = preset;
    },
    validate: () => {
      const given = answer.peek();
      return given !== null && isOutside(given) ? limits() : null;
    },
  };
}

const numbers: ControlTag = { api: 1, tag: "Number", kind: "control", setup };

export default numbers;
