import type { AgentKind } from "../types/AgentKind";
import type { AgentView } from "../types/AgentView";
import type { LinkState } from "../types/LinkState";

/** What the page says while no contact is there. */
export interface IdleText {
  heading: string;
  hint: string;
}

const BY_KIND: Record<AgentKind, (agent: AgentView) => IdleText> = {
  unknown: () => ({
    heading: "Waiting for the contact centre",
    hint: "Your state is not known yet.",
  }),
  loggedOut: () => ({
    heading: "Logged out",
    hint: "Log in to the contact centre to take calls.",
  }),
  ready: () => ({ heading: "Ready for the next call", hint: "It will ring here and in the tray." }),
  notReady: (agent) => ({
    heading: `Not ready: ${agent.state}`,
    hint: "No calls come until you are available again.",
  }),
  offline: () => ({ heading: "Offline", hint: "No calls come until you are available again." }),
  pendingBusy: () => ({ heading: "A call is coming", hint: "It will show here in a moment." }),
  busy: () => ({ heading: "On a call", hint: "The contact centre has sent no details of it yet." }),
  afterCallWork: () => ({
    heading: "Wrap-up",
    hint: "The contact centre counts you as still at work on the last call.",
  }),
  missed: () => ({
    heading: "You missed a call",
    hint: "No calls come until you are available again.",
  }),
  failed: (agent) => ({
    heading: agent.title,
    hint: "No calls come until you are available again.",
  }),
};

/** What to say to an agent without a contact. */
export function idleText(link: LinkState, agent: AgentView): IdleText {
  switch (link) {
    case "none":
      return {
        heading: "No contact centre is set up",
        hint: "Choose in the settings whom the phone works with.",
      };
    case "connecting":
      return { heading: "Connecting", hint: "The contact centre has not answered yet." };
    case "online":
    case "lost":
      return BY_KIND[agent.kind](agent);
  }
}
