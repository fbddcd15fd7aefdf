/// <reference types="amazon-connect-streams" />

/** The Streams library, with the parts that its own type definitions leave out or get wrong. */
export type Streams = Omit<typeof connect, "core" | "Contact" | "VoiceConnection"> & {
  core: typeof connect.core & {
    getUpstream(): { sendUpstream(event: string, data?: unknown): void };
    getAgentDataProvider(): { getAgentData(): unknown };
    /** The panel that acknowledged first, by the name that it gave itself. */
    portStreamId?: string;
    /** Present where the library itself asks the panel again and again whether it is alive. */
    keepaliveManager?: unknown;
  };
  /** How many panels share the session; 0 until it is known. */
  numberOfConnectedCCPs?: number;
  Contact: new (contactId: string) => connect.Contact;
  VoiceConnection: new (contactId: string, connectionId: string) => connect.VoiceConnection;
};

/** The library once the page has defined and started it; the page may still be without it. */
export function startedStreams(): Streams | undefined {
  const streams = (window as { connect?: unknown }).connect as Streams | undefined;
  const core = streams?.core;
  if (!core?.getEventBus?.()) {
    return undefined;
  }
  try {
    core.getUpstream();
    return streams;
  } catch {
    // It throws until the page has started the library.
    return undefined;
  }
}
