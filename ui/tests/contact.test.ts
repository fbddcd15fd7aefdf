import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";

import { contact, view } from "../fixtures/parts";
import { VIEWS } from "../fixtures/views";
import { open } from "./window";

test("a callback is told from an ordinary call, on the card and when it is announced", async () => {
  const { container } = await open(VIEWS.callback);

  expect(container.querySelector("[data-phase=ringing]")!.textContent).toMatch(
    /Incoming call\s+Callback/,
  );
  expect(container.querySelector("[aria-live]")!.textContent).toContain(
    "Callback: Incoming call from Ada Example",
  );
});

test("each of several contacts says its kind", async () => {
  const { container } = await open(VIEWS.monitoring);

  expect(container.querySelector("[data-phase=talking]")!.textContent).toContain("Monitoring");
  expect(container.querySelector("[data-contact-phase=wrapUp]")!.textContent).toContain("Callback");
});

test("an ordinary call has no badge", async () => {
  const { host } = await open(VIEWS.callback);

  host.show(view({ contacts: [contact({ kind: "voice" })] }));

  await waitFor(() => expect(screen.queryByText("Callback")).toBeNull());
  expect(screen.getByText("Ada Example", { selector: "h2" })).toBeTruthy();
});
