/** `<Text>`: plain text of which parts can be labelled. */
import type { ObjectContext, ObjectHandle, ObjectTag, Region } from "labelwright";
import { effect, signal } from "@preact/signals";

import { Chips } from "./chips.ts";
import { deepened, Marks, type Mark } from "./marks.ts";
import { Page } from "./page.ts";
import { Picking } from "./picking.ts";
import rules from "./text.css?inline";
import { textOf } from "./source.ts";
import { span, type Span } from "./span.ts";

const isOff = (value: unknown): boolean => value === false || value === "false" || value === "no";

type Place = Omit<Mark, "depth" | "isHidden">;

/** Where regions lie and how they look. A region never changes, so each is looked at once. */
class Places {
  #known = new WeakMap<Region, Place | null>();

  constructor(readonly ctx: ObjectContext, readonly page: Page) {}

  all(): Mark[] {
    const hidden = this.ctx.hidden.value;
    const places = this.ctx.regions.value.map((id) => this.#place(this.ctx.store.peek(id))).filter((place) => place !== null);
    return deepened(places.map((place) => ({ ...place, isHidden: hidden.has(place.id) })));
  }

  #place(region: Region | null): Place | null {
    if (!region) return null;
    let place = this.#known.get(region);
    if (place === undefined) this.#known.set(region, (place = this.#look(region)));
    return place;
  }

  #look(region: Region): Place | null {
    const value = region.value as Span;
    if (!(value.end >= value.start)) return null;
    const look = this.ctx.look(region);
    const [start, end] = [this.page.fromPoints(value.start), this.page.fromPoints(value.end)];
    return { id: region.id, start, end, text: look.text, colour: this.ctx.node.attrs.highlightColor ?? look.stroke };
  }
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
  const places = new Places(ctx, page);
  const changes = signal(0);
  const picking = new Picking(place, page, marks, ctx);
  const watch = new ResizeObserver(() => chips.moved());
  watch.observe(page.el);
  const stops = [
    effect(() => {
      void changes.value;
      marks.set(places.all());
    }),
    // One signal for all: following each of ten thousand regions would cost more than all else.
    ctx.store.onChange((_changes, live) => (live ? undefined : changes.value++)),
    effect(() => {
      void ctx.regions.value;
      marks.point("selected", ctx.selection.ids.value);
    }),
    effect(() => marks.point("hovered", ctx.hovered.value === null ? [] : [ctx.hovered.value])),
    effect(() => {
      void ctx.showLabels.value;
      place.classList.toggle("lw-text--labels", showsLabels());
      chips.moved();
    }),
  ];
  ctx.loaded();
  return {
    focus: (id) => reveal(page, marks.get(id)),
    boxOf: (id) => boxOf(page, marks.get(id)),
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

/** The first line of a part. */
function boxOf(page: Page, mark: Mark | undefined): DOMRect | null {
  return mark ? (page.range(mark.start, mark.end).getClientRects()[0] ?? null) : null;
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
      boxOf: (id) => handle?.boxOf?.(id) ?? null,
      labelMarked: () => handle?.labelMarked?.() ?? false,
      cancel: () => handle?.cancel?.() ?? false,
      dispose: () => handle?.dispose(),
    };
  },
};

export default text;
