// The calls that the connector asks for.

import type { Door } from "./door";
import { errorText } from "./door";
import { sayLastUpdate } from "./listening";
import type { Asked, Call, Endpoint } from "./messages";
import { startedStreams, type Streams } from "./streams";

/** What a call needs: the library, what was asked, and where its result goes. */
interface Context<Name extends Call["call"]> {
  streams: Streams;
  asked: Extract<Call, { call: Name }>;
  callbacks: connect.SuccessFailOptions;
  returned: (data?: unknown) => void;
  door: Door;
}

const CALLS: { [Name in Call["call"]]: (context: Context<Name>) => void } = {
  accept: (context) => contact(context).accept(context.callbacks),
  reject: (context) => contact(context).reject(context.callbacks),
  clear: (context) => contact(context).clear(context.callbacks),
  destroy: (context) => connection(context).destroy(context.callbacks),
  hold: (context) => connection(context).hold(context.callbacks),
  resume: (context) => connection(context).resume(context.callbacks),
  sendDigits: (context) => connection(context).sendDigits(context.asked.digits, context.callbacks),
  addConnection: (context) => contact(context).addConnection(endpoint(context), context.callbacks),
  toggleActiveConnections: (context) => contact(context).toggleActiveConnections(context.callbacks),
  conferenceConnections: (context) => contact(context).conferenceConnections(context.callbacks),
  connect: (context) => agent(context).connect(endpoint(context), context.callbacks),
  setState: (context) => {
    const { state, enqueueNextState } = context.asked;
    agent(context).setState(state as connect.AgentStateDefinition, context.callbacks, {
      enqueueNextState,
    });
  },
  getEndpoints: (context) => {
    // The library asks for page after page by itself.
    agent(context).getEndpoints(agent(context).getAllQueueARNs(), {
      ...context.callbacks,
      success: ({ endpoints }) => context.returned(endpoints),
    });
  },
  mute: (context) => {
    agent(context).mute();
    context.returned();
  },
  unmute: (context) => {
    agent(context).unmute();
    context.returned();
  },
  muteParticipant: (context) => connection(context).muteParticipant(context.callbacks),
  unmuteParticipant: (context) => connection(context).unmuteParticipant(context.callbacks),
  terminate: (context) => {
    // Not `core.terminate`, which only takes the library out of this page: this ends all panels.
    context.streams.core.getUpstream().sendUpstream("terminate");
    context.returned();
  },
  refresh: (context) => {
    sayLastUpdate(context.streams, context.door);
    context.returned();
  },
};

/** Makes the call, and says what came of it. */
export function make(asked: Asked, door: Door): void {
  const returned = (data?: unknown) => door.say({ says: "returned", id: asked.id, data });
  const failed = (error: unknown) =>
    door.say({ says: "failed", id: asked.id, error: errorText(error) });

  const streams = startedStreams();
  if (!streams) {
    failed("The page has not started the Streams library.");
    return;
  }
  const callbacks = { success: () => returned(), failure: failed };
  try {
    const call = CALLS[asked.call] as (context: Context<Call["call"]>) => void;
    call({ streams, asked, callbacks, returned, door });
  } catch (error) {
    failed(error);
  }
}

type OfContact = { streams: Streams; asked: { contactId: string } };
type OfConnection = { streams: Streams; asked: { contactId: string; connectionId: string } };
type WithEndpoint = { streams: Streams; asked: { endpoint: Endpoint } };

function agent({ streams }: { streams: Streams }): connect.Agent {
  return new streams.Agent();
}

function contact({ streams, asked }: OfContact): connect.Contact {
  return new streams.Contact(asked.contactId);
}

function connection({ streams, asked }: OfConnection): connect.VoiceConnection {
  return new streams.VoiceConnection(asked.contactId, asked.connectionId);
}

function endpoint({ streams, asked }: WithEndpoint): connect.Endpoint {
  return "phoneNumber" in asked.endpoint
    ? streams.Endpoint.byPhoneNumber(asked.endpoint.phoneNumber)
    : (asked.endpoint.quickConnect as connect.Endpoint);
}
