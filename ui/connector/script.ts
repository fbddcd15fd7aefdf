// Runs in the page that the panel's window shows, before the page's own scripts.
// It only forwards; every decision is the connector's.

import { make } from "./calls";
import { openDoor, type Door } from "./door";
import { listen } from "./listening";
import type { Asked } from "./messages";
import { startedStreams } from "./streams";

/** How often it looks whether the page has started the library, which may take a login. */
const LOOK_EVERY_MS = 100;

/** How long the browser may take to say whether the microphone may be used. */
const PERMISSION_WITHIN_MS = 500;

/** Starts the script, unless this is a frame or there is no program around the page. */
export function start(): void {
  const invoke = window.__TAURI_INTERNALS__?.invoke;
  if (window !== window.top || !invoke) {
    return;
  }
  const door = openDoor(invoke);
  Object.defineProperty(window, "__offhook", { value: (asked: Asked) => make(asked, door) });
  void sayHello(door).then(() => awaitStreams(door));
}

async function sayHello(door: Door): Promise<void> {
  const microphone = await Promise.race([microphonePermission(), timeout(PERMISSION_WITHIN_MS)]);
  door.say({ says: "hello", webRtc: typeof RTCPeerConnection === "function", microphone });
}

async function microphonePermission(): Promise<PermissionState | undefined> {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state;
  } catch {
    // Not every web view knows this permission.
    return undefined;
  }
}

function timeout(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
}

function awaitStreams(door: Door): void {
  const timer = setInterval(() => {
    if (!door.isOpen) {
      clearInterval(timer);
      return;
    }
    try {
      const streams = startedStreams();
      if (streams) {
        clearInterval(timer);
        listen(streams, door);
      }
    } catch (error) {
      door.thrown(error);
    }
  }, LOOK_EVERY_MS);
}

declare global {
  interface Window {
    /** What the program around the page gives it. */
    __TAURI_INTERNALS__?: {
      invoke(command: string, payload: unknown): Promise<unknown>;
    };
  }
}
