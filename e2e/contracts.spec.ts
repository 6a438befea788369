/** The contract suites of the ports, kept by WebRTC and by the origin private file system in a real browser. */
import { test as base } from "@playwright/test";
import { linksScenarios } from "../web/ports/links.contract.ts";
import { titles } from "./contracts/scenarios.ts";
import { serveContracts } from "./contracts/server.ts";

const test = base.extend<object, { contractsUrl: string }>({
  contractsUrl: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it which fixtures are needed.
    async ({}, use, { project }) => {
      const server = await serveContracts(`${project.outputDir}/vite`);
      await use(server.url);
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
  for (const title of titles.pieceStore) {
    test(title, ({ page }) => page.evaluate((name) => window.contracts.pieceStore(name), title));
  }
});

test.describe("the library in IndexedDB", () => {
  for (const title of titles.library) {
    test(title, ({ page }) => page.evaluate((name) => window.contracts.library(name), title));
  }
});

test.describe("claims by Web Locks", () => {
  for (const title of titles.claims) {
    test(title, ({ page }) => page.evaluate((name) => window.contracts.claims(name), title));
  }
});
