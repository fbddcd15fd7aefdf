/** From looking for the phone to being let in. */

import type { Access } from './api.js';
import { Closed, type Connection } from './connection.js';
import { discover, explainSilence, type Hub } from './discovery.js';
import type { Environment } from './environment.js';
import { because, OffhookError } from './error.js';
import { pair, register, type Applicant } from './registration.js';

/** A hub that answers at all answers at once; only the person may take longer. */
const SILENCE_MS = 5_000;

/** The phone gives the person 120 seconds. */
const PAIRING_MS = 125_000;

/** The hub's words for a key that is none any more. */
const STALE_KEY = ['NOT_PAIRED', 'REGISTRATION_DENIED'];

/** How to get in. */
export interface Entry {
  applicant: Applicant;
  ports: readonly number[];
  /** Whether browser and person may be asked. */
  ask: boolean;
  /** Aborted when the page does not want in any more. */
  signal: AbortSignal;
  /** Shows the code that the person compares. */
  show: (code: string) => void;
}

/** A hub that has let this page in. */
export interface Joined {
  connection: Connection;
  hubId: string;
  access: Access;
}

/**
 * Finds this person's phone, pairs with it if that has not been done, and registers.
 * @throws {OffhookError} whatever stands in the way.
 */
export async function join(environment: Environment, entry: Entry): Promise<Joined> {
  if (!environment.secure) throw because('INSECURE_PAGE');
  if (!entry.ask && (await environment.permission()) === 'prompt') {
    throw because('PERMISSION_NOT_GIVEN');
  }
  // The phone asks one question at a time: a second tab waits, and finds the key that the first has got.
  const { applicant, signal } = entry;
  const name = `offhook ${applicant.name}`;
  try {
    return await environment.exclusively(name, signal, () => enter(environment, entry));
  } catch (error) {
    throw error instanceof OffhookError ? error : because('BROWSER_REFUSED', error);
  }
}

async function enter(environment: Environment, entry: Entry): Promise<Joined> {
  const { applicant, ask, signal } = entry;
  signal.throwIfAborted();
  const pairings = await environment.pairings.all(applicant.name);
  const keys = new Map(pairings.map(({ hubId, key }) => [hubId, key]));
  const hubs = await find(environment, entry, (hubId) => keys.has(hubId));
  const [hub] = hubs;
  const leave = (): void => hubs.forEach(({ connection }) => connection.close());
  signal.addEventListener('abort', leave);
  try {
    signal.throwIfAborted();
    if (!hub) throw await explainSilence(environment);
    const known = keys.get(hub.id);
    if (!known && !ask) throw because('NOT_PAIRED');
    if (!known && hubs.length > 1) throw because('SEVERAL_PHONES');
    const key = known ?? (await within(PAIRING_MS, hub, pairWith(environment, hub, entry)));
    const access = await within(SILENCE_MS, hub, register(hub, key, applicant));
    return { connection: hub.connection, hubId: hub.id, access };
  } catch (error) {
    leave();
    if (hub && keys.has(hub.id) && error instanceof OffhookError && STALE_KEY.includes(error.code)) {
      await environment.pairings.remove(applicant.name, hub.id);
      if (ask) return enter(environment, entry);
      throw because('REVOKED', error);
    }
    throw error instanceof Closed ? because('CONNECTION_LOST', error) : error;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

async function find(
  environment: Environment,
  { ports, signal }: Entry,
  isKnown: (hubId: string) => boolean,
): Promise<Hub[]> {
  let forbidden = false;
  const stop = environment.onForbidden((address) => {
    forbidden ||= address.startsWith('ws://127.0.0.1');
  });
  try {
    const hubs = await discover(environment, ports, isKnown, signal);
    if (hubs.length === 0 && forbidden) throw because('FORBIDDEN_BY_PAGE');
    return hubs;
  } finally {
    stop();
  }
}

async function pairWith(environment: Environment, hub: Hub, entry: Entry): Promise<CryptoKey> {
  const { applicant, show } = entry;
  const key = await pair(hub, applicant, show);
  await environment.pairings.keep({ name: applicant.name, hubId: hub.id, key });
  return key;
}

/** Gives a silent hub up. */
export async function within<T>(
  ms: number,
  { connection }: Pick<Joined, 'connection'>,
  task: Promise<T>,
): Promise<T> {
  const timer = setTimeout(() => connection.close(), ms);
  try {
    return await task;
  } finally {
    clearTimeout(timer);
  }
}
