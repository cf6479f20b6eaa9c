/** `<Filter>`: type, and only the labels or choices that match are left. */
import { effect, signal } from "@preact/signals";
import { Icon, icons, type TagContext, type VisualTag } from "labelwright";

import { isOn, styleOf, text } from "./written.ts";

const RULES = `
.lw-filter { position: relative; display: flex; align-items: center; flex: none; max-width: 24rem; }
.lw-filter > svg { position: absolute; inset-inline-start: 9px; color: var(--lw-text-3); pointer-events: none; }
.lw-filter > input { width: 100%; padding-inline-start: 30px; }
`;

/** What a typed word leaves; `null` while it is too short to say anything. */
export function keeping(typed: string, attrs: Record<string, unknown>): ((label: string) => boolean) | null {
  const least = Number(attrs.minlength ?? 3) || 0;
  const fold = (words: string): string => (isOn(attrs.casesensetive) ? words : words.toLowerCase());
  const wanted = fold(typed.trim());
  return wanted === "" || wanted.length < least ? null : (label) => fold(label).includes(wanted);
}

function setup(ctx: TagContext) {
  ctx.css(RULES);
  const target = String(ctx.attrs.toName ?? "");
  const typed = signal("");
  const field: { current: HTMLInputElement | null } = { current: null };
  const hold = ctx.labelsOf(target);
  const write = (words: string): void => {
    typed.value = words;
    hold?.keep(keeping(words, ctx.attrs));
  };
  if (hold && isOn(ctx.attrs.cleanup)) {
    let before = JSON.stringify(hold.made.peek());
    const stop = effect(() => {
      const now = JSON.stringify(hold.made.value);
      if (now !== before && typed.peek() !== "") write("");
      before = now;
    });
    ctx.abort.addEventListener("abort", stop, { once: true });
  }
  ctx.abort.addEventListener("abort", () => hold?.keep(null), { once: true });
  const key = text(ctx.attrs.hotkey);
  if (key) ctx.hotkey({ keys: key, title: "Search in the labels", run: () => field.current?.focus() });

  const press = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      const keeps = keeping(typed.peek(), { ...ctx.attrs, minlength: 0 });
      const first = keeps && hold?.labels.find((label) => keeps(label.text));
      if (first) hold?.pick(first);
    } else if (event.key === "Escape") {
      write("");
      field.current?.blur();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    view: () => {
      const placeholder = text(ctx.attrs.placeholder) ?? ctx.t("Quick Filter");
      return (
        <label class="lw-filter">
          <Icon path={icons.search} size={14} />
          <input ref={field} class="lw-input lw-input--small" type="search" value={typed.value} placeholder={placeholder} aria-label={placeholder} style={styleOf(ctx.attrs.style)}
            onInput={(event) => write(event.currentTarget.value)} onKeyDown={press} />
        </label>
      );
    },
  };
}

const filter: VisualTag = { api: 1, tag: "Filter", kind: "visual", setup };

export default filter;
