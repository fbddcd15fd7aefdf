import type { Events } from './api.js';

type Listener<K extends keyof Events> = (...told: Events[K]) => void;

/** Who listens to what. */
export class Listeners {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** Returns how to stop listening. */
  add<K extends keyof Events>(event: K, listener: Listener<K>): () => void {
    const all = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, all.add(listener as Listener<never>));
    return () => all.delete(listener as Listener<never>);
  }

  tell<K extends keyof Events>(event: K, ...told: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])] as Listener<K>[]) {
      try {
        listener(...told);
      } catch (error) {
        // The page's own fault: told like any other, and nobody else goes without.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
