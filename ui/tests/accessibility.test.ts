import axe from "axe-core";
import { screen } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { AMAZON_MANAGED, BROKER, MANAGED } from "../fixtures/settings";
import { VIEWS } from "../fixtures/views";
import { PAGES } from "../src/frame/pages";
import { open } from "./window";

// Colours need a real layout; they are looked at in pictures.
const OPTIONS = { rules: { "color-contrast": { enabled: false } } };

async function violations() {
  const { violations } = await axe.run(document, OPTIONS);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join("\n")}`);
}

test.each(Object.entries(VIEWS))("%s can be used with a screen reader", async (_, view) => {
  await open(view);

  expect(await violations()).toEqual([]);
});

test.each(PAGES)("the page “%s” can be used with a screen reader", async (page) => {
  await open(VIEWS.ready, { page, settings: MANAGED });

  expect(await violations()).toEqual([]);
});

test("the settings of Amazon Connect can be used with a screen reader", async () => {
  await open(VIEWS.loginNeeded, { page: "settings", settings: AMAZON_MANAGED });

  expect(await violations()).toEqual([]);
});

test("the settings of the company's broker can be used with a screen reader", async () => {
  const { user } = await open(VIEWS.ready, { page: "settings", settings: BROKER });
  await user.click(await screen.findByText("Company's broker"));

  expect(await violations()).toEqual([]);
});

test("the question before an app is removed can be used with a screen reader", async () => {
  const { user } = await open(VIEWS.ready, { page: "apps" });
  await user.click(await screen.findByRole("button", { name: /^Remove Example CRM/ }));

  expect(await violations()).toEqual([]);
});

test("the menu of next states can be used with a screen reader", async () => {
  const { user } = await open(VIEWS.nextState);
  await user.click(screen.getByRole("button", { name: /^Your state/ }));

  expect(await violations()).toEqual([]);
});

test.each(["Keypad", "Consult", "Your state: On a call"])(
  "what “%s” opens can be used with a screen reader",
  async (name) => {
    const { user } = await open(VIEWS.talking);
    await user.click(screen.getByRole("button", { name }));

    expect(await violations()).toEqual([]);
  },
);
