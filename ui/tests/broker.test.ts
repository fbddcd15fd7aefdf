import { screen, waitFor, within } from "@testing-library/svelte";
import { describe, expect, test } from "vitest";

import { BROKER, SETTINGS } from "../fixtures/settings";
import { VIEWS } from "../fixtures/views";
import { isPlain } from "../src/settings/broker";
import { REFUSED, open } from "./window";

/** Opens the settings of the company's broker. */
async function openSettings(settings = SETTINGS) {
  const opened = await open(VIEWS.ready, { page: "settings", settings });
  await opened.user.click(await screen.findByText("Company's broker"));
  return { ...opened, form: within(opened.container.querySelector("details")!) };
}

describe("the settings of the company's broker", () => {
  test("are saved together, and only what was changed", async () => {
    const { host, user, form } = await openSettings();

    await user.type(form.getByLabelText("Address"), " mqtts://broker.example.com ");
    await user.type(form.getByLabelText("Tenant"), "example{Enter}");

    expect(host.changes).toEqual([
      { broker: { url: "mqtts://broker.example.com", tenant: "example" } },
    ]);
    expect(host.passwords).toEqual([]);
    await waitFor(() =>
      expect(form.getByRole("button", { name: "Save" }).ariaDisabled).toBe("true"),
    );
  });

  test("name who the agent usually is", async () => {
    const { form } = await openSettings();

    expect(form.getByLabelText("Agent")).toHaveProperty("placeholder", "erin");
  });

  test("leave what the administrator fixed", async () => {
    const { form } = await openSettings(BROKER);

    const address = form.getByRole("textbox", {
      name: "Address",
      description: "Set by your administrator",
    });
    expect(address).toHaveProperty("disabled", true);
    expect(form.getByLabelText("User name")).toHaveProperty("disabled", false);
  });

  test("say how the phone stands with it, also while they are closed", async () => {
    const { host, container } = await open(VIEWS.brokerConnecting, {
      page: "settings",
      settings: BROKER,
    });
    const summary = await waitFor(() => within(container.querySelector("summary")!));
    summary.getByText("Connecting to the company's broker");

    host.show(VIEWS.brokerLogin);
    await summary.findByText("Not connected to the company's broker");
  });

  test("ask about encryption only where there is none", async () => {
    const { host, user, form } = await openSettings();
    const address = form.getByLabelText("Address");

    await user.type(address, "mqtts://broker.example.com");
    expect(form.queryByLabelText("Allow without encryption")).toBeNull();
    await user.clear(address);
    await user.type(address, "mqtt://broker.example.com");
    await user.click(form.getByLabelText("Allow without encryption"));
    await user.click(form.getByRole("button", { name: "Save" }));

    expect(host.changes).toEqual([
      { broker: { url: "mqtt://broker.example.com", insecure: true } },
    ]);
  });

  test("say why they were refused, and keep what was typed", async () => {
    const { host, user, form } = await openSettings();
    host.refusal = REFUSED;

    await user.type(form.getByLabelText("Proxy"), "proxy{Enter}");

    expect((await form.findByRole("alert")).textContent).toContain(REFUSED.text);
    expect(form.getByLabelText("Proxy")).toHaveProperty("value", "proxy");
  });

  test("are not offered by a build that has no way there", async () => {
    const { form } = await openSettings({
      ...SETTINGS,
      broker: { ...SETTINGS.broker, supported: false },
    });

    expect(form.getByText(/was built without/)).toBeTruthy();
    expect(form.queryByRole("textbox")).toBeNull();
  });
});

describe("the password for the company's broker", () => {
  test("is kept, never shown again, and forgotten", async () => {
    const { host, user, form } = await openSettings();
    const field = form.getByLabelText("Password or token");
    expect(form.queryByRole("button", { name: "Forget it" })).toBeNull();

    await user.type(field, "opensesame{Enter}");
    await form.findByText("Kept in the system's keychain.");
    expect(field).toHaveProperty("value", "");
    expect(host.changes).toEqual([]);

    await user.click(form.getByRole("button", { name: "Forget it" }));
    await waitFor(() => expect(form.queryByText(/^Kept in/)).toBeNull());
    expect(host.passwords).toEqual(["opensesame", ""]);
  });

  test("stays in its field if it could not be kept", async () => {
    const { host, user, form } = await openSettings();
    host.refusal = REFUSED;

    await user.type(form.getByLabelText("Password or token"), "opensesame{Enter}");

    expect((await form.findByRole("alert")).textContent).toContain(REFUSED.text);
    expect(form.getByLabelText("Password or token")).toHaveProperty("value", "opensesame");
  });
});

describe("the state of the company's broker", () => {
  test("is not mentioned where there is none", async () => {
    const { container } = await open(VIEWS.ready);

    expect(container.querySelector("[data-broker]")).toBeNull();
  });

  test("is told, with what can be done while it waits", async () => {
    const { host, container, user } = await open(VIEWS.brokerWaiting);

    screen.getByRole("button", { name: "Not connected to the company's broker" });
    const card = within(container.querySelector<HTMLElement>("[popover]")!);
    expect(card.getByText(/cannot be reached/)).toBeTruthy();
    await user.click(card.getByText("Try now"));

    expect(host.intents).toEqual([{ intent: "retryBroker" }]);
  });

  test("has a shape for each, and not a colour alone", async () => {
    const { host, container } = await open(VIEWS.broker);
    const badge = () => container.querySelector("[data-broker]")!;
    const shapes = new Set<string>();

    for (const view of [VIEWS.broker, VIEWS.brokerConnecting, VIEWS.brokerWaiting]) {
      host.show(view);
      await waitFor(() => expect(badge().ariaLabel).toBe(view.broker!.title));
      shapes.add(badge().querySelector("svg")!.innerHTML);
    }

    expect(shapes.size).toBe(3);
  });

  test("says which certificate does not work", async () => {
    await open(VIEWS.brokerCertificate);

    const strip = within(screen.getByRole("banner")).getAllByText(/^the broker's is not accepted/);
    expect(strip).toHaveLength(2);
  });

  test("is said to everybody's face when it needs the person", async () => {
    const { host, user } = await open(VIEWS.brokerTakenOver);

    const strip = within(screen.getByRole("banner")).getAllByText(/signed in at another desk. Use/);
    await user.click(within(strip[1]!.parentElement!).getByRole("button"));
    expect(host.intents).toEqual([{ intent: "retryBroker" }]);

    host.show(VIEWS.broker);
    await waitFor(() => expect(screen.queryByText(/another desk/)).toBeNull());
  });
});

test.each([
  ["mqtt://broker.example.com", true],
  [" ws://broker.example.com", true],
  ["mqtts://broker.example.com", false],
  ["wss://broker.example.com", false],
  ["", false],
])("“%s” is without encryption: %s", (url, plain) => expect(isPlain(url)).toBe(plain));
