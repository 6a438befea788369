/** Swarms of some who give and some who only take, as the tests and the table (`npm run bench:literature`) play them. */
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { runChurn } from "../churn.ts";
import { quantile } from "../crowd-figures.ts";
import { digests } from "../digests.ts";
import type { SimNode } from "../node.ts";
import { singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";

/**
 * Median seconds of all who finish, over several runs, as few people scatter widely: people come and go, three seeds
 * stay, downlinks are narrow. Some 16 are here at a time. With four free-riders in five all uplinks are still more than
 * these downlinks, with 19 in 20 they are not.
 *
 * @param freeRiders their share.
 * @param seeds one run of each.
 */
export function medianWithNarrowDownlinks(freeRiders: number, seeds: readonly number[]): number {
  const swarm = { freeRiders, arrivalsPerSecond: 0.25, pieces: 30, seconds: 400 };
  const rates = { up: 40_000, down: 12_000, seeds: 3, seedUp: 30_000 };
  const times = seeds.flatMap((seed) => {
    const run = runChurn({ ...swarm, ...rates, seed }, digests.sha256);
    return [...run.contributors, ...run.freeRiders];
  });
  return median(times);
}

const LEECHERS = 40;
const UP = 10_000;
/** Four seeds that each give five times what a leecher gives: slots enough that everybody is served soon. */
const SEEDS = { count: 4, up: 5 * UP };

/** A download of half an hour: in the first minutes those who give have yet to find each other. */
export const LONG = 800;
export const SHORT = 400;

export interface Crowd {
  readonly world: World;
  readonly contributors: readonly SimNode[];
  readonly freeRiders: readonly SimNode[];
}

/** All come at once, and a download lasts as long as many rounds of the choker: uplinks are the limit. */
export function crowdWith(freeRiders: number, pieces: number, seed: number): Crowd {
  const torrent = singleFile(pieces, 2 * BLOCK_BYTES, digests.sha256);
  const world = new World(torrent, { seed, maxLinks: 80, places: 80 });
  for (let i = 0; i < SEEDS.count; i++) world.join({ holds: "everything", upBytesPerSecond: SEEDS.up });
  const nodes = Array.from({ length: LEECHERS }, (_, number) => {
    const isFreeRider = Math.floor((number + 1) * freeRiders) > Math.floor(number * freeRiders);
    return world.join({ upBytesPerSecond: UP, downBytesPerSecond: 20 * UP, isFreeRider });
  });
  const ofKind = (isFreeRider: boolean) => nodes.filter((node) => node.options.isFreeRider === isFreeRider);
  return { world, contributors: ofKind(false), freeRiders: ofKind(true) };
}

export const isDone = (node: SimNode): boolean => node.completedAt !== undefined;

/** Seconds, the median of those who give. Throws if one of them never finishes. */
export function contributorsMedianWith(freeRiders: number, seed: number): number {
  const { world, contributors } = crowdWith(freeRiders, LONG, seed);
  if (!world.runUntil(() => contributors.every(isDone), 10_000_000))
    throw new Error("somebody who gives never finished");
  return median(contributors.map((node) => (node.completedAt ?? Infinity) / 1000));
}

/** What those who give gave to free-riders, of all that they gave. */
export function shareOfFreeRiders({ contributors, freeRiders }: Crowd): number {
  const riders = new Set(freeRiders.map(({ id }) => id));
  const given = contributors.flatMap((node) => node.snapshot().peers);
  const sum = (peers: typeof given) => peers.reduce((bytes, { uploaded }) => bytes + uploaded, 0);
  return sum(given.filter(({ peer }) => riders.has(peer))) / sum(given);
}

function median(times: readonly number[]): number {
  return quantile(
    times.toSorted((a, b) => a - b),
    0.5,
  );
}
