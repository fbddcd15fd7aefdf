// A company's page that embeds the contact centre's panel.

import "amazon-connect-streams";

import { readConfig, type Config } from "./config";

/** Embeds the panel, or says why it cannot. */
export async function show(): Promise<void> {
  try {
    embed(await fetchConfig());
  } catch (error) {
    note(`The panel cannot be shown. ${(error as Error).message}`);
    return;
  }
  if (!isInOffhook()) {
    note("This page is made for Offhook, which shows it in a window of its own.");
  }
}

async function fetchConfig(): Promise<Config> {
  const answer = await fetch("config.json", { cache: "no-cache" });
  if (!answer.ok) {
    throw new Error("There is no file config.json beside this page.");
  }
  let content: unknown;
  try {
    content = await answer.json();
  } catch {
    throw new Error("config.json is not JSON.");
  }
  return readConfig(content);
}

function embed({ panel, loginUrl, region }: Config): void {
  connect.core.initCCP(element("panel"), {
    ccpUrl: panel,
    loginUrl,
    region,
    loginPopup: true,
    loginPopupAutoClose: true,
    softphone: {
      // Without, the calls' audio is on a desk phone or in a browser.
      allowFramedSoftphone: !location.hash.includes("media=off"),
      // Offhook rings by itself.
      disableRingtone: isInOffhook(),
    },
    pageOptions: { enableAudioDeviceSettings: true, enablePhoneTypeSettings: true },
  });
}

function isInOffhook(): boolean {
  return "__TAURI_INTERNALS__" in window;
}

function note(sentence: string): void {
  const place = element("note");
  place.textContent = sentence;
  place.hidden = false;
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) {
    throw new Error(`The page has no #${id}.`);
  }
  return found;
}
