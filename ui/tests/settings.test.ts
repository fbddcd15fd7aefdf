import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";

import { AMAZON, AMAZON_MANAGED, MANAGED, SETTINGS } from "../fixtures/settings";
import { VIEWS } from "../fixtures/views";
import { REFUSED, open } from "./window";

describe("settings page", () => {
  test("saves a switch at once", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings" });

    await user.click(await screen.findByRole("switch", { name: "Play the ringtone" }));

    expect(host.changes).toEqual([{ sound: false }]);
    await waitFor(() =>
      expect(
        screen.getByRole<HTMLInputElement>("switch", { name: "Play the ringtone" }).checked,
      ).toBe(false),
    );
  });

  test("says why a change was refused and keeps it on the screen", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings" });
    host.refusal = REFUSED;

    const raise = await screen.findByRole<HTMLInputElement>("switch", {
      name: "Bring the window up",
    });
    await user.click(raise);

    expect((await screen.findByRole("alert")).textContent).toContain(REFUSED.text);
    expect(raise.checked).toBe(true);
  });

  test("chooses the connector and the output", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings" });

    await user.click(await screen.findByRole("radio", { name: /^None/ }));
    await user.selectOptions(screen.getByLabelText("Ringtone output"), "Built-in speakers");
    await user.selectOptions(screen.getByLabelText("Ringtone output"), "System default");

    expect(host.changes).toEqual([
      { connector: "none" },
      { ringDevice: "Built-in speakers" },
      { ringDevice: "" },
    ]);
  });

  test("starts at login, and chooses the drawing in the tray", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings" });

    await user.click(await screen.findByRole("switch", { name: "Start at login, in the tray" }));
    await user.selectOptions(screen.getByLabelText("Tray icon"), "Light, for dark panels");

    expect(host.changes).toEqual([{ startAtLogin: true }, { trayIcon: "light" }]);
    expect(screen.getByLabelText<HTMLSelectElement>("Tray icon").value).toBe("light");
  });

  test("plays the ringtone", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings" });

    await user.click(await screen.findByRole("button", { name: "Test" }));

    expect(host.rings).toBe(1);
  });

  test("shows what the administrator fixed, and what is wrong with the file", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings", settings: MANAGED });

    const sound = await screen.findByRole<HTMLInputElement>("switch", {
      name: "Play the ringtone",
      description: "Set by your administrator",
    });
    await user.click(sound);

    expect(sound.disabled).toBe(true);
    expect(screen.getAllByText("Set by your administrator")).toHaveLength(4);
    expect(screen.getByText(`${SETTINGS.path}, line 7`)).toBeTruthy();
    expect(screen.getByText(/does not start Offhook at login/)).toBeTruthy();
    expect(host.changes).toEqual([]);
  });
});

describe("the settings of Amazon Connect", () => {
  test("appear when it is chosen, and are saved together once nothing is missing", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings" });
    await user.click(await screen.findByRole("radio", { name: /^Amazon Connect/ }));

    const save = await screen.findByRole("button", { name: "Save" });
    await user.type(screen.getByLabelText("Instance address"), " https://example.my.connect.aws ");
    await user.click(screen.getByRole("radio", { name: /^Connector page/ }));
    await user.click(save);
    expect(host.changes).toEqual([{ connector: "amazon" }]);

    await user.type(screen.getByLabelText("Page address"), "https://phones.example.com/{Enter}");

    expect(host.changes.slice(1)).toEqual([
      {
        amazonInstance: "https://example.my.connect.aws",
        amazonWay: "page",
        amazonPage: "https://phones.example.com/",
      },
    ]);
    await waitFor(() => expect(save.ariaDisabled).toBe("true"));
  });

  test("need no page for the panel, and may have one to control only", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings", settings: AMAZON });

    await user.click(await screen.findByRole("radio", { name: /^Panel/ }));
    expect(screen.queryByLabelText(/^Page address/)).toBeNull();
    await user.click(screen.getByRole("radio", { name: /^Control only/ }));
    await user.clear(screen.getByLabelText("Page address (optional)"));
    await user.click(screen.getByRole("button", { name: "Save" }));

    expect(host.changes).toEqual([{ amazonWay: "control", amazonPage: "" }]);
  });

  test("say why they were refused, and keep what was typed", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings", settings: AMAZON });
    host.refusal = REFUSED;
    const instance = await screen.findByLabelText<HTMLInputElement>("Instance address");

    await user.type(instance, "/path{Enter}");

    expect((await screen.findByRole("alert")).textContent).toContain(REFUSED.text);
    expect(instance.value).toBe("https://example.my.connect.aws/path");
  });

  test("leave out what the administrator fixed", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings", settings: AMAZON_MANAGED });

    const instance = await screen.findByRole<HTMLInputElement>("textbox", {
      name: "Instance address",
      description: "Set by your administrator",
    });
    expect(instance.disabled).toBe(true);
    expect(screen.getByRole("group", { name: "Way to connect" })).toHaveProperty("disabled", true);
    await user.type(screen.getByLabelText("Page address"), "v2/{Enter}");

    expect(host.changes).toEqual([{ amazonPage: "https://tools.example.com/offhook/v2/" }]);
  });

  test("are hidden while another connector is chosen", async () => {
    await open(VIEWS.ready, { page: "settings" });

    await screen.findByRole("radio", { name: /^Amazon Connect/ });
    expect(screen.queryByLabelText("Instance address")).toBeNull();
  });
});
