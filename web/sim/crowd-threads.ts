/**
 * A crowd on several threads. Each simulates a part of the machines (`windows.ts`) and tells this one what it sees every
 * virtual second; nothing else happens here meanwhile.
 */
import { Worker } from "node:worker_threads";
import type { CrowdOptions } from "./crowd-options.ts";
import type { PartResult } from "./crowd-part.ts";
import { type CrowdRun, crowdRun } from "./flash-crowd.ts";
import { type PartSample, type Sample, wholeSample } from "./sample.ts";
import { type SharedWindows, sharedWindows } from "./windows.ts";

/** What a thread begins with. */
export interface CrowdTask {
  readonly options: CrowdOptions;
  readonly index: number;
  readonly shared: SharedWindows;
}

/** What a thread says. */
export type CrowdNews =
  | { readonly type: "sample"; readonly sample: PartSample }
  | { readonly type: "result"; readonly result: PartResult };

/** V8's nursery for each thread, MiB: three semi-spaces of 128. */
const NURSERY_MIB = 384;

/** Threads do not inherit what turns TypeScript into JavaScript. */
const BEGIN = `
  const { workerData } = require("node:worker_threads");
  import("tsx/esm/api").then(({ register }) => {
    register();
    return import(workerData.script);
  });`;

/** The least time in which anything gets from one machine to another, ms. */
export function lookaheadMs({ latencyMs, jitter }: CrowdOptions): number {
  return latencyMs * (1 - jitter);
}

/** @throws what went wrong in a thread. */
export async function runCrowdOnThreads(options: CrowdOptions, threads: number): Promise<CrowdRun> {
  const shared = sharedWindows(threads, lookaheadMs(options));
  const samples: Sample[] = [];
  /** Of each thread, what was not put together with those of the others. */
  const waiting: PartSample[][] = Array.from({ length: threads }, () => []);
  const onSample = (index: number, sample: PartSample) => {
    waiting[index]?.push(sample);
    if (!waiting.every(([first]) => first !== undefined)) return;
    samples.push(wholeSample(waiting.flatMap((of) => of.shift() ?? [])));
  };
  const workers: Worker[] = [];
  try {
    const results = Array.from({ length: threads }, (_, index) => {
      const worker = beginThread({ options, index, shared });
      workers.push(worker);
      return new Promise<PartResult>((resolve, reject) => {
        worker.on("error", reject);
        worker.on("message", (news: CrowdNews) => {
          if (news.type === "sample") onSample(index, news.sample);
          else resolve(news.result);
        });
      });
    });
    return crowdRun(options, samples, await Promise.all(results));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function beginThread(task: CrowdTask): Worker {
  const script = new URL("./crowd-thread.ts", import.meta.url).href;
  const resourceLimits = { maxYoungGenerationSizeMb: NURSERY_MIB };
  return new Worker(BEGIN, { eval: true, workerData: { script, task }, resourceLimits });
}
