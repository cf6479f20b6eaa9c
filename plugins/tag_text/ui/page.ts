/** A text as elements: a block for each line, in chunks short enough to be watched one by one; offsets both ways. */
import { codePointsBefore, utf16Offset } from "labelwright";

/** A line longer than this is cut into chunks. */
const LONGEST_CHUNK = 2000;

export interface Chunk {
  el: HTMLElement;
  index: number;
  /** In UTF-16 units of the whole text. */
  start: number;
  end: number;
  /** Code points before it. */
  points: number;
}

/** Line ends as one character each: offsets are counted so. */
export const normalised = (text: string): string => text.replace(/\r\n?/g, "\n");

/** Where a line may be cut: at a space where there is one near, never inside a pair. */
export function cuts(line: string, most = LONGEST_CHUNK): string[] {
  const pieces: string[] = [];
  let rest = line;
  while (rest.length > most) {
    const space = rest.lastIndexOf(" ", most);
    let at = space > most / 2 ? space + 1 : most;
    const unit = rest.charCodeAt(at - 1);
    if (unit >= 0xd800 && unit <= 0xdbff) at++;
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...pieces, rest];
}

export class Page {
  readonly el = document.createElement("div");
  readonly chunks: Chunk[] = [];
  /** Without pairs, both countings are one. */
  readonly #isPlain: boolean;

  constructor(readonly text: string) {
    this.#isPlain = !/[\ud800-\udfff]/.test(text);
    this.el.className = "lw-text-page";
    let start = 0;
    let points = 0;
    for (const line of text.split("\n")) {
      const block = document.createElement("div");
      block.className = "lw-text-line";
      for (const piece of cuts(line)) {
        const el = document.createElement("span");
        el.dataset.chunk = String(this.chunks.length);
        el.textContent = piece;
        if (line === "") el.append(document.createElement("br"));
        block.append(el);
        this.chunks.push({ el, index: this.chunks.length, start, end: start + piece.length, points });
        start += piece.length;
        points += this.#isPlain ? piece.length : codePointsBefore(piece, piece.length);
      }
      this.el.append(block);
      start += 1; // the line's end
      points += 1;
    }
  }

  /** The chunk with this offset; an offset at a line's end belongs to that line. */
  chunkAt(offset: number): Chunk {
    let [low, high] = [0, this.chunks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.chunks[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    return this.chunks[low]!;
  }

  chunksBetween(start: number, end: number): Chunk[] {
    const found: Chunk[] = [];
    for (let index = this.chunkAt(start).index; index < this.chunks.length && this.chunks[index]!.start < Math.max(end, start + 1); index++) {
      found.push(this.chunks[index]!);
    }
    return found;
  }

  toPoints(offset: number): number {
    if (this.#isPlain) return offset;
    const chunk = this.chunkAt(offset);
    return chunk.points + codePointsBefore(this.text.slice(chunk.start, offset), offset - chunk.start);
  }

  fromPoints(points: number): number {
    if (this.#isPlain) return points;
    let [low, high] = [0, this.chunks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.chunks[middle]!.points <= points) low = middle;
      else high = middle - 1;
    }
    const chunk = this.chunks[low]!;
    return chunk.start + utf16Offset(this.text.slice(chunk.start, chunk.end + 1), points - chunk.points);
  }

  /** The offset of a place in the DOM, or `null` when it lies outside. */
  offsetOf(node: Node, offset: number): number | null {
    const own = (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>("[data-chunk]");
    if (!own || !this.el.contains(own)) return this.#edge(node, offset);
    const chunk = this.chunks[Number(own.dataset.chunk)]!;
    let before = 0;
    if (node === own) {
      for (const child of [...own.childNodes].slice(0, offset)) before += child.textContent?.length ?? 0;
      return chunk.start + before;
    }
    const texts = document.createTreeWalker(own, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (text === node) return chunk.start + before + offset;
      before += text.textContent!.length;
    }
    return chunk.start;
  }

  /** A place between lines, as a triple click or "select all" gives it. */
  #edge(node: Node, offset: number): number | null {
    if (node === this.el || (this.el.contains(node) && node instanceof Element)) {
      const child = node.childNodes[offset];
      const first = child instanceof Element ? (child.matches("[data-chunk]") ? child : child.querySelector("[data-chunk]")) : null;
      if (first) return this.chunks[Number((first as HTMLElement).dataset.chunk)]!.start;
      const last = [...(node as Element).querySelectorAll<HTMLElement>("[data-chunk]")].at(-1);
      return last ? this.chunks[Number(last.dataset.chunk)]!.end : null;
    }
    return null;
  }

  /** The text node and the place in it that an offset is. */
  place(offset: number): { node: Node; offset: number } {
    const chunk = this.chunkAt(Math.max(0, Math.min(offset, this.text.length)));
    let left = Math.min(offset, chunk.end) - chunk.start;
    const texts = document.createTreeWalker(chunk.el, NodeFilter.SHOW_TEXT);
    let last: Node | null = null;
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (left <= text.textContent!.length) return { node: text, offset: left };
      left -= text.textContent!.length;
      last = text;
    }
    return last ? { node: last, offset: last.textContent!.length } : { node: chunk.el, offset: 0 };
  }

  range(start: number, end: number): Range {
    const range = document.createRange();
    const [from, to] = [this.place(start), this.place(end)];
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    return range;
  }
}
