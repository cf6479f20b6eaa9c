/** The labels of parts, written small above where each begins. Only for what is near the view. */
import { inkOn } from "labelwright";

import type { Mark } from "./marks.ts";
import type { Page } from "./page.ts";

export class Chips {
  readonly el = document.createElement("div");
  #pool: HTMLElement[] = [];
  #frame = 0;

  constructor(readonly page: Page, readonly marks: () => readonly Mark[]) {
    this.el.className = "lw-text-chips";
    this.el.setAttribute("aria-hidden", "true");
  }

  /** Place them again at the next frame. */
  touch(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#place();
    });
  }

  #place(): void {
    const origin = this.page.el.getBoundingClientRect();
    const marks = this.marks().filter((mark) => mark.text);
    // All reading before all writing: one layout.
    const places = marks.map((mark) => this.page.range(mark.start, Math.min(mark.end, mark.start + 1)).getClientRects()[0]);
    const used = new Map<string, number>();
    marks.forEach((mark, index) => {
      const place = places[index];
      const chip = this.#chip(index);
      chip.hidden = !place;
      if (!place) return;
      const [x, y] = [Math.round(place.left - origin.left), Math.round(place.top - origin.top)];
      const spot = `${y} ${Math.round(x / 8)}`;
      const shift = used.get(spot) ?? 0;
      used.set(spot, shift + 1);
      chip.textContent = mark.text;
      chip.style.transform = `translate(${x + shift * 14}px, ${y - 11}px)`;
      chip.style.backgroundColor = mark.colour;
      chip.style.color = inkOn(mark.colour);
    });
    for (const chip of this.#pool.slice(marks.length)) chip.hidden = true;
  }

  #chip(index: number): HTMLElement {
    let chip = this.#pool[index];
    if (!chip) {
      chip = document.createElement("span");
      chip.className = "lw-text-chip";
      this.#pool.push(chip);
      this.el.append(chip);
    }
    return chip;
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.el.remove();
  }
}
