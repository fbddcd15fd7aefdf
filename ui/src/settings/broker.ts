import type { BrokerChange } from "../types/BrokerChange";
import type { BrokerSettings } from "../types/BrokerSettings";

const TEXTS = [
  "url",
  "tenant",
  "agent",
  "username",
  "ca",
  "certificate",
  "key",
  "proxy",
] as const satisfies (keyof BrokerChange)[];

/** The settings of the company's broker that are text. */
export type BrokerText = (typeof TEXTS)[number];

/** How the company's broker is reached, as the form has it. */
export type BrokerForm = Record<BrokerText, string> & {
  insecure: boolean;
  /** A new password or token. The one that is kept never comes back to the form. */
  password: string;
};

/** What the form shows of these settings. */
export function formOf(settings: BrokerSettings): BrokerForm {
  const text = (name: BrokerText) => settings[name].value ?? "";
  return {
    url: text("url"),
    tenant: text("tenant"),
    agent: text("agent"),
    username: text("username"),
    ca: text("ca"),
    certificate: text("certificate"),
    key: text("key"),
    proxy: text("proxy"),
    insecure: settings.insecure.value,
    password: "",
  };
}

/** Whether the address leads over the network without encryption. */
export function isPlain(url: string): boolean {
  return /^\s*(mqtt|ws):/.test(url);
}

/**
 * What has to be saved besides the password, if anything: only what differs, as what the administrator fixed
 * cannot be.
 */
export function changeTo(form: BrokerForm, settings: BrokerSettings): BrokerChange | null {
  const inForce = formOf(settings);
  const change: BrokerChange = {};
  for (const name of TEXTS) {
    const typed = form[name].trim();
    if (typed !== inForce[name]) change[name] = typed;
  }
  if (form.insecure !== inForce.insecure) change.insecure = form.insecure;
  return Object.keys(change).length > 0 ? change : null;
}
