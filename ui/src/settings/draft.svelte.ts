import type { SettingsProblem } from "../types/SettingsProblem";

/** A setting as the person has it on the screen: what they chose, until it is saved. */
export class Draft<T> {
  /** Why the last choice could not be saved. */
  problem = $state<string | null>(null);
  #chosen = $state.raw<{ value: T } | null>(null);

  readonly #inForce: () => T;
  readonly #store: (value: T) => Promise<void>;

  constructor(inForce: () => T, store: (value: T) => Promise<void>) {
    this.#inForce = inForce;
    this.#store = store;
  }

  get value(): T {
    return this.#chosen === null ? this.#inForce() : this.#chosen.value;
  }

  /** Shows a value that is not saved yet. */
  set value(value: T) {
    this.#chosen = { value };
  }

  /** Saves the value; one that is refused stays on the screen beside the reason. Says whether it was saved. */
  async save(value: T): Promise<boolean> {
    const choice = { value };
    this.#chosen = choice;
    try {
      await this.#store(value);
    } catch (reason) {
      this.problem = sentence(reason);
      return false;
    }
    this.problem = null;
    if (this.#chosen === choice) this.#chosen = null;
    return true;
  }
}

function sentence(reason: unknown): string {
  return isProblem(reason) ? reason.text : "It could not be saved.";
}

function isProblem(reason: unknown): reason is SettingsProblem {
  return typeof reason === "object" && reason !== null && "text" in reason;
}
