import { createContext } from "svelte";

import type { Access } from "./apps/access";
import type { Host, Unsubscribe } from "./host";
import type { AppsView } from "./types/AppsView";
import type { Intent } from "./types/Intent";
import type { SettingsChange } from "./types/SettingsChange";
import type { SettingsView } from "./types/SettingsView";
import type { View } from "./types/View";

/** How long the page waits for the first view before it says that nobody answers, in milliseconds. */
export const FIRST_VIEW_DEADLINE = 5000;

/** What the host showed last, and the way back to it. */
export class Phone {
  view = $state.raw<View | null>(null);
  settings = $state.raw<SettingsView | null>(null);
  apps = $state.raw<AppsView | null>(null);
  /** The host was asked for something and did not answer. */
  silent = $state(false);

  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Follows the host until the returned function is called. */
  follow(): Unsubscribe {
    const deadline = setTimeout(() => (this.silent = true), FIRST_VIEW_DEADLINE);
    const subscriptions = [
      subscribeThenPull(
        (show) => this.#host.onView(show),
        () => this.#host.currentView(),
        (view) => {
          clearTimeout(deadline);
          this.silent = false;
          this.view = view;
        },
      ),
      subscribeThenPull(
        (show) => this.#host.onSettings(show),
        () => this.#host.currentSettings(),
        (settings) => (this.settings = settings),
      ),
      subscribeThenPull(
        (show) => this.#host.onApps(show),
        () => this.#host.currentApps(),
        (apps) => (this.apps = apps),
      ),
    ];
    for (const subscription of subscriptions) {
      subscription.catch(() => (this.silent = true));
    }
    return () => {
      clearTimeout(deadline);
      for (const subscription of subscriptions) {
        subscription.then(
          (unsubscribe) => unsubscribe(),
          () => undefined,
        );
      }
    };
  }

  /** Hands a wish to the host. */
  send(intent: Intent): void {
    this.#listen(this.#host.dispatch(intent));
  }

  /** Lets a paired page do this much from now on. */
  limitApp(origin: string, name: string, access: Access): void {
    this.#listen(this.#host.limitApp(origin, name, access));
  }

  /** Forgets a paired page. */
  revokeApp(origin: string, name: string): void {
    this.#listen(this.#host.revokeApp(origin, name));
  }

  /** Saves settings, and shows what is in force afterwards. Rejects with a `SettingsProblem`. */
  async change(change: SettingsChange): Promise<void> {
    await this.#host.changeSettings(change);
    this.settings = await this.#host.currentSettings();
  }

  /** Keeps the password or token for the company's broker; an empty one is forgotten. */
  async setBrokerPassword(password: string): Promise<void> {
    await this.#host.setBrokerPassword(password);
    this.settings = await this.#host.currentSettings();
  }

  ringDevices(): Promise<string[]> {
    return this.#host.ringDevices();
  }

  testRing(): Promise<void> {
    return this.#host.testRing();
  }

  /** What comes of a wish is shown later; here it only matters that somebody took it. */
  #listen(taken: Promise<void>): void {
    taken.then(
      () => (this.silent = false),
      () => (this.silent = true),
    );
  }
}

/** The phone of the page around a component. */
export const [getPhone, setPhone] = createContext<Phone>();

/** Subscribes before it pulls, so no update is lost; an update that comes first is the newer one. */
async function subscribeThenPull<T>(
  subscribe: (show: (value: T) => void) => Promise<Unsubscribe>,
  pull: () => Promise<T>,
  show: (value: T) => void,
): Promise<Unsubscribe> {
  let updated = false;
  const unsubscribe = await subscribe((value) => {
    updated = true;
    show(value);
  });
  const pulled = await pull();
  if (!updated) show(pulled);
  return unsubscribe;
}
