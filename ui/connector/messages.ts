// What goes between the script in the panel's page and the connector, as JSON.
// The connector's side is `src-tauri/amazon/src/page.rs`; the tests of both read the examples in
// `tests/fixtures/panel/messages.json`.

/** What the script says. */
export type Said =
  | { says: "hello"; webRtc: boolean; microphone?: PermissionState }
  | { says: "streams" }
  | { says: "acknowledged" }
  | { says: "panelStarted"; panel: string }
  | { says: "update"; snapshot: unknown; configuration: unknown }
  | { says: "returned"; id: number; data?: unknown }
  | { says: "failed"; id: number; error: string }
  | { says: "apiError"; error: string }
  | { says: "muted"; muted: boolean }
  | { says: "softphoneError"; errorType: string; errorMessage?: string }
  | { says: "authFailed" }
  | { says: "accessDenied" }
  | { says: "terminated" }
  | { says: "ackTimeout" }
  | { says: "retriesExhausted" }
  | { says: "panels"; count: number }
  | { says: "thrown"; text: string };

/** A call for the script to make. What comes of it is said with the same id. */
export type Asked = { id: number } & Call;

/** The calls of the Streams library that the connector makes, by their names there. */
export type Call =
  | { call: "accept"; contactId: string }
  | { call: "reject"; contactId: string }
  | { call: "clear"; contactId: string }
  | { call: "destroy"; contactId: string; connectionId: string }
  | { call: "hold"; contactId: string; connectionId: string }
  | { call: "resume"; contactId: string; connectionId: string }
  | { call: "sendDigits"; contactId: string; connectionId: string; digits: string }
  | { call: "addConnection"; contactId: string; endpoint: Endpoint }
  | { call: "toggleActiveConnections"; contactId: string }
  | { call: "conferenceConnections"; contactId: string }
  | { call: "connect"; endpoint: Endpoint }
  | { call: "setState"; state: unknown; enqueueNextState: boolean }
  | { call: "getEndpoints" }
  | { call: "mute" }
  | { call: "unmute" }
  | { call: "muteParticipant"; contactId: string; connectionId: string }
  | { call: "unmuteParticipant"; contactId: string; connectionId: string }
  | { call: "terminate" }
  | { call: "refresh" };

/** Where a call goes: a number, or a quick connect as `getEndpoints` gave it. */
export type Endpoint = { phoneNumber: string } | { quickConnect: unknown };
