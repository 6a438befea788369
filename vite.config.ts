import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { signaling } from "./signaling/vite-plugin.ts";
import { precompress } from "./tools/precompress.ts";
import { preloadScreens } from "./tools/preload-screens.ts";
import { prerenderScreens } from "./tools/prerender-screens.ts";
import { serviceWorker } from "./web/service-worker/vite-plugin.ts";

/** Mode "mock" has the whole interface on made-up data at /mock.html, and no server behind it. */
export default defineConfig(({ mode }) => {
  const isMock = mode === "mock";
  const page = isMock ? "web/mock.html" : "web/index.html";
  return {
    root: "web",
    publicDir: "../public",
    plugins: [
      react(),
      ...(isMock ? [] : [serviceWorker(), signaling(), preloadScreens(), prerenderScreens(), precompress()]),
    ],
    worker: { format: "es" },
    optimizeDeps: {
      include: [
        // Its own bundle for browsers: the sources need Node's modules.
        "simple-peer/simplepeer.min.js",
        // Used by the worker, which Vite looks into only once it runs; finding them then would reload the page.
        "hash-wasm",
        "valibot",
      ],
    },
    build: {
      outDir: "../dist",
      emptyOutDir: true,
      rolldownOptions: { input: fileURLToPath(new URL(page, import.meta.url)) },
    },
  };
});
