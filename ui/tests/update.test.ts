import { screen, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";

import { SETTINGS } from "../fixtures/settings";
import { VIEWS } from "../fixtures/views";
import { open } from "./window";

describe("the bar of a new version", () => {
  test("installs it or asks another day", async () => {
    const { host, user } = await open(VIEWS.updateOffered);
    screen.getByText("Offhook 0.2.0 is ready to install.");

    await user.click(screen.getByRole("button", { name: "Later" }));
    await user.click(screen.getByRole("button", { name: "Install and restart" }));

    expect(host.intents).toEqual([{ intent: "postponeUpdate" }, { intent: "installUpdate" }]);
  });

  test("offers nothing while it is being downloaded", async () => {
    await open(VIEWS.updateDownloading);

    screen.getByText("Offhook 0.2.0 is being downloaded.");
    expect(screen.queryByRole("button", { name: "Later" })).toBeNull();
    expect(screen.queryByRole("button", { name: /install/i })).toBeNull();
  });

  test("is not shown where nothing is announced", async () => {
    const { update } = VIEWS.updateOffered;
    await open({ ...VIEWS.ready, update: { ...update, install: null, announced: false } });

    expect(screen.queryByText(update.text)).toBeNull();
  });
});

describe("the settings of new versions", () => {
  async function openSettings(view = VIEWS.ready, settings = SETTINGS) {
    const opened = await open(view, { page: "settings", settings });
    const heading = await screen.findByRole("heading", { name: "New versions" });
    return { ...opened, card: within(heading.closest("section")!) };
  }

  test("look now, and say when that was", async () => {
    const { host, user, card } = await openSettings();
    card.getByText("You have the newest version.");
    card.getByText(/^Looked /);

    await user.click(card.getByRole("button", { name: "Look now" }));

    expect(host.intents).toEqual([{ intent: "lookForUpdate" }]);
  });

  test("turn the looking off", async () => {
    const { host, user, card } = await openSettings();

    await user.click(card.getByRole("switch", { name: "Look for new versions" }));

    expect(host.changes).toEqual([{ updatesCheck: false }]);
  });

  test("leave what the administrator fixed", async () => {
    const { card } = await openSettings(VIEWS.ready, {
      ...SETTINGS,
      updatesCheck: { value: false, locked: true },
    });

    card.getByText("Set by your administrator");
    expect(card.getByRole("switch")).toHaveProperty("disabled", true);
  });

  test("say what was refused, and why", async () => {
    const { card } = await openSettings(VIEWS.updateRefused);

    card.getByText(/is not signed by Offhook's publisher/);
    card.getByText(/the signature does not fit/);
  });

  test("offer nothing where somebody else brings new versions", async () => {
    const { card } = await openSettings(VIEWS.updateUnavailable);

    card.getByText(/package manager/);
    expect(card.queryByRole("switch")).toBeNull();
    expect(card.queryByRole("button")).toBeNull();
  });
});
