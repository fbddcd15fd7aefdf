import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";

import { MANAGED, SETTINGS } from "../fixtures/settings";
import { VIEWS } from "../fixtures/views";
import { isOrigin } from "../src/settings/origin";
import { open } from "./window";

const REFUSED = { path: SETTINGS.path, line: 7, text: "The file is broken. Correct line 7." };

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

  test("plays the ringtone", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings" });

    await user.click(await screen.findByRole("button", { name: "Test" }));

    expect(host.rings).toBe(1);
  });

  test("adds, changes and removes origins", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings" });
    const [crm, wallboard] = SETTINGS.allowedOrigins.value;
    const added = { origin: "https://new.example.com", access: "observe" as const };

    await user.type(await screen.findByLabelText("New origin"), `${added.origin}{Enter}`);
    await screen.findByText(added.origin);
    await user.selectOptions(screen.getByLabelText(`Access of ${added.origin}`), "control");
    await user.click(screen.getByRole("button", { name: `Remove ${crm!.origin}` }));

    expect(host.changes).toEqual([
      { allowedOrigins: [crm, wallboard, added] },
      { allowedOrigins: [crm, wallboard, { ...added, access: "control" }] },
      { allowedOrigins: [wallboard, { ...added, access: "control" }] },
    ]);
  });

  test("takes no address that is no origin, and keeps what was typed", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings" });

    const field = await screen.findByLabelText<HTMLInputElement>("New origin");
    await user.type(field, "https://crm.example.com/page{Enter}");

    expect((await screen.findByRole("alert")).textContent).toContain("exactly like");
    expect(field.value).toBe("https://crm.example.com/page");
    expect(host.changes).toEqual([]);
  });

  test("keeps an origin that could not be saved in its field, and out of the list", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "settings" });
    host.refusal = REFUSED;

    const field = await screen.findByLabelText<HTMLInputElement>("New origin");
    await user.type(field, "https://new.example.com{Enter}");

    expect((await screen.findByRole("alert")).textContent).toContain(REFUSED.text);
    expect(field.value).toBe("https://new.example.com");
    expect(screen.queryByText("https://new.example.com")).toBeNull();
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
    expect(screen.queryByLabelText("New origin")).toBeNull();
    expect(screen.getByText(`${SETTINGS.path}, line 7`)).toBeTruthy();
    expect(host.changes).toEqual([]);
  });
});

describe("an origin", () => {
  test.each(["https://crm.example.com", "http://localhost:8080", "https://[::1]:8443"])(
    "is %s",
    (origin) => expect(isOrigin(origin)).toBe(true),
  );

  test.each([
    "crm.example.com",
    "https://crm.example.com/",
    "https://crm.example.com:443",
    "https://CRM.example.com",
    "https://*.example.com",
    "file:///home",
    "null",
    "",
  ])("is not “%s”", (text) => expect(isOrigin(text)).toBe(false));
});
