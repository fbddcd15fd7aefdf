import type { Host } from "../src/host";
import type { Intent } from "../src/types/Intent";
import type { SettingsChange } from "../src/types/SettingsChange";
import type { SettingsView } from "../src/types/SettingsView";
import type { View } from "../src/types/View";

/** A host that shows what it is given and remembers what it is asked for. */
export class ReplayHost implements Host {
  readonly intents: Intent[] = [];
  readonly changes: SettingsChange[] = [];
  /** What the next change of the settings is refused with. */
  refusal: unknown = null;
  rings = 0;

  #view: View;
  #settings: SettingsView;
  #onView: (view: View) => void = () => undefined;

  constructor(view: View, settings: SettingsView) {
    this.#view = view;
    this.#settings = settings;
  }

  /** The phone changes. */
  show(view: View) {
    this.#view = view;
    this.#onView(view);
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
    for (const [name, value] of Object.entries(change)) {
      // An empty text stands for none.
      Object.assign(settings[name as keyof SettingsChange], { value: value === "" ? null : value });
    }
    this.#settings = settings;
  }

  async ringDevices() {
    return ["Built-in speakers", "USB headset (Example Acoustics 4000 Wireless)"];
  }

  async testRing() {
    this.rings += 1;
  }
}
