/**
 * A crowd on several threads. Each simulates a part of the machines (`windows.ts`) and tells this one what it sees every
 * virtual second; nothing else happens here meanwhile.
 */
import { Worker } from "node:worker_threads";
import { BLOCK_BYTES } from "../engine/limits.ts";
import type { CrowdOptions } from "./crowd-options.ts";
import type { PartResult } from "./crowd-part.ts";
import { digests } from "./digests.ts";
import { measureEngine } from "./engine-time.ts";
import { type CrowdRun, crowdRun, runCrowd } from "./flash-crowd.ts";
import { type PartSample, type Sample, wholeSample } from "./sample.ts";
import { type SharedWindows, sharedWindows } from "./windows.ts";

/** What a thread begins with. */
export interface CrowdTask {
  readonly options: CrowdOptions;
  readonly isMeasured: boolean;
  readonly index: number;
  readonly shared: SharedWindows;
}

/** What a thread says. */
export type CrowdNews =
  | { readonly type: "sample"; readonly sample: PartSample }
  | { readonly type: "result"; readonly result: PartResult; readonly engineMs: number };

export interface MeasuredRun extends CrowdRun {
  /** Milliseconds within the engines, of all threads together; NaN if it was not measured. */
  readonly engineMs: number;
}

/** More threads than this were not tried on enough cores. */
export const MOST_THREADS = 4;

/** Blocks that a run must have for a second thread: some seconds of work, against one to start threads. */
const BLOCKS_WORTH_A_THREAD = 50_000;

/** And blocks that leave in the time between two meetings of the threads, or they meet more than they work. */
const BLOCKS_WORTH_A_MEETING = 15;

/** With less, threads would wait for each other more than they work, ms. */
const LEAST_LOOKAHEAD_MS = 1;

/** V8's nursery for each thread, MiB: three semi-spaces of 128. */
const NURSERY_MIB = 384;

/** Threads do not inherit what turns TypeScript into JavaScript. */
const BEGIN = `
  const { workerData } = require("node:worker_threads");
  import("tsx/esm/api").then(({ register }) => {
    register();
    return import(workerData.script);
  });`;

/** How many threads a crowd is run on. @param wanted undefined for as many as are worth it. */
export function threadsFor(options: CrowdOptions, wanted: number | undefined, cores: number): number {
  if (lookaheadMs(options) < LEAST_LOOKAHEAD_MS) return 1;
  if (wanted !== undefined) return wanted;
  const { peers, pieces, pieceBytes, up, arrivals } = options;
  const fileBytes = pieces * pieceBytes;
  /** Those who come one by one leave after about the time in which they give as much as they take. */
  const present = arrivals === 0 ? peers : Math.min(peers, (arrivals * fileBytes) / up);
  const blocksAMeeting = (present * up * lookaheadMs(options)) / 1000 / BLOCK_BYTES;
  const blocks = (peers * fileBytes) / BLOCK_BYTES;
  const isWorthIt = blocks >= BLOCKS_WORTH_A_THREAD && blocksAMeeting >= BLOCKS_WORTH_A_MEETING;
  return isWorthIt ? Math.min(2, cores) : 1;
}

/** The least time in which anything gets from one machine to another, ms. */
function lookaheadMs({ latencyMs, jitter }: CrowdOptions): number {
  return latencyMs * (1 - jitter);
}

/** The same options and as many threads give the same run. @throws what went wrong in a thread. */
export async function runCrowdOn(
  threads: number,
  options: CrowdOptions,
  isMeasured = false,
): Promise<MeasuredRun> {
  if (threads > 1) return runOnThreads(threads, options, isMeasured);
  const engineMs = isMeasured ? measureEngine() : () => Number.NaN;
  const { world: _, ...run } = runCrowd(options, digests.sha256);
  return { ...run, engineMs: engineMs() };
}

async function runOnThreads(
  threads: number,
  options: CrowdOptions,
  isMeasured: boolean,
): Promise<MeasuredRun> {
  const shared = sharedWindows(threads, lookaheadMs(options));
  const workers = Array.from({ length: threads }, (_, index) =>
    beginThread({ options, isMeasured, index, shared }),
  );
  const samples = new WholeSamples(threads);
  try {
    const news = workers.map((worker, index) => resultOf(worker, (sample) => samples.add(index, sample)));
    const results = await Promise.all(news);
    const engineMs = results.reduce((sum, result) => sum + result.engineMs, 0);
    return {
      ...crowdRun(
        options,
        samples.whole,
        results.map(({ result }) => result),
      ),
      engineMs,
    };
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function beginThread(task: CrowdTask): Worker {
  const script = new URL("./crowd-thread.ts", import.meta.url).href;
  const resourceLimits = { maxYoungGenerationSizeMb: NURSERY_MIB };
  return new Worker(BEGIN, { eval: true, workerData: { script, task }, resourceLimits });
}

function resultOf(
  worker: Worker,
  onSample: (sample: PartSample) => void,
): Promise<Extract<CrowdNews, { type: "result" }>> {
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", (news: CrowdNews) => {
      if (news.type === "sample") onSample(news.sample);
      else resolve(news);
    });
  });
}

/** Puts together what the parts saw at the same moments. */
class WholeSamples {
  readonly whole: Sample[] = [];
  /** Of each part, what the others have not come to yet. */
  readonly #waiting: PartSample[][];

  constructor(parts: number) {
    this.#waiting = Array.from({ length: parts }, () => []);
  }

  add(part: number, sample: PartSample): void {
    this.#waiting[part]?.push(sample);
    if (this.#waiting.every(({ length }) => length > 0))
      this.whole.push(wholeSample(this.#waiting.flatMap((samples) => samples.shift() ?? [])));
  }
}
