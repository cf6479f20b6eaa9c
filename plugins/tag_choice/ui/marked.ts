/** What is marked in a text stays marked while somebody looks for its label: a field that takes the focus would undo it. */
import type { TagContext } from "labelwright";

const NAME = "lw-pick-marked";
const hasHighlights = (): boolean => typeof CSS !== "undefined" && "highlights" in CSS && typeof Highlight === "function";

export class MarkedText {
  #range: Range | null = null;

  /** `isAtWork`: whether the field has the focus now. */
  constructor(ctx: TagContext, readonly isAtWork: () => boolean) {
    ctx.css(`::highlight(${NAME}) { background-color: color-mix(in srgb, var(--lw-accent-text) 30%, transparent); }`);
    document.addEventListener("selectionchange", () => this.#follow(), { signal: ctx.abort });
    ctx.abort.addEventListener("abort", () => this.#keep(null), { once: true });
  }

  #follow(): void {
    const selection = getSelection();
    if (selection && !selection.isCollapsed && selection.rangeCount > 0 && !this.isAtWork()) this.#keep(selection.getRangeAt(0).cloneRange());
    else if (!this.isAtWork()) this.#keep(null);
    else if (this.#range && hasHighlights()) CSS.highlights.set(NAME, new Highlight(this.#range));
  }

  #keep(range: Range | null): void {
    this.#range = range;
    if (hasHighlights()) CSS.highlights.delete(NAME);
  }

  /** Do something for which it is marked again, and give the field its caret back. */
  whileMarked(act: () => void): void {
    const [range, field] = [this.#range, document.activeElement];
    if (!range || !this.isAtWork()) return act();
    this.#keep(null);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
    act();
    if (field instanceof HTMLInputElement) field.setSelectionRange(field.value.length, field.value.length);
  }
}
