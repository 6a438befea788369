/** How fast a dropped file becomes a link, beside the plain digests that this has to contain. */
import type { BrowserContext } from "@playwright/test";
import { startServer } from "../tools/server.ts";
import { watchMemory } from "./memory.ts";
import { shareWithShoal } from "./shoal.ts";

export interface CreationFigures {
  /** Bytes of the file over the time from choosing it to seeing the link. */
  readonly rateBytesPerSecond: number;
  /** SHA-256 of 16 KiB blocks in memory, many in flight, in the same page. */
  readonly digestBytesPerSecond: number;
  /** Of the page's own thread, with the share made and garbage collected. */
  readonly pageHeapBytes: number;
  readonly peakTabBytes: number;
}

export async function measureCreation(
  profile: BrowserContext,
  path: string,
  size: number,
): Promise<CreationFigures> {
  const server = await startServer({ LIMITS: "off" });
  try {
    const page = await profile.newPage();
    await page.addInitScript("globalThis.__name = (named) => named");
    await page.goto(server.url);
    const digestBytesPerSecond = await page.evaluate(digestRate);

    const memory = await watchMemory(profile, page);
    const startedAt = performance.now();
    await shareWithShoal(page, path);
    const seconds = (performance.now() - startedAt) / 1000;
    const { tabBytes } = await memory.stop();

    const devtools = await profile.newCDPSession(page);
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    return {
      rateBytesPerSecond: size / seconds,
      digestBytesPerSecond,
      pageHeapBytes: usedSize,
      peakTabBytes: tabBytes,
    };
  } finally {
    await server.stop();
  }
}

/** Runs in the page. */
async function digestRate(): Promise<number> {
  const BLOCK_BYTES = 16_384;
  const IN_FLIGHT = 256;
  const ROUNDS = 64;
  const blocks = Array.from({ length: IN_FLIGHT }, () => crypto.getRandomValues(new Uint8Array(BLOCK_BYTES)));
  const startedAt = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all(blocks.map((block) => crypto.subtle.digest("SHA-256", block)));
  }
  return (BLOCK_BYTES * IN_FLIGHT * ROUNDS) / ((performance.now() - startedAt) / 1000);
}
