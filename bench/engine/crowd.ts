/**
 * One flash crowd in a process of its own, so that its memory is its own. Prints one line of JSON.
 *
 * What passes within the engine is measured around each of its steps; the clock itself is part of that, some
 * hundredths of a microsecond a step.
 */
import { pathToFileURL } from "node:url";
import { Swarm } from "../../web/engine/swarm.ts";
import { crowdFigures } from "../../web/sim/crowd-figures.ts";
import { LARGE_CROWD } from "../../web/sim/crowd-options.ts";
import { digests } from "../../web/sim/digests.ts";
import { runCrowd } from "../../web/sim/flash-crowd.ts";

/** Of all peers together. */
export interface CrowdCosts {
  readonly blocks: number;
  readonly wallSeconds: number;
  readonly memoryMiB: number;
  /** Microseconds for one block from one peer to another: everything, and what of it is the engines'. */
  readonly perBlock: number;
  readonly enginePerBlock: number;
}

function costsOf(peers: number, pieces: number, seed: number): CrowdCosts {
  let engineMs = 0;
  const { step } = Swarm.prototype;
  Swarm.prototype.step = function (input, now) {
    const startedAt = performance.now();
    const outputs = step.call(this, input, now);
    engineMs += performance.now() - startedAt;
    return outputs;
  };
  const startedAt = performance.now();
  const run = runCrowd({ ...LARGE_CROWD, peers, pieces, seed }, digests.sha256);
  const wallMs = performance.now() - startedAt;
  const { blocks } = crowdFigures(run);
  return {
    blocks,
    wallSeconds: wallMs / 1000,
    memoryMiB: process.memoryUsage().rss / 2 ** 20,
    perBlock: (wallMs * 1000) / blocks,
    enginePerBlock: (engineMs * 1000) / blocks,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [peers = 1, pieces = 1, seed = 1] = process.argv.slice(2).map(Number);
  console.log(JSON.stringify(costsOf(peers, pieces, seed)));
}
