import type { AgentKind } from "../types/AgentKind";
import type { AgentView } from "../types/AgentView";
import type { StateChoice } from "../types/StateChoice";

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
