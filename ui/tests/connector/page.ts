// A page in the panel's window, with the built script in it as the desktop carries it.

import { JSDOM } from "jsdom";
import { build } from "vite";
import { onTestFinished, vi } from "vitest";

import type { Asked, Said } from "../../connector/messages";
import type { Streams } from "../../connector/streams";

const SCRIPT = await buildScript();

async function buildScript(): Promise<string> {
  const built = await build({
    configFile: "vite.script.config.ts",
    logLevel: "silent",
    build: { write: false },
  });
  return (built as unknown as [{ output: [{ code: string }] }])[0].output[0].code;
}

/** The window of a page that may have the library, and the script's one function. */
export type PageWindow = Omit<Window & typeof globalThis, "connect"> & {
  connect?: Streams;
  __offhook?: (asked: Asked) => void;
};

/** The program around the page: takes what the script says. */
export type Invoke = (command: string, payload: { said: Said }) => Promise<unknown>;

export interface Page {
  window: PageWindow;
  /** What the script has said. */
  said: Said[];
  /** Makes a call, as the connector does. */
  ask(asked: Asked): void;
}

/** Opens a page whose own scripts have not run yet, and runs the script in it. */
export function openPage(prepare: (window: PageWindow) => void = () => {}): Page {
  const said: Said[] = [];
  const window = openWindow(async (command, payload) => {
    if (command === "panel_says") {
      said.push(payload.said);
    }
  });
  prepare(window);
  runScript(window);
  return { window, said, ask: (asked) => window.__offhook?.(asked) };
}

/** A window with an empty page, on the test's paused time. */
export function openWindow(invoke?: Invoke): PageWindow {
  vi.useFakeTimers();
  const dom = new JSDOM('<div id="panel"></div>', {
    url: "https://phone.example.com/",
    runScripts: "outside-only",
    beforeParse(window) {
      Object.assign(window, {
        setTimeout: (f: () => void, milliseconds: number) => setTimeout(f, milliseconds),
        clearTimeout: (timer: number) => clearTimeout(timer),
        setInterval: (f: () => void, milliseconds: number) => setInterval(f, milliseconds),
        clearInterval: (timer: number) => clearInterval(timer),
      });
      vi.spyOn(window.performance, "now").mockImplementation(() => Date.now());
      if (invoke) {
        Object.assign(window, { __TAURI_INTERNALS__: { invoke } });
      }
    },
  });
  onTestFinished(() => dom.window.close());
  return dom.window as Window as PageWindow;
}

export function runScript(window: PageWindow): void {
  window.eval(SCRIPT);
}

/** Lets the script find the library, and whatever is queued be said. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(600);
}
