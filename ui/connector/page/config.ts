// What `config.json` beside the page says.

/** How the contact centre's panel is embedded. */
export interface Config {
  /** The address of the panel. */
  panel: string;
  /** Where agents log in, if that is with an identity provider. */
  loginUrl?: string;
  /** The region of the instance, e.g. `eu-central-1`. */
  region?: string;
}

/** Where unencrypted addresses are allowed: the machine that the page is tried out on. */
const LOOPBACK = ["localhost", "127.0.0.1"];

/** Reads the file's content. Throws an error with a sentence for people if it is wrong. */
export function readConfig(content: unknown): Config {
  if (typeof content !== "object" || content === null) {
    throw new Error("config.json does not hold an object.");
  }
  const { instance, loginUrl, region } = content as Record<string, unknown>;
  return {
    panel: panelOf(address("instance", instance)),
    loginUrl: loginUrl === undefined ? undefined : address("loginUrl", loginUrl).href,
    region: region === undefined ? undefined : text("region", region),
  };
}

/** Where the panel is: as the address says, or where instances have it. */
function panelOf(instance: URL): string {
  if (instance.pathname === "/") {
    const isOld = instance.hostname.endsWith(".awsapps.com");
    instance.pathname = isOld ? "/connect/ccp-v2/" : "/ccp-v2/";
  }
  return instance.href;
}

function address(name: string, value: unknown): URL {
  const written = text(name, value);
  if (!URL.canParse(written)) {
    throw new Error(`"${name}" in config.json is not a web address: ${written}`);
  }
  const url = new URL(written);
  const isLocal = url.protocol === "http:" && LOOPBACK.includes(url.hostname);
  if (url.protocol !== "https:" && !isLocal) {
    throw new Error(`"${name}" in config.json does not begin with https://: ${written}`);
  }
  return url;
}

function text(name: string, value: unknown): string {
  if (typeof value !== "string") {
    throw new Error(`"${name}" in config.json is missing, or not a text.`);
  }
  return value;
}
