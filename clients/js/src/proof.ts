/** Proofs that both sides know the pairing's secret: `docs/hub.md`, "The proof". */

import type { Access } from './api.js';

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/** What a proof is about. */
export interface Claim {
  side: 'app' | 'hub';
  /** Where this page has connected to: whoever listens elsewhere cannot pass the proof on. */
  port: number;
  access: Access;
  source: string;
  hubNonce: string;
  clientNonce: string;
}

/** 32 random bytes in hexadecimal. */
export function nonce(): string {
  return hex(crypto.getRandomValues(new Uint8Array(32)));
}

/** Keeps a secret so that no script can read it again. */
export function keyOf(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes(secret), HMAC, false, ['sign', 'verify']);
}

export async function prove(key: CryptoKey, claim: Claim): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.sign('HMAC', key, signed(claim))));
}

/** Whether the proof is right; takes the same time whatever is wrong with it. */
export function verify(key: CryptoKey, claim: Claim, proof: string): Promise<boolean> {
  return crypto.subtle.verify('HMAC', key, bytes(proof), signed(claim));
}

function signed(claim: Claim): Uint8Array<ArrayBuffer> {
  const { side, port, access, source, hubNonce, clientNonce } = claim;
  const lines = ['offhook.v1', side, '1', port, access, source, hubNonce, clientNonce];
  return new TextEncoder().encode(lines.join('\n'));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function bytes(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
