/** Paints parts of a text: by CSS highlights for what is near the view, by wrapping where a browser has none. */
import { withAlpha } from "labelwright";

import type { Chunk, Page } from "./page.ts";

export interface Mark {
  id: string;
  /** UTF-16 offsets. */
  start: number;
  end: number;
  colour: string;
  text: string;
  depth: number;
  isHidden: boolean;
}

const NEAR = "600px 0px";
const DEEPEST = 3;

/** Overlapping parts get underlines at different depths. */
export function deepened<T extends { start: number; end: number }>(marks: readonly T[]): (T & { depth: number })[] {
  const sorted = [...marks].sort((one, other) => one.start - other.start || other.end - one.end);
  const ends: number[] = [];
  return sorted.map((mark) => {
    let depth = ends.findIndex((end) => end <= mark.start);
    if (depth < 0) depth = Math.min(ends.length, DEEPEST);
    ends[depth] = Math.max(ends[depth] ?? 0, mark.end);
    return { ...mark, depth };
  });
}

interface Painter {
  show(mark: Mark): void;
  hide(mark: Mark): void;
  /** `state` of marks: selected or hovered. */
  point(state: "selected" | "hovered", marks: readonly Mark[]): void;
  dispose(): void;
}

export const hasHighlights = (): boolean => typeof CSS !== "undefined" && "highlights" in CSS && typeof Highlight === "function";

/** One highlight for each colour and depth, shared by all texts of the page. */
const highlights = new Map<string, Highlight>();

function highlightOf(colour: string, depth: number, css: (name: string, rules: string) => void): Highlight {
  const name = `lw-${[...colour].map((letter) => (/[\w-]/.test(letter) ? letter : `_${letter.charCodeAt(0).toString(16)}`)).join("")}-${depth}`;
  let highlight = highlights.get(name);
  if (!highlight) {
    highlight = new Highlight();
    highlights.set(name, highlight);
    CSS.highlights.set(name, highlight);
  }
  css(name, `::highlight(${name}) { background-color: ${withAlpha(colour, 0.24)}; text-decoration: underline solid ${colour}; text-decoration-thickness: 2px; text-underline-offset: ${3 + depth * 3}px; }`);
  return highlight;
}

export class HighlightPainter implements Painter {
  #shown = new Map<string, { range: StaticRange; highlight: Highlight }>();
  #ruled = new Set<string>();
  #pointed = new Map<string, { highlight: Highlight; ranges: StaticRange[] }>();

  constructor(readonly page: Page, readonly css: (rules: string) => void) {
    css("::highlight(lw-text-hovered) { background-color: color-mix(in srgb, var(--lw-accent-text) 26%, transparent); }");
    css("::highlight(lw-text-selected) { background-color: color-mix(in srgb, var(--lw-accent-text) 38%, transparent); color: var(--lw-text); }");
  }

  #rule(name: string, rules: string): void {
    if (this.#ruled.has(name)) return;
    this.#ruled.add(name);
    this.css(rules);
  }

  #range(mark: Mark): StaticRange {
    const [from, to] = [this.page.place(mark.start), this.page.place(mark.end)];
    return new StaticRange({ startContainer: from.node, startOffset: from.offset, endContainer: to.node, endOffset: to.offset });
  }

  show(mark: Mark): void {
    if (this.#shown.has(mark.id) || mark.isHidden) return;
    const range = this.#range(mark);
    const highlight = highlightOf(mark.colour, mark.depth, (name, rules) => this.#rule(name, rules));
    highlight.add(range);
    this.#shown.set(mark.id, { range, highlight });
  }

  hide(mark: Mark): void {
    const shown = this.#shown.get(mark.id);
    shown?.highlight.delete(shown.range);
    this.#shown.delete(mark.id);
  }

  point(state: "selected" | "hovered", marks: readonly Mark[]): void {
    const name = `lw-text-${state}`;
    let pointed = this.#pointed.get(state);
    if (!pointed) {
      const highlight = CSS.highlights.get(name) ?? new Highlight();
      highlight.priority = state === "selected" ? 2 : 1;
      CSS.highlights.set(name, highlight);
      this.#pointed.set(state, (pointed = { highlight, ranges: [] }));
    }
    for (const range of pointed.ranges) pointed.highlight.delete(range);
    pointed.ranges = marks.filter((mark) => !mark.isHidden).map((mark) => this.#range(mark));
    for (const range of pointed.ranges) pointed.highlight.add(range);
  }

  dispose(): void {
    for (const { range, highlight } of this.#shown.values()) highlight.delete(range);
    for (const { highlight, ranges } of this.#pointed.values()) for (const range of ranges) highlight.delete(range);
    this.#shown.clear();
    this.#pointed.clear();
  }
}

/** The old way: the chunk's text cut at every edge and wrapped. Good to a few thousand parts. */
export class WrapPainter implements Painter {
  #marks = new Map<string, Mark>();
  #pointed = { selected: new Set<string>(), hovered: new Set<string>() };

  constructor(readonly page: Page) {}

  show(mark: Mark): void {
    this.#marks.set(mark.id, mark);
    this.#rebuild(mark);
  }

  hide(mark: Mark): void {
    if (this.#marks.delete(mark.id)) this.#rebuild(mark);
  }

  point(state: "selected" | "hovered", marks: readonly Mark[]): void {
    const before = [...this.#pointed[state]].map((id) => this.#marks.get(id)).filter((mark) => mark !== undefined);
    this.#pointed[state] = new Set(marks.map((mark) => mark.id));
    for (const mark of [...before, ...marks]) this.#rebuild(mark);
  }

  #rebuild(mark: Mark): void {
    for (const chunk of this.page.chunksBetween(mark.start, mark.end)) this.#wrap(chunk);
  }

  #wrap(chunk: Chunk): void {
    const here = [...this.#marks.values()].filter((mark) => !mark.isHidden && mark.start < chunk.end && mark.end > chunk.start);
    const edges = new Set([chunk.start, chunk.end]);
    for (const mark of here) for (const edge of [mark.start, mark.end]) if (edge > chunk.start && edge < chunk.end) edges.add(edge);
    const sorted = [...edges].sort((one, other) => one - other);
    const pieces = sorted.slice(1).map((end, index) => this.#piece(sorted[index]!, end, here));
    if (pieces.length > 0) chunk.el.replaceChildren(...pieces);
  }

  #piece(start: number, end: number, marks: readonly Mark[]): Node {
    const text = this.page.text.slice(start, end);
    const covering = marks.filter((mark) => mark.start <= start && mark.end >= end);
    if (covering.length === 0) return document.createTextNode(text);
    const el = document.createElement("mark");
    el.className = "lw-text-mark";
    el.textContent = text;
    const top = covering.at(-1)!;
    const isPointed = covering.some((mark) => this.#pointed.selected.has(mark.id) || this.#pointed.hovered.has(mark.id));
    el.style.backgroundColor = withAlpha(top.colour, isPointed ? 0.5 : 0.24);
    el.style.boxShadow = covering.map((mark, depth) => `0 ${2 + depth * 3}px 0 ${mark.colour}`).join(", ");
    return el;
  }

  dispose(): void {
    for (const chunk of this.page.chunks) if (chunk.el.childElementCount > 0) chunk.el.textContent = this.page.text.slice(chunk.start, chunk.end);
  }
}

/** Only what is near the view is painted: the cost of a change grows with all that is registered. */
export class Marks {
  #marks = new Map<string, Mark>();
  #byChunk = new Map<number, Set<string>>();
  #near = new Set<number>();
  #painter: Painter;
  #watch: IntersectionObserver;

  constructor(readonly page: Page, css: (rules: string) => void, readonly onShown: () => void) {
    this.#painter = hasHighlights() ? new HighlightPainter(page, css) : new WrapPainter(page);
    const options = { rootMargin: NEAR, scrollMargin: NEAR } as IntersectionObserverInit;
    this.#watch = new IntersectionObserver((entries) => this.#seen(entries), options);
    for (const chunk of page.chunks) this.#watch.observe(chunk.el);
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const index = Number((entry.target as HTMLElement).dataset.chunk);
      if (entry.isIntersecting) this.#near.add(index);
      else this.#near.delete(index);
      for (const id of this.#byChunk.get(index) ?? []) this.#refresh(this.#marks.get(id)!);
    }
    this.onShown();
  }

  #isNear(mark: Mark): boolean {
    return this.page.chunksBetween(mark.start, mark.end).some((chunk) => this.#near.has(chunk.index));
  }

  #refresh(mark: Mark): void {
    if (this.#isNear(mark)) this.#painter.show(mark);
    else this.#painter.hide(mark);
  }

  /** These are all marks now; what did not change is left alone. */
  set(marks: readonly Mark[]): void {
    const next = new Map(marks.map((mark) => [mark.id, mark]));
    for (const [id, mark] of this.#marks) {
      if (!same(mark, next.get(id))) this.#remove(mark);
    }
    for (const mark of marks) if (!this.#marks.has(mark.id)) this.#add(mark);
    this.onShown();
  }

  #add(mark: Mark): void {
    this.#marks.set(mark.id, mark);
    for (const chunk of this.page.chunksBetween(mark.start, mark.end)) {
      const ids = this.#byChunk.get(chunk.index);
      if (ids) ids.add(mark.id);
      else this.#byChunk.set(chunk.index, new Set([mark.id]));
    }
    if (this.#isNear(mark)) this.#painter.show(mark);
  }

  #remove(mark: Mark): void {
    this.#marks.delete(mark.id);
    for (const chunk of this.page.chunksBetween(mark.start, mark.end)) this.#byChunk.get(chunk.index)?.delete(mark.id);
    this.#painter.hide(mark);
  }

  point(state: "selected" | "hovered", ids: Iterable<string>): void {
    this.#painter.point(state, [...ids].map((id) => this.#marks.get(id)).filter((mark) => mark !== undefined));
  }

  get(id: string): Mark | undefined {
    return this.#marks.get(id);
  }

  /** Marks near the view. */
  near(): Mark[] {
    const ids = new Set([...this.#near].flatMap((index) => [...(this.#byChunk.get(index) ?? [])]));
    return [...ids].map((id) => this.#marks.get(id)!).filter((mark) => !mark.isHidden);
  }

  /** The shortest mark over an offset. */
  at(offset: number): Mark | null {
    const ids = this.#byChunk.get(this.page.chunkAt(offset).index) ?? [];
    const over = [...ids].map((id) => this.#marks.get(id)!).filter((mark) => !mark.isHidden && mark.start <= offset && mark.end > offset);
    return over.sort((one, other) => one.end - one.start - (other.end - other.start))[0] ?? null;
  }

  dispose(): void {
    this.#watch.disconnect();
    this.#painter.dispose();
  }
}

function same(one: Mark, other: Mark | undefined): boolean {
  return other !== undefined && one.start === other.start && one.end === other.end && one.colour === other.colour
    && one.text === other.text && one.depth === other.depth && one.isHidden === other.isHidden;
}
