/** A pause that is longer was no typing. */
const LONGEST_PAUSE_MS = 30_000;

/** How long somebody typed: the time between touches of the keyboard, long pauses left out. */
export class TypingClock {
  #last: number | null = null;
  #spent = 0;

  touch(now = performance.now()): void {
    if (this.#last !== null) this.#spent += Math.min(now - this.#last, LONGEST_PAUSE_MS);
    this.#last = now;
  }

  /** `lead_time`, in seconds, grown by what was spent since this was asked last. */
  added(meta: Readonly<Record<string, unknown>>, now = performance.now()): { lead_time: number } {
    if (this.#last !== null) this.touch(now);
    const before = Number(meta.lead_time) || 0;
    const seconds = before + this.#spent / 1000;
    this.#spent = 0;
    this.#last = null;
    return { lead_time: Math.round(seconds * 1000) / 1000 };
  }
}
