/**
 * One seed and a crowd of leechers that come all at once (or over time), watched every virtual second until
 * all have everything.
 */
import { BLOCK_BYTES } from "../engine/limits.ts";
import type { Sha256 } from "../engine/units.ts";
import { DIALLED_OF_LINKS, LINKS_PER_SHARE } from "../session/limits.ts";
import { shortestDistribution } from "./bounds.ts";
import type { SimNode } from "./node.ts";
import { type Sample, takeSample } from "./sample.ts";
import { singleFile } from "./synthetic-torrent.ts";
import { World } from "./world.ts";

export interface CrowdOptions {
  readonly peers: number;
  readonly pieces: number;
  readonly seed: number;
  readonly pieceBytes: number;
  /** Uplink of the seed, in uplinks of a leecher. */
  readonly seedRateFactor: number;
  /** Bytes per second of a leecher. */
  readonly up: number;
  readonly down: number;
  /** One way, ms; each machine's own differs from it by up to `jitter` of it. */
  readonly latencyMs: number;
  readonly jitter: number;
  /** Links that a newcomer opens, at most. */
  readonly links: number;
  /** Share of introductions that fail. */
  readonly unreachable: number;
  /** Leechers that arrive per second (Poisson); 0: all at once. */
  readonly arrivals: number;
  /** Share of leechers that give nothing. */
  readonly freeRiders: number;
  /** Leechers leave as soon as they have everything. */
  readonly leaveWhenDone: boolean;
  /** Virtual seconds after which the run is given up. */
  readonly limitSeconds: number;
}

export const CROWD_DEFAULTS: CrowdOptions = {
  peers: 100,
  pieces: 400,
  seed: 1,
  pieceBytes: BLOCK_BYTES,
  seedRateFactor: 10,
  up: 50_000,
  down: 400_000,
  latencyMs: 30,
  jitter: 0.5,
  links: Math.ceil(LINKS_PER_SHARE * DIALLED_OF_LINKS),
  unreachable: 0,
  arrivals: 0,
  freeRiders: 0,
  leaveWhenDone: false,
  limitSeconds: 36_000,
};

/**
 * The crowd of the command line and of the benchmark. A piece is 32 KiB, two blocks, so that several peers can give one
 * and a thousand peers with 400 of them take about a minute. Each piece is said to every link: with pieces that
 * small a newcomer dials 8 others, not the 12 of a tab, and control stays below one byte in a hundred.
 */
export const LARGE_CROWD = { pieceBytes: 2 * BLOCK_BYTES, links: 8 } as const satisfies Partial<CrowdOptions>;

export interface CrowdRun {
  readonly options: CrowdOptions;
  readonly world: World;
  readonly samples: readonly Sample[];
  /** Seconds from arrival to completion of each leecher that finished, ascending. */
  readonly contributors: readonly number[];
  readonly freeRiders: readonly number[];
  /** Virtual seconds until the leechers held everything among them. */
  readonly firstCopyAt: number;
  /** Copies that the seed had sent by then. */
  readonly copiesAtFirstCopy: number;
  readonly shortestSeconds: number;
}

export function runCrowd(given: Partial<CrowdOptions>, sha256: Sha256): CrowdRun {
  const options = { ...CROWD_DEFAULTS, ...given };
  const { peers, pieces, pieceBytes, up, down } = options;
  const { seed, latencyMs, jitter, unreachable, links: maxLinks } = options;
  const world = new World(singleFile(pieces, pieceBytes, sha256), {
    seed,
    latencyMs,
    jitter,
    unreachable,
    maxLinks,
  });
  const seedRate = up * options.seedRateFactor;
  const origin = world.join({ isSeed: true, upBytesPerSecond: seedRate, downBytesPerSecond: seedRate });
  const joinedAt = new Map<SimNode, number>();
  scheduleArrivals(world, options, (node) => joinedAt.set(node, world.heap.now));
  if (options.leaveWhenDone) world.onComplete = (node) => node.options.isSeed || node.leave();

  const samples: Sample[] = [];
  let firstCopyAt = Infinity;
  let copiesAtFirstCopy = Number.NaN;
  let storedSeen = 0;
  let nextSampleAt = 0;
  const isOver = () => {
    if (world.heap.now >= nextSampleAt) {
      samples.push(takeSample(world));
      nextSampleAt = world.heap.now + 1000;
    }
    if (firstCopyAt === Infinity && world.storedCount !== storedSeen) {
      storedSeen = world.storedCount;
      if (storedSeen >= pieces && world.piecesHeld(origin) === pieces) {
        firstCopyAt = world.heap.now / 1000;
        copiesAtFirstCopy = world.seedCopies;
      }
    }
    return joinedAt.size === peers && world.isEveryoneDone;
  };
  world.runUntil(isOver, options.limitSeconds * 1000);
  samples.push(takeSample(world));
  const finish = (isFreeRider: boolean) =>
    world.leechers
      .filter((node) => node.completedAt !== undefined && (node.options.isFreeRider ?? false) === isFreeRider)
      .map((node) => ((node.completedAt ?? 0) - (joinedAt.get(node) ?? 0)) / 1000)
      .sort((a, b) => a - b);
  return {
    options,
    world,
    samples,
    contributors: finish(false),
    freeRiders: finish(true),
    firstCopyAt,
    copiesAtFirstCopy,
    shortestSeconds: shortestDistribution({
      fileBytes: pieces * pieceBytes,
      seedRate,
      leechers: peers,
      leecherUpRate: up * (1 - options.freeRiders),
      leecherDownRate: down,
    }),
  };
}

/** Free-riders come evenly among the others, so that the share holds at any time. */
function scheduleArrivals(world: World, options: CrowdOptions, onJoined: (node: SimNode) => void): void {
  const { peers, up, down, arrivals, freeRiders } = options;
  let at = 0;
  for (let number = 0; number < peers; number++) {
    const isFreeRider = Math.floor((number + 1) * freeRiders) > Math.floor(number * freeRiders);
    const join = () => onJoined(world.join({ upBytesPerSecond: up, downBytesPerSecond: down, isFreeRider }));
    world.heap.at(at, join);
    if (arrivals > 0) at += (-Math.log(1 - world.random.next()) / arrivals) * 1000;
  }
}
