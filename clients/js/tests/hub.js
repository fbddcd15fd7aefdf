// A device on which phones run, as far as a page can see: sockets, hubs, and a browser.

import { createHmac, randomBytes } from 'node:crypto';

import { Offhook } from '../dist/offhook.js';

/** A hub as docs/hub.md describes it, for one origin. */
export class Hub {
  id = randomBytes(16).toString('hex');
  /** Whether the administrator has listed the page's origin. */
  listed = true;
  /** What the person lets the page do. */
  granted = 'control';
  secrets = new Map();
  /** Everything that pages have sent. */
  received = [];
  sockets = new Set();
  agent = { loginState: 'LoggedIn', agentInfo: null, agentState: state('Available', 'Routable') };
  calls = { attributes: [], queueName: null, queueTimestamp: null, calls: [] };
  /** Replaces the answer to these subtopics. */
  answers = {};

  /** A page connects. */
  accept(socket) {
    this.sockets.add(socket);
    socket.nonce = randomBytes(32).toString('hex');
    socket.receive = (envelope) => this.hear(socket, envelope);
    this.say(socket, 'App', 'Hello', {
      message: { versions: [1], hub: 'Offhook/0', nonce: socket.nonce, hubId: this.id },
    });
  }

  hear(socket, envelope) {
    this.received.push(envelope);
    const { topic, subtopic, source, message } = envelope;
    const answer = this.answers[subtopic] ?? this[`on${subtopic}`];
    answer?.call(this, socket, { topic, source, message });
  }

  onPair(socket, { source }) {
    if (this.listed) return this.pair(source);
    this.say(socket, 'App', 'PairPending', { message: { code: '4821', expiresInSec: 120 } });
  }

  /** The person says Yes to the page of this name, or the administrator has. */
  pair(source) {
    const secret = randomBytes(32).toString('hex');
    this.secrets.set(source, secret);
    this.tell('App', 'Paired', { message: { access: this.granted, secret } });
  }

  onRegister(socket, { source, message }) {
    const secret = this.secrets.get(source);
    if (!secret) return this.refuse(socket, 'NOT_PAIRED');
    const { access, clientNonce, proof } = message;
    const prove = (side, access) =>
      createHmac('sha256', Buffer.from(secret, 'hex'))
        .update(
          ['offhook.v1', side, 1, socket.port, access, source, socket.nonce, clientNonce].join('\n'),
        )
        .digest('hex');
    if (proof !== prove('app', access)) return this.refuse(socket, 'REGISTRATION_DENIED');
    const granted = access === 'control' ? this.granted : 'observe';
    this.say(socket, 'App', 'Registered', {
      message: { access: granted, proof: prove('hub', granted), heartbeatSec: 15 },
    });
    this.tellAll(socket);
  }

  tellAll(socket) {
    const link = { initState: 'Loaded', link: 'online', connector: 'practice' };
    this.say(socket, 'App', 'StateSync', { message: link });
    this.say(socket, 'Agent', 'StateSync', { message: this.agent });
    this.say(socket, 'InboundCall', 'StateSync', { message: this.calls });
  }

  onStateSync(socket, { topic, message }) {
    if (message) return;
    this.say(socket, topic, 'StateSync', { message: topic === 'Agent' ? this.agent : this.calls });
  }

  refuse(socket, errorType, errorMessage = '') {
    this.say(socket, 'Error', 'ApiError', { data: { errorType, errorMessage, msg: errorType } });
  }

  fail(errorType, errorMessage) {
    const data = { errorType, errorMessage, msg: `${errorType}.` };
    this.tell('Error', 'ApiError', { data });
  }

  tell(topic, subtopic, rest) {
    for (const socket of this.sockets) this.say(socket, topic, subtopic, rest);
  }

  say(socket, topic, subtopic, rest) {
    socket.hear(JSON.stringify({ channel: 'Amazon', topic, subtopic, ...rest }));
  }

  /** An event of a leg. */
  leg(id, event, more = {}) {
    this.tell('InboundCall', 'InboundCallStateChange', { message: legEvent(id, event, more) });
  }

  /** Ends every connection. */
  drop(code) {
    for (const socket of this.sockets) socket.end(code);
    this.sockets.clear();
  }

  /** Subtopics of the requests since the last time. */
  requests() {
    return this.received.splice(0).map(({ subtopic }) => subtopic);
  }
}

/** The page's end of a connection. Everything comes later, as in a browser. */
class Socket {
  constructor(port) {
    this.port = port;
  }

  hear(data) {
    setImmediate(() => this.onmessage?.({ data }));
  }

  end(code) {
    setImmediate(() => this.onclose({ code }));
  }

  send(text) {
    this.receive(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }
}

/** A browser on a device with these hubs, by port; `null` is a program that says nothing. */
export class Device {
  hubs = new Map();
  pairings = new Pairings();
  state = undefined;
  secure = true;
  framed = false;
  forbids = false;
  /** Whether the browser takes this device for an insecure place. */
  mixed = false;
  chance = 0;
  opened = [];
  #forbidden = () => {};
  #turn = Promise.resolve();

  constructor(hubs = {}) {
    for (const [port, hub] of Object.entries(hubs)) this.hubs.set(Number(port), hub);
  }

  page(options = {}) {
    return new Offhook({ name: 'crm', access: 'control', ...options }, this);
  }

  open(url) {
    const port = Number(new URL(url).port);
    const socket = new Socket(port);
    this.opened.push(port);
    const hub = this.hubs.get(port);
    if (this.forbids) this.#forbidden(url);
    if (this.mixed) throw new DOMException('insecure', 'SecurityError');
    if (hub) hub.accept(socket);
    else if (hub === undefined) socket.end(1006);
    return socket;
  }

  async permission() {
    return this.state;
  }

  onForbidden(listener) {
    this.#forbidden = listener;
    return () => (this.#forbidden = () => {});
  }

  exclusively(_, signal, task) {
    const turn = this.#turn.then(() => {
      signal.throwIfAborted();
      return task();
    });
    this.#turn = turn.catch(() => {});
    const aborted = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    return Promise.race([turn, aborted]);
  }

  random() {
    return this.chance;
  }
}

class Pairings {
  kept = [];

  async all(name) {
    return this.kept.filter((pairing) => pairing.name === name);
  }

  async keep(pairing) {
    this.kept.push(pairing);
  }

  async remove(name, hubId) {
    this.kept = this.kept.filter((kept) => kept.name !== name || kept.hubId !== hubId);
  }
}

/** Waits until the condition holds. Only cryptography, which has threads of its own, takes time. */
export async function until(condition) {
  const deadline = performance.now() + 5_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${condition}`);
    await new Promise(setImmediate);
  }
}

/** Lets everything happen that takes no time. */
export async function settle() {
  for (let turns = 0; turns < 50; turns += 1) await new Promise(setImmediate);
}

/** The code of the error that a promise ends with. */
export function codeOf(promise) {
  return promise.then(
    () => 'no error',
    (error) => error.code ?? error,
  );
}

export function state(name, type) {
  return { agentStateARN: null, type, name, startTimestamp: '2026-01-02T03:04:05.678Z' };
}

export function agentEvent(name, type, data = {}) {
  return { rules: { ResponseActual: state(name, type) }, data, event: name, source: 'event' };
}

export function legEvent(id, event, more) {
  const { type = 'agent', enable = '', at = 0, number = null, contact = 'c1', variables = {} } = more;
  const items = Object.fromEntries(
    enable.split(' ').filter(Boolean).map((button) => [button, 'Enable']),
  );
  const statusTimestamp = new Date(Date.UTC(2026, 0, 2) + at).toISOString();
  const ResponseActual = { connectionId: id, contactId: contact, phoneNumber: number, statusTimestamp };
  return {
    call: {
      ButtonStates: { items: { swap: 'Hide', ...items }, count: 11 },
      CallVariables: variables,
      ResponseActual,
      ResponseFields: { MediaProperties: { queueName: 'Orders' } },
      id,
      event,
      CallType: type,
    },
    source: 'event',
  };
}

/** A call rings on this hub. */
export function ring(hub, more = {}) {
  const variables = { ANI: '+441632960011' };
  hub.leg('a', 'connecting', { enable: 'answer reject', variables, ...more });
  hub.leg('c', 'connecting', { type: 'inbound', number: '+441632960011', ...more });
}
