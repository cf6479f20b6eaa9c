/** `<DateTime>`: the browser's own field for a date, a time, a month, or a year. */
import { Keys, type ControlContext, type ControlTag } from "labelwright";

import { number, text } from "./attributes.ts";
import rules from "./date_time.css?inline";
import { isKnown, kindOf, read, written } from "./moments.ts";

function setup(ctx: ControlContext) {
  ctx.css(rules);
  const answer = ctx.answer<string>();
  const only = (Array.isArray(ctx.attrs.only) ? ctx.attrs.only : text(ctx.attrs.only).split(",")).map((part) => String(part).trim().toLowerCase()).filter(Boolean);
  const kind = kindOf(only);
  const wanted = text(ctx.attrs.format);
  const format = wanted && isKnown(wanted) ? wanted : null;
  const step = number(ctx.attrs.step);
  const preset = text(ctx.attrs.defaultValue);
  const key = text(ctx.attrs.hotkey);
  const field: { current: HTMLInputElement | null } = { current: null };
  const limit = (value: unknown): string | undefined => {
    const written = text(value);
    if (!written) return undefined;
    if (kind === "year") return /\d{4}/.exec(written)?.[0];
    return read(/^\d{4}$/.test(written) ? `${written}-01-01` : written, null, kind) || undefined;
  };
  const least = limit(ctx.attrs.min);
  const most = limit(ctx.attrs.max);
  const take = (event: { currentTarget: HTMLInputElement }): void => {
    const { value, validity } = event.currentTarget;
    if (validity.badInput || (kind === "year" && !/^\d{4}$|^$/.test(value))) return; // half a date
    answer.value = value === "" ? null : format === null ? value : written(value, format);
  };
  if (key) ctx.hotkey({ keys: key, title: "Go to the field", run: () => field.current?.focus() });

  return {
    view: () => {
      const stored = answer.value;
      const shown = stored === null ? "" : read(String(stored), format, kind);
      return (
        <div class="lw-moment">
          <input ref={field} class="lw-input lw-moment-field" type={kind === "year" ? "number" : kind} value={shown} min={least} max={most} aria-label={ctx.name}
            step={step === null ? undefined : kind === "time" || kind === "datetime-local" ? step * 60 : step} disabled={ctx.readonly.value}
            placeholder={kind === "year" ? preset || ctx.t("Year") : undefined} onInput={take} />
          {stored !== null && !ctx.readonly.value && (
            <button type="button" class="lw-button lw-button--quiet" onClick={() => {
              answer.value = null;
              field.current?.focus();
            }}>{ctx.t("Clear")}</button>
          )}
          {stored !== null && shown === "" && <span class="lw-moment-stored">{String(stored)}</span>}
          {stored === null && preset && kind !== "year" && !ctx.readonly.value && (
            <button type="button" class="lw-button lw-button--quiet" onClick={() => {
              answer.value = preset;
            }}>{preset}</button>
          )}
          {key && <Keys keys={key} />}
        </div>
      );
    },
    validate: () => {
      const stored = answer.peek();
      const iso = stored === null ? "" : read(String(stored), format, kind);
      if (iso && least && iso < least) return ctx.t("Not before {least}", { least });
      return iso && most && iso > most ? ctx.t("Not after {most}", { most }) : null;
    },
  };
}

const dateTime: ControlTag = { api: 1, tag: "DateTime", kind: "control", setup };

export default dateTime;
