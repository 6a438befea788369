/**
 * A swarm that people come to and leave at any time: arrivals are a Poisson process, how long somebody stays after
 * finishing and how long somebody waits before giving up are exponential (Qiu and Srikant, SIGCOMM 2004).
 *
 * Everything random comes from the seed.
 */
import { BLOCK_BYTES } from "../engine/limits.ts";
import type { Sha256 } from "../engine/units.ts";
import type { SimNode } from "./node.ts";
import { singleFile } from "./synthetic-torrent.ts";
import { type JoinOptions, World } from "./world.ts";

export interface ChurnOptions {
  readonly seed: number;
  /** Pieces of one block. */
  readonly pieces: number;
  /** Virtual seconds in which people arrive and are watched. */
  readonly seconds: number;
  readonly arrivalsPerSecond: number;
  /** Bytes per second of a leecher. */
  readonly up: number;
  readonly down: number;
  /** Seeds that are there from the beginning and never leave, and the uplink of each. */
  readonly seeds: number;
  readonly seedUp: number;
  /** Mean seconds that somebody stays after finishing; 0 to leave at once. */
  readonly staysSeconds: number;
  /** Mean seconds after which somebody gives up. */
  readonly waitsSeconds: number;
  /** Share of arrivals that give nothing. */
  readonly freeRiders: number;
}

export const CHURN_DEFAULTS: ChurnOptions = {
  seed: 1,
  pieces: 40,
  seconds: 300,
  arrivalsPerSecond: 0.5,
  up: 20_000,
  down: 400_000,
  seeds: 1,
  seedUp: 20_000,
  staysSeconds: 0,
  waitsSeconds: Infinity,
  freeRiders: 0,
};

export interface ChurnSample {
  readonly at: number;
  readonly leechers: number;
  /** Those who came, finished and are still here. */
  readonly finished: number;
}

export interface ChurnRun {
  readonly world: World;
  /** One a second. */
  readonly samples: readonly ChurnSample[];
  /** Seconds from arrival to the last piece, of those who finished, in the order of arrival. */
  readonly contributors: readonly number[];
  readonly freeRiders: readonly number[];
  readonly gaveUp: number;
}

/** @param begin adds who is there at the beginning besides the seeds. */
export function runChurn(
  given: Partial<ChurnOptions>,
  sha256: Sha256,
  begin: (world: World, join: (options: JoinOptions) => void) => void = () => {},
): ChurnRun {
  const options = { ...CHURN_DEFAULTS, ...given };
  const world = new World(singleFile(options.pieces, BLOCK_BYTES, sha256), {
    seed: options.seed,
    maxLinks: 20,
  });
  const arrivedAt = new Map<SimNode, number>();
  let gaveUp = 0;
  const join = (more: JoinOptions = {}) => {
    const { up: upBytesPerSecond, down: downBytesPerSecond } = options;
    const node = world.join({ upBytesPerSecond, downBytesPerSecond, ...more });
    arrivedAt.set(node, world.heap.now);
    if (options.waitsSeconds === Infinity) return;
    world.heap.after(exponential(world, options.waitsSeconds) * 1000, () => {
      if (node.completedAt !== undefined || node.isGone) return;
      gaveUp++;
      node.leave();
    });
  };
  for (let i = 0; i < options.seeds; i++) {
    world.join({
      upBytesPerSecond: options.seedUp,
      ...(i === 0 ? { isSeed: true } : { holds: "everything" }),
    });
  }
  world.onComplete = (node) => {
    const stays = options.staysSeconds === 0 ? 0 : exponential(world, options.staysSeconds);
    if (arrivedAt.has(node)) world.heap.after(stays * 1000, () => node.leave());
  };
  begin(world, join);
  let number = 0;
  const arrive = () => {
    const { freeRiders } = options;
    const isFreeRider = Math.floor((number + 1) * freeRiders) > Math.floor(number * freeRiders);
    number++;
    join({ isFreeRider });
    world.heap.after((exponential(world, 1) / options.arrivalsPerSecond) * 1000, arrive);
  };
  world.heap.after((exponential(world, 1) / options.arrivalsPerSecond) * 1000, arrive);

  const samples: ChurnSample[] = [];
  for (let second = 0; second < options.seconds; second++) {
    world.runFor(1000);
    const here = [...arrivedAt.keys()].filter((node) => !node.isGone);
    const finished = here.filter((node) => node.completedAt !== undefined).length;
    samples.push({ at: second + 1, leechers: here.length - finished, finished });
  }
  const times = (isFreeRider: boolean) =>
    [...arrivedAt].flatMap(([node, at]) => {
      const isAsked = (node.options.isFreeRider ?? false) === isFreeRider;
      return isAsked && node.completedAt !== undefined ? [(node.completedAt - at) / 1000] : [];
    });
  return { world, samples, contributors: times(false), freeRiders: times(true), gaveUp };
}

function exponential(world: World, mean: number): number {
  return -Math.log(1 - world.random.next()) * mean;
}
