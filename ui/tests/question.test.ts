import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { ReplayAsker } from "../dev/replay";
import { LONG_QUESTION, QUESTION } from "../fixtures/apps";
import QuestionWindow from "../src/question/QuestionWindow.svelte";

/** How long the window is looked at before it is answered. */
const NOTICE = 1000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
});

/** The window as it comes up, before anybody has noticed it. */
function ask(question = QUESTION) {
  const asker = new ReplayAsker(question);
  const { container } = render(QuestionWindow, { question, asker });
  return { asker, container, user: userEvent.setup({ advanceTimers: vi.advanceTimersByTime }) };
}

function press(name: string) {
  return screen.getByRole("button", { name });
}

describe("a question", () => {
  test("names origin, app, wish and code", () => {
    ask();

    const said = screen.getByRole("main").textContent;
    for (const fact of ["see and control", QUESTION.origin, QUESTION.name, QUESTION.code]) {
      expect(said).toContain(fact);
    }
  });

  test.each([
    ["Don’t allow", null],
    ["Allow to see", "observe"],
    ["Allow to see and control", "control"],
  ])("is answered with “%s”, once", async (name, access) => {
    const { asker, user } = ask();
    vi.advanceTimersByTime(NOTICE);

    await user.click(press(name));
    await user.click(press("Allow to see"));

    expect(asker.answers).toEqual([[QUESTION.id, access]]);
  });

  test("offers no more than what was asked for", () => {
    ask(LONG_QUESTION);

    expect(screen.getAllByRole("button").map((button) => button.textContent.trim())).toEqual([
      "Don’t allow",
      "Allow to see",
    ]);
  });

  test("is refused by Enter and by Escape", async () => {
    const first = ask();
    vi.advanceTimersByTime(NOTICE);
    await first.user.keyboard("{Enter}");
    expect(first.asker.answers).toEqual([[QUESTION.id, null]]);

    const second = ask();
    vi.advanceTimersByTime(NOTICE);
    await second.user.keyboard("{Escape}");
    expect(second.asker.answers).toEqual([[QUESTION.id, null]]);
  });

  test("is not answered by a click that was meant for what it covers", async () => {
    const { asker, user } = ask();

    vi.advanceTimersByTime(NOTICE - 1);
    await user.click(press("Allow to see and control"));
    expect(asker.answers).toEqual([]);

    vi.advanceTimersByTime(1);
    await user.click(press("Allow to see and control"));
    expect(asker.answers).toEqual([[QUESTION.id, "control"]]);
  });

  test("is not answered by what was being typed when it got the keyboard", async () => {
    const { asker, user } = ask();
    vi.advanceTimersByTime(10 * NOTICE);
    press("Allow to see").focus();

    window.dispatchEvent(new Event("focus"));
    await user.keyboard("{Enter} {Escape}");
    expect(asker.answers).toEqual([]);

    vi.advanceTimersByTime(NOTICE);
    await user.keyboard("{Enter}");
    expect(asker.answers).toEqual([[QUESTION.id, "observe"]]);
  });

  test("can be answered again if the phone did not hear it", async () => {
    const { asker, user } = ask();
    vi.advanceTimersByTime(NOTICE);
    vi.spyOn(asker, "answer").mockRejectedValueOnce("gone");

    await user.click(press("Allow to see"));
    await user.click(press("Allow to see"));

    expect(asker.answers).toEqual([[QUESTION.id, "observe"]]);
  });

  test("can be used with a screen reader", async () => {
    vi.useRealTimers();
    ask(LONG_QUESTION);

    const { violations } = await axe.run(document.body, {
      rules: { "color-contrast": { enabled: false } },
    });
    expect(violations.map(({ id }) => id)).toEqual([]);
  });
});
