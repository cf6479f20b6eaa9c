/** `<TextArea>`: texts in one's own words. What was typed is added by a key, by a button, or when the field is left. */
import { signal } from "@preact/signals";
import { Icon, icons, Keys, type ControlContext, type ControlTag, type RegionRows, type RowContext } from "labelwright";
import { useMemo } from "preact/hooks";

import { isOn, number, text } from "./attributes.ts";
import rules from "./text_area.css?inline";
import { TypingClock } from "./typing_clock.ts";

/** Texts of an answer; predictions may hold a single one. */
const listed = (said: unknown): string[] => (Array.isArray(said) ? said.map(String) : said === null || said === undefined ? [] : [String(said)]);

function setup(ctx: ControlContext) {
  ctx.css(rules);
  const answer = ctx.answer<string[] | string>();
  const rows = Math.max(1, number(ctx.attrs.rows) ?? 1);
  const height = { minHeight: `calc(${rows}lh + 16px)` };
  const most = number(ctx.attrs.maxSubmissions) ?? Infinity;
  const isEditable = isOn(ctx.attrs.editable) || isOn(ctx.attrs.transcription);
  const hasButton = ctx.attrs.showSubmitButton === undefined || ctx.attrs.showSubmitButton === null ? rows > 1 : isOn(ctx.attrs.showSubmitButton);
  const key = text(ctx.attrs.hotkey);
  const preset = text(ctx.field(ctx.attrs.value));
  const field: { current: HTMLTextAreaElement | null } = { current: null };
  /** What is typed and not yet added, for each region that is spoken of. */
  const typed = signal<ReadonlyMap<string, string>>(new Map());

  const place = (): string => ctx.region.value?.id ?? "";
  const texts = (): string[] => listed(answer.value);
  const typedNow = (): string => typed.value.get(place()) ?? (texts().length === 0 ? preset : "");
  const type = (words: string): void => {
    clock.touch();
    typed.value = new Map(typed.peek()).set(place(), words);
  };
  const clock = new TypingClock();
  const store = (all: readonly string[]): void => {
    answer.say(all.length > 0 ? [...all] : null, clock.added(answer.meta()));
  };
  const add = (): void => {
    const words = typedNow().trim();
    const all = listed(answer.peek());
    if (words === "" || all.length >= most) return;
    if (isOn(ctx.attrs.skipDuplicates) && all.includes(words)) {
      ctx.announce(ctx.t("It is there already"));
    } else {
      store([...all, words]);
    }
    type("");
  };
  /** While a pointer is down nothing may move away from under it: its click would go astray. */
  let isPressed = false;
  addEventListener("pointerdown", () => (isPressed = true), { capture: true, signal: ctx.abort });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (isPressed = false), { capture: true, signal: ctx.abort });
  /** Only what somebody typed: what the author put there counts when it is submitted. */
  const settle = (): void => {
    if (typed.peek().has(place())) add();
  };
  const change = (at: number, words: string): void => {
    store(listed(answer.peek()).flatMap((one, index) => (index !== at ? [one] : words.trim() === "" ? [] : [words.trim()])));
  };
  const press = (event: KeyboardEvent): void => {
    const isAdding = event.key === "Enter" && !event.isComposing && !event.ctrlKey && !event.metaKey && (rows === 1 ? !event.shiftKey : event.shiftKey);
    if (!isAdding) return;
    event.preventDefault();
    add();
  };
  if (key) ctx.hotkey({ keys: key, title: "Go to the field", run: () => field.current?.focus() });

  const Text = ({ words, at }: { words: string; at: number }) => {
    const isOpen = isEditable && !ctx.readonly.value;
    return (
      <li class="lw-text-item">
        {isOpen
          ? <textarea class="lw-textarea lw-text-field" rows={rows} style={height} aria-label={ctx.t("Text {n} of {name}", { n: at + 1, name: ctx.name })} value={words} onInput={() => clock.touch()}
              onChange={(event) => change(at, event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.key === "Enter" && !event.isComposing && rows === 1 && !event.ctrlKey && !event.metaKey) {
                  event.preventDefault();
                  event.currentTarget.blur();
                }
              }} />
          : <span class="lw-text-said">{words}</span>}
        {!ctx.readonly.value && (
          <button type="button" class="lw-button lw-button--quiet lw-button--icon lw-button--small" aria-label={ctx.t("Remove text {n}", { n: at + 1 })} onClick={() => change(at, "")}>
            <Icon path={icons.close} size={14} />
          </button>
        )}
      </li>
    );
  };

  return {
    view: () => {
      const all = texts();
      const isOpen = !ctx.readonly.value && ctx.attrs.allowSubmit !== false && all.length < most;
      return (
        <div class="lw-texts">
          {text(ctx.attrs.label) && <span class="lw-texts-label">{text(ctx.attrs.label)}</span>}
          {all.length > 0 && <ul class="lw-text-items">{all.map((words, at) => <Text key={at} words={words} at={at} />)}</ul>}
          {isOpen && (
            <div class="lw-text-new">
              <textarea ref={field} class="lw-textarea lw-text-field" rows={rows} style={height} aria-label={text(ctx.attrs.label) || ctx.name} placeholder={text(ctx.attrs.placeholder) || undefined}
                value={typedNow()} onInput={(event) => type(event.currentTarget.value)} onKeyDown={press} onBlur={(event) => {
                  // A shortcut inside keeps the caret; whoever leaves the question has said what they meant to.
                  if ((event.relatedTarget as Element | null)?.closest?.(".lw-texts")) return;
                  if (isPressed) addEventListener("pointerup", settle, { capture: true, once: true, signal: ctx.abort });
                  else settle();
                }} />
              {hasButton
                ? <button type="button" class="lw-button" disabled={typedNow().trim() === ""} onClick={add}>{ctx.t("Add")}</button>
                : typedNow().trim() !== "" && <Keys keys={rows === 1 ? "enter" : "shift+enter"} />}
              {key && typedNow() === "" && <Keys keys={key} />}
            </div>
          )}
          {isOpen && ctx.node.children.length > 0 && <div class="lw-text-shortcuts">{ctx.children()}</div>}
        </div>
      );
    },
    settle: () => {
      if (!ctx.region.peek() && ctx.attrs.allowSubmit !== false) add();
    },
    validate: () => {
      const elsewhere = [...typed.peek()].some(([region, words]) => region !== (ctx.region.peek()?.id ?? "") && words.trim() !== "");
      return elsewhere ? ctx.t("A text is typed for another region and not added yet") : null;
    },
  };
}

/** One text of a region in the list of regions, or the empty field for the next. */
function Line({ ctx, at }: { ctx: RowContext<string[] | string>; at: number }) {
  const texts = listed(ctx.said);
  const isOpen = !ctx.readonly && (at >= texts.length || isOn(ctx.attrs.editable) || isOn(ctx.attrs.transcription));
  const clock = useMemo(() => new TypingClock(), []);
  const name = at < texts.length ? ctx.t("Text {n} of {name}", { n: at + 1, name: ctx.name }) : ctx.name;
  const change = (words: string): void => {
    const said = words.trim();
    if (said === (texts[at] ?? "") || (isOn(ctx.attrs.skipDuplicates) && texts.includes(said))) return;
    const next = said === "" ? texts.filter((_, index) => index !== at) : [...texts.slice(0, at), said, ...texts.slice(at + 1)];
    ctx.say(next.length > 0 ? next : null, clock.added(ctx.meta()));
  };
  return (
    <input class="lw-input lw-input--small" type="text" aria-label={name} placeholder={text(ctx.attrs.placeholder) || undefined} readOnly={!isOpen} value={texts[at] ?? ""}
      onInput={() => clock.touch()} onBlur={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        change(event.currentTarget.value);
      }} />
  );
}

const rows: RegionRows<string[] | string> = {
  count(said, attrs) {
    const made = listed(said).length;
    return made < (number(attrs.maxSubmissions) ?? Infinity) ? made + 1 : made;
  },
  row: (ctx, at) => <Line ctx={ctx} at={at} />,
};

const textArea: ControlTag = { api: 1, tag: "TextArea", kind: "control", rows, setup };

export default textArea;
