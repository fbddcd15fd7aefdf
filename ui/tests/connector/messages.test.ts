// The fixture is read by the connector's tests too, so that both sides keep to the same messages.

import { expect, test } from "vitest";

import messages from "../../../tests/fixtures/panel/messages.json";
import type { Asked, Call, Endpoint, Said } from "../../connector/messages";
import { openPage, settle, type Page } from "./page";
import { agentInCall, embedPanel, type Panel } from "./panel";

type Example<Says extends Said["says"]> = Extract<Said, { says: Says }>;

/** How the script is brought to say each example. */
const SAY: { [Says in Said["says"]]: (example: Example<Says>) => Promise<Page> } = {
  hello: ({ webRtc, microphone }) =>
    helloPage(webRtc, async () => {
      if (!microphone) {
        throw new Error("unknown permission");
      }
      return { state: microphone };
    }),
  streams: () => told("acknowledge", { id: "port" }),
  acknowledged: () => told("acknowledge", { id: "port" }),
  panelStarted: ({ panel }) => told("acknowledge", { id: panel }),
  update: ({ snapshot, configuration }) => told("agent::update", { snapshot, configuration }),
  returned: ({ id, data }) =>
    data
      ? answered({ id, call: "getEndpoints" }, { data: { endpoints: data } })
      : answered({ id, call: "clear", contactId: "c1" }, { data: {} }),
  failed: ({ id, error }) =>
    answered({ id, call: "hold", contactId: "c1", connectionId: "customer" }, { err: error }),
  apiError: ({ error }) => told("api_response", { requestId: "1", err: error }),
  muted: ({ muted }) => told("agent::mute_toggle", { muted }),
  softphoneError: ({ errorType, errorMessage }) =>
    told("agent::softphone_error", { errorType, errorMessage, endPointUrl: "" }),
  authFailed: () => told("auth_fail"),
  accessDenied: () => told("access_denied"),
  terminated: () => told("terminated"),
  ackTimeout: () => told("ack_timeout"),
  retriesExhausted: () => told("iframe_retries_exhausted"),
  panels: ({ count }) => told("update_connected_ccps", { length: count }),
  thrown: async ({ text }) => {
    const page = openPage();
    page.window.eval(`connect = { core: { getEventBus() {
      throw new TypeError(${JSON.stringify(text.replace("TypeError: ", ""))});
    } } }`);
    await settle();
    return page;
  },
};

async function helloPage(
  hasWebRtc: boolean,
  query: () => Promise<{ state: PermissionState }>,
): Promise<Page> {
  const page = openPage((window) => {
    Object.assign(window, { RTCPeerConnection: hasWebRtc ? class {} : undefined });
    Object.assign(window.navigator, { permissions: { query } });
  });
  await settle();
  return page;
}

/** The page with an agent in a call. */
async function inCall(): Promise<{ page: Page; panel: Panel }> {
  const page = openPage();
  const panel = embedPanel(page);
  panel.tell("acknowledge", { id: "port" });
  panel.tell("agent::update", agentInCall());
  await settle();
  return { page, panel };
}

async function told(event: string, data?: unknown): Promise<Page> {
  const page = openPage();
  const panel = embedPanel(page);
  await settle();
  panel.tell(event, data);
  await settle();
  return page;
}

async function answered(asked: Asked, answer: Parameters<Panel["answer"]>[0]): Promise<Page> {
  const { page, panel } = await inCall();
  page.ask(asked);
  panel.answer(answer);
  await settle();
  return page;
}

test.each(messages.said as Said[])("the script says $says: %o", async (example) => {
  const page = await (SAY[example.says] as (example: Said) => Promise<Page>)(example);

  expect(page.said).toContainEqual(example);
});

/** What the library tells the panel when a call is made. */
const TELLS: { [Name in Call["call"]]: (call: Extract<Call, { call: Name }>) => object[] } = {
  accept: ({ contactId }) => request("acceptContact", { contactId }),
  reject: ({ contactId }) => request("rejectContact", { contactId }),
  clear: ({ contactId }) => request("clearContact", { contactId }),
  destroy: ({ contactId, connectionId }) =>
    request("destroyConnection", { contactId, connectionId }),
  hold: ({ contactId, connectionId }) => request("holdConnection", { contactId, connectionId }),
  resume: ({ contactId, connectionId }) => request("resumeConnection", { contactId, connectionId }),
  sendDigits: ({ contactId, connectionId, digits }) =>
    request("sendDigits", { contactId, connectionId, digits }),
  addConnection: ({ contactId, endpoint }) =>
    request("createAdditionalConnection", { contactId, endpoint: asTold(endpoint) }),
  toggleActiveConnections: ({ contactId }) =>
    request("toggleActiveConnections", { contactId, connectionId: "customer" }),
  conferenceConnections: ({ contactId }) => request("conferenceConnections", { contactId }),
  connect: ({ endpoint }) =>
    request("createOutboundContact", { endpoint: asTold(endpoint), queueARN: "queue/1" }),
  setState: ({ state, enqueueNextState }) => request("putAgentState", { state, enqueueNextState }),
  getEndpoints: () =>
    request("getEndpoints", { queueARNs: ["queue/1"], nextToken: null, maxResults: 500 }),
  mute: () => [{ event: "broadcast", data: { event: "mute", data: { mute: true } } }],
  unmute: () => [{ event: "broadcast", data: { event: "mute", data: { mute: false } } }],
  muteParticipant: ({ contactId, connectionId }) =>
    request("muteParticipant", { contactId, connectionId }),
  unmuteParticipant: ({ contactId, connectionId }) =>
    request("unmuteParticipant", { contactId, connectionId }),
  terminate: () => [{ event: "terminate", data: undefined }],
  refresh: () => [],
};

function request(method: string, params: object): object[] {
  return [{ event: "api_request", data: expect.objectContaining({ method, params }) }];
}

/** The library leaves the id away: it is the ARN under an older name. */
function asTold(endpoint: Endpoint): object {
  if ("phoneNumber" in endpoint) {
    const { phoneNumber } = endpoint;
    return expect.objectContaining({ type: "phone_number", phoneNumber });
  }
  const { endpointId, ...told } = endpoint.quickConnect as { endpointId: string };
  return told;
}

test.each(messages.asked as Asked[])("the library makes the call $call: %o", async (asked) => {
  const { page, panel } = await inCall();
  panel.told.length = 0;

  page.ask(asked);

  const tells = (TELLS[asked.call] as (call: Call) => object[])(asked);
  expect(panel.told.filter(isCall)).toEqual(tells);
});

/** Not what the library says of itself: what was clicked, logs and the like. */
function isCall({ event, data }: Panel["told"][number]): boolean {
  return event === "broadcast"
    ? (data as { event: string }).event === "mute"
    : ["api_request", "terminate"].includes(event);
}

test("there is an example of everything", () => {
  expect(new Set(messages.said.map(({ says }) => says))).toEqual(new Set(Object.keys(SAY)));
  expect(new Set(messages.asked.map(({ call }) => call))).toEqual(new Set(Object.keys(TELLS)));
});
