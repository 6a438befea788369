/**
 * People in a second engine. Firefox is driven by Puppeteer (tools/firefox.ts); one serves all tests of a worker, as
 * to start it takes longer than most of them, and each person has storage of their own in it.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { findFirefox, launchFirefox } from "../tools/firefox.ts";
import { test as base } from "./fixtures.ts";

const path = findFirefox();

export const hasFirefox = path !== undefined;

/** As long as a test may take: what takes longer is said by the test, not by a single step of it. */
const STEP_TIMEOUT_MS = 150_000;

interface TestFixtures {
  /** A new page with empty storage. */
  firefoxPage: Page;
}

interface WorkerFixtures {
  firefox: { readonly browser: Browser; readonly downloads: string };
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  firefox: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it which fixtures are needed.
    async ({}, use, { project, workerIndex }) => {
      if (path === undefined) throw new Error("There is no Firefox: tests of it are to be skipped.");
      const downloads = join(project.outputDir, `firefox-downloads-${workerIndex}`);
      await mkdir(downloads, { recursive: true });
      const browser = await launchFirefox(path, {
        "browser.download.folderList": 2,
        "browser.download.dir": downloads,
        "browser.download.always_ask_before_handling_new_types": false,
        "browser.helperApps.neverAsk.saveToDisk": "application/zip,application/octet-stream",
        "media.autoplay.default": 0,
      });
      await use({ browser, downloads });
      await browser.close();
    },
    { scope: "worker" },
  ],

  firefoxPage: async ({ firefox }, use) => {
    const context = await firefox.browser.createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    await use(page);
    await context.close();
  },
});
