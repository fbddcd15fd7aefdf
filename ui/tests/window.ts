import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";

import { ReplayHost } from "../dev/replay";
import { SETTINGS } from "../fixtures/settings";
import App from "../src/App.svelte";
import type { Page } from "../src/frame/pages";
import type { View } from "../src/types/View";

/** Opens the window on a view, and waits until it is shown. */
export async function open(view: View, { page = "phone" as Page, settings = SETTINGS } = {}) {
  const host = new ReplayHost(view, settings);
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
