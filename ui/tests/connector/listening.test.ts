import { expect, test, vi } from "vitest";

import { openPage, settle } from "./page";
import { agentInCall, bePanel, embedPanel } from "./panel";

async function listeningPage() {
  const page = openPage();
  const panel = embedPanel(page);
  await settle();
  page.said.length = 0;
  return { page, panel };
}

test("an update is forwarded whole, with its times as text", async () => {
  const { page, panel } = await listeningPage();

  panel.tell("agent::update", agentInCall());
  await settle();

  expect(page.said).toEqual([
    { says: "update", ...JSON.parse(JSON.stringify(agentInCall())) },
  ]);
  expect(page.said[0]).toHaveProperty("snapshot.snapshotTimestamp", "2020-04-09T08:37:10.000Z");
});

test("what came before the script listened is told", async () => {
  const page = openPage();
  const panel = embedPanel(page);
  panel.tell("update_connected_ccps", { length: 2 });
  panel.tell("agent::update", agentInCall());
  await settle();

  expect(page.said.slice(1)).toEqual([
    { says: "streams" },
    { says: "panels", count: 2 },
    { says: "update", ...JSON.parse(JSON.stringify(agentInCall())) },
  ]);
});

test("an error that came as an object is told as JSON", async () => {
  const { page, panel } = await listeningPage();

  panel.tell("api_response", { requestId: "1", err: { type: "InvalidStateException" } });
  await settle();

  expect(page.said).toEqual([{ says: "apiError", error: '{"type":"InvalidStateException"}' }]);
});

test("an answer without an error is not forwarded", async () => {
  const { page, panel } = await listeningPage();

  panel.tell("api_response", { requestId: "1", data: {}, err: null });
  await settle();

  expect(page.said).toEqual([]);
});

test("signs of life are told every few seconds, not every time", async () => {
  const { page, panel } = await listeningPage();

  for (let second = 0; second < 9; second += 1) {
    panel.tell("acknowledge", { id: "port" });
    await vi.advanceTimersByTimeAsync(1_000);
  }

  expect(page.said.filter((said) => said.says === "acknowledged")).toHaveLength(3);
});

test("the panel's own page is asked whether its worker lives", async () => {
  const page = openPage();
  const panel = bePanel(page);
  await settle();
  panel.tell("agent::update", agentInCall());
  await vi.advanceTimersByTimeAsync(10_000);

  expect(page.said.map((said) => said.says)).toEqual(["hello", "streams", "update"]);
  expect(panel.told.filter(({ event }) => event === "synchronize")).toHaveLength(2);
});

test("where the library asks by itself, the script does not", async () => {
  const { panel } = await listeningPage();

  await vi.advanceTimersByTimeAsync(10_000);

  expect(panel.told.filter(({ event }) => event === "synchronize")).toEqual([]);
});

test("what cannot be read is told once and stops nothing", async () => {
  const { page, panel } = await listeningPage();

  panel.tell("update_connected_ccps", null);
  panel.tell("update_connected_ccps", null);
  panel.tell("auth_fail");
  await settle();

  expect(page.said).toEqual([
    { says: "thrown", text: expect.stringContaining("TypeError") },
    { says: "authFailed" },
  ]);
});
