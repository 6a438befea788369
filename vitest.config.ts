import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{web,signaling,tools,bench}/**/*.test.ts"],
    environment: "node",
    setupFiles: ["tools/fixed-seed.ts"],
    // Files of one worker share what they import, which takes half as long as to run them: no module may remember
    // anything that another file's tests could notice, and who replaces something global puts it back.
    isolate: false,
    // One core is not kept free for what Vitest itself does: on a machine of two that would be half of it.
    maxWorkers: "100%",
    // No test asserts on time; these only end what hangs, also on a machine that is slow and busy with other things.
    testTimeout: 240_000,
    hookTimeout: 240_000,
  },
});
