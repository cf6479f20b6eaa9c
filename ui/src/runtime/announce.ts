import { signal } from "@preact/signals";

/** What a screen reader is told; a `loud` word is shown to all for a moment. */
export class Announcer {
  readonly words = signal("");
  readonly notice = signal<string | null>(null);
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(words: string, loud = false): void {
    // A trailing space makes the same words news again.
    this.words.value = this.#turn++ % 2 === 0 ? words : `${words}\u00a0`;
    if (!loud) return;
    this.notice.value = words;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.notice.value = null), 2600);
  }
}
