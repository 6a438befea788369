/** Watches how much memory tabs take while something is measured. */
import type { BrowserContext, Page } from "@playwright/test";
import { privateBytes } from "./process-memory.ts";

export interface PeakMemory {
  /** JavaScript heap and array buffers of the page's own thread. */
  readonly pageHeapBytes: number;
  /** Private memory of the largest renderer process, workers and buffers included; 0 where it cannot be read. */
  readonly tabBytes: number;
}

export interface MemoryWatch {
  stop(): Promise<PeakMemory>;
}

const SAMPLE_EVERY_MS = 250;

/** @param page whose heap is watched; renderer processes are watched all. */
export async function watchMemory(profile: BrowserContext, page: Page): Promise<MemoryWatch> {
  const ofPage = await profile.newCDPSession(page);
  const ofBrowser = await profile.browser()?.newBrowserCDPSession();
  let peak: PeakMemory = { pageHeapBytes: 0, tabBytes: 0 };
  let pending = Promise.resolve();

  const sample = async () => {
    const heap: { usedSize: number; backingStorageSize?: number } = await ofPage.send("Runtime.getHeapUsage");
    const { processInfo } = (await ofBrowser?.send("SystemInfo.getProcessInfo")) ?? { processInfo: [] };
    const renderers = processInfo.filter((process) => process.type === "renderer");
    peak = {
      pageHeapBytes: Math.max(peak.pageHeapBytes, heap.usedSize + (heap.backingStorageSize ?? 0)),
      tabBytes: Math.max(peak.tabBytes, ...renderers.map((process) => privateBytes(process.id))),
    };
  };
  const timer = setInterval(() => {
    // A sample that fails because the tab has just gone is one sample less.
    pending = pending.then(sample).catch(() => undefined);
  }, SAMPLE_EVERY_MS);

  return {
    stop: async () => {
      clearInterval(timer);
      await pending;
      return peak;
    },
  };
}
