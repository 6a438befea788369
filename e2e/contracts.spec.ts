/** The contract suites of the ports, kept by WebRTC and by the origin private file system in a real browser. */
import { test as base } from "@playwright/test";
import { createServer } from "vite";
import { repository } from "../tools/command.ts";
import { linksScenarios } from "../web/ports/links.contract.ts";
import { pieceStoreScenarios } from "../web/ports/piece-store.contract.ts";
import { opfsScenarios } from "./contracts/opfs-scenarios.ts";

/** Serves the adapters' sources as they are; what ships is tested by the other files. */
const test = base.extend<object, { contractsUrl: string }>({
  contractsUrl: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it which fixtures are needed.
    async ({}, use, { project }) => {
      const server = await createServer({
        root: repository,
        configFile: false,
        logLevel: "error",
        cacheDir: `${project.outputDir}/vite`,
        server: { host: "127.0.0.1", port: 0, watch: null, hmr: false },
        // Found only while a page loads it, it would make Vite load the page again.
        optimizeDeps: { noDiscovery: true, include: ["simple-peer/simplepeer.min.js"] },
      });
      await server.listen();
      const address = server.httpServer?.address();
      if (address === null || typeof address !== "object") throw new Error("Vite has no address");
      await use(`http://127.0.0.1:${address.port}/e2e/contracts/index.html`);
      await server.close();
    },
    { scope: "worker" },
  ],
});

test.beforeEach(async ({ page, contractsUrl }) => {
  await page.goto(contractsUrl);
  await page.waitForFunction(() => window.contracts !== undefined);
});

test.describe("links over WebRTC", () => {
  for (const { title } of linksScenarios) {
    test(title, ({ page }) => page.evaluate((name) => window.contracts.links(name), title));
  }
});

test.describe("pieces in the origin private file system", () => {
  for (const { title } of [...pieceStoreScenarios, ...opfsScenarios]) {
    test(title, ({ page }) => page.evaluate((name) => window.contracts.pieceStore(name), title));
  }
});
