import type { AgentKind } from "../types/AgentKind";
import type { AgentView } from "../types/AgentView";
import type { StateChoice } from "../types/StateChoice";

const SYSTEM_STATE: Partial<Record<AgentKind, string>> = {
  unknown: "State unknown",
  loggedOut: "Logged out",
  pendingBusy: "Call waiting",
  busy: "On a call",
  afterCallWork: "Wrap-up",
};

const TONE: Record<AgentKind, "go" | "wait" | "stop" | "quiet"> = {
  unknown: "quiet",
  loggedOut: "quiet",
  ready: "go",
  notReady: "wait",
  offline: "quiet",
  pendingBusy: "wait",
  busy: "stop",
  afterCallWork: "wait",
  missed: "stop",
  failed: "stop",
};

/** The agent's state in everyday words: a chosen state is called as the contact centre calls it. */
export function stateName(agent: AgentView): string {
  return SYSTEM_STATE[agent.kind] ?? agent.state;
}

/** Whether a state that is chosen now waits until the contact is over. */
export function choosesNext({ kind, can }: AgentView): boolean {
  return (kind === "pendingBusy" || kind === "busy") && (can.ready || can.notReady);
}

/** The choice in force, or the one that follows the contact: available, unless another was made. */
export function chosen(agent: AgentView): StateChoice | undefined {
  const name = choosesNext(agent) ? agent.next : agent.state;
  return agent.choices.find((choice) =>
    name === null ? choice.kind === "ready" : choice.name === name,
  );
}

/** The colour of a state. */
export function stateTone({ kind }: { kind: AgentKind }): "go" | "wait" | "stop" | "quiet" {
  return TONE[kind];
}
