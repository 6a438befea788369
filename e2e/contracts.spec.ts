/** The contract suites of the ports, kept by WebRTC and by the origin private file system in a real browser. */
import { test as base, type Page } from "@playwright/test";
import { linksScenarios } from "../web/ports/links.contract.ts";
import { titles } from "./contracts/scenarios.ts";
import { serveContracts } from "./contracts/server.ts";

// A trace of each of so many small ones would take as long as they do.
base.use({ trace: "off" });

/** One page plays all scenarios, one after another: each makes what it needs, and a page takes longer than most. */
const test = base.extend<object, { contracts: Page }>({
  contracts: [
    async ({ browser }, use, { project }) => {
      const server = await serveContracts(`${project.outputDir}/vite`);
      const page = await browser.newPage();
      await page.goto(server.url);
      await page.waitForFunction(() => window.contracts !== undefined);
      await use(page);
      await page.close();
      await server.close();
    },
    { scope: "worker" },
  ],
});

test.describe("links over WebRTC", () => {
  for (const { title } of linksScenarios) {
    test(title, ({ contracts }) => contracts.evaluate((name) => window.contracts.links(name), title));
  }
});

test.describe("pieces in the origin private file system", () => {
  for (const title of titles.pieceStore) {
    test(title, ({ contracts }) => contracts.evaluate((name) => window.contracts.pieceStore(name), title));
  }
});

test.describe("the library in IndexedDB", () => {
  for (const title of titles.library) {
    test(title, ({ contracts }) => contracts.evaluate((name) => window.contracts.library(name), title));
  }
});

test.describe("claims by Web Locks", () => {
  for (const title of titles.claims) {
    test(title, ({ contracts }) => contracts.evaluate((name) => window.contracts.claims(name), title));
  }
});
