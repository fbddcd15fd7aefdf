import { svelte } from "@sveltejs/vite-plugin-svelte";
import { svelteTesting } from "@testing-library/svelte/vite";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  // The page is served from the application itself, so every address in it is relative.
  base: "./",
  build: {
    // The oldest engine it meets is WebKitGTK 2.44.
    target: "safari17.5",
    // The content security policy allows no data: address but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.json" },
    rolldownOptions: { input: ["index.html", "question.html"] },
  },
  test: {
    environment: "jsdom",
    restoreMocks: true,
    include: ["tests/**/*.test.ts"],
    setupFiles: ["tests/setup.ts"],
    // A look at a whole page takes as long as the machine is busy.
    testTimeout: 60_000,
  },
});
