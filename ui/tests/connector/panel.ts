// The contact centre's panel, as far as the real Streams library in the page can tell.

import library from "amazon-connect-streams/release/connect-streams-min.js?raw";
import { vi } from "vitest";

import type { Page, PageWindow } from "./page";

/** A message between the library and the panel. */
interface Message {
  event: string;
  data?: unknown;
}

export interface Panel {
  /** What the library has told the panel. */
  told: Message[];
  /** The panel tells the library something. */
  tell(event: string, data?: unknown): void;
  /** The API requests among what was told. */
  requests(): { method: string; params: Record<string, unknown> }[];
  /** Answers the last request. */
  answer(answer: { data?: unknown; err?: unknown }): void;
}

/** The page embeds the panel; agents are not logged in yet. */
export function embedPanel({ window }: Pick<Page, "window">): Panel {
  const { core } = runLibrary(window);
  core.initCCP(window.document.getElementById("panel") as HTMLElement, {
    ccpUrl: "https://example.my.connect.aws/ccp-v2/",
    loginPopup: false,
  });
  const frame = window.document.querySelector("iframe")?.contentWindow as Window;
  const told: Message[] = [];
  frame.postMessage = (message: Message) => void told.push(message);
  return panel(told, (data) =>
    window.dispatchEvent(new window.MessageEvent("message", { data, source: frame })),
  );
}

/** The page is the panel itself, which speaks to its worker. */
export function bePanel({ window }: Pick<Page, "window">): Panel {
  const port = Object.assign(new window.EventTarget(), {
    start() {},
    postMessage: (message: Message) => void told.push(message),
  });
  const told: Message[] = [];
  Object.assign(window, { SharedWorker: class { port = port } });
  const { core } = runLibrary(window);
  (core as unknown as { initSharedWorker(parameters: object): void }).initSharedWorker({
    sharedWorkerUrl: "/worker.js",
    authToken: "token",
    refreshToken: "token",
    authTokenExpiration: "2030-01-01T00:00:00.000Z",
    region: "eu-central-1",
  });
  return panel(told, (data) => port.dispatchEvent(new window.MessageEvent("message", { data })));
}

/** The library's own words on the console are not the tests'. */
function runLibrary(window: PageWindow): NonNullable<PageWindow["connect"]> {
  for (const level of ["log", "info", "warn", "error", "debug", "trace"] as const) {
    vi.spyOn(window.console, level).mockImplementation(() => {});
  }
  window.eval(library);
  return window.connect as NonNullable<PageWindow["connect"]>;
}

function panel(told: Message[], dispatch: (message: Message) => void): Panel {
  const requests = () =>
    told
      .filter((message) => message.event === "api_request")
      .map(({ data }) => data as ReturnType<Panel["requests"]>[number] & { requestId: string });
  const tell: Panel["tell"] = (event, data) => dispatch({ event, data });
  return {
    told,
    tell,
    requests,
    answer: ({ data = null, err = null }) =>
      tell("api_response", { requestId: requests().at(-1)?.requestId, data, err }),
  };
}

/** An agent in a call with one customer. */
export function agentInCall(): { snapshot: object; configuration: object } {
  const since = new Date("2020-04-09T08:37:10.000Z");
  const connection = (connectionId: string, type: string, state: string) => ({
    connectionId,
    type,
    initial: type !== "agent",
    state: { type: state, timestamp: since },
    endpoint: { type: "phone_number", phoneNumber: "+442079460002" },
    softphoneMediaInfo: null,
  });
  return {
    snapshot: {
      state: { name: "Busy", type: "system", agentStateARN: null, startTimestamp: since },
      nextState: null,
      contacts: [
        {
          contactId: "c1",
          type: "voice",
          state: { type: "connected", timestamp: since },
          attributes: {},
          connections: [
            connection("agent", "agent", "connected"),
            connection("customer", "inbound", "hold"),
          ],
        },
      ],
      snapshotTimestamp: since,
    },
    configuration: {
      name: "Jane Doe",
      agentStates: [],
      routingProfile: {
        queues: [{ name: "Sales", queueARN: "queue/1" }],
        defaultOutboundQueue: { name: "Sales", queueARN: "queue/1" },
      },
    },
  };
}
