// What the Streams library tells, forwarded.

import type { Door } from "./door";
import { errorText } from "./door";
import type { Streams } from "./streams";

/** How often the panel is asked whether it is alive, where the library does not ask by itself. */
const HEARTBEAT_MS = 5_000;

/** The library hears every second that the panel is alive; that much need not be told. */
const ACKNOWLEDGED_EVERY_MS = 4_000;

/** Forwards the library's events. What came before and still holds is said at once. */
export function listen(streams: Streams, door: Door): void {
  const bus = streams.core.getEventBus();

  function on<Data>(event: string, forward: (data: Data) => void): void {
    bus.subscribe(event, (data: Data) => {
      try {
        forward(data);
      } catch (error) {
        door.thrown(error);
      }
    });
  }

  on("agent::update", (update) => sayUpdate(update, door));
  let acknowledgedAt = -Infinity;
  on("acknowledge", (acknowledged: { id?: string } | undefined) => {
    // The first one of a panel names it.
    if (acknowledged?.id) {
      door.say({ says: "panelStarted", panel: acknowledged.id });
    }
    const now = performance.now();
    if (now - acknowledgedAt >= ACKNOWLEDGED_EVERY_MS) {
      acknowledgedAt = now;
      door.say({ says: "acknowledged" });
    }
  });
  on("api_response", (response: { err?: unknown } | null) => {
    if (response?.err) {
      door.say({ says: "apiError", error: errorText(response.err) });
    }
  });
  on("agent::mute_toggle", (toggle: { muted?: boolean } | null) =>
    door.say({ says: "muted", muted: toggle?.muted === true }),
  );
  on("agent::softphone_error", (error: connect.SoftphoneError) =>
    door.say({
      says: "softphoneError",
      errorType: error.errorType,
      errorMessage: error.errorMessage,
    }),
  );
  on("auth_fail", () => door.say({ says: "authFailed" }));
  on("access_denied", () => door.say({ says: "accessDenied" }));
  on("terminated", () => door.say({ says: "terminated" }));
  on("ack_timeout", () => door.say({ says: "ackTimeout" }));
  on("iframe_retries_exhausted", () => door.say({ says: "retriesExhausted" }));
  on("update_connected_ccps", (panels: { length: number }) =>
    door.say({ says: "panels", count: panels.length }),
  );

  door.say({ says: "streams" });
  if (streams.core.portStreamId) {
    door.say({ says: "panelStarted", panel: streams.core.portStreamId });
  }
  if (streams.numberOfConnectedCCPs) {
    door.say({ says: "panels", count: streams.numberOfConnectedCCPs });
  }
  sayLastUpdate(streams, door);
  keepAlive(streams, door);
}

/** Says the last update again, where there is one. */
export function sayLastUpdate(streams: Streams, door: Door): void {
  let update: unknown;
  try {
    update = streams.core.getAgentDataProvider().getAgentData();
  } catch {
    // There is none yet.
    return;
  }
  sayUpdate(update, door);
}

function sayUpdate(update: unknown, door: Door): void {
  const { snapshot, configuration } = update as { snapshot: unknown; configuration: unknown };
  door.say({ says: "update", snapshot, configuration });
}

/** The panel's own page has no heartbeat: its worker is silent for as long as nothing happens. */
function keepAlive(streams: Streams, door: Door): void {
  const timer = setInterval(() => {
    if (!door.isOpen) {
      clearInterval(timer);
    } else if (!streams.core.keepaliveManager) {
      try {
        streams.core.getUpstream().sendUpstream("synchronize");
      } catch (error) {
        door.thrown(error);
      }
    }
  }, HEARTBEAT_MS);
}
