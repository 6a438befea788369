/** Two engines: Firefox and Chromium give each other files. */
import type { Page } from "puppeteer-core";
import { sha256OfFile } from "../../tools/content.ts";
import type { ShareSnapshot } from "../../web/session/snapshot.ts";
import { hasFirefox, test } from "../firefox.ts";
import { expect } from "../fixtures.ts";
import { makeFile } from "../person.ts";

const SIZE = 3_000_000;

test.describe("Firefox and Chromium", () => {
  test.skip(!hasFirefox, "NOT TESTED that it works in Firefox: there is none here");

  test("a file goes from Chromium to Firefox, and from there to Chromium when the sender has left", async ({
    newPerson,
    firefoxPage: between,
  }, testInfo) => {
    const path = await makeFile(testInfo.outputPath(), "east.bin", SIZE);
    const sender = await newPerson("sender");
    const link = await sender.shareFiles(path);

    await between.goto(link);
    await between.locator('[data-testid="download"]').click();
    await reaches(between, "done");
    expect(await shareOf(between)).toMatchObject({ have: SIZE, wasted: 0 });
    await sender.leave();

    // Whatever Firefox stored is what the next one gets.
    const receiver = await newPerson("receiver");
    await receiver.download(link);
    await receiver.waitForState("done");
    expect(await receiver.save()).toEqual({ name: "east.bin", sha256: await sha256OfFile(path) });
  });

  test("a file goes from Firefox to Chromium", async ({
    newPerson,
    firefoxPage: sender,
    server,
  }, testInfo) => {
    const path = await makeFile(testInfo.outputPath(), "west.bin", SIZE);
    await sender.goto(`${server.url}/`);
    // Only the app itself knows that: until then its first screen may be replaced at any moment.
    await sender.waitForSelector('[data-testid="connection"][data-state="online"]');
    const input = await sender.waitForSelector('input[data-testid="file-input"]');
    await input?.uploadFile(path);
    await reaches(sender, "seeding");
    const receiver = await newPerson("receiver");
    await receiver.download((await shareOf(sender)).link);
    await receiver.waitForState("done");

    expect(await receiver.save()).toEqual({ name: "west.bin", sha256: await sha256OfFile(path) });
  });
});

async function reaches(page: Page, state: string): Promise<void> {
  await page.waitForSelector(`[data-testid="share"][data-state="${state}"]`, { timeout: 60_000 });
}

async function shareOf(page: Page): Promise<ShareSnapshot> {
  const { shares } = await page.evaluate(() => window.shoal.snapshot());
  const [share] = shares;
  if (share === undefined) throw new Error("there is no share");
  return share;
}
