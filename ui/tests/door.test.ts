import { expect, test } from "vitest";

const SOURCES = import.meta.glob<string>("../src/**/*.{ts,svelte}", {
  query: "?raw",
  import: "default",
  eager: true,
});

test("only one file knows the program around the page", () => {
  const knowing = Object.entries(SOURCES).filter(([, text]) => /from "@tauri-apps/.test(text));

  expect(knowing.map(([path]) => path)).toEqual(["../src/host.ts"]);
});
