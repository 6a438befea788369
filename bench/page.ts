/**
 * What the page costs: how soon Home can be used on a middling phone, and what a transfer at full speed takes of
 * the main thread.
 *
 * The phone is a processor slowed down four times on a "fast 3G" line as WebPageTest has it: 1.6 Mbit/s down,
 * 768 kbit/s up, 150 ms there and back. "Can be used" is when the button for files is seen, takes presses, and the
 * main thread is free: from then on nothing that a person does is lost (web/before-the-app.ts). "All of it" is when
 * the whole program has taken over, its switches included.
 */
import type { BrowserContext, CDPSession, Page } from "@playwright/test";
import { startServer } from "../tools/server.ts";
import { table } from "./figures.ts";
import { keepNames } from "./keep-names.ts";

export interface PageFigures {
  /** From asking for the address until Home can be used. */
  readonly usableSeconds: number;
  /** Until the whole program is there. */
  readonly completeSeconds: number;
  /** Of one main thread, 0 … 1, while everything is on its way. */
  readonly senderShare: number;
  readonly receiverShare: number;
}

const PHONE = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.768e6 / 8 };
const SLOWED_DOWN = 4;

/** @param path of a file large enough to be under way for some seconds. */
export async function measurePage(profile: BrowserContext, path: string): Promise<PageFigures> {
  const server = await startServer({ LIMITS: "off" });
  try {
    const opening = await timeToUse(await profile.newPage(), server.url);
    return { ...opening, ...(await mainThreadShares(profile, server.url, path)) };
  } finally {
    await server.stop();
  }
}

async function timeToUse(
  page: Page,
  url: string,
): Promise<Pick<PageFigures, "usableSeconds" | "completeSeconds">> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", PHONE);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWED_DOWN });
  await keepNames(page);
  await page.addInitScript(() => {
    const isSeen = (selector: string) => document.querySelector(selector)?.checkVisibility() === true;
    const marks = {
      usable: () => isSeen('[data-testid="choose-files"]'),
      complete: () => document.querySelector('label input[type="checkbox"]') !== null,
    };
    const looked = new Set<string>();
    const watching = new MutationObserver(() => {
      for (const [name, isSo] of Object.entries(marks)) {
        if (looked.has(name) || !isSo()) continue;
        looked.add(name);
        // A task of its own comes after everything that drawing still has to do.
        requestAnimationFrame(() => setTimeout(() => performance.mark(name)));
      }
    });
    watching.observe(document, { childList: true, subtree: true, attributes: true });
  });
  await page.goto(url);
  const secondsTo = async (name: string) => {
    await page.waitForFunction((mark) => performance.getEntriesByName(mark).length > 0, name);
    return (
      (await page.evaluate((mark) => performance.getEntriesByName(mark)[0]?.startTime ?? 0, name)) / 1000
    );
  };
  const figures = { usableSeconds: await secondsTo("usable"), completeSeconds: await secondsTo("complete") };
  await page.close();
  return figures;
}

async function mainThreadShares(profile: BrowserContext, url: string, path: string) {
  const sender = await profile.newPage();
  await sender.goto(url);
  await sender.getByTestId("file-input").setInputFiles(path);
  const link = sender.getByTestId("share-link");
  await link.waitFor();
  const receiver = await profile.newPage();
  await receiver.goto((await link.textContent()) ?? "");
  await receiver.getByTestId("download").click();
  await receiver.locator('[data-testid="share"][data-state="downloading"]').waitFor();

  const meters = await Promise.all([sender, receiver].map(startMeter));
  await receiver.locator('[data-testid="share"][data-state="done"]').waitFor({ timeout: 300_000 });
  const [senderShare = 0, receiverShare = 0] = await Promise.all(meters.map((stop) => stop()));
  return { senderShare, receiverShare };
}

/** @returns what stops it and tells which share of the time the main thread was at work. */
async function startMeter(page: Page): Promise<() => Promise<number>> {
  const devtools = await page.context().newCDPSession(page);
  // What the thread itself took: time that other programs had the processor does not count.
  await devtools.send("Performance.enable", { timeDomain: "threadTicks" });
  const before = await reading(devtools);
  return async () => {
    const after = await reading(devtools);
    return (after.busy - before.busy) / (after.at - before.at);
  };
}

/** Seconds: the clock, and all tasks of the main thread together. */
async function reading(devtools: CDPSession): Promise<{ at: number; busy: number }> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { at: value("Timestamp"), busy: value("TaskDuration") };
}

export function pageTable(figures: PageFigures): string {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return table([
    ["Home can be used on a phone after, s", figures.usableSeconds.toFixed(2)],
    ["all of it is there after, s", figures.completeSeconds.toFixed(2)],
    ["main thread while sending", percent(figures.senderShare)],
    ["main thread while receiving", percent(figures.receiverShare)],
  ]);
}
