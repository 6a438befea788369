/** People with WebTorrent beside people with Shoal, and the tracker that others run beside ours. */

import { TrackerProcess } from "../../bench/signaling/tracker-process.ts";
import { servePages } from "../../bench/static-server.ts";
import { test as base } from "../fixtures.ts";
import type { Person } from "../person.ts";
import { WebTorrentPerson } from "./webtorrent-person.ts";

export { expect } from "@playwright/test";

interface TestFixtures {
  /** A new person with WebTorrent, which announces to `tracker`; to our server's if none is named. */
  newWebTorrent: (name: string, tracker?: string) => Promise<WebTorrentPerson>;
}

interface WorkerFixtures {
  /** `ws:` address of bittorrent-tracker in a process of its own. */
  foreignTracker: string;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  foreignTracker: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from it which fixtures are needed.
    async ({}, use) => {
      const tracker = await TrackerProcess.start("bittorrent-tracker");
      await use(tracker.url);
      await tracker.stop();
    },
    { scope: "worker" },
  ],

  newWebTorrent: async ({ browser, server }, use, testInfo) => {
    const ends: (() => Promise<void>)[] = [];
    const said: string[] = [];
    await use(async (name, tracker = `${server.url.replace("http", "ws")}/announce`) => {
      const pages = await servePages();
      const context = await browser.newContext();
      const page = await context.newPage();
      page.on("console", (message) => said.push(`${name} [${message.type()}] ${message.text()}`));
      page.on("pageerror", (error) => said.push(`${name} [uncaught] ${error.stack ?? error.message}`));
      ends.push(async () => {
        await context.close();
        await pages.close();
      });
      await page.goto(`${pages.url}/interop.html?tracker=${encodeURIComponent(tracker)}`);
      return new WebTorrentPerson(name, page);
    });
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach("console of WebTorrent", { body: said.join("\n"), contentType: "text/plain" });
    }
    for (const end of ends) await end();
  },
});

/** Shares files publicly. @returns the magnet. */
export async function sharePublicly(person: Person, paths: string | string[]): Promise<string> {
  await person.goHome();
  await person.page.getByTestId("public-toggle").click();
  const link = await person.shareFiles(paths);
  return link.slice(link.indexOf("#") + 1);
}

/** The magnet with the v1 infohash alone, as programs without v2 pass it on. */
export function v1Only(magnet: string): string {
  return magnet.replace(/xt=urn:btmh:[^&]*&/, "");
}
