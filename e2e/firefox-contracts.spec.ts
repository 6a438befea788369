/** What is kept in a browser of another engine: the same contracts, played by Firefox. */
import { expect } from "@playwright/test";
import type { Page } from "puppeteer-core";
import { titles } from "./contracts/scenarios.ts";
import { serveContracts } from "./contracts/server.ts";
import { hasFirefox, test } from "./firefox.ts";

test.skip(!hasFirefox, "Firefox is not here: npm test -- --with-extras installs it");

test("Firefox keeps the contracts of piece store, library and claims", async ({ firefox }, testInfo) => {
  const server = await serveContracts(testInfo.outputPath("vite"));
  const page = await firefox.browser.newPage();
  try {
    await page.goto(server.url);
    await page.waitForFunction(() => window.contracts !== undefined);
    const broken: string[] = [];
    for (const kind of ["pieceStore", "library", "claims"] as const)
      for (const title of titles[kind]) broken.push(...(await play(page, kind, title)));
    expect(broken).toEqual([]);
  } finally {
    await page.close();
    await server.close();
  }
});

/** @returns what was broken, with the scenario's title. */
async function play(page: Page, kind: keyof typeof titles, title: string): Promise<string[]> {
  try {
    await page.evaluate((name, of) => window.contracts[of](name), title, kind);
    return [];
  } catch (error) {
    return [`${title}: ${error}`];
  }
}
