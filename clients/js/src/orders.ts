/** What a page can ask the phone for, and how to see that it was done. */

import type { Button, Call, Leg, PhoneState } from './api.js';
import { because } from './error.js';
import { isOver } from './state.js';

/** How an order stands, as far as the state shows. */
export type Verdict = 'waiting' | 'done' | 'gone';

/** A request on the bus, and what comes of it. */
export interface Order {
  topic: 'InboundCall' | 'Agent';
  subtopic: string;
  data?: unknown;
  /** The `errorType` that says that this request failed. */
  failure: string;
  /** Absent where nothing shows it: then it was done if the next answer comes without an error. */
  judge?: (state: PhoneState) => Verdict;
}

/** The id of a call, where there may be more than one. */
export type CallId = string | undefined;

export function answer(state: PhoneState, id: CallId): Order {
  const leg = offering(state, 'answer', id);
  return order('Answer', 'ANSWER_CALL_FAILED', becomes(leg, 'connected'));
}

export function reject(state: PhoneState, id: CallId): Order {
  return order('Reject', 'REJECT_CALL_FAILED', ends(offering(state, 'reject', id)));
}

export function hangUp(state: PhoneState, id: CallId): Order {
  const leg = offering(state, 'disconnect', id);
  return { ...order('Disconnect', 'DISCONNECT_CALL_FAILED', ends(leg)), data: leg.id };
}

export function hold(state: PhoneState, id: CallId): Order {
  const leg = offering(state, 'hold', id);
  return { ...order('Hold', 'HOLD_CALL_FAILED', becomes(leg, 'held')), data: leg.id };
}

export function resume(state: PhoneState, id: CallId): Order {
  const leg = offering(state, 'resume', id);
  return { ...order('Resume', 'RESUME_CALL_FAILED', becomes(leg, 'connected')), data: leg.id };
}

export function clear(state: PhoneState, id: CallId): Order {
  const leg = offering(state, 'clearContact', id);
  return order('ClearContact', 'CLEAR_CONTACT_FAILED', (now) =>
    find(now, leg.id) ? 'waiting' : 'done',
  );
}

/** Done when a leg to somebody new is there; whether they answer is another matter. */
export function dial(state: PhoneState, number: string): Order {
  return { ...order('SetMakeCall', 'MAKE_CALL_FAILED', somebodyNew(state)), data: number };
}

/** The same with a call that goes on. */
export function consult(state: PhoneState, number: string, id: CallId): Order {
  offering(state, 'consult', id);
  return { ...order('Consult', 'CONSULT_CALL_FAILED', somebodyNew(state)), data: number };
}

/** Done when somebody else is on hold. */
export function swap(state: PhoneState, id: CallId): Order {
  offering(state, 'swap', id);
  const before = held(state);
  return order('Swap', 'SWAP_CALL_FAILED', (now) => (held(now) === before ? 'waiting' : 'done'));
}

/** Done when nobody is on hold any more. */
export function conference(state: PhoneState, id: CallId): Order {
  offering(state, 'conference', id);
  return order('Conference', 'CONFERENCE_CALL_FAILED', (now) => (held(now) ? 'waiting' : 'done'));
}

/** Done when the agent is out. */
export function transfer(state: PhoneState, id: CallId): Order {
  return order('Transfer', 'TRANSFER_CALL_FAILED', ends(offering(state, 'transfer', id)));
}

export function digits(state: PhoneState, pressed: string, id: CallId): Order {
  offering(state, 'numberpad', id);
  return { topic: 'InboundCall', subtopic: 'SendDTMF', data: pressed, failure: 'SEND_DTMF_FAILED' };
}

/** Done when calls come, or will after the call. */
export function ready(): Order {
  return agentOrder('SetReady', (state) => {
    const follows = onCall(state) && state.agent.next === undefined;
    return state.agent.type === 'routable' || follows;
  });
}

/** Done when the agent is in that state, or will be after the call. */
export function notReady(name: string): Order {
  const same = (other: string | undefined): boolean => other?.toLowerCase() === name.toLowerCase();
  return {
    ...agentOrder('SetNotReady', ({ agent }) => same(agent.name) || same(agent.next)),
    data: { ReasonCodeId: name },
  };
}

export function mute(muted: boolean): Order {
  return {
    ...agentOrder(muted ? 'Mute' : 'Unmute', ({ agent }) => agent.muted === muted),
    failure: 'MUTE_FAILED',
  };
}

function order(subtopic: string, failure: string, judge: (state: PhoneState) => Verdict): Order {
  return { topic: 'InboundCall', subtopic, failure, judge };
}

function agentOrder(subtopic: string, isDone: (state: PhoneState) => boolean): Order {
  return {
    topic: 'Agent',
    subtopic,
    failure: 'UPDATE_AGENT_STATE_FAILED',
    judge: (state) => (isDone(state) ? 'done' : 'waiting'),
  };
}

/** The leg that a button is for: one that the agent talks to rather than one on hold. */
function offering({ calls }: PhoneState, button: Button, id: CallId): Leg {
  const legs = calls
    .filter((call) => id === undefined || call.id === id)
    .flatMap((call) => call.legs)
    .filter((leg) => leg.buttons.includes(button));
  const leg = legs.find((leg) => leg.state !== 'held') ?? legs[0];
  if (!leg) throw because('NOT_POSSIBLE', `no call offers ${button}`);
  return leg;
}

function becomes({ id }: Leg, wanted: Leg['state']): (state: PhoneState) => Verdict {
  return (state) => {
    const leg = find(state, id);
    if (!leg || isOver(leg.state)) return 'gone';
    return leg.state === wanted ? 'done' : 'waiting';
  };
}

function ends({ id }: Leg): (state: PhoneState) => Verdict {
  return (state) => {
    const leg = find(state, id);
    return leg && !isOver(leg.state) ? 'waiting' : 'done';
  };
}

function somebodyNew(before: PhoneState): (state: PhoneState) => Verdict {
  const known = new Set(legsOf(before).map((leg) => leg.id));
  const isNew = (leg: Leg): boolean => leg.type === 'outbound' && !known.has(leg.id);
  return (state) => (legsOf(state).some(isNew) ? 'done' : 'waiting');
}

/** Who of the other parties is on hold. */
function held(state: PhoneState): string {
  const others = legsOf(state).filter((leg) => leg.type !== 'agent' && leg.state === 'held');
  return others.map((leg) => leg.id).join(' ');
}

function onCall({ calls }: PhoneState): boolean {
  return calls.some((call: Call) => call.phase !== 'over');
}

function find(state: PhoneState, id: string): Leg | undefined {
  return legsOf(state).find((leg) => leg.id === id);
}

function legsOf({ calls }: PhoneState): Leg[] {
  return calls.flatMap((call) => call.legs);
}
