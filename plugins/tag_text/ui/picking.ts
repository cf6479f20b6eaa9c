/** From what is marked on the page, by pointer or keys, to a labelled part; and from a press to the part under it. */
import type { ObjectContext } from "labelwright";

import type { Marks } from "./marks.ts";
import type { Page } from "./page.ts";
import { snap, type Granularity } from "./snap.ts";
import { span } from "./span.ts";

const MOVES: Record<string, ["forward" | "backward", string, string]> = {
  ArrowRight: ["forward", "character", "word"],
  ArrowLeft: ["backward", "character", "word"],
  ArrowDown: ["forward", "line", "paragraph"],
  ArrowUp: ["backward", "line", "paragraph"],
  Home: ["backward", "lineboundary", "documentboundary"],
  End: ["forward", "lineboundary", "documentboundary"],
};

export class Picking {
  #caret = document.createElement("i");
  #isPressed = false;

  constructor(readonly place: HTMLElement, readonly page: Page, readonly marks: Marks, readonly ctx: ObjectContext) {
    this.#caret.className = "lw-text-caret";
    this.#caret.hidden = true;
    this.#caret.setAttribute("aria-hidden", "true");
    page.el.append(this.#caret);
    const { abort: signal } = ctx;
    place.addEventListener("pointerdown", () => {
      this.#isPressed = true;
      place.dataset.pressed = ""; // no ring: the focus came by a press
    }, { signal });
    document.addEventListener("pointerup", (event) => this.#released(event), { signal });
    place.addEventListener("pointermove", (event) => this.#hover(event), { signal });
    place.addEventListener("pointerleave", () => (ctx.hovered.value = null), { signal });
    place.addEventListener("keydown", (event) => this.#key(event), { signal });
    place.addEventListener("blur", () => {
      this.#caret.hidden = true;
      delete place.dataset.pressed;
    }, { signal });
  }

  /** What is marked now, snapped; `null` when nothing of this text is. */
  marked(): [number, number] | null {
    const selection = getSelection();
    if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    if (!range.intersectsNode(this.page.el)) return null;
    const start = this.page.offsetOf(range.startContainer, range.startOffset) ?? 0;
    const end = this.page.offsetOf(range.endContainer, range.endOffset) ?? this.page.text.length;
    if (end <= start) return null;
    const [from, to] = snap(this.page.text, start, end, this.#granularity());
    // A double click between two words marks the space there: that is nobody's answer.
    return to > from && /\S/.test(this.page.text.slice(from, to)) ? [from, to] : null;
  }

  #granularity(): Granularity {
    return (this.ctx.chosen.peek()[0]?.granularity ?? this.ctx.attrs.granularity ?? "symbol") as Granularity;
  }

  get #mayLabel(): boolean {
    const { selectionEnabled } = this.ctx.attrs;
    return !this.ctx.readonly.peek() && selectionEnabled !== false && selectionEnabled !== "false";
  }

  /** Make a part of what is marked, with the chosen labels. Says whether it did. */
  label(): boolean {
    const marked = this.#mayLabel ? this.marked() : null;
    if (!marked) return false;
    const drawing = this.ctx.draw(this.#valueOf(...marked), span);
    drawing?.commit();
    if (drawing) getSelection()?.collapseToEnd();
    return drawing !== null;
  }

  #valueOf(start: number, end: number) {
    const place = { start: this.page.toPoints(start), end: this.page.toPoints(end) };
    const { saveTextResult, valueType } = this.ctx.attrs;
    const keepsText = saveTextResult === undefined ? valueType !== "url" : saveTextResult !== "no";
    return keepsText ? { ...place, text: this.page.text.slice(start, end) } : place;
  }

  cancel(): boolean {
    if (!this.marked()) return false;
    getSelection()?.removeAllRanges();
    return true;
  }

  #released(event: PointerEvent): void {
    if (!this.#isPressed) return;
    this.#isPressed = false;
    if (this.marked()) {
      if (this.ctx.chosen.peek().length > 0) this.label();
      return;
    }
    const mark = this.#markAt(event);
    if (!mark) {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) this.ctx.selection.clear();
    } else if (event.ctrlKey || event.metaKey) {
      this.ctx.selection.toggle(mark);
    } else {
      this.ctx.selection.select([mark]);
    }
  }

  #markAt(event: PointerEvent): string | null {
    const at = caretAt(event.clientX, event.clientY);
    const offset = at && this.page.offsetOf(at.node, at.offset);
    if (offset === null || offset === undefined) return null;
    // A caret stands between two letters: the pointer may be over either.
    const mark = this.marks.at(offset) ?? (offset > 0 ? this.marks.at(offset - 1) : null);
    if (!mark) return null;
    const boxes = [...this.page.range(mark.start, mark.end).getClientRects()];
    const isOver = boxes.some((box) => event.clientX >= box.left - 1 && event.clientX <= box.right + 1 && event.clientY >= box.top - 2 && event.clientY <= box.bottom + 2);
    return isOver ? mark.id : null;
  }

  #hover(event: PointerEvent): void {
    if (event.buttons > 0) return;
    const id = this.#markAt(event);
    if (this.ctx.hovered.peek() !== id) this.ctx.hovered.value = id;
    this.place.style.cursor = id ? "pointer" : "";
  }

  /** Arrow keys move a caret through the text, with shift they mark. */
  #key(event: KeyboardEvent): void {
    const move = MOVES[event.key];
    if (event.key === "Enter" && this.marked() && this.ctx.chosen.peek().length > 0) {
      event.preventDefault();
      this.label();
    }
    if (!move || event.altKey || (this.ctx.selection.ids.peek().size > 0 && !event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    const selection = getSelection()!;
    if (!selection.anchorNode || !this.page.el.contains(selection.anchorNode)) {
      const start = this.page.place(0);
      selection.collapse(start.node, start.offset);
    }
    const [direction, small, large] = move;
    selection.modify(event.shiftKey ? "extend" : "move", direction, event.ctrlKey || event.metaKey ? large : small);
    this.#showCaret(selection);
  }

  #showCaret(selection: Selection): void {
    const offset = selection.focusNode && this.page.offsetOf(selection.focusNode, selection.focusOffset);
    if (offset === null || offset === undefined) return;
    const at = this.page.place(offset);
    const range = document.createRange();
    range.setStart(at.node, at.offset);
    const box = range.getClientRects()[0] ?? (at.node.parentElement ?? this.page.el).getBoundingClientRect();
    const origin = this.page.el.getBoundingClientRect();
    this.#caret.hidden = false;
    this.#caret.style.transform = `translate(${box.left - origin.left}px, ${box.top - origin.top}px)`;
    this.#caret.style.height = `${box.height}px`;
    this.#caret.scrollIntoView({ block: "nearest" });
  }
}

function caretAt(x: number, y: number): { node: Node; offset: number } | null {
  const modern = document.caretPositionFromPoint?.(x, y);
  if (modern) return { node: modern.offsetNode, offset: modern.offset };
  const old = (document as { caretRangeFromPoint?: (x: number, y: number) => Range | null }).caretRangeFromPoint?.(x, y);
  return old ? { node: old.startContainer, offset: old.startOffset } : null;
}
