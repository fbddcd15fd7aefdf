import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";

import { buttons, contact, view } from "../fixtures/parts";
import { VIEWS } from "../fixtures/views";
import { drawnButtons, open } from "./window";

const ALL = [
  ["answer", "Answer"],
  ["reject", "Reject"],
  ["disconnect", "Hang up"],
  ["hold", "Hold"],
  ["resume", "Resume"],
  ["clearContact", "Clear and be available"],
  ["swap", "Swap"],
  ["transfer", "Transfer"],
  ["conference", "Conference"],
] as const;

describe("call buttons", () => {
  test.each(ALL)("%s is called “%s” and sends its press", async (button, name) => {
    const { host, user } = await open(view({ contacts: [contact({ buttons: buttons(button) })] }));

    await user.click(screen.getByRole("button", { name }));

    expect(host.intents).toEqual([{ intent: "press", contact: "c-1", button, leg: null }]);
  });

  test("only those of the view are drawn, and none with an unknown name", async () => {
    const { container } = await open(
      view({ contacts: [contact({ buttons: buttons("record", "hold", "disconnect") })] }),
    );

    expect(drawnButtons(container)).toEqual(["hold", "disconnect"]);
  });

  test("one that is not enabled is shown and does nothing", async () => {
    const disabled = [{ button: "hold", enabled: false, pending: false }];
    const { host, user } = await open(view({ contacts: [contact({ buttons: disabled })] }));

    const hold = screen.getByRole("button", { name: "Hold" });
    await user.click(hold);

    expect(hold.getAttribute("aria-disabled")).toBe("true");
    expect(host.intents).toEqual([]);
  });

  test("one that is pending says so, does nothing more and keeps the focus", async () => {
    const { host, user } = await open(VIEWS.ringing);
    await user.click(screen.getByRole("button", { name: "Answer" }));
    host.show(VIEWS.answering);

    const answering = await screen.findByRole("button", { name: "Answering…" });
    await user.click(answering);

    expect(answering.getAttribute("aria-busy")).toBe("true");
    expect(document.activeElement).toBe(answering);
    expect(host.intents).toHaveLength(1);
  });

  test("those of a leg stand on its row and carry its id", async () => {
    const { host, user } = await open(VIEWS.consulting);
    const [customer, third] = screen.getAllByRole("listitem");

    await user.click(within(customer!).getByRole("button", { name: "Resume" }));
    await user.click(within(third!).getByRole("button", { name: "Drop" }));

    expect(host.intents).toEqual([
      { intent: "press", contact: "c-1", button: "resume", leg: "c-1" },
      { intent: "press", contact: "c-1", button: "disconnect", leg: "leg-3" },
    ]);
  });

  test("what a leg carries is not drawn a second time, but for hanging up", async () => {
    const { container } = await open(VIEWS.consulting);

    const ofContact = [...container.querySelectorAll("[data-button]:not([data-leg])")];

    expect(ofContact.map((button) => button.getAttribute("data-button"))).toEqual([
      "swap",
      "conference",
      "transfer",
      "numberpad",
      "unmute",
      "disconnect",
    ]);
  });

  test("hanging up says when it is for several parties", async () => {
    const { host } = await open(VIEWS.conference);
    const hangUp = () => document.querySelector("[data-button=disconnect]:not([data-leg])");
    expect(hangUp()!.textContent!.trim()).toBe("Hang up all");

    // During a consultation it means the one that is talked to.
    host.show(VIEWS.consulting);
    await waitFor(() => expect(hangUp()!.textContent!.trim()).toBe("Hang up"));
  });

  test("those of a second contact carry its id", async () => {
    const { host, user } = await open(VIEWS.severalContacts);
    const second = screen.getByRole("article", { name: /^Bertram/ });

    await user.click(within(second).getByRole("button", { name: "Hang up" }));

    expect(host.intents).toEqual([
      { intent: "press", contact: "c-2", button: "disconnect", leg: null },
    ]);
  });

  test("mute and unmute are offered as the agent can", async () => {
    const { host, user } = await open(VIEWS.talking);
    await user.click(screen.getByRole("button", { name: "Mute" }));
    host.show(VIEWS.consulting);
    await user.click(await screen.findByRole("button", { name: "Unmute" }));

    expect(host.intents).toEqual([{ intent: "mute" }, { intent: "unmute" }]);
    expect(screen.queryByRole("button", { name: "Mute" })).toBeNull();
  });
});
