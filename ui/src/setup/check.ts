import type { CheckView } from "../types/CheckView";
import type { LinkView } from "../types/LinkView";

/** The first step of the set-up check that failed. */
export function failedStep({ check }: LinkView): CheckView | undefined {
  return check.find(({ progress }) => progress === "failed");
}

/** What is wrong with a step that failed. */
export function whatFailed(step: CheckView): string {
  return step.text ?? `Not passed: ${step.title}.`;
}

/** The step that is under way: the first that waits, unless one before it failed. */
export function stepUnderWay(check: CheckView[]): CheckView | undefined {
  const open = check.find(({ progress }) => progress !== "passed");
  return open?.progress === "waiting" ? open : undefined;
}

/** Whether the set-up, rather than the agent's state, is what an idle phone has to tell about. */
export function isSettingUp(link: LinkView): boolean {
  if (link.state === "online") return false;
  return failedStep(link) !== undefined || (link.state === "connecting" && link.check.length > 0);
}

/** What the contact centre is called in a sentence. */
export function centreName({ connector }: LinkView): string {
  return connector === "amazon" ? "Amazon Connect" : "the contact centre";
}
