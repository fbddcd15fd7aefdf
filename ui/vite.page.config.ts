// The page that embeds the panel, for companies to put on a web server of their own.

import { defineConfig } from "vite";

export default defineConfig({
  root: "connector/page",
  // It may lie in any folder of the server.
  base: "./",
  publicDir: false,
  build: {
    outDir: "../../dist-connector/page",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The Streams library alone is larger than what a bundler warns of.
    chunkSizeWarningLimit: 1000,
    license: { fileName: "licenses.md" },
  },
});
