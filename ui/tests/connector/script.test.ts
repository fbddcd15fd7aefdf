import { expect, test, vi } from "vitest";

import type { Said } from "../../connector/messages";
import { openPage, openWindow, runScript, settle, type Invoke, type PageWindow } from "./page";
import { agentInCall, embedPanel } from "./panel";

test("without the program around it, the script does nothing", () => {
  const window = openWindow();

  runScript(window);

  expect(window.__offhook).toBeUndefined();
});

test("in a frame, the script does nothing", () => {
  const window = openWindow();
  const frame = window.document.body.appendChild(window.document.createElement("iframe"));
  const invoke = vi.fn();
  const inside = Object.assign(frame.contentWindow as Window, {
    __TAURI_INTERNALS__: { invoke },
  }) as Window as PageWindow;

  runScript(inside);

  expect(inside.__offhook).toBeUndefined();
  expect(invoke).not.toHaveBeenCalled();
});

test("the page can neither list nor replace the function that makes calls", () => {
  const { window } = openPage();

  expect(Object.keys(window)).not.toContain("__offhook");
  expect(() => (window.__offhook = () => {})).toThrow(/read only/);
});

test("it does not wait for a browser that is silent about the microphone", async () => {
  const page = openPage((window) => {
    Object.assign(window.navigator, { permissions: { query: () => new Promise(() => {}) } });
  });

  await vi.advanceTimersByTimeAsync(499);
  expect(page.said).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(page.said).toEqual([{ says: "hello", webRtc: false }]);
});

test("it waits for the library as long as a login takes", async () => {
  const page = openPage();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(page.said).toEqual([{ says: "hello", webRtc: false }]);

  embedPanel(page);
  await settle();

  expect(page.said.slice(1)).toEqual([{ says: "streams" }]);
});

test("a library that is defined but not started is waited for", async () => {
  const page = openPage();
  page.window.eval(`connect = { core: {
    getEventBus: () => ({ subscribe() {} }),
    getUpstream() { throw new Error("There is no upstream conduit!"); },
  } }`);

  await settle();

  expect(page.said).toEqual([{ says: "hello", webRtc: false }]);
});

test("where it may not speak, it falls silent for good", async () => {
  const invoke = vi.fn<Invoke>().mockRejectedValue("panel_says not allowed");
  const window = openWindow(invoke);
  runScript(window);
  await settle();
  expect(vi.getTimerCount()).toBe(0);

  embedPanel({ window });
  window.__offhook?.({ id: 1, call: "refresh" });
  await settle();

  expect(invoke).toHaveBeenCalledTimes(1);
});

test("everything arrives in order, one thing at a time", async () => {
  const arrived: Said[] = [];
  const waiting: (() => void)[] = [];
  const window = openWindow((_, { said }) => {
    arrived.push(said);
    return new Promise<void>((resolve) => waiting.push(resolve));
  });
  runScript(window);
  const panel = embedPanel({ window });
  await settle();
  panel.tell("update_connected_ccps", { length: 1 });
  panel.tell("update_connected_ccps", { length: 2 });

  for (let count = 1; count <= 4; count += 1) {
    await settle();
    expect(arrived).toHaveLength(count);
    waiting.shift()?.();
  }

  expect(arrived.slice(1)).toEqual([
    { says: "streams" },
    { says: "panels", count: 1 },
    { says: "panels", count: 2 },
  ]);
});

test("an update is told as it was, whatever the page does to it afterwards", async () => {
  const page = openPage();
  const panel = embedPanel(page);
  await settle();
  page.window.eval('JSON.stringify = () => "{}"');

  const update = agentInCall();
  panel.tell("agent::update", update);
  update.snapshot = {};
  await settle();

  expect(page.said.at(-1)).toHaveProperty("snapshot.state.name", "Busy");
});
