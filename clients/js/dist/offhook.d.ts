/** The client's own codes, and those of the hub about this page, each with words for the person. */
declare const SENTENCES: {
  readonly INSECURE_PAGE: "This page was not loaded over https, so the browser lets it reach no app on this device.";
  readonly PERMISSION_DENIED: "The browser does not let this page reach apps on this device. Allow it in the settings of the site, beside its address, and connect again.";
  readonly PERMISSION_DENIED_IN_FRAME: "The browser does not let this part of the page reach apps on this device. Allow it in the settings of the site, beside its address; and the frame needs allow=\"loopback-network; local-network-access\".";
  readonly PERMISSION_NOT_GIVEN: "The browser needs a Yes before this page may reach apps on this device. Connect again, and choose Allow when it asks.";
  readonly FORBIDDEN_BY_PAGE: "The page forbids itself to reach Offhook: its Content-Security-Policy lacks ws://127.0.0.1 with the ports of Offhook under connect-src.";
  readonly BROWSER_REFUSED: "The browser lacks what this page needs to reach Offhook, or keeps it from the page.";
  readonly UNREACHABLE: "Offhook is not running on this computer, or it lets no page of this site join.";
  readonly NOT_PAIRED: "This page has not been connected with Offhook yet.";
  readonly SEVERAL_PHONES: "Offhook runs for several people on this computer. Choose the port that yours shows under Connected apps.";
  readonly NOT_GENUINE: "What answered is not the Offhook that this page was connected with.";
  readonly REVOKED: "This page was taken off the connected apps in Offhook. Connect again to ask.";
  readonly PAIRING_REFUSED: "You said no in Offhook, or did not answer its question. Wait a minute before you connect again.";
  readonly PAIRING_BUSY: "Offhook is asking you about another page. Answer that first, then connect again.";
  readonly LOCKED_OUT: "This page was turned away too often. Wait a minute before you connect again.";
  readonly TOO_MANY_APPS: "Too many pages and apps are connected with Offhook. Close one of them.";
  readonly ACCESS_DENIED: "Offhook lets this page see calls, but not control them.";
  readonly CONNECTION_LOST: "The connection to Offhook was lost.";
  readonly DISCONNECTED: "The page has disconnected from Offhook.";
  readonly NOT_CONNECTED: "The page is not connected with Offhook.";
  readonly NOT_POSSIBLE: "That is not possible now.";
  readonly CALL_GONE: "The call is gone.";
  readonly TIMED_OUT: "The contact centre did not do it in time.";
};
/** A code whose words are the client's. */
type Code = keyof typeof SENTENCES;
/** Why something was refused or failed. Its message is a sentence for the person. */
declare class OffhookError extends Error {
  readonly name = "OffhookError";
  /** For programs: one of the client's codes, or an `errorType` of the bus or of the hub. */
  readonly code: Code | (string & {});
  /** What the contact centre adds in its own words. The `cause` is for developers. */
  readonly detail: string | undefined;
  constructor(code: string, message: string, detail?: string, options?: ErrorOptions);
}
/** What an app may do: hear everything, or also send requests that change something. */
type Access = 'observe' | 'control';
/** Who wants to join, and where the phone is looked for. */
interface Options {
  /** What the person and other apps call this page; 1 to 64 characters. */
  name: string;
  /** What the page asks for. The person may give less: see {@link Status}. `observe` if absent. */
  access?: Access;
  /** The ports of this device on which a phone may be; 28711 to 28715 if absent. */
  ports?: readonly number[];
}
/** How to connect. */
interface ConnectOptions {
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
type Status = {
  phase: 'idle';
} | {
  phase: 'connecting';
} /** The person is asked, and compares the code. */ | {
  phase: 'pairing';
  code: string;
} | {
  phase: 'connected';
  access: Access;
}
/**
 * The connection was lost and is being restored; what is known of the phone is old. `problem` is
 * what stood in the way the last time.
 */
| {
  phase: 'reconnecting';
  problem: OffhookError | undefined;
};
/** All that is known of the phone. */
interface PhoneState {
  link: Link;
  agent: Agent;
  calls: readonly Call[];
}
/** The phone's link to the contact centre. */
interface Link {
  /** `none`, `connecting`, `online` or `lost`. */
  state: string | undefined;
  /** Who speaks for the contact centre: `practice`, `amazon` or `none`. */
  connector: string | undefined;
}
/** The agent's own state. */
interface Agent {
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
type Phase = 'ringing' | 'connecting' | 'connected' | 'held' | 'over' | 'gone';
/** What is offered for a call. Others occur. */
type Button = 'answer' | 'reject' | 'disconnect' | 'hold' | 'resume' | 'clearContact' | 'consult' | 'numberpad' | 'swap' | 'transfer' | 'conference' | (string & {});
/** A contact of the contact centre, with all its legs. */
interface Call {
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
interface Leg {
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
type LegState = 'connecting' | 'connected' | 'held' | 'wrapUp' | 'missed' | 'rejected' | 'over' | 'unknown';
/** What a page can listen to, and what its listeners get. */
interface Events {
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
/** What pairing has left: a key for each phone, which scripts can use but not read. */
/** A phone that has let this page join. */
interface Pairing {
  /** The page's name when it was paired. */
  name: string;
  hubId: string;
  key: CryptoKey;
}
/** Where pairings are kept. */
interface Pairings {
  /** The pairings under this name. */
  all(name: string): Promise<Pairing[]>;
  keep(pairing: Pairing): Promise<void>;
  remove(name: string, hubId: string): Promise<void>;
}
/** A browser, or what stands for it in a test. */
interface Environment {
  /** Whether the page was loaded so that nobody can have changed it on the way. */
  readonly secure: boolean;
  /** Whether the page is a part of another page. */
  readonly framed: boolean;
  /** Where pairings are kept. */
  readonly pairings: Pairings;
  open(url: string, protocol: string): WebSocket;
  /** Whether the page may reach this device; `undefined` where the browser does not ask for that. */
  permission(): Promise<PermissionState | undefined>;
  /** Calls back when the page's own policy keeps it from an address; returns how to stop that. */
  onForbidden(listener: (address: string) => void): () => void;
  /** Does one thing at a time in all tabs of the site. One that has not begun can be aborted. */
  exclusively<T>(name: string, signal: AbortSignal, task: () => Promise<T>): Promise<T>;
  /** From 0 up to 1. */
  random(): number;
}
/** The phone of the person who looks at this page. */
declare class Offhook {
  #private;
  /** `environment` is for tests: another one than this browser. */
  constructor(options: Options, environment?: Environment);
  /** How this page stands with the phone. */
  get status(): Status;
  /** The phone as last heard of; old while not connected. */
  get state(): PhoneState;
  /** The calls there are. */
  get calls(): PhoneState['calls'];
  /** Calls `listener` whenever that happens; returns how to stop it. */
  on<K extends keyof Events>(event: K, listener: (...told: Events[K]) => void): () => void;
  /**
   * Joins the phone. Call it from a click: the browser may ask the person, and so may the phone.
   * From then on the connection is restored by itself.
   * @throws {OffhookError} whatever stands in the way.
   */
  connect({
    ask,
    port
  }?: ConnectOptions): Promise<void>;
  /** Leaves the phone. It stays paired. */
  disconnect(): void;
  /** Leaves the phone and forgets the pairing on this side: to come back, the person has to be asked. */
  forget(): Promise<void>;
  /** Answers the ringing call. */
  answer(call?: string): Promise<void>;
  /** Rejects the ringing call. */
  reject(call?: string): Promise<void>;
  /** Ends the call; with several parties, the leg that the agent is talking to. */
  hangUp(call?: string): Promise<void>;
  /** Puts the other party on hold. */
  hold(call?: string): Promise<void>;
  /** Takes the other party off hold. */
  resume(call?: string): Promise<void>;
  /** Leaves wrap-up, a missed or a rejected call. */
  clear(call?: string): Promise<void>;
  /** Calls a number, in E.164 form: `+441632960011`. */
  dial(number: string): Promise<void>;
  /** Calls somebody to talk to during a call, which is held. */
  consult(number: string, call?: string): Promise<void>;
  /** Changes between two parties. */
  swap(call?: string): Promise<void>;
  /** Lets all parties talk to each other. */
  conference(call?: string): Promise<void>;
  /** Leaves the other parties to each other. */
  transfer(call?: string): Promise<void>;
  /** Sends digits of the number pad. */
  digits(pressed: string, call?: string): Promise<void>;
  /** Makes the agent ready for calls. */
  ready(): Promise<void>;
  /** Puts the agent in a state that takes no calls, e.g. `Break`. */
  notReady(state: string): Promise<void>;
  /** Mutes the agent's microphone. */
  mute(): Promise<void>;
  /** Opens the agent's microphone. */
  unmute(): Promise<void>;
}
export { Access, Agent, Button, Call, type Code, ConnectOptions, type Environment, Events, Leg, LegState, Link, Offhook, OffhookError, Options, type Pairing, type Pairings, Phase, PhoneState, Status };