/** What a page sees of the phone. */

import type { OffhookError } from './error.js';

/** What an app may do: hear everything, or also send requests that change something. */
export type Access = 'observe' | 'control';

/** Who wants to join, and where the phone is looked for. */
export interface Options {
  /** What the person and other apps call this page; 1 to 64 characters. */
  name: string;
  /** What the page asks for. The person may give less: see {@link Status}. `observe` if absent. */
  access?: Access;
  /** The ports of this device on which a phone may be; 28711 to 28715 if absent. */
  ports?: readonly number[];
}

/** How to connect. */
export interface ConnectOptions {
  /**
   * Whether the browser and the person may be asked. With `false`, for a page that has just been
   * loaded, connecting fails with `NOT_PAIRED`, `REVOKED` or `PERMISSION_NOT_GIVEN` instead. `true` if
   * absent.
   */
  ask?: boolean;
  /** The one port to look at, where several people's phones run on one computer. */
  port?: number;
}

/** How the page stands with the phone. */
export type Status =
  | { phase: 'idle' }
  | { phase: 'connecting' }
  /** The person is asked, and compares the code. */
  | { phase: 'pairing'; code: string }
  | { phase: 'connected'; access: Access }
  /**
   * The connection was lost and is being restored; what is known of the phone is old. `problem` is
   * what stood in the way the last time.
   */
  | { phase: 'reconnecting'; problem: OffhookError | undefined };

/** All that is known of the phone. */
export interface PhoneState {
  link: Link;
  agent: Agent;
  calls: readonly Call[];
}

/** The phone's link to the contact centre. */
export interface Link {
  /** `none`, `connecting`, `online` or `lost`. */
  state: string | undefined;
  /** Who speaks for the contact centre: `practice`, `amazon` or `none`. */
  connector: string | undefined;
}

/** The agent's own state. */
export interface Agent {
  loggedIn: boolean | undefined;
  /** E.g. `Available`, `Busy` or `AfterCallWork`, or a name that the company chose. */
  name: string | undefined;
  /** `routable` if calls come, `not_routable`, `offline`, `system` and others. */
  type: string | undefined;
  since: Date | undefined;
  muted: boolean | undefined;
  /** The name of the state that follows the call, if one was chosen. */
  next: string | undefined;
}

/**
 * Where a call is. `over` is wrap-up, missed or rejected, and lasts until the call is cleared; `gone`
 * is told once, when it has been.
 */
export type Phase = 'ringing' | 'connecting' | 'connected' | 'held' | 'over' | 'gone';

/** What is offered for a call. Others occur. */
export type Button =
  | 'answer'
  | 'reject'
  | 'disconnect'
  | 'hold'
  | 'resume'
  | 'clearContact'
  | 'consult'
  | 'numberpad'
  | 'swap'
  | 'transfer'
  | 'conference'
  | (string & {});

/** A contact of the contact centre, with all its legs. */
export interface Call {
  /** The contact's id. */
  id: string;
  phase: Phase;
  direction: 'inbound' | 'outbound';
  /** The other party's number as the contact centre sent it, mostly E.164. */
  number: string | undefined;
  queue: string | undefined;
  /** Call variables: `ANI`, `DNIS` and what the company adds. */
  variables: Readonly<Record<string, string>>;
  /** What the phone offers now. */
  buttons: readonly Button[];
  legs: readonly Leg[];
}

/** One party's connection to a call. */
export interface Leg {
  /** The connection's id. */
  id: string;
  /** `agent`, `inbound` or `outbound`. */
  type: string;
  state: LegState;
  since: Date | undefined;
  number: string | undefined;
  buttons: readonly Button[];
}

/** Where a leg is; `over` where the phone did not say which end it was. */
export type LegState =
  | 'connecting'
  | 'connected'
  | 'held'
  | 'wrapUp'
  | 'missed'
  | 'rejected'
  | 'over'
  | 'unknown';

/** What a page can listen to, and what its listeners get. */
export interface Events {
  /** Anything of the phone changed. */
  state: [state: PhoneState];
  /** A call is new, changed or gone; and as it was before, if it is not new. */
  call: [call: Call, before: Call | undefined];
  /** The agent's state changed. */
  agent: [agent: Agent];
  /** The page's own standing changed. */
  status: [status: Status];
  /** The person is asked now, and sees this code: show it too. */
  code: [code: string];
  /** The page is out, and stays out until it connects again. */
  closed: [error: OffhookError];
  /** Something went wrong that was no request of this page. */
  error: [error: OffhookError];
}
