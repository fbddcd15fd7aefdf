import { createSubscriber } from "svelte/reactivity";

const SECOND = 1000;

/** Ticks once a second, while something reads it that is shown and the window is visible. */
class Clock {
  readonly #subscribe = createSubscriber((tick) => {
    let interval: ReturnType<typeof setInterval> | undefined;

    function follow() {
      clearInterval(interval);
      interval = undefined;
      if (document.visibilityState === "visible") {
        tick();
        interval = setInterval(tick, SECOND);
      }
    }

    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      clearInterval(interval);
      document.removeEventListener("visibilitychange", follow);
    };
  });

  /** Milliseconds since the Unix epoch. */
  get now(): number {
    this.#subscribe();
    return Date.now();
  }
}

export const clock = new Clock();
