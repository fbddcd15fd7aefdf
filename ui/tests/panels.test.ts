import { fireEvent, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, describe, expect, test, vi } from "vitest";

import { agent, view } from "../fixtures/parts";
import { VIEWS } from "../fixtures/views";
import { open } from "./window";

describe("keypad", () => {
  test("sends digits one by one as they are clicked and typed", async () => {
    const { host, user } = await open(VIEWS.talking);
    await user.click(screen.getByRole("button", { name: "Keypad" }));

    await user.click(screen.getByRole("button", { name: "7" }));
    await user.click(screen.getByRole("button", { name: "Star" }));
    await user.keyboard("0x#");

    const digits = ["7", "*", "0", "#"];
    expect(host.intents).toEqual(
      digits.map((digit) => ({ intent: "digits", contact: "c-1", digits: digit })),
    );
    expect(screen.getByLabelText("Digits sent").textContent).toBe("7*0#");
  });

  test("closes with Escape and gives the focus back", async () => {
    const { user } = await open(VIEWS.talking);
    await user.click(screen.getByRole("button", { name: "Keypad" }));

    await user.keyboard("{Escape}");

    const keypad = await screen.findByRole("button", { name: "Keypad" });
    await waitFor(() => expect(document.activeElement).toBe(keypad));
    expect(screen.queryByLabelText("Digits sent")).toBeNull();
  });

  test("goes when it is no longer offered", async () => {
    const { host, user } = await open(VIEWS.talking);
    await user.click(screen.getByRole("button", { name: "Keypad" }));

    host.show(VIEWS.wrapUp);

    await screen.findByRole("button", { name: "Clear and be available" });
    expect(screen.queryByLabelText("Digits sent")).toBeNull();
  });
});

describe("consult", () => {
  test("calls a typed number", async () => {
    const { host, user } = await open(VIEWS.talking);
    await user.click(screen.getByRole("button", { name: "Consult" }));

    await user.keyboard("+49 30 5557{Enter}");

    expect(host.intents).toEqual([
      { intent: "consult", contact: "c-1", target: { to: "number", number: "+49 30 5557" } },
    ]);
  });

  test("calls a quick connect found by a part of its name", async () => {
    const { host, user } = await open(VIEWS.talking);
    await user.click(screen.getByRole("button", { name: "Consult" }));

    await user.keyboard("super");
    expect(screen.queryByRole("button", { name: /Billing desk/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: /Erin Supervisor/ }));

    expect(host.intents).toEqual([
      { intent: "consult", contact: "c-1", target: { to: "quickConnect", id: "q-2" } },
    ]);
  });
});

describe("dial page", () => {
  test("dials what the pad and the keyboard typed, with Enter", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "dial" });

    await user.click(screen.getByRole("button", { name: "4" }));
    await user.type(screen.getByRole("textbox", { name: "Number or name" }), "9{Enter}");

    expect(host.intents).toEqual([{ intent: "dial", target: { to: "number", number: "49" } }]);
  });

  test("offers only the quick connects that can be dialled", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "dial" });
    expect(screen.queryByRole("button", { name: /Billing desk/ })).toBeNull();

    await user.type(screen.getByRole("textbox", { name: "Number or name" }), "erin{Enter}");
    await user.clear(screen.getByRole("textbox", { name: "Number or name" }));
    await user.click(screen.getByRole("button", { name: /Night line/ }));

    expect(host.intents).toEqual([{ intent: "dial", target: { to: "quickConnect", id: "q-3" } }]);
  });

  test("dials nothing when the agent cannot", async () => {
    const { host, user } = await open(VIEWS.loggedOut, { page: "dial" });

    await user.type(screen.getByRole("textbox", { name: "Number or name" }), "49{Enter}");
    await user.click(screen.getByRole("button", { name: "Call" }));

    expect(host.intents).toEqual([]);
  });

  test("shows that a call is being started", async () => {
    await open(view({ agent: agent({ pending: "dial" }) }), { page: "dial" });

    expect(screen.getByRole("button", { name: "Calling…" }).ariaBusy).toBe("true");
  });
});

describe("link", () => {
  const NUMBER = "+441632960099";
  /** How long the number is looked at before it can be called, in milliseconds. */
  const NOTICE = 500;
  const field = () => screen.getByRole<HTMLInputElement>("textbox", { name: "Number or name" });

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance"] });
  });

  test("fills in its number on the dial page, once, and dials with Return", async () => {
    const { host, user } = await open(VIEWS.linkOpened);
    await waitFor(() => expect(host.intents).toEqual([{ intent: "takePrefill", id: 7 }]));
    expect(field().value).toBe(NUMBER);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Call" }));

    host.show({ ...VIEWS.linkOpened, notices: [] });
    host.show(VIEWS.ready);
    vi.advanceTimersByTime(NOTICE);
    await user.keyboard("{Enter}");

    expect(host.intents.slice(1)).toEqual([
      { intent: "dial", target: { to: "number", number: NUMBER } },
    ]);
  });

  test("calls nobody with the Return that opened it", async () => {
    const { host, user } = await open(VIEWS.linkOpened);
    const call = await screen.findByRole("button", { name: "Call" });
    await waitFor(() => expect(document.activeElement).toBe(call));

    vi.advanceTimersByTime(NOTICE - 1);
    await user.keyboard("{Enter}");
    vi.advanceTimersByTime(1);
    const heldDown = await fireEvent.keyDown(call, { key: "Enter", repeat: true });

    expect(heldDown, "the button is pressed").toBe(false);
    expect(host.intents.slice(1)).toEqual([]);
  });

  test("replaces the number of the one before", async () => {
    const { host } = await open(VIEWS.linkOpened);
    await waitFor(() => expect(field().value).toBe(NUMBER));

    host.show({ ...VIEWS.linkOpened, prefill: { id: 9, number: "4711" } });

    await waitFor(() => expect(field().value).toBe("4711"));
    expect(host.intents.at(-1)).toEqual({ intent: "takePrefill", id: 9 });
  });

  test("without a number leaves what was typed, and the keyboard in its field", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "dial" });
    await user.type(field(), "49");
    await user.click(screen.getByRole("button", { name: "Recent" }));

    host.show({ ...VIEWS.ready, prefill: { id: 8, number: null } });

    await waitFor(() => expect(document.activeElement).toBe(field()));
    expect(field().value).toBe("49");
  });

  test("calls a third party during a call that allows it", async () => {
    const { host, user } = await open({ ...VIEWS.talking, prefill: { id: 7, number: NUMBER } });
    const consult = await screen.findByRole("button", { name: "Consult" });
    await waitFor(() => expect(document.activeElement).toBe(consult));

    vi.advanceTimersByTime(NOTICE);
    await user.keyboard("{Enter}");

    expect(host.intents.slice(1)).toEqual([
      { intent: "consult", contact: "c-1", target: { to: "number", number: NUMBER } },
    ]);
    expect(screen.getByRole("article")).toBeTruthy();
  });

  test("keeps the number until the third party is called", async () => {
    const { host, user } = await open({ ...VIEWS.talking, prefill: { id: 7, number: NUMBER } });
    const consult = await screen.findByRole("button", { name: "Consult" });
    vi.advanceTimersByTime(NOTICE);
    await user.click(consult);

    await user.click(screen.getByRole("button", { name: "Dial" }));
    expect(field().value, "the call may be refused").toBe(NUMBER);

    host.show(VIEWS.consulting);
    await waitFor(() => expect(field().value).toBe(""));
  });

  test("waits while no call can be made, also on another page", async () => {
    const { host, user } = await open({ ...VIEWS.wrapUp, prefill: { id: 7, number: NUMBER } });
    await waitFor(() => expect(field().value).toBe(NUMBER));
    await user.keyboard("{Enter}");
    await user.click(screen.getByRole("button", { name: "Phone" }));
    host.show(VIEWS.ready);

    await user.click(screen.getByRole("button", { name: "Dial" }));
    await user.click(await screen.findByRole("button", { name: "Call" }));

    expect(host.intents.slice(1)).toEqual([
      { intent: "dial", target: { to: "number", number: NUMBER } },
    ]);
  });
});

describe("recent page", () => {
  test("calls back", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "recent" });

    await user.click(screen.getByRole("button", { name: "Call back +16108111111" }));

    expect(host.intents).toEqual([
      { intent: "dial", target: { to: "number", number: "+16108111111" } },
    ]);
  });

  test("offers no call without a number", async () => {
    await open(VIEWS.ready, { page: "recent" });

    expect(screen.queryByRole("button", { name: "Call back Unknown number" })).toBeNull();
  });

  test("says when it is empty", async () => {
    await open(VIEWS.practice, { page: "recent" });

    expect(screen.getByText(/are listed here/)).toBeTruthy();
  });
});
