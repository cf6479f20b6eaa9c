/** Seconds that a person spent: while the page is seen. */
export class LeadTime {
  #before: number;
  #since: number | null;

  constructor(before = 0, private readonly now: () => number = () => performance.now()) {
    this.#before = before * 1000;
    this.#since = this.now();
  }

  pause(): void {
    if (this.#since === null) return;
    this.#before += this.now() - this.#since;
    this.#since = null;
  }

  resume(): void {
    this.#since ??= this.now();
  }

  seconds(): number {
    const running = this.#since === null ? 0 : this.now() - this.#since;
    return Math.round(this.#before + running) / 1000;
  }
}
