import { render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { ago, NOW } from "../fixtures/parts";
import { duration } from "../src/common/time";
import Timer from "../src/common/Timer.svelte";

test.each([
  [-1, "0:00"],
  [999, "0:00"],
  [59_999, "0:59"],
  [60_000, "1:00"],
  [3_599_999, "59:59"],
  [3_600_000, "1:00:00"],
  [100 * 3_600_000 + 61_000, "100:01:01"],
])("%i ms are %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});

describe("timer", () => {
  let visibility: DocumentVisibilityState;

  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
    visibility = "visible";
    vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility);
  });

  async function setVisibility(state: DocumentVisibilityState) {
    visibility = state;
    document.dispatchEvent(new Event("visibilitychange"));
    await tick();
  }

  test("runs once a second", async () => {
    render(Timer, { since: ago(58) });
    expect(screen.getByRole("timer").textContent).toBe("0:58");

    await vi.advanceTimersByTimeAsync(2000);

    expect(screen.getByRole("timer").textContent).toBe("1:00");
  });

  test("rests while the window is hidden, and is right when it shows again", async () => {
    render(Timer, { since: ago(0) });

    await setVisibility("hidden");
    expect(vi.getTimerCount()).toBe(0);

    await vi.advanceTimersByTimeAsync(65_000);
    await setVisibility("visible");
    expect(screen.getByRole("timer").textContent).toBe("1:05");
  });

  test("stands still, and lets the clock rest, where it is given an end", () => {
    render(Timer, { since: ago(90), until: ago(30) });

    expect(screen.getByRole("timer").textContent).toBe("1:00");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("lets the clock rest once it is gone", async () => {
    const { unmount } = render(Timer, { since: ago(5) });
    expect(vi.getTimerCount()).toBe(1);

    unmount();
    await tick();

    expect(vi.getTimerCount()).toBe(0);
  });
});
