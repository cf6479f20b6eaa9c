/** The labels of parts, written small above where each begins. Only for what is near the view, and each placed once. */
import { inkOn } from "labelwright";

import type { Mark } from "./marks.ts";
import type { Page } from "./page.ts";

/** Chips that begin at one spot stand side by side. */
const ASIDE_PX = 14;

interface Chip {
  el: HTMLElement;
  mark: Mark;
  spot: string;
}

export class Chips {
  readonly el = document.createElement("div");
  #shown = new Map<string, Chip>();
  #spots = new Map<string, number>();
  #spare: HTMLElement[] = [];
  #frame = 0;

  constructor(readonly page: Page, readonly marks: () => readonly Mark[]) {
    this.el.className = "lw-text-chips";
    this.el.setAttribute("aria-hidden", "true");
  }

  /** Other marks are near: catch up at the next frame. */
  touch(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#catchUp();
    });
  }

  /** The lines were broken anew: every chip has another place. */
  moved(): void {
    for (const id of this.#shown.keys()) this.#drop(id);
    this.touch();
  }

  #catchUp(): void {
    const wanted = new Map(this.marks().filter((mark) => mark.text).map((mark) => [mark.id, mark]));
    for (const [id, chip] of this.#shown) if (wanted.get(id) !== chip.mark) this.#drop(id);
    const fresh = [...wanted.values()].filter((mark) => !this.#shown.has(mark.id));
    if (fresh.length === 0) return;
    // All reading before all writing: one layout.
    const origin = this.page.el.getBoundingClientRect();
    const places = fresh.map((mark) => this.page.range(mark.start, Math.min(mark.end, mark.start + 1)).getClientRects()[0]);
    fresh.forEach((mark, index) => {
      const place = places[index];
      if (place) this.#put(mark, Math.round(place.left - origin.left), Math.round(place.top - origin.top));
    });
  }

  #put(mark: Mark, x: number, y: number): void {
    const spot = `${y} ${Math.round(x / 8)}`;
    const aside = this.#spots.get(spot) ?? 0;
    this.#spots.set(spot, aside + 1);
    const el = this.#spare.pop() ?? this.el.appendChild(document.createElement("span"));
    el.className = "lw-text-chip";
    el.hidden = false;
    el.textContent = mark.text;
    el.style.transform = `translate(${x + aside * ASIDE_PX}px, ${y - 11}px)`;
    el.style.backgroundColor = mark.colour;
    el.style.color = inkOn(mark.colour);
    this.#shown.set(mark.id, { el, mark, spot });
  }

  #drop(id: string): void {
    const chip = this.#shown.get(id)!;
    this.#shown.delete(id);
    this.#spots.set(chip.spot, Math.max(0, (this.#spots.get(chip.spot) ?? 1) - 1));
    chip.el.hidden = true;
    this.#spare.push(chip.el);
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.el.remove();
  }
}
