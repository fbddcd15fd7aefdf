// The way from the page to the connector.

import type { Said } from "./messages";

type Invoke = (command: string, payload: unknown) => Promise<unknown>;

/** Where the script says things. */
export interface Door {
  /** Queues what is to be said; it arrives in the order of the calls. */
  say(said: Said): void;
  /** Says that something went wrong in the script, each text once. */
  thrown(error: unknown): void;
  /** False as soon as the connector has refused to listen to this document. */
  readonly isOpen: boolean;
}

/** Opens the door with the program's own function, which the page cannot replace any more then. */
export function openDoor(invoke: Invoke): Door {
  // Pages may wrap these later.
  const { parse, stringify } = JSON;
  const thrownBefore = new Set<string>();
  const queue: unknown[] = [];
  let isOpen = true;
  let isSending = false;

  // One at a time: invocations that run side by side may overtake each other.
  async function send(): Promise<void> {
    isSending = true;
    try {
      while (queue.length > 0) {
        await invoke("panel_says", { said: queue.shift() });
      }
    } catch {
      isOpen = false;
      queue.length = 0;
    }
    isSending = false;
  }

  function say(said: Said): void {
    if (!isOpen) {
      return;
    }
    // A copy, as the library may change its objects before they are sent; times become text in it.
    queue.push(parse(stringify(said)));
    if (!isSending) {
      void send();
    }
  }

  function thrown(error: unknown): void {
    const text = errorText(error);
    if (!thrownBefore.has(text)) {
      thrownBefore.add(text);
      say({ says: "thrown", text });
    }
  }

  return {
    say,
    thrown,
    get isOpen() {
      return isOpen;
    },
  };
}

/** An error of the library as text: its own text, an exception's text, or an object as JSON. */
export function errorText(error: unknown): string {
  if (typeof error === "string") {
    return error;
  }
  return error instanceof Error ? String(error) : (JSON.stringify(error) ?? String(error));
}
