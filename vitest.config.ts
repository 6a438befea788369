import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["{web,signaling,tools,bench}/**/*.test.ts"], environment: "node", testTimeout: 60_000 },
});
