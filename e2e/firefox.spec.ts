/** Saving and playing in a second engine, which has no pickers and ends an idle service worker on its own terms. */
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Page } from "puppeteer-core";
import { sha256OfFolder } from "../tools/content.ts";
import { hasUnzip, unzipped } from "./archives.ts";
import { hasFfmpeg, makeFilm } from "./films.ts";
import { hasFirefox, test } from "./firefox.ts";
import { expect } from "./fixtures.ts";
import { makeFile } from "./person.ts";
import { letGo, slowDown } from "./slow-link.ts";

if (!hasFirefox) process.stderr.write("SKIPPED: saving and playing in Firefox, since it is not installed\n");

/** Opens the link as a person does who wants what it leads to. */
async function download(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.locator('[data-testid="download"]:enabled').click();
}

/** Files in the folder, with their sizes. Firefox holds the place of one that is on its way with an empty one. */
async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return Promise.all(names.map(async (name) => `${name} ${(await stat(join(folder, name))).size}`));
}

test.describe("a folder in Firefox", () => {
  test.skip(!hasFirefox || !hasUnzip, "Firefox or unzip is not installed");

  test("is saved as one archive, streamed by the service worker", async ({
    newPerson,
    firefox: { downloads },
    firefoxPage: page,
  }, testInfo) => {
    const folder = testInfo.outputPath("a folder");
    await makeFile(folder, "large.bin", 9_000_000);
    await makeFile(folder, "sub/ü.bin", 1_000);
    const sender = await newPerson("sender");
    await download(page, await sender.shareFolder(folder));
    await page.waitForSelector('[data-testid="share"][data-state="done"]');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.locator('[data-testid="save"]').click();
    await page.waitForFunction(() => document.body.textContent?.includes("Saved."));
    // Whole archives of this have one length; the last of it reaches the disk after it has been given away.
    await expect
      .poll(() => filesIn(downloads).catch(String))
      .toEqual([expect.stringMatching(/^a folder\.zip 9\d{6}$/)]);

    const wanted = Object.entries(await sha256OfFolder(folder));
    const saved = await unzipped(`${downloads}/a folder.zip`, testInfo.outputPath("unzipped"));
    expect(saved).toEqual(Object.fromEntries(wanted.map(([path, hash]) => [`a folder/${path}`, hash])));
  });
});

test.describe("a film in Firefox", () => {
  test.skip(!hasFirefox || !hasFfmpeg, "Firefox or ffmpeg is not installed");

  test("plays while it arrives", async ({ newPerson, firefoxPage: page }, testInfo) => {
    const path = await makeFilm(dirname(testInfo.outputPath()), "webm");
    const sender = await newPerson("sender");
    await slowDown(sender, 300_000);
    await download(page, await sender.shareFiles(path));
    await page.locator('[data-testid="play"]').click();
    // The rest takes longer than a busy machine needs for the first picture.
    await letGo(sender, 75_000);
    await page.waitForFunction(
      () => (document.querySelector<HTMLVideoElement>('[data-testid="player"]')?.currentTime ?? 0) > 0.1,
    );
    expect(await page.$('[data-testid="share"][data-state="downloading"]')).not.toBeNull();
  });
});
