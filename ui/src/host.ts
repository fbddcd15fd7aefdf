// The one door from the page to the program around it. Nothing else may import `@tauri-apps/api`.

import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { Access } from "./apps/access";
import type { AppsView } from "./types/AppsView";
import type { Intent } from "./types/Intent";
import type { Question } from "./types/Question";
import type { SettingsChange } from "./types/SettingsChange";
import type { SettingsView } from "./types/SettingsView";
import type { View } from "./types/View";

/** Stops a subscription. */
export type Unsubscribe = () => void;

/** What the page needs from the program around it. */
export interface Host {
  /** Hands over a wish; what comes of it is seen in the next view. */
  dispatch(intent: Intent): Promise<void>;
  currentView(): Promise<View>;
  onView(show: (view: View) => void): Promise<Unsubscribe>;
  currentSettings(): Promise<SettingsView>;
  onSettings(show: (settings: SettingsView) => void): Promise<Unsubscribe>;
  /** Saves the settings that are present; rejects with a `SettingsProblem`. */
  changeSettings(change: SettingsChange): Promise<void>;
  /**
   * Keeps the password or token for the company's broker; an empty one is forgotten. Rejects with a
   * `SettingsProblem`.
   */
  setBrokerPassword(password: string): Promise<void>;
  /** The names of the outputs that the ringtone can play on. */
  ringDevices(): Promise<string[]>;
  /** Plays the ringtone for two seconds on the set output at the set volume. */
  testRing(): Promise<void>;
  currentApps(): Promise<AppsView>;
  onApps(show: (apps: AppsView) => void): Promise<Unsubscribe>;
  /** Lets a paired page do this much from now on. */
  limitApp(origin: string, name: string, access: Access): Promise<void>;
  /** Forgets a paired page. */
  revokeApp(origin: string, name: string): Promise<void>;
}

/** The desktop shell. */
export const tauriHost: Host = {
  dispatch: (intent) => invoke("dispatch", { intent }),
  currentView: () => invoke("current_view"),
  onView: (show) => listen<View>("view", (event) => show(event.payload)),
  currentSettings: () => invoke("current_settings"),
  onSettings: (show) => listen<SettingsView>("settings", (event) => show(event.payload)),
  changeSettings: (change) => invoke("change_settings", { change }),
  setBrokerPassword: (password) => invoke("set_broker_password", { password }),
  ringDevices: () => invoke("ring_devices"),
  testRing: () => invoke("test_ring"),
  currentApps: () => invoke("current_apps"),
  onApps: (show) => listen<AppsView>("apps", (event) => show(event.payload)),
  limitApp: (origin, name, access) => invoke("limit_app", { origin, name, access }),
  revokeApp: (origin, name) => invoke("revoke_app", { origin, name }),
};

/** What the window with a question needs from the program around it. */
export interface Asker {
  /** What this window is to ask; nothing if that was withdrawn. */
  currentQuestion(): Promise<Question | null>;
  /** The person's answer: this access, or no. The window is closed then. */
  answer(question: number, access: Access | null): Promise<void>;
}

/** The desktop shell. */
export const tauriAsker: Asker = {
  currentQuestion: () => invoke("current_question"),
  answer: (question, access) => invoke("answer", { question, access }),
};
