// The script for the panel's page: one classic script, which the desktop carries in itself.

import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: "dist-connector",
    license: { fileName: "licenses.json" },
    target: "es2022",
    lib: {
      entry: "connector/main.ts",
      formats: ["iife"],
      name: "offhook",
      fileName: () => "script.js",
    },
  },
});
