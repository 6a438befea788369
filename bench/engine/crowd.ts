/**
 * One flash crowd as the command line runs it, in a process of its own, so that its memory is its own. Prints one line
 * of JSON.
 */
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { crowdFigures } from "../../web/sim/crowd-figures.ts";
import { CROWD_DEFAULTS, LARGE_CROWD } from "../../web/sim/crowd-options.ts";
import { runCrowdOn, threadsFor } from "../../web/sim/crowd-threads.ts";

/** Of all peers together. */
export interface CrowdCosts {
  readonly blocks: number;
  /** As many as the command line takes for such a crowd. */
  readonly threads: number;
  readonly wallSeconds: number;
  /** The most that the process had at any time. */
  readonly memoryMiB: number;
  /** Microseconds for one block from one peer to another, of all threads together: within the engines, and everything. */
  readonly enginePerBlock: number;
  readonly perBlock: number;
}

async function costsOf(peers: number, pieces: number, seed: number): Promise<CrowdCosts> {
  const options = { ...CROWD_DEFAULTS, ...LARGE_CROWD, peers, pieces, seed };
  const threads = threadsFor(options, undefined, availableParallelism());
  const startedAt = performance.now();
  const run = await runCrowdOn(threads, options, true);
  const wallMs = performance.now() - startedAt;
  const { blocks } = crowdFigures(run);
  return {
    blocks,
    threads,
    wallSeconds: wallMs / 1000,
    memoryMiB: process.resourceUsage().maxRSS / 1024,
    enginePerBlock: (run.engineMs * 1000) / blocks,
    perBlock: (wallMs * 1000 * threads) / blocks,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [peers = 1, pieces = 1, seed = 1] = process.argv.slice(2).map(Number);
  console.log(JSON.stringify(await costsOf(peers, pieces, seed)));
}
