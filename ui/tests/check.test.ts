import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test, vi } from "vitest";

import { agent, check, contact, link, NOW, view } from "../fixtures/parts";
import { VIEWS } from "../fixtures/views";
import type { CheckView } from "../src/types/CheckView";
import { open } from "./window";

function steps(list: HTMLElement): string[] {
  return within(list)
    .getAllByRole("listitem")
    .map((step) => step.textContent!.trim());
}

describe("while it connects", () => {
  test("the steps appear as they are reached", async () => {
    const { host } = await open(VIEWS.setUpRuns);

    expect(screen.getByRole("heading", { name: "Connecting to Amazon Connect" })).toBeTruthy();
    expect(steps(screen.getByRole("list", { name: "Set-up check" }))).toEqual([
      "Load the page: passed",
      "Log in: passed",
      "Reach the panel: waiting",
    ]);

    host.show(view({ link: link({ state: "connecting", check: check("agent") }) }));
    await screen.findByText(/^Read your state/);
    expect(screen.getAllByRole("listitem")).toHaveLength(4);
  });

  test("all steps stay while the contact centre has not said that it is there", async () => {
    await open(view({ link: link({ state: "connecting", check: check(null) }) }));

    expect(screen.getAllByRole("listitem")).toHaveLength(7);
  });

  test("a connector without a check is waited for in plain words", async () => {
    await open(VIEWS.connecting);

    expect(screen.getByRole("heading", { name: "Connecting" })).toBeTruthy();
    expect(screen.queryByRole("list")).toBeNull();
  });
});

describe("a step that failed", () => {
  test("stands in the place of the agent's state, and opens the panel", async () => {
    const { host, container, user } = await open(VIEWS.loginNeeded);

    expect(screen.getByRole("heading", { name: "Not connected to Amazon Connect" })).toBeTruthy();
    expect(screen.getByRole("main").textContent).toContain("Log in in the panel.");
    expect(container.querySelector("[data-link]")!.textContent).toContain("No service");

    await user.click(screen.getByRole("button", { name: "Open the panel" }));

    expect(host.intents).toEqual([{ intent: "showPanel" }]);
  });

  test.each([
    ["loginNeeded", ["Open the panel"]],
    ["sessionEnded", ["Open the panel"]],
    ["accessDenied", ["Open the panel", "Try now"]],
    ["panelSilent", ["Try now", "Open the panel"]],
  ])("%s leads first to where it is mended", async (problem, labels) => {
    const { host, user } = await open(
      view({ link: link({ state: "lost", check: check("login", { problem, text: "So." }) }) }),
    );

    const offered = within(screen.getByRole("main"))
      .getAllByRole("button")
      .filter((button) => /Open the panel|Try now/.test(button.textContent!));
    expect(offered.map((button) => button.textContent!.trim())).toEqual(labels);
    expect(offered.map((button) => button.classList.contains("main"))).toEqual(
      labels.map((_, place) => place === 0),
    );

    for (const button of offered) await user.click(button);
    const intents = labels.map((label) => (label === "Try now" ? "resync" : "showPanel"));
    expect(host.intents).toEqual(intents.map((intent) => ({ intent })));
  });

  test("takes the place of the lost link, and keeps its countdown", async () => {
    vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
    await open(VIEWS.unreachable);

    expect(screen.getByText(/^The page cannot be loaded/, { selector: "main *" })).toBeTruthy();
    expect(screen.getByText("Trying again in 20 s.")).toBeTruthy();
    expect(screen.queryByRole("region", { name: "Connection lost" })).toBeNull();
  });

  test("stands above the agent's state when the link is up", async () => {
    await open(VIEWS.microphoneRefused);

    const problem = screen.getByRole("region", { name: "Set-up problem" });
    expect(problem.textContent).toContain("The microphone cannot be used.");
    expect(within(problem).queryByRole("button", { name: "Try now" })).toBeNull();
    expect(screen.getByRole("heading", { name: "Ready for the next call" })).toBeTruthy();
    expect(screen.getByText("Connected")).toBeTruthy();
  });

  test("stands above a call", async () => {
    const { host, user } = await open(VIEWS.microphoneRefusedOnCall);

    const problem = screen.getByRole("region", { name: "Set-up problem" });
    await user.click(within(problem).getByRole("button", { name: "Open the panel" }));

    const card = screen.getByRole("heading", { name: "Ada Example" });
    expect(problem.compareDocumentPosition(card)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
    expect(host.intents).toEqual([{ intent: "showPanel" }]);
  });

  test("says why the link was lost during a call", async () => {
    await open(VIEWS.panelReloaded);

    const problem = screen.getByRole("region", { name: "Connection lost" });
    expect(problem.textContent).toContain("The panel was loaded again during your call");
    expect(problem.textContent).toContain("Your call may still be running.");
    expect(problem.textContent).not.toContain("The connection to the contact centre is lost.");
  });

  test("is the first of several, and announced", async () => {
    const failed: CheckView[] = ["First.", "Second."].map((text, place) => ({
      ...check("page", { problem: "unreachable", text })[0]!,
      step: `step-${place}`,
    }));
    const { host, container } = await open(VIEWS.ready);

    host.show(view({ link: link({ check: failed }), contacts: [contact()] }));

    await waitFor(() =>
      expect(container.querySelector("[aria-live]")!.textContent).toContain("First."),
    );
    expect(screen.queryByText("Second.")).toBeNull();
  });

  test("is called by its title when the reason is unknown", async () => {
    const [page, ...rest] = check("page", { problem: "unreachable", text: "" });
    await open(view({ link: link({ check: [{ ...page!, text: null }, ...rest] }) }));

    expect(screen.getByRole("region", { name: "Set-up problem" }).textContent).toContain(
      "Not passed: Load the page.",
    );
  });

  test("offers no panel where the connector has none", async () => {
    await open({
      ...VIEWS.loginNeeded,
      link: { ...VIEWS.loginNeeded.link, connector: "other" },
    });

    expect(
      screen.getByRole("heading", { name: "Not connected to the contact centre" }),
    ).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Open the panel" })).toBeNull();
  });
});

describe("on the settings page", () => {
  test("every step is listed with how far it came", async () => {
    const { host, user } = await open(VIEWS.loginNeeded, { page: "settings" });

    expect(steps(await screen.findByRole("list", { name: "Set-up check" }))).toEqual([
      "Load the page: passed",
      "Log in: failed You are not logged in to Amazon Connect. Log in in the panel.",
      "Reach the panel: waiting",
      "Read your state: waiting",
      "Carry calls in this window: waiting",
      "Use the microphone: waiting",
      "Hold the audio: waiting",
    ]);
    await user.click(screen.getByRole("button", { name: "Open the panel" }));
    expect(host.intents).toEqual([{ intent: "showPanel" }]);
  });

  test("there is neither a list nor a panel where there is nothing to set up", async () => {
    await open(VIEWS.practice, { page: "settings" });

    await screen.findByRole("heading", { name: "Settings" });
    expect(screen.queryByRole("list", { name: "Set-up check" })).toBeNull();
    expect(screen.queryByRole("button", { name: "Open the panel" })).toBeNull();
  });
});

describe("the session's end", () => {
  const MINUTE = 60_000;

  test.each([
    [30 * MINUTE - 1, "Session ends in 30 min"],
    [MINUTE + 1, "Session ends in 2 min"],
    [1, "Session ends in 1 min"],
    [0, "Session ends now"],
  ])("in %i ms is told as “%s”", async (left, text) => {
    vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
    const { host, user } = await open(view({ link: link({ sessionEndsAt: NOW + left }) }));

    expect(screen.getByText(text)).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Open the panel" }));
    expect(host.intents).toEqual([{ intent: "showPanel" }]);
  });

  test("is not told while it is far away", async () => {
    vi.useFakeTimers({ now: NOW, toFake: ["Date"] });
    await open(view({ link: link({ sessionEndsAt: NOW + 30 * MINUTE }), agent: agent() }));

    expect(screen.queryByText(/^Session ends/)).toBeNull();
  });
});
