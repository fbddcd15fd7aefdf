import { screen, waitFor } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";

import { APPS, LONG_APPS, NO_APPS, NO_HUB } from "../fixtures/apps";
import { MANAGED, SETTINGS } from "../fixtures/settings";
import { VIEWS } from "../fixtures/views";
import { isOrigin } from "../src/apps/origin";
import { REFUSED, open } from "./window";

describe("connected apps", () => {
  test("are reached from the settings, and lead back", async () => {
    const { user } = await open(VIEWS.ready, { page: "settings" });

    await user.click(await screen.findByRole("button", { name: /^Connected apps 2 connected/ }));

    expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Connected apps" }));
    expect(screen.getByRole("button", { name: "Settings" }).ariaCurrent).toBe("page");
    await user.click(screen.getByRole("button", { name: "Back to settings" }));
    expect(screen.getByRole("heading", { name: "Settings" })).toBeTruthy();
  });

  test("are limited and removed", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "apps" });
    const app = "Example CRM, https://crm.example.com";

    await user.selectOptions(await screen.findByLabelText(`Access of ${app}`), "observe");
    await user.click(screen.getByRole("button", { name: `Remove ${app}` }));
    await user.click(screen.getByRole("button", { name: "Yes" }));

    expect(host.limited).toEqual([
      ["https://crm.example.com", "Example CRM", "observe"],
      ["https://crm.example.com", "Example CRM", null],
    ]);
  });

  test.each(["{Enter}", "{Escape}"])("are not removed by a slip, but kept with %s", async (key) => {
    const { host, user } = await open(VIEWS.ready, { page: "apps" });
    const name = "Remove Example CRM, https://crm.example.com";

    await user.click(await screen.findByRole("button", { name }));
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "No" }));
    await user.keyboard(key);

    expect(document.activeElement).toBe(await screen.findByRole("button", { name }));
    expect(host.limited).toEqual([]);
  });

  test("cannot be limited if they are programs or listed by the administrator", async () => {
    const { container } = await open(VIEWS.ready, { page: "apps" });
    await screen.findByText("Wallboard");

    const fixed = [...container.querySelectorAll("[data-app=offhookctl], [data-app=Wallboard]")];

    expect(fixed.map((row) => row.querySelector("select, button"))).toEqual([null, null]);
    expect(fixed[0]!.textContent).toContain("Program on this computer");
    expect(fixed[1]!.textContent).toContain("set by your administrator");
  });

  test("come and go", async () => {
    const { host } = await open(VIEWS.ready, { page: "apps", apps: NO_APPS });
    await screen.findByText(/^None yet/);

    host.showApps(APPS);
    await screen.findByText("Example CRM");

    host.showApps(NO_APPS);
    await waitFor(() => expect(screen.queryByText("Example CRM")).toBeNull());
  });

  test("have a place for their keys and a port to be found on", async () => {
    const { host } = await open(VIEWS.ready, { page: "apps" });
    await screen.findByText("Web pages find this phone on port 28711.");
    expect(screen.getByText(/kept in the system's keychain/)).toBeTruthy();

    host.showApps(LONG_APPS);
    await screen.findByText(/^Web pages cannot find this phone.*port 40153/s);
    expect(screen.getByText(/kept in a file that only you can read/)).toBeTruthy();

    host.showApps(NO_HUB);
    await screen.findByText(/^Web pages cannot connect.*cannot listen/);
    expect(screen.queryByText(/are kept in/)).toBeNull();
  });

  test("may be kept from asking", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "apps" });

    await user.click(await screen.findByRole("switch", { name: "New pages may ask to connect" }));

    expect(host.changes).toEqual([{ hubPairing: false }]);
  });
});

describe("allowed origins", () => {
  test("adds, changes and removes origins", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "apps" });
    const [crm, wallboard] = SETTINGS.allowedOrigins.value;
    const added = { origin: "https://new.example.com", access: "observe" as const };

    await user.type(await screen.findByLabelText("New origin"), `${added.origin}{Enter}`);
    await screen.findByText(added.origin);
    await user.selectOptions(screen.getByLabelText(`Access of ${added.origin}`), "control");
    await user.click(screen.getByRole("button", { name: `Remove ${crm!.origin}` }));
    await user.click(screen.getByRole("button", { name: "Yes" }));

    expect(host.changes).toEqual([
      { allowedOrigins: [crm, wallboard, added] },
      { allowedOrigins: [crm, wallboard, { ...added, access: "control" }] },
      { allowedOrigins: [wallboard, { ...added, access: "control" }] },
    ]);
  });

  test("takes no address that is no origin, and keeps what was typed", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "apps" });

    const field = await screen.findByLabelText<HTMLInputElement>("New origin");
    await user.type(field, "https://crm.example.com/page{Enter}");

    expect((await screen.findByRole("alert")).textContent).toContain("exactly like");
    expect(field.value).toBe("https://crm.example.com/page");
    expect(host.changes).toEqual([]);
  });

  test("keeps an origin that could not be saved in its field, and out of the list", async () => {
    const { host, user } = await open(VIEWS.ready, { page: "apps" });
    host.refusal = REFUSED;

    const field = await screen.findByLabelText<HTMLInputElement>("New origin");
    await user.type(field, "https://new.example.com{Enter}");

    expect((await screen.findByRole("alert")).textContent).toContain(REFUSED.text);
    expect(field.value).toBe("https://new.example.com");
    expect(screen.queryByText("https://new.example.com")).toBeNull();
  });

  test("stay as the administrator fixed them", async () => {
    await open(VIEWS.ready, { page: "apps", settings: MANAGED });

    expect(await screen.findByRole("switch")).toHaveProperty("disabled", true);
    expect(screen.queryByLabelText("New origin")).toBeNull();
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
