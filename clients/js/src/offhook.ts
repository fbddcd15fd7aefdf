/**
 * Lets a web page join the Offhook softphone of the person who looks at it. `docs/crm.md` of Offhook
 * says how.
 */

import type { Access, ConnectOptions, Events, Options, PhoneState, Status } from './api.js';
import { pause } from './backoff.js';
import { callChanges, same } from './changes.js';
import { Closed, type Connection } from './connection.js';
import { PORTS } from './discovery.js';
import { envelope, type Envelope } from './envelope.js';
import { browser, type Environment } from './environment.js';
import { because, OffhookError } from './error.js';
import { join, within, type Joined } from './join.js';
import { Listeners } from './listeners.js';
import * as orders from './orders.js';
import { errorIn, type Applicant } from './registration.js';
import { Requests } from './requests.js';
import { Phone } from './state.js';

export type * from './api.js';
export type { Environment } from './environment.js';
export { OffhookError, type Code } from './error.js';
export type { Pairing, Pairings } from './pairings.js';

/** For the whole state, after the page was let in. */
const STATE_MS = 5_000;
/** A connection that held this long was none that fails again and again. */
const STABLE_MS = 5_000;
/** The hub's close code for a page that may not go on. */
const DENIED = 4003;
/** What may be over at the next attempt. */
const PASSING = ['UNREACHABLE', 'NOT_PAIRED', 'CONNECTION_LOST', 'TOO_MANY_APPS', 'BROWSER_REFUSED'];

/** Being connected, from `connect()` to the end, across lost connections. */
interface Session {
  leaving: AbortController;
  ask: boolean;
  ports: readonly number[];
  connection?: Connection;
  /** Attempts in a row that led to no lasting connection. */
  failures: number;
  joined?: Promise<void>;
}

/** The phone of the person who looks at this page. */
export class Offhook {
  readonly #applicant: Applicant;
  readonly #ports: readonly number[];
  readonly #environment: Environment;
  readonly #listeners = new Listeners();
  readonly #phone = new Phone();
  readonly #requests = new Requests((request) => this.#send(request));
  #state = this.#phone.state;
  #status: Status = { phase: 'idle' };
  #session: Session | undefined;

  /** `environment` is for tests: another one than this browser. */
  constructor(options: Options, environment: Environment = browser()) {
    this.#applicant = { name: options.name, access: options.access ?? 'observe' };
    this.#ports = options.ports ?? PORTS;
    this.#environment = environment;
  }

  /** How this page stands with the phone. */
  get status(): Status {
    return this.#status;
  }

  /** The phone as last heard of; old while not connected. */
  get state(): PhoneState {
    return this.#state;
  }

  /** The calls there are. */
  get calls(): PhoneState['calls'] {
    return this.#state.calls;
  }

  /** Calls `listener` whenever that happens; returns how to stop it. */
  on<K extends keyof Events>(event: K, listener: (...told: Events[K]) => void): () => void {
    return this.#listeners.add(event, listener);
  }

  /**
   * Joins the phone. Call it from a click: the browser may ask the person, and so may the phone.
   * From then on the connection is restored by itself.
   * @throws {OffhookError} whatever stands in the way.
   */
  connect({ ask = true, port }: ConnectOptions = {}): Promise<void> {
    if (this.#status.phase === 'connected') return Promise.resolve();
    const running = this.#session;
    if (running?.joined && (running.ask || !ask)) return running.joined;

    this.#end(because('DISCONNECTED'));
    const ports = port === undefined ? this.#ports : [port];
    const session: Session = { leaving: new AbortController(), ask, ports, failures: 0 };
    this.#session = session;
    this.#set({ phase: 'connecting' });
    session.joined = this.#join(session).catch((error: unknown) => {
      if (isOver(session)) throw because('DISCONNECTED');
      this.#end(because('NOT_CONNECTED'));
      throw error;
    });
    return session.joined;
  }

  /** Leaves the phone. It stays paired. */
  disconnect(): void {
    this.#end(because('DISCONNECTED'));
  }

  /** Leaves the phone and forgets the pairing on this side: to come back, the person has to be asked. */
  async forget(): Promise<void> {
    this.disconnect();
    const { pairings } = this.#environment;
    const { name } = this.#applicant;
    for (const { hubId } of await pairings.all(name)) await pairings.remove(name, hubId);
  }

  /** Answers the ringing call. */
  answer(call?: string): Promise<void> {
    return this.#order((state) => orders.answer(state, call));
  }

  /** Rejects the ringing call. */
  reject(call?: string): Promise<void> {
    return this.#order((state) => orders.reject(state, call));
  }

  /** Ends the call; with several parties, the leg that the agent is talking to. */
  hangUp(call?: string): Promise<void> {
    return this.#order((state) => orders.hangUp(state, call));
  }

  /** Puts the other party on hold. */
  hold(call?: string): Promise<void> {
    return this.#order((state) => orders.hold(state, call));
  }

  /** Takes the other party off hold. */
  resume(call?: string): Promise<void> {
    return this.#order((state) => orders.resume(state, call));
  }

  /** Leaves wrap-up, a missed or a rejected call. */
  clear(call?: string): Promise<void> {
    return this.#order((state) => orders.clear(state, call));
  }

  /** Calls a number, in E.164 form: `+441632960011`. */
  dial(number: string): Promise<void> {
    return this.#order((state) => orders.dial(state, number));
  }

  /** Calls somebody to talk to during a call, which is held. */
  consult(number: string, call?: string): Promise<void> {
    return this.#order((state) => orders.consult(state, number, call));
  }

  /** Changes between two parties. */
  swap(call?: string): Promise<void> {
    return this.#order((state) => orders.swap(state, call));
  }

  /** Lets all parties talk to each other. */
  conference(call?: string): Promise<void> {
    return this.#order((state) => orders.conference(state, call));
  }

  /** Leaves the other parties to each other. */
  transfer(call?: string): Promise<void> {
    return this.#order((state) => orders.transfer(state, call));
  }

  /** Sends digits of the number pad. */
  digits(pressed: string, call?: string): Promise<void> {
    return this.#order((state) => orders.digits(state, pressed, call));
  }

  /** Makes the agent ready for calls. */
  ready(): Promise<void> {
    return this.#order(orders.ready);
  }

  /** Puts the agent in a state that takes no calls, e.g. `Break`. */
  notReady(state: string): Promise<void> {
    return this.#order(() => orders.notReady(state));
  }

  /** Mutes the agent's microphone. */
  mute(): Promise<void> {
    return this.#order(() => orders.mute(true));
  }

  /** Opens the agent's microphone. */
  unmute(): Promise<void> {
    return this.#order(() => orders.mute(false));
  }

  async #order(order: (state: PhoneState) => orders.Order): Promise<void> {
    if (this.#status.phase !== 'connected') throw because('NOT_CONNECTED');
    return this.#requests.carryOut(order(this.#state), this.#state);
  }

  #send(request: Pick<orders.Order, 'topic' | 'subtopic' | 'data'>): void {
    // While the connection is restored nothing is sent: the state that comes then decides.
    if (this.#status.phase !== 'connected') return;
    const { topic, subtopic, data } = request;
    const source = this.#applicant.name;
    this.#session?.connection?.send(envelope(topic, subtopic, { source, data }));
  }

  async #join(session: Session): Promise<void> {
    const joined = await join(this.#environment, {
      applicant: this.#applicant,
      ports: session.ports,
      ask: session.ask,
      signal: session.leaving.signal,
      show: (code) => {
        this.#set({ phase: 'pairing', code });
        this.#listeners.tell('code', code);
      },
    });
    session.connection = joined.connection;
    await within(STATE_MS, joined, this.#learnAll(joined)).catch((error: unknown) => {
      throw error instanceof Closed ? because('CONNECTION_LOST', error) : error;
    });
    if (isOver(session)) {
      joined.connection.close();
      throw because('DISCONNECTED');
    }
    this.#becomeConnected(session, joined.access);
    void this.#follow(session, joined);
  }

  /** Takes the whole state, which comes at once. */
  async #learnAll({ connection }: Joined): Promise<void> {
    this.#phone.expectAll();
    while (!this.#phone.isWhole) this.#phone.take(await connection.next());
  }

  #becomeConnected(session: Session, access: Access): void {
    // The browser and the person were asked; from now on the connection is restored without them.
    session.ask = false;
    this.#set({ phase: 'connected', access });
    this.#tellChanges();
  }

  /** Takes everything that comes, until the connection ends. */
  async #follow(session: Session, { connection, hubId }: Joined): Promise<void> {
    const since = performance.now();
    try {
      for (;;) this.#take(await connection.next());
    } catch (end) {
      if (isOver(session)) return;
      if (end instanceof Closed && end.code === DENIED) {
        await this.#environment.pairings.remove(this.#applicant.name, hubId);
        if (!isOver(session)) this.#close(because('REVOKED'));
        return;
      }
      connection.close();
      this.#requests.loseUnseen(because('CONNECTION_LOST'));
      const lasted = performance.now() - since >= STABLE_MS;
      session.failures = lasted ? 0 : session.failures + 1;
      session.joined = this.#restore(session);
      session.joined.catch(() => {});
    }
  }

  async #restore(session: Session): Promise<void> {
    let problem: OffhookError | undefined;
    for (;;) {
      this.#set({ phase: 'reconnecting', problem });
      const wait = pause(session.failures, this.#environment.random());
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (isOver(session)) throw because('DISCONNECTED');
      try {
        return await this.#join(session);
      } catch (error) {
        session.connection?.close();
        if (isOver(session)) throw because('DISCONNECTED');
        problem = error instanceof OffhookError ? error : because('CONNECTION_LOST', error);
        if (!PASSING.includes(problem.code)) {
          this.#close(problem);
          throw problem;
        }
        session.failures += 1;
      }
    }
  }

  #take(message: Envelope): void {
    if (message.topic === 'Error') {
      const error = errorIn(message);
      if (!this.#requests.fail(error)) this.#listeners.tell('error', error);
      return;
    }
    this.#phone.take(message);
    this.#tellChanges();
    if (message.subtopic === 'StateSync' && message.source === undefined) {
      this.#requests.answered(message);
    }
  }

  #tellChanges(): void {
    const before = this.#state;
    const now = this.#phone.state;
    this.#requests.judge(now);
    if (same(before, now)) return;
    this.#state = now;
    for (const change of callChanges(before, now)) this.#listeners.tell('call', ...change);
    if (!same(before.agent, now.agent)) this.#listeners.tell('agent', now.agent);
    this.#listeners.tell('state', now);
  }

  /** Ends the session for good, and says why. */
  #close(error: OffhookError): void {
    this.#end(error);
    this.#listeners.tell('closed', error);
  }

  #end(error: OffhookError): void {
    const session = this.#session;
    if (!session) return;
    session.leaving.abort();
    session.connection?.close();
    this.#session = undefined;
    this.#requests.abandon(error);
    this.#set({ phase: 'idle' });
  }

  #set(status: Status): void {
    this.#status = status;
    this.#listeners.tell('status', status);
  }
}

function isOver({ leaving }: Session): boolean {
  return leaving.signal.aborted;
}
