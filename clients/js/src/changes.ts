import type { Call, PhoneState } from './api.js';

/** A call that is new, changed or gone, and as it was before. */
export type CallChange = [call: Call, before: Call | undefined];

/** What became of the calls. */
export function callChanges(before: PhoneState, now: PhoneState): CallChange[] {
  const old = new Map(before.calls.map((call) => [call.id, call]));
  const changed = now.calls
    .map((call): CallChange => [call, old.get(call.id)])
    .filter(([call, before]) => !same(call, before));
  const present = new Set(now.calls.map((call) => call.id));
  const gone = before.calls
    .filter((call) => !present.has(call.id))
    .map((call): CallChange => [{ ...call, phase: 'gone', buttons: [], legs: [] }, call]);
  return [...gone, ...changed];
}

/** Whether two things look the same. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
