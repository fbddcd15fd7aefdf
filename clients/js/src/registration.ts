/** The first messages of a connection: `docs/hub.md`, "Registering" and "Pairing". */

import type { Access } from './api.js';
import { envelope, fields, text, type Envelope, type Fields } from './envelope.js';
import type { Hub } from './discovery.js';
import { because, told, type OffhookError } from './error.js';
import { keyOf, nonce, prove, verify } from './proof.js';

/** Who asks for what. */
export interface Applicant {
  name: string;
  access: Access;
}

/**
 * Proves to the hub that this page was paired, lets the hub prove the same, and says what the page
 * may do.
 * @throws {OffhookError} `NOT_GENUINE`, or what the hub says.
 */
export async function register(hub: Hub, key: CryptoKey, applicant: Applicant): Promise<Access> {
  const { name, access } = applicant;
  const clientNonce = nonce();
  const claim = { port: hub.port, source: name, hubNonce: hub.nonce, clientNonce };
  const proof = await prove(key, { ...claim, side: 'app', access });
  const message = { version: 1, access, clientNonce, proof };
  hub.connection.send(envelope('App', 'Register', { source: name, message }));

  const answer = await answerTo(hub, 'Registered');
  const granted: Access = answer['access'] === 'control' ? 'control' : 'observe';
  const theirs = text(answer['proof']) ?? '';
  if (!(await verify(key, { ...claim, side: 'hub', access: granted }, theirs))) {
    throw because('NOT_GENUINE');
  }
  return granted;
}

/**
 * Asks the person to let this page join, unless the administrator has.
 * @throws {OffhookError} what the hub says, e.g. `PAIRING_REFUSED`.
 */
export async function pair(
  hub: Hub,
  { name, access }: Applicant,
  show: (code: string) => void,
): Promise<CryptoKey> {
  hub.connection.send(envelope('App', 'Pair', { source: name, message: { version: 1, access } }));
  for (;;) {
    const { subtopic, message } = await said(hub);
    const { code, secret } = fields(message);
    if (subtopic === 'PairPending') show(text(code) ?? '');
    if (subtopic === 'Paired') return keyOf(text(secret) ?? '');
  }
}

async function answerTo(hub: Hub, wanted: string): Promise<Fields> {
  for (;;) {
    const { subtopic, message } = await said(hub);
    if (subtopic === wanted) return fields(message);
  }
}

/** The hub's next word about this page's application. */
async function said(hub: Hub): Promise<Envelope> {
  for (;;) {
    const next = await hub.connection.next();
    if (next.topic === 'Error') throw errorIn(next);
    if (next.topic === 'App') return next;
  }
}

/** The error in an `ApiError`. */
export function errorIn({ data }: Envelope): OffhookError {
  const { errorType, errorMessage, msg } = fields(data);
  const code = text(errorType) ?? 'UNKNOWN';
  return told(code, text(msg) ?? code, text(errorMessage));
}
