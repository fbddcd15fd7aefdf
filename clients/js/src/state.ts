/** What the bus has told of the phone: `docs/protocol.md`. */

import type { Agent, Button, Call, Leg, LegState, Link, Phase, PhoneState } from './api.js';
import { fields, list, moment, text, type Envelope, type Fields } from './envelope.js';

const NO_AGENT: Agent = {
  loggedIn: undefined,
  name: undefined,
  type: undefined,
  since: undefined,
  muted: undefined,
  next: undefined,
};

/** A leg, and what it tells of its contact. */
interface KnownLeg extends Leg {
  contactId: string;
  queue: string | undefined;
}

/** The phone, as told so far. */
export class Phone {
  #link: Link = { state: undefined, connector: undefined };
  #agent = NO_AGENT;
  #legs = new Map<string, KnownLeg>();
  /** By contact. */
  #variables = new Map<string, Readonly<Record<string, string>>>();
  /** When legs that are gone went, so that no late event brings one back. */
  #gone = new Map<string, number>();
  #synced = new Set<string>();

  /** Whether link, agent and calls were all told since the last {@link expectAll}. */
  get isWhole(): boolean {
    return this.#synced.size === 3;
  }

  /** Everything is about to be told anew. */
  expectAll(): void {
    this.#synced.clear();
  }

  get state(): PhoneState {
    return { link: this.#link, agent: this.#agent, calls: this.#calls() };
  }

  /** Takes in an event; other apps' requests and what is unknown change nothing. */
  take({ topic, subtopic, message, source }: Envelope): void {
    if (source !== undefined) return;
    if (subtopic === 'StateSync') this.#synced.add(topic);
    const body = fields(message);
    switch (`${topic}/${subtopic}`) {
      case 'App/StateSync':
      case 'App/LinkStateChange':
        this.#link = { state: text(body['link']), connector: text(body['connector']) };
        break;
      case 'Agent/StateSync':
      case 'Agent/LoginSuccess':
      case 'Agent/LogoutSuccess':
        this.#takeAgent(body);
        break;
      case 'Agent/SetAgentState':
        this.#takeAgentState(body);
        break;
      case 'InboundCall/StateSync':
        this.#takeCalls(body);
        break;
      case 'InboundCall/InboundCallStateChange':
        this.#takeLeg(fields(body['call']));
        break;
    }
  }

  #takeAgent({ loginState, agentInfo, agentState, nextState }: Fields): void {
    const state = fields(agentState);
    this.#agent = {
      loggedIn: text(loginState)?.toLowerCase().startsWith('loggedin'),
      name: text(state['name']),
      type: text(state['type'])?.toLowerCase(),
      since: moment(state['startTimestamp']),
      muted: flag(fields(agentInfo)['muted']) ?? this.#agent.muted,
      next: text(nextState),
    };
  }

  #takeAgentState({ rules, data }: Fields): void {
    const { name, type, startTimestamp } = fields(fields(rules)['ResponseActual']);
    const { muted, nextState } = fields(data);
    this.#agent = {
      loggedIn: true,
      name: text(name) ?? this.#agent.name,
      type: text(type)?.toLowerCase() ?? this.#agent.type,
      since: moment(startTimestamp) ?? this.#agent.since,
      muted: flag(muted) ?? this.#agent.muted,
      next: text(nextState),
    };
  }

  #takeCalls({ attributes, queueName, calls }: Fields): void {
    const variables = Object.fromEntries(
      list(attributes)
        .map(fields)
        .map(({ name, value }) => [text(name) ?? '', String(value ?? '')]),
    );
    const before = this.#legs;
    this.#legs = new Map();
    this.#variables.clear();
    for (const call of list(calls).map(fields)) {
      const id = text(call['connectionId']);
      if (!id) continue;
      const contactId = text(call['contactId']) ?? id;
      const at = moment(call['statusTimestamp']);
      const state = stateOfStatus(text(call['status']));
      const known = before.get(id);
      this.#variables.set(contactId, variables);
      this.#legs.set(id, {
        id,
        contactId,
        type: text(call['type'])?.toLowerCase() ?? 'inbound',
        // A snapshot does not say in which way a leg is over; an event may have.
        state: state === 'over' && known && isOver(known.state) ? known.state : state,
        since: at,
        number: text(call['phoneNumber']),
        queue: text(queueName),
        buttons: enabled(fields(call['buttonStates']), true),
      });
    }
  }

  #takeLeg(call: Fields): void {
    const actual = fields(call['ResponseActual']);
    const media = fields(fields(call['ResponseFields'])['MediaProperties']);
    const id = text(call['id']) ?? text(actual['connectionId']);
    if (!id) return;
    const at = moment(actual['statusTimestamp']);
    const known = this.#legs.get(id);
    const last = known?.since?.getTime() ?? this.#gone.get(id);
    if (at && last !== undefined && at.getTime() < last) return;
    if (!known && this.#gone.has(id)) return;

    const event = text(call['event'])?.toLowerCase();
    if (event === 'dropped') {
      if (at) this.#remember(id, at.getTime());
      this.#legs.delete(id);
      return;
    }
    const contactId = text(actual['contactId']) ?? known?.contactId ?? id;
    const variables = Object.entries(fields(call['CallVariables']));
    if (variables.length > 0) {
      this.#variables.set(
        contactId,
        Object.fromEntries(variables.map(([name, value]) => [name, String(value ?? '')])),
      );
    }
    const { items } = fields(call['ButtonStates']);
    this.#legs.set(id, {
      id,
      contactId,
      type: text(call['CallType'])?.toLowerCase() ?? known?.type ?? 'inbound',
      state: stateOfEvent(event) ?? known?.state ?? 'unknown',
      since: at ?? known?.since,
      number: text(actual['phoneNumber']) ?? known?.number,
      queue: text(media['queueName']) ?? known?.queue,
      buttons: items ? enabled(fields(items), 'Enable') : (known?.buttons ?? []),
    });
  }

  #remember(id: string, at: number): void {
    this.#gone.set(id, at);
    const [oldest] = this.#gone.keys();
    if (this.#gone.size > 32 && oldest) this.#gone.delete(oldest);
  }

  #calls(): Call[] {
    const legs = [...this.#legs.values()];
    const contacts = [...new Set(legs.map((leg) => leg.contactId))];
    return contacts.map((id) => {
      const own = legs.filter((leg) => leg.contactId === id);
      return contact(id, own, this.#variables.get(id) ?? {});
    });
  }
}

/** Whether a leg has ended and waits to be cleared. */
export function isOver(state: LegState): boolean {
  return ['wrapUp', 'missed', 'rejected', 'over'].includes(state);
}

function contact(id: string, known: KnownLeg[], variables: Call['variables']): Call {
  const buttons = [...new Set(known.flatMap((leg) => leg.buttons))];
  const others = known.filter((leg) => leg.type !== 'agent');
  return {
    id,
    phase: phase(known, buttons),
    direction: others.some((leg) => leg.type === 'inbound') ? 'inbound' : 'outbound',
    number: others.find((leg) => leg.number)?.number ?? variables['ANI'],
    queue: known.find((leg) => leg.queue)?.queue,
    variables,
    buttons,
    legs: known.map(({ contactId: _, queue: __, ...leg }) => leg),
  };
}

function phase(legs: readonly Leg[], buttons: readonly Button[]): Phase {
  const others = legs.filter((leg) => leg.type !== 'agent');
  const any = (state: LegState): boolean => others.some((leg) => leg.state === state);
  if (buttons.includes('answer')) return 'ringing';
  if (legs.some((leg) => leg.type === 'agent' && isOver(leg.state))) return 'over';
  if (any('connected')) return 'connected';
  if (any('held')) return 'held';
  return legs.some((leg) => leg.state === 'connecting') ? 'connecting' : 'over';
}

function stateOfStatus(status: string | undefined): LegState {
  switch (status?.toLowerCase()) {
    case 'connecting':
      return 'connecting';
    case 'connected':
      return 'connected';
    case 'hold':
      return 'held';
    case 'disconnected':
      return 'over';
    default:
      return 'unknown';
  }
}

function stateOfEvent(event: string | undefined): LegState | undefined {
  switch (event) {
    case 'connecting':
      return 'connecting';
    case 'connected':
      return 'connected';
    case 'hold':
      return 'held';
    case 'acw':
      return 'wrapUp';
    case 'missed':
      return 'missed';
    case 'rejected':
      return 'rejected';
    default:
      return undefined;
  }
}

function enabled(buttons: Fields, yes: unknown): Button[] {
  return Object.keys(buttons).filter((button) => buttons[button] === yes);
}

function flag(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}
