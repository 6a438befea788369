/** Saving and playing in a second engine, which has no pickers and ends an idle service worker on its own terms. */
import { readdir } from "node:fs/promises";
import type { Page } from "puppeteer-core";
import { sha256OfFolder } from "../tools/content.ts";
import { findFirefox, launchFirefox } from "../tools/firefox.ts";
import { hasUnzip, unzipped } from "./archives.ts";
import { hasFfmpeg, makeFilm } from "./films.ts";
import { expect, test } from "./fixtures.ts";
import { makeFile } from "./person.ts";
import { slowDown } from "./slow-link.ts";

const firefox = findFirefox();
if (firefox === undefined)
  process.stderr.write("SKIPPED: saving and playing in Firefox, since it is not installed\n");

/** What a person who opens the link in Firefox sees, and where the browser puts what is saved. */
async function inFirefox(link: string, downloads: string, use: (page: Page) => Promise<void>): Promise<void> {
  const browser = await launchFirefox(firefox ?? "", {
    extraPrefsFirefox: {
      "media.peerconnection.ice.obfuscate_host_addresses": false,
      "media.peerconnection.ice.loopback": true,
      "browser.download.folderList": 2,
      "browser.download.dir": downloads,
      "browser.download.always_ask_before_handling_new_types": false,
      "browser.helperApps.neverAsk.saveToDisk": "application/zip,application/octet-stream",
      "media.autoplay.default": 0,
    },
  });
  try {
    const page = await browser.newPage();
    await page.goto(link);
    await page.locator('[data-testid="download"]:enabled').setTimeout(60_000).click();
    await use(page);
  } finally {
    await browser.close();
  }
}

test("in Firefox a folder is saved as one archive, streamed by the service worker", async ({
  newPerson,
}, testInfo) => {
  test.skip(firefox === undefined || !hasUnzip, "Firefox or unzip is not installed");
  const folder = testInfo.outputPath("a folder");
  await makeFile(folder, "large.bin", 9_000_000);
  await makeFile(folder, "sub/ü.bin", 1_000);
  const sender = await newPerson("sender");
  const downloads = testInfo.outputPath("downloads");
  await inFirefox(await sender.shareFolder(folder), downloads, async (page) => {
    await page.waitForSelector('[data-testid="share"][data-state="done"]', { timeout: 60_000 });
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.locator('[data-testid="save"]').click();
    const arrived = async () => (await readdir(downloads).catch(() => [])).join();
    await expect.poll(arrived).toBe("a folder.zip");
    await page.waitForFunction(() => document.body.textContent?.includes("Saved."));
  });
  const wanted = Object.entries(await sha256OfFolder(folder));
  const saved = await unzipped(`${downloads}/a folder.zip`, testInfo.outputPath("unzipped"));
  expect(saved).toEqual(Object.fromEntries(wanted.map(([path, hash]) => [`a folder/${path}`, hash])));
});

test("in Firefox a film plays while it arrives", async ({ newPerson }, testInfo) => {
  test.skip(firefox === undefined || !hasFfmpeg, "Firefox or ffmpeg is not installed");
  const path = await makeFilm(testInfo.outputPath(), "webm");
  const sender = await newPerson("sender");
  await slowDown(sender, 400_000);
  await inFirefox(await sender.shareFiles(path), testInfo.outputPath("downloads"), async (page) => {
    await page.locator('[data-testid="play"]').setTimeout(60_000).click();
    await page.waitForFunction(
      () => (document.querySelector<HTMLVideoElement>('[data-testid="player"]')?.currentTime ?? 0) > 0.1,
      { timeout: 60_000 },
    );
    expect(await page.$('[data-testid="share"][data-state="downloading"]')).not.toBeNull();
  });
});
