import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";

import { ReplayHost } from "../dev/replay";
import { APPS } from "../fixtures/apps";
import { SETTINGS } from "../fixtures/settings";
import App from "../src/App.svelte";
import type { Page } from "../src/frame/pages";
import type { SettingsProblem } from "../src/types/SettingsProblem";
import type { View } from "../src/types/View";

/** Why nothing can be saved. */
export const REFUSED: SettingsProblem = {
  path: SETTINGS.path,
  line: 7,
  text: "The file is broken. Correct line 7.",
};

/** Opens the window on a view, and waits until it is shown. */
export async function open(view: View, { page = "phone" as Page, settings = SETTINGS, apps = APPS } = {}) {
  const host = new ReplayHost(view, settings, apps);
  const { container } = render(App, { host, first: page });
  await waitFor(() => screen.getByRole("main"));
  return { host, container, user: userEvent.setup() };
}

/** The names on the wire of the call buttons in the element, as drawn. */
export function drawnButtons(element: ParentNode): (string | null)[] {
  return [...element.querySelectorAll("[data-button]")].map((button) =>
    button.getAttribute("data-button"),
  );
}
