import { expect, test } from "vitest";

import { openPage, settle } from "./page";
import { agentInCall, embedPanel } from "./panel";

/** A page with an agent in a call; what was said until then is forgotten. */
async function inCall() {
  const page = openPage();
  const panel = embedPanel(page);
  panel.tell("acknowledge", { id: "port" });
  panel.tell("agent::update", agentInCall());
  await settle();
  page.said.length = 0;
  return { page, panel };
}

test("a call returns when the panel says so, not before", async () => {
  const { page, panel } = await inCall();

  page.ask({ id: 7, call: "hold", contactId: "c1", connectionId: "customer" });
  await settle();
  expect(page.said).toEqual([]);

  panel.answer({ data: {} });
  await settle();
  expect(page.said).toEqual([{ says: "returned", id: 7 }]);
});

test("Amazon's own error comes before a failure that hides it", async () => {
  const { page, panel } = await inCall();
  const error = '{"type":"InvalidStateException","message":"Contact gone"}';

  page.ask({ id: 7, call: "accept", contactId: "c1" });
  panel.answer({ err: error });
  await settle();

  expect(page.said).toEqual([
    { says: "apiError", error },
    { says: "failed", id: 7, error: "error" },
  ]);
});

test("all pages of the quick connects come as one list", async () => {
  const { page, panel } = await inCall();

  page.ask({ id: 7, call: "getEndpoints" });
  panel.answer({ data: { endpoints: [{ name: "Sales" }], nextToken: "more" } });
  expect(panel.requests().at(-1)?.params).toHaveProperty("nextToken", "more");
  panel.answer({ data: { endpoints: [{ name: "Support" }] } });
  await settle();

  expect(page.said).toEqual([
    {
      says: "returned",
      id: 7,
      data: [
        expect.objectContaining({ name: "Sales" }),
        expect.objectContaining({ name: "Support" }),
      ],
    },
  ]);
});

test.each(["mute", "unmute", "terminate"] as const)("%s returns at once", async (call) => {
  const { page } = await inCall();

  page.ask({ id: 7, call });
  await settle();

  expect(page.said).toEqual([{ says: "returned", id: 7 }]);
});

test("a refresh says the last update again", async () => {
  const { page } = await inCall();

  page.ask({ id: 7, call: "refresh" });
  await settle();

  expect(page.said).toEqual([
    { says: "update", ...JSON.parse(JSON.stringify(agentInCall())) },
    { says: "returned", id: 7 },
  ]);
});

test("a refresh before the first update says nothing else", async () => {
  const page = openPage();
  embedPanel(page);
  await settle();
  page.said.length = 0;

  page.ask({ id: 7, call: "refresh" });
  await settle();

  expect(page.said).toEqual([{ says: "returned", id: 7 }]);
});

test("an exception is a failure", async () => {
  const { page } = await inCall();

  page.ask({ id: 7, call: "toggleActiveConnections", contactId: "gone" });
  await settle();

  expect(page.said).toEqual([
    { says: "failed", id: 7, error: expect.stringContaining("Contact gone no longer exists.") },
  ]);
});

test("a call that this version of the library does not have fails", async () => {
  const { page } = await inCall();
  page.window.eval("delete connect.VoiceConnection.prototype.muteParticipant");

  page.ask({ id: 7, call: "muteParticipant", contactId: "c1", connectionId: "customer" });
  await settle();

  expect(page.said).toEqual([
    { says: "failed", id: 7, error: expect.stringContaining("muteParticipant is not a function") },
  ]);
});

test("a call that the script does not know fails", async () => {
  const { page } = await inCall();

  page.ask({ id: 7, call: "dance" } as never);
  await settle();

  expect(page.said).toEqual([
    { says: "failed", id: 7, error: expect.stringContaining("TypeError") },
  ]);
});

test("before the login every call fails", async () => {
  const page = openPage();
  embedPanel(page);
  await settle();
  page.said.length = 0;

  page.ask({ id: 7, call: "getEndpoints" });
  await settle();

  expect(page.said).toEqual([
    { says: "failed", id: 7, error: expect.stringContaining("The agent is not yet initialized!") },
  ]);
});

test("without the library every call fails", async () => {
  const page = openPage();

  page.ask({ id: 7, call: "mute" });
  await settle();

  expect(page.said).toEqual([
    { says: "failed", id: 7, error: "The page has not started the Streams library." },
    { says: "hello", webRtc: false },
  ]);
});
