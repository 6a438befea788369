/** What the literature says of who gives and who does not, seen in the simulator. */
import { expect } from "vitest";
import { BLOCK_BYTES, OPTIMISTIC_SHARE } from "../../engine/limits.ts";
import { runChurn } from "../churn.ts";
import { quantile } from "../crowd-figures.ts";
import type { SimNode } from "../node.ts";
import { scenario, sha256 } from "../scenarios/scenario.ts";
import { singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";

/**
 * Median seconds of all who finish, over four runs, as few people scatter widely: people come and go, three seeds stay,
 * downlinks are narrow. Some 16 are here at a time. With four free-riders in five all uplinks are still more than these
 * downlinks, with 19 in 20 they are not.
 */
function medianWith(freeRiders: number): number {
  const swarm = { freeRiders, arrivalsPerSecond: 0.25, pieces: 30, seconds: 400 };
  const rates = { up: 40_000, down: 12_000, seeds: 3, seedUp: 30_000 };
  const times = [1, 2, 3, 4].flatMap((seed) => {
    const run = runChurn({ ...swarm, ...rates, seed }, sha256);
    return [...run.contributors, ...run.freeRiders];
  });
  return quantile(
    times.sort((a, b) => a - b),
    0.5,
  );
}

scenario("[Legout et al. 2006] where downlinks are the limit free-riders cost everybody little at 50 % and 80 %, and clearly some at 95 %", () => {
  const [none, half, most, nearlyAll] = [0, 0.5, 0.8, 0.95].map(medianWith);
  if (none === undefined) throw new Error("four shares have four medians");
  expect(half).toBeLessThan(1.1 * none);
  expect(most).toBeLessThan(1.1 * none);
  expect(nearlyAll).toBeGreaterThan(1.12 * none);
}, [1]);

const LEECHERS = 40;
const UP = 10_000;
/** Four seeds that each give five times what a leecher gives: slots enough that everybody is served soon. */
const SEEDS = { count: 4, up: 5 * UP };

interface Crowd {
  readonly world: World;
  readonly contributors: readonly SimNode[];
  readonly freeRiders: readonly SimNode[];
}

/** All come at once, and a download lasts as long as many rounds of the choker: uplinks are the limit. */
function crowdWith(freeRiders: number, pieces: number, seed: number): Crowd {
  const world = new World(singleFile(pieces, 2 * BLOCK_BYTES, sha256), { seed, maxLinks: 80, places: 80 });
  for (let i = 0; i < SEEDS.count; i++) world.join({ holds: "everything", upBytesPerSecond: SEEDS.up });
  const nodes = Array.from({ length: LEECHERS }, (_, number) => {
    const isFreeRider = Math.floor((number + 1) * freeRiders) > Math.floor(number * freeRiders);
    return world.join({ upBytesPerSecond: UP, downBytesPerSecond: 20 * UP, isFreeRider });
  });
  const ofKind = (isFreeRider: boolean) => nodes.filter((node) => node.options.isFreeRider === isFreeRider);
  return { world, contributors: ofKind(false), freeRiders: ofKind(true) };
}

const isDone = (node: SimNode) => node.completedAt !== undefined;

/** A download of half an hour: in the first minutes those who give have yet to find each other. */
const LONG = 800;
const SHORT = 400;

/** Seconds, the median of those who give. */
function contributorsMedianWith(freeRiders: number, seed: number): number {
  const { world, contributors } = crowdWith(freeRiders, LONG, seed);
  expect(world.runUntil(() => contributors.every(isDone), 10_000_000)).toBe(true);
  const times = contributors.map((node) => (node.completedAt ?? Infinity) / 1000).sort((a, b) => a - b);
  return quantile(times, 0.5);
}

/**
 * Where uplinks are the limit somebody has to pay for those who give nothing, as what leaves the uplinks is all that
 * arrives: with the seeds' equal service the last of all cannot be done before N·F/(u_s + Σu) (Kumar and Ross), which
 * is 1.5 times as long with half of these leechers, and 2.1 times with a fifth. The choker makes the free-riders pay. With
 * fewer contributors than these eight, what the seeds give them is hardly enough that they have something for each other.
 */
scenario(
  "[Legout et al. 2006] where uplinks are the limit free-riders cost those who give at most a tenth at 50 % and 80 %, and clearly some at 95 %",
  (seed) => {
    const [none = Number.NaN, half, most] = [0, 0.5, 0.8].map((share) => contributorsMedianWith(share, seed));
    expect(half).toBeLessThan(1.1 * none);
    expect(most).toBeLessThan(1.1 * none);
    const { world, contributors } = crowdWith(0.95, LONG, seed);
    expect(world.runUntil(() => contributors.some(isDone), 1.5 * 1000 * none)).toBe(false);
  },
  [1],
);

scenario(
  "28: free-riders get the optimistic share alone, and finish after the last of those who give",
  (seed) => {
    const { world, contributors, freeRiders } = crowdWith(0.5, SHORT, seed);
    const riders = new Set(freeRiders.map(({ id }) => id));
    const count = () => contributors.filter(isDone).length;
    expect(world.runUntil(() => count() >= 1, 10_000_000)).toBe(true);
    const given = contributors.flatMap((node) => node.snapshot().peers);
    const sum = (peers: typeof given) => peers.reduce((bytes, { uploaded }) => bytes + uploaded, 0);
    expect(sum(given.filter(({ peer }) => riders.has(peer))) / sum(given)).toBeLessThan(
      1.6 * OPTIMISTIC_SHARE,
    );
    expect(world.runUntil(() => count() === contributors.length, 10_000_000)).toBe(true);
    expect(freeRiders.filter(isDone)).toEqual([]);
  },
);
