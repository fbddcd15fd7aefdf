/** How long a person needs to see that a window came up, in milliseconds. */
const NOTICE = 1000;

/** The moment after something appeared, in which what a person does was meant for what was there before. */
export class Settling {
  #since = performance.now();

  /** It appeared again. */
  restart(): void {
    this.#since = performance.now();
  }

  /** The moment is over. */
  get done(): boolean {
    return performance.now() - this.#since >= NOTICE;
  }
}
