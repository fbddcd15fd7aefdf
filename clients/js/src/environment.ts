/** What the client needs of the browser. */

import { IndexedPairings, type Pairings } from './pairings.js';

/** A browser, or what stands for it in a test. */
export interface Environment {
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

/** The permission's names, in Chrome from 145 on and before. */
const PERMISSIONS = ['loopback-network', 'local-network-access'];

const THIS_DEVICE = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The browser that this script runs in. */
export function browser(): Environment {
  return {
    secure: isSecureContext,
    framed: window.top !== window,
    pairings: new IndexedPairings(),
    open: (url, protocol) => new WebSocket(url, protocol),
    permission,
    onForbidden(listener) {
      const heard = ({ blockedURI }: SecurityPolicyViolationEvent): void => listener(blockedURI);
      document.addEventListener('securitypolicyviolation', heard);
      return () => document.removeEventListener('securitypolicyviolation', heard);
    },
    exclusively: (name, signal, task) => navigator.locks.request(name, { signal }, task),
    random: Math.random,
  };
}

async function permission(): Promise<PermissionState | undefined> {
  // A page of this device needs none, and is told `prompt` for ever.
  if (THIS_DEVICE.test(location.hostname)) return undefined;
  for (const name of PERMISSIONS) {
    try {
      return (await navigator.permissions.query({ name: name as PermissionName })).state;
    } catch {
      // This browser does not know the name.
    }
  }
  return undefined;
}
