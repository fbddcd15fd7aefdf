import { beforeEach, expect, test, vi, type MockInstance } from "vitest";

import html from "../../connector/page/index.html?raw";
import { readConfig } from "../../connector/page/config";
import { show } from "../../connector/page/page";

let initCCP: MockInstance<typeof connect.core.initCCP>;

beforeEach(() => {
  document.body.innerHTML = new DOMParser().parseFromString(html, "text/html").body.innerHTML;
  location.hash = "";
  Object.assign(window, { __TAURI_INTERNALS__: {} });
  initCCP = vi.spyOn(connect.core, "initCCP").mockImplementation(() => {});
});

/** Shows the page with this answer to the question for `config.json`. */
async function showWith(config: string | null): Promise<void> {
  vi.stubGlobal("fetch", async (address: string) => {
    expect(address).toBe("config.json");
    return new Response(config, { status: config === null ? 404 : 200 });
  });
  await show();
  vi.unstubAllGlobals();
}

function note(): string | undefined {
  const place = document.getElementById("note") as HTMLElement;
  return place.hidden ? undefined : (place.textContent ?? undefined);
}

const INSTANCE = '{"instance": "https://example.my.connect.aws"}';

test("the panel of the configured instance is embedded with audio", async () => {
  await showWith(INSTANCE);

  expect(note()).toBeUndefined();
  expect(initCCP).toHaveBeenCalledExactlyOnceWith(
    document.getElementById("panel"),
    expect.objectContaining({
      ccpUrl: "https://example.my.connect.aws/ccp-v2/",
      loginPopup: true,
      loginPopupAutoClose: true,
      softphone: { allowFramedSoftphone: true, disableRingtone: true },
    }),
  );
});

test("without media, the audio is left to another device", async () => {
  location.hash = "#media=off";

  await showWith(INSTANCE);

  expect(initCCP.mock.calls[0]?.[1].softphone?.allowFramedSoftphone).toBe(false);
});

test("in an ordinary browser it rings, and says what it is for", async () => {
  Reflect.deleteProperty(window, "__TAURI_INTERNALS__");

  await showWith(INSTANCE);

  expect(note()).toBe("This page is made for Offhook, which shows it in a window of its own.");
  expect(initCCP.mock.calls[0]?.[1].softphone?.disableRingtone).toBe(false);
});

test.each([
  [null, "There is no file config.json beside this page."],
  ["<!doctype html>", "config.json is not JSON."],
  ["{}", '"instance" in config.json is missing, or not a text.'],
])("a configuration %s is explained", async (config, sentence) => {
  await showWith(config);

  expect(note()).toBe(`The panel cannot be shown. ${sentence}`);
  expect(initCCP).not.toHaveBeenCalled();
});

test("the configuration says where the panel, the login and the region are", () => {
  const loginUrl = "https://login.example.com/?to=connect";

  expect(
    readConfig({ instance: "https://example.my.connect.aws/", loginUrl, region: "eu-central-1" }),
  ).toEqual({ panel: "https://example.my.connect.aws/ccp-v2/", loginUrl, region: "eu-central-1" });
});

test.each([
  ["https://example.awsapps.com", "https://example.awsapps.com/connect/ccp-v2/"],
  ["https://example.com/proxy/ccp-v2/", "https://example.com/proxy/ccp-v2/"],
  ["http://127.0.0.1:8080", "http://127.0.0.1:8080/ccp-v2/"],
  ["http://localhost:8080", "http://localhost:8080/ccp-v2/"],
])("the panel of %s is %s", (instance, panel) => {
  expect(readConfig({ instance }).panel).toBe(panel);
});

test.each([
  [null, "config.json does not hold an object."],
  [{ instance: 7 }, '"instance" in config.json is missing, or not a text.'],
  [{ instance: "example" }, '"instance" in config.json is not a web address: example'],
  [
    { instance: "http://example.my.connect.aws" },
    '"instance" in config.json does not begin with https://: http://example.my.connect.aws',
  ],
  [
    { instance: "https://example.my.connect.aws", loginUrl: "javascript:alert(1)" },
    '"loginUrl" in config.json does not begin with https://: javascript:alert(1)',
  ],
  [
    { instance: "https://example.my.connect.aws", region: 1 },
    '"region" in config.json is missing, or not a text.',
  ],
])("the configuration %o is refused", (content, sentence) => {
  expect(() => readConfig(content)).toThrow(sentence);
});
