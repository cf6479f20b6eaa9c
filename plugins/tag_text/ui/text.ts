/** `<Text>`: plain text of which parts can be labelled. */
import type { ObjectContext, ObjectHandle, ObjectTag } from "labelwright";
import { effect } from "@preact/signals";

import { Chips } from "./chips.ts";
import { deepened, Marks, type Mark } from "./marks.ts";
import { Page } from "./page.ts";
import { Picking } from "./picking.ts";
import rules from "./text.css?inline";
import { textOf } from "./source.ts";
import { span, type Span } from "./span.ts";

const isOff = (value: unknown): boolean => value === false || value === "false" || value === "no";

function marksOf(ctx: ObjectContext, page: Page): Mark[] {
  const hidden = ctx.hidden.value;
  const found = ctx.regions.value.flatMap((id) => {
    const region = ctx.store.get(id);
    const value = region?.value as Span | undefined;
    if (!region || !value || !(value.end >= value.start)) return [];
    const look = ctx.look(region);
    return [{
      id, start: page.fromPoints(value.start), end: page.fromPoints(value.end), text: look.text,
      colour: ctx.node.attrs.highlightColor ?? look.stroke, isHidden: hidden.has(id),
    }];
  });
  return deepened(found);
}

function show(el: HTMLElement, ctx: ObjectContext, text: string): ObjectHandle {
  const page = new Page(text);
  const place = document.createElement("div");
  place.className = "lw-text";
  place.tabIndex = 0;
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", ctx.t("Text {name}; its labelled parts are in the list of regions", { name: ctx.name }));
  const chips = new Chips(page, () => (showsLabels() ? marks.near() : []));
  const showsLabels = (): boolean => (ctx.node.attrs.showLabels === undefined ? ctx.showLabels.peek() : !isOff(ctx.node.attrs.showLabels));
  const marks = new Marks(page, (more) => ctx.css(more), () => chips.touch());
  page.el.prepend(chips.el);
  place.append(page.el);
  el.append(place);
  const picking = new Picking(place, page, marks, ctx);
  const watch = new ResizeObserver(() => chips.touch());
  watch.observe(page.el);
  const stops = [
    effect(() => marks.set(marksOf(ctx, page))),
    effect(() => {
      void ctx.regions.value;
      marks.point("selected", ctx.selection.ids.value);
    }),
    effect(() => marks.point("hovered", ctx.hovered.value === null ? [] : [ctx.hovered.value])),
    effect(() => {
      void ctx.showLabels.value;
      place.classList.toggle("lw-text--labels", showsLabels());
      chips.touch();
    }),
  ];
  ctx.loaded();
  return {
    focus: (id) => reveal(page, marks.get(id)),
    labelMarked: () => picking.label(),
    cancel: () => picking.cancel(),
    dispose() {
      for (const stop of stops) stop();
      watch.disconnect();
      marks.dispose();
      chips.dispose();
      place.remove();
    },
  };
}

function reveal(page: Page, mark: Mark | undefined): void {
  if (!mark) return;
  const box = page.range(mark.start, mark.end).getBoundingClientRect();
  const scroller = scrollerOf(page.el);
  const view = scroller?.getBoundingClientRect();
  if (!scroller || !view) return;
  const [top, bottom] = [view.top + 48, view.bottom - 40];
  if (box.top < top) scroller.scrollTop -= top - box.top;
  else if (box.bottom > bottom) scroller.scrollTop += Math.min(box.bottom - bottom, box.top - top);
}

function scrollerOf(el: HTMLElement): HTMLElement | null {
  let at = el.parentElement;
  while (at && (at.scrollHeight <= at.clientHeight + 1 || getComputedStyle(at).overflowY === "visible")) at = at.parentElement;
  return at;
}

const text: ObjectTag = {
  api: 1,
  tag: "Text",
  kind: "object",
  space: "text",
  labelled: { region: span },
  mount(el, ctx) {
    ctx.css(rules);
    let handle: ObjectHandle | null = null;
    const begin = (words: string): void => {
      if (!ctx.abort.aborted) handle = show(el, ctx, words);
    };
    textOf(ctx).then(begin, (error: Error) => (ctx.abort.aborted ? undefined : ctx.failed(error.message)));
    return {
      focus: (id) => handle?.focus(id),
      labelMarked: () => handle?.labelMarked?.() ?? false,
      cancel: () => handle?.cancel?.() ?? false,
      dispose: () => handle?.dispose(),
    };
  },
};

export default text;
