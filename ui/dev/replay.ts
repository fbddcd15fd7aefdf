import { NO_APPS } from "../fixtures/apps";
import type { Access } from "../src/apps/access";
import type { Asker, Host } from "../src/host";
import type { AppsView } from "../src/types/AppsView";
import type { Intent } from "../src/types/Intent";
import type { Question } from "../src/types/Question";
import type { SettingsChange } from "../src/types/SettingsChange";
import type { SettingsView } from "../src/types/SettingsView";
import type { View } from "../src/types/View";

/** A host that shows what it is given and remembers what it is asked for. */
export class ReplayHost implements Host {
  readonly intents: Intent[] = [];
  readonly changes: SettingsChange[] = [];
  /** What the next change of the settings is refused with. */
  refusal: unknown = null;
  readonly passwords: string[] = [];
  rings = 0;
  /** The pages that were limited, and to what, or revoked. */
  readonly limited: [origin: string, name: string, access: Access | null][] = [];

  #view: View;
  #settings: SettingsView;
  #apps: AppsView;
  #onView: (view: View) => void = () => undefined;
  #onApps: (apps: AppsView) => void = () => undefined;

  constructor(view: View, settings: SettingsView, apps: AppsView = NO_APPS) {
    this.#view = view;
    this.#settings = settings;
    this.#apps = apps;
  }

  /** The phone changes. */
  show(view: View) {
    this.#view = view;
    this.#onView(view);
  }

  /** The other apps change. */
  showApps(apps: AppsView) {
    this.#apps = apps;
    this.#onApps(apps);
  }

  async dispatch(intent: Intent) {
    this.intents.push(intent);
  }

  async currentView() {
    return this.#view;
  }

  async onView(show: (view: View) => void) {
    this.#onView = show;
    return () => (this.#onView = () => undefined);
  }

  async currentSettings() {
    return this.#settings;
  }

  async onSettings() {
    return () => undefined;
  }

  async changeSettings(change: SettingsChange) {
    if (this.refusal !== null) throw this.refusal;
    this.changes.push(change);
    const settings = structuredClone(this.#settings);
    const { broker, ...rest } = change;
    assign(settings, rest);
    assign(settings.broker, broker ?? {});
    this.#settings = settings;
  }

  async setBrokerPassword(password: string) {
    if (this.refusal !== null) throw this.refusal;
    this.passwords.push(password);
    const settings = structuredClone(this.#settings);
    settings.broker.password = password === "" ? null : "keychain";
    this.#settings = settings;
  }

  async ringDevices() {
    return ["Built-in speakers", "USB headset (Example Acoustics 4000 Wireless)"];
  }

  async testRing() {
    this.rings += 1;
  }

  async currentApps() {
    return this.#apps;
  }

  async onApps(show: (apps: AppsView) => void) {
    this.#onApps = show;
    return () => (this.#onApps = () => undefined);
  }

  async limitApp(origin: string, name: string, access: Access) {
    this.limited.push([origin, name, access]);
  }

  async revokeApp(origin: string, name: string) {
    this.limited.push([origin, name, null]);
  }
}

/** Puts values into settings of the same names. An empty text stands for none. */
function assign(settings: object, change: object) {
  for (const [name, value] of Object.entries(change)) {
    Object.assign(settings[name as keyof typeof settings], { value: value === "" ? null : value });
  }
}

/** Asks one question and remembers the answers. */
export class ReplayAsker implements Asker {
  readonly answers: [question: number, access: Access | null][] = [];

  readonly #question: Question;

  constructor(question: Question) {
    this.#question = question;
  }

  async currentQuestion() {
    return this.#question;
  }

  async answer(question: number, access: Access | null) {
    this.answers.push([question, access]);
  }
}
