import { render, screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";

import { ReplayHost } from "../dev/replay";
import { planning } from "../fixtures/parts";
import { SETTINGS } from "../fixtures/settings";
import { VIEWS } from "../fixtures/views";
import App from "../src/App.svelte";
import { FIRST_VIEW_DEADLINE } from "../src/phone.svelte";
import { open } from "./window";

/** The name of the state that the menu marks. */
function checkedState(): string | undefined {
  return screen.queryByRole("menuitemradio", { checked: true })?.textContent.trim();
}

describe("state menu", () => {
  test("chooses ready and not ready with its reason", async () => {
    const { host, user } = await open(VIEWS.notReady);
    const state = screen.getByRole("button", { name: /^Your state: Back office/ });

    await user.click(state);
    await user.click(screen.getByRole("menuitemradio", { name: "Available" }));
    await user.click(state);
    await user.click(screen.getByRole("menuitemradio", { name: "Lunch" }));

    expect(host.intents).toEqual([{ intent: "ready" }, { intent: "notReady", reason: "Lunch" }]);
    expect(screen.queryByRole("menu")).toBeNull();
  });

  test("offers only what the agent can", async () => {
    const { host, user } = await open(VIEWS.ready);
    await user.click(screen.getByRole("button", { name: "Your state: Available" }));

    const available = screen.getByRole("menuitemradio", { name: "Available" });
    await user.click(available);

    expect(available.ariaDisabled).toBe("true");
    expect(available.ariaChecked).toBe("true");
    expect(host.intents).toEqual([]);
  });

  test("works by keyboard", async () => {
    const { host, user } = await open(VIEWS.ready);
    screen.getByRole("button", { name: "Your state: Available" }).focus();

    await user.keyboard("{Enter}{ArrowDown}{ArrowDown}{Enter}");
    expect(host.intents).toEqual([{ intent: "notReady", reason: "Training" }]);

    await user.keyboard("{Enter}{Escape}");
    expect(screen.queryByRole("menu")).toBeNull();
    expect(document.activeElement).toBe(
      screen.getByRole("button", { name: "Your state: Available" }),
    );
  });

  test("chooses during a call what follows it", async () => {
    const { host, user } = await open(VIEWS.nextState);
    await user.click(screen.getByRole("button", { name: "Your state: On a call, then Lunch" }));

    expect(screen.getByRole("menu", { name: "After this call" })).toBeTruthy();
    expect(checkedState()).toBe("Lunch");
    await user.click(screen.getByRole("menuitemradio", { name: "Training" }));

    expect(host.intents).toEqual([{ intent: "notReady", reason: "Training" }]);
  });

  test("takes a next state back by choosing to be available", async () => {
    const { host, user } = await open(VIEWS.nextState);
    await user.click(screen.getByRole("button", { name: /^Your state: On a call/ }));
    await user.click(screen.getByRole("menuitemradio", { name: "Available" }));
    host.show({ ...VIEWS.nextState, agent: planning(null) });

    await user.click(await screen.findByRole("button", { name: "Your state: On a call" }));

    expect(host.intents).toEqual([{ intent: "ready" }]);
    expect(checkedState()).toBe("Available");
  });

  test("promises nothing after a call where the contact centre takes no next state", async () => {
    const { user } = await open(VIEWS.talking);
    await user.click(screen.getByRole("button", { name: "Your state: On a call" }));

    expect(screen.getByRole("menu", { name: "Your state" })).toBeTruthy();
    expect(checkedState()).toBeUndefined();
  });

  test("shows a change under way", async () => {
    await open(VIEWS.changingState);

    expect(screen.getByRole("button", { name: /^Your state: Lunch/ }).ariaBusy).toBe("true");
  });
});

describe("frame", () => {
  test("says that it practises", async () => {
    await open(VIEWS.practice);
    expect(screen.getByText("Practice mode: no real calls")).toBeTruthy();
  });

  test("does not say so on a real contact centre", async () => {
    await open(VIEWS.ready);
    expect(screen.queryByText("Practice mode: no real calls")).toBeNull();
  });

  test("asks before it quits during a call", async () => {
    const { host, user } = await open(VIEWS.quitAsked);
    expect(screen.getByRole("dialog", { name: "A call is running. Quit anyway?" })).toBeTruthy();

    await user.click(screen.getByRole("button", { name: "Stay" }));
    await user.click(screen.getByRole("button", { name: "Quit" }));

    expect(host.intents).toEqual([
      { intent: "quitAnswer", yes: false },
      { intent: "quitAnswer", yes: true },
    ]);
  });

  test("alerts of errors, and dismisses them", async () => {
    const { host, user } = await open(VIEWS.notices);

    expect(screen.getByRole("alert").textContent).toContain("could not be put on hold");
    await user.click(screen.getAllByRole("button", { name: "Dismiss" })[0]!);

    expect(host.intents).toEqual([{ intent: "dismissNotice", id: 3 }]);
  });

  test("says of an open microphone only what to do about it", async () => {
    const notices = VIEWS.notices.notices.slice(0, 1);
    const alarm = { ...notices[0]!, code: "microphoneOpened" as const, text: "It is on." };
    const { container } = await open({ ...VIEWS.notices, notices: [alarm] });

    const message = container.querySelector("[data-notice=microphoneOpened]")!;
    expect(message.textContent!.trim()).toBe("It is on.");
  });

  test("announces phases and names them in the title, without the caller", async () => {
    const { host, container } = await open(VIEWS.ringing);
    const announcer = container.querySelector("[aria-live]")!;

    expect(announcer.textContent).toContain("Incoming call from +1610811111");
    expect(announcer.getAttribute("aria-live")).toBe("assertive");
    expect(document.title).toBe("Incoming call – Offhook");

    host.show(VIEWS.talking);
    await waitFor(() => expect(announcer.textContent).toContain("Connected with Ada Example"));
    expect(document.title).toBe("Connected – Offhook");
  });

  test("tries again at once when the link is lost", async () => {
    const { host, user } = await open(VIEWS.linkLost);

    await user.click(screen.getByRole("button", { name: "Try now" }));

    expect(screen.getByText(/^Connected, as of/)).toBeTruthy();
    expect(host.intents).toEqual([{ intent: "resync" }]);
  });
});

describe("a call that starts to ring", () => {
  test("shows the phone page and takes an unused focus off every button", async () => {
    const { host, container } = await open(VIEWS.ready, { page: "recent" });

    host.show(VIEWS.ringing);

    await screen.findByRole("button", { name: "Answer" });
    expect(document.activeElement).toBe(container.querySelector("[data-phase=ringing]"));
  });

  test("does not interrupt who is typing, and is shown on a bar", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "dial" });
    const field = screen.getByRole("textbox", { name: "Number or name" });
    await user.type(field, "49");

    host.show(VIEWS.ringing);

    const bar = await screen.findByRole("button", { name: /^Incoming call: \+1610811111/ });
    expect(document.activeElement).toBe(field);
    await user.click(bar);
    expect(screen.getByRole("button", { name: "Answer" })).toBeTruthy();
  });
});

test("a call that the person makes is shown at once, also to who typed the number", async () => {
  const { host, container, user } = await open(VIEWS.ready, { page: "dial" });
  await user.type(screen.getByRole("textbox", { name: "Number or name" }), "49");

  host.show(VIEWS.dialing);

  await vi.waitFor(() => expect(container.querySelector("[data-phase=dialing]")).toBeTruthy());
});

describe("before the first view", () => {
  test("it is starting, and later says that nobody answers", async () => {
    vi.useFakeTimers();
    const host = new ReplayHost(VIEWS.ready, SETTINGS);
    host.currentView = () => new Promise(() => undefined);
    render(App, { host });

    expect(screen.getByText("Starting…")).toBeTruthy();
    await vi.advanceTimersByTimeAsync(FIRST_VIEW_DEADLINE);

    expect(screen.getByRole("alert").textContent).toContain("does not answer");
  });

  test("an update that comes while the first view is fetched wins", async () => {
    const host = new ReplayHost(VIEWS.ready, SETTINGS);
    host.currentView = async () => {
      host.show(VIEWS.ringing);
      return VIEWS.ready;
    };
    render(App, { host });

    expect(await screen.findByRole("button", { name: "Answer" })).toBeTruthy();
  });
});
