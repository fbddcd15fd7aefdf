/** Which phones run on this device. */

import { Connection } from './connection.js';
import { fields, text } from './envelope.js';
import type { Environment } from './environment.js';
import { because, type OffhookError } from './error.js';

/** Where a phone is looked for, in the phone's own order. */
export const PORTS: readonly number[] = [28711, 28712, 28713, 28714, 28715];

/** Of a program that accepts and says nothing. */
const SILENCE_MS = 3_000;
/** Until the person has answered the browser's question. */
const QUESTION_MS = 120_000;
/** For the other ports, once one phone has answered. */
const REST_MS = 1_000;

/** A phone's hub that has greeted this page. */
export interface Hub {
  connection: Connection;
  port: number;
  /** Stable for this phone and this origin. */
  id: string;
  /** New for this connection. */
  nonce: string;
}

/**
 * Knocks at all ports at once. Ends with the first phone that is known, or with all there are; the
 * others are left. When it is aborted, it ends with none.
 */
export async function discover(
  environment: Environment,
  ports: readonly number[],
  isKnown: (hubId: string) => boolean,
  signal: AbortSignal,
): Promise<Hub[]> {
  const patience = (await environment.permission()) === 'granted' ? SILENCE_MS : QUESTION_MS;
  if (signal.aborted) return [];
  return new Promise((resolve) => {
    const found: Hub[] = [];
    const knocks = ports.map((port) => ({
      port,
      connection: new Connection(environment.open(`ws://127.0.0.1:${port}/v1`, 'offhook.v1')),
    }));
    let over = false;
    const finish = (chosen: Hub[]): void => {
      over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      const kept = new Set(chosen.map((hub) => hub.connection));
      for (const { connection } of knocks) if (!kept.has(connection)) connection.close();
      resolve(chosen);
    };
    const leave = (): void => finish([]);
    signal.addEventListener('abort', leave);
    let timer = setTimeout(finish, patience, found);

    let unanswered = knocks.length;
    const heard = (hub: Hub | undefined): void => {
      if (over) return;
      unanswered -= 1;
      if (hub && isKnown(hub.id)) return finish([hub]);
      if (hub && found.push(hub) === 1) {
        clearTimeout(timer);
        timer = setTimeout(finish, REST_MS, found);
      }
      if (unanswered === 0) finish(found);
    };
    for (const { port, connection } of knocks) {
      greeting(port, connection).then(heard, () => heard(undefined));
    }
  });
}

async function greeting(port: number, connection: Connection): Promise<Hub | undefined> {
  const { topic, subtopic, message } = await connection.next();
  const { hubId, nonce, versions } = fields(message);
  const [id, once] = [text(hubId), text(nonce)];
  const speaks = Array.isArray(versions) && versions.includes(1);
  return topic === 'App' && subtopic === 'Hello' && speaks && id && once
    ? { connection, port, id, nonce: once }
    : undefined;
}

/** Why no phone has answered, as far as a browser lets a page know. */
export async function explainSilence(environment: Environment): Promise<OffhookError> {
  switch (await environment.permission()) {
    case 'denied':
      return because(environment.framed ? 'PERMISSION_DENIED_IN_FRAME' : 'PERMISSION_DENIED');
    case 'prompt':
      return because('PERMISSION_NOT_GIVEN');
    case 'granted':
    case undefined:
      // A refused WebSocket looks to a page as if nobody was there.
      return because('UNREACHABLE');
  }
}
