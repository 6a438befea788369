/**
 * What the threads of a tab hold, each asked on its own: the page, the swarm's worker and the service worker. Heaps
 * are JavaScript objects and array buffers together; the process also has what the browser itself keeps for them.
 */
import type { Browser, CDPSession, Page } from "puppeteer-core";
import { privateBytes } from "../process-memory.ts";

export interface Sample {
  /** Since the curve began. */
  readonly seconds: number;
  /** What was going on. */
  readonly phase: string;
  readonly pageBytes: number;
  readonly workerBytes: number;
  /** 0 while there is none. */
  readonly serviceWorkerBytes: number;
  /** Private memory of the tab's process, and of the browser's own. */
  readonly tabBytes: number;
  readonly browserBytes: number;
}

const SAMPLE_EVERY_MS = 500;

/** Samples one tab until it is stopped. */
export class HeapCurve {
  readonly samples: Sample[] = [];
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #phase: () => string;
  readonly #onSample: (sample: Sample) => void;
  readonly #startedAt = performance.now();
  readonly #timer: ReturnType<typeof setInterval>;
  #pending = Promise.resolve();
  #system: Promise<CDPSession>;

  constructor(browser: Browser, page: Page, phase: () => string, onSample: (sample: Sample) => void) {
    this.#onSample = onSample;
    this.#browser = browser;
    this.#page = page;
    this.#phase = phase;
    this.#system = browser.target().createCDPSession();
    this.#timer = setInterval(() => {
      // A sample that fails because a thread has just gone is one sample less.
      this.#pending = this.#pending.then(() => this.#sample()).catch(() => undefined);
    }, SAMPLE_EVERY_MS);
  }

  async stop(): Promise<readonly Sample[]> {
    clearInterval(this.#timer);
    await this.#pending;
    return this.samples;
  }

  async #sample(): Promise<void> {
    const phase = this.#phase();
    const page = await this.#page.createCDPSession();
    const pageBytes = await heapOf(page);
    await page.detach();
    const [worker] = this.#page.workers();
    const workerBytes = worker === undefined ? 0 : await heapOf(worker.client);
    const { processInfo } = await (await this.#system).send("SystemInfo.getProcessInfo");
    const privateOf = (type: string) =>
      Math.max(0, ...processInfo.filter((one) => one.type === type).map(({ id }) => privateBytes(id)));
    const sample = {
      seconds: (performance.now() - this.#startedAt) / 1000,
      phase,
      pageBytes,
      workerBytes,
      serviceWorkerBytes: await this.#serviceWorkerBytes(),
      tabBytes: privateOf("renderer"),
      browserBytes: privateOf("browser"),
    };
    this.samples.push(sample);
    this.#onSample(sample);
  }

  async #serviceWorkerBytes(): Promise<number> {
    const target = this.#browser.targets().find((one) => one.type() === "service_worker");
    const worker = await target?.worker();
    return worker ? heapOf(worker.client) : 0;
  }
}

async function heapOf(thread: CDPSession): Promise<number> {
  // The protocol has the second figure; the types are from before that.
  const heap: { usedSize: number; backingStorageSize?: number } = await thread.send("Runtime.getHeapUsage");
  return heap.usedSize + (heap.backingStorageSize ?? 0);
}
