/** Requests under way, each a promise that ends. */

import type { PhoneState } from './api.js';
import type { Envelope } from './envelope.js';
import { because, type OffhookError } from './error.js';
import type { Order } from './orders.js';

/** When an outcome has not been heard of, the phone is asked for its state. */
const ASK_MS = 5_000;
const DEADLINE_MS = 10_000;

/** Answers to nobody in particular. */
const ALARMS = ['MICROPHONE_OPENED'];

interface Pending {
  name: string;
  order: Order;
  promise: Promise<void>;
  /** Ends it, well or with an error. */
  end: (error?: OffhookError) => void;
}

/** A request for the whole state of calls or agent. */
export type StateRequest = Pick<Order, 'topic'> & { subtopic: 'StateSync' };

/** The requests of this page that have no outcome yet. */
export class Requests {
  readonly #send: (request: Order | StateRequest) => void;
  readonly #pending = new Set<Pending>();

  constructor(send: (request: Order | StateRequest) => void) {
    this.#send = send;
  }

  /**
   * Carries an order out. The same order again, while the first is under way, is not sent again, unless it
   * is one like a digit, which does something each time.
   */
  carryOut(order: Order, state: PhoneState): Promise<void> {
    const name = JSON.stringify([order.subtopic, order.data]);
    const same = [...this.#pending].find((pending) => pending.name === name);
    if (same && order.judge) return same.promise;
    if (order.judge?.(state) === 'done') return Promise.resolve();

    const { promise, resolve, reject } = deferred();
    const asking = setTimeout(() => this.#askFor(order), ASK_MS);
    const deadline = setTimeout(() => end(because('TIMED_OUT')), DEADLINE_MS);
    const end = (error?: OffhookError): void => {
      clearTimeout(asking);
      clearTimeout(deadline);
      this.#pending.delete(pending);
      if (error) reject(error);
      else resolve();
    };
    const pending: Pending = { name, order, promise, end };
    this.#pending.add(pending);
    this.#send(order);
    // Requests are answered in their order, so that this answer comes behind an error.
    if (!order.judge) this.#askFor(order);
    return promise;
  }

  /** Looks whether the state shows an outcome. */
  judge(state: PhoneState): void {
    for (const { order, end } of [...this.#pending]) {
      const verdict = order.judge?.(state) ?? 'waiting';
      if (verdict === 'done') end();
      if (verdict === 'gone') end(because('CALL_GONE'));
    }
  }

  /** An answer came to a request for the state, which orders without a judge wait for, each for its own. */
  answered({ topic }: Envelope): void {
    const waits = ({ order }: Pending): boolean => !order.judge && order.topic === topic;
    [...this.#pending].find(waits)?.end();
  }

  /** Ends what this error is about. Whether it was anything's answer. */
  fail(error: OffhookError): boolean {
    const failed = [...this.#pending].filter(({ order }) => isAbout(error.code, order));
    for (const { end } of failed) end(error);
    return failed.length > 0;
  }

  /** The connection was lost, and with it what only an answer would have shown. */
  loseUnseen(error: OffhookError): void {
    for (const { order, end } of [...this.#pending]) if (!order.judge) end(error);
  }

  /** Ends everything. */
  abandon(error: OffhookError): void {
    for (const { end } of [...this.#pending]) end(error);
  }

  #askFor({ topic }: Order): void {
    this.#send({ topic, subtopic: 'StateSync' });
  }
}

/** Errors of the contact centre go to everybody, so that another app's request may have failed. */
function isAbout(code: string, { failure }: Order): boolean {
  if (ALARMS.includes(code)) return false;
  if (code === 'AGENT_STATE_NOT_FOUND') return failure === 'UPDATE_AGENT_STATE_FAILED';
  return code.endsWith('_FAILED') ? code === failure : true;
}

function deferred(): {
  promise: Promise<void>;
  resolve: () => void;
  reject: (error: OffhookError) => void;
} {
  let resolve!: () => void;
  let reject!: (error: OffhookError) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
