/**
 * One part of a crowd (all of it, or the machines of one thread), looked at every virtual second, and what became of it.
 * The seed is the first machine, the leechers come in the order of their numbers, at times that all parts know.
 */
import { Random } from "../engine/random.ts";
import type { Sha256 } from "../engine/units.ts";
import type { CrowdOptions } from "./crowd-options.ts";
import { type Part, WHOLE } from "./network.ts";
import type { SimNode } from "./node.ts";
import { type PartSample, samplePart } from "./sample.ts";
import { singleFile } from "./synthetic-torrent.ts";
import { World } from "./world.ts";

const SAMPLE_MS = 1000;
/** How often it is noted what the seed sent, until the first copy is out. */
const SEED_NOTE_MS = 10;

export interface Finish {
  readonly isFreeRider: boolean;
  /** Seconds from arrival to completion. */
  readonly seconds: number;
}

/** Bytes. */
export interface CrowdTotals {
  readonly uploaded: number;
  readonly downloaded: number;
  readonly wasted: number;
  /** Everything that went into uplinks, and what of it was blocks. */
  readonly sent: number;
  readonly sentBlocks: number;
  /** Blocks that the seed sent. */
  readonly seedUploaded: number;
}

/** Plain data, for another thread. */
export interface PartResult {
  readonly finishes: readonly Finish[];
  /** For each piece, when a leecher of this part first stored it, ms. */
  readonly firstStoredAt: Float64Array;
  /** Bytes that the seed had sent at times (ms) until these leechers held everything; none where it is not. */
  readonly seedNotes: readonly (readonly [at: number, bytes: number])[];
  readonly totals: CrowdTotals;
  readonly last: PartSample;
}

export class CrowdPart {
  readonly world: World;
  readonly #joinedAt = new Map<SimNode, number>();
  readonly #seedNotes: [number, number][] = [];
  readonly #part: Part;
  #origin: SimNode | undefined;
  #number = 0;
  /** Leechers of this part that have not come yet. */
  #expected = 0;

  /** @param onSample called every virtual second. */
  constructor(
    options: CrowdOptions,
    sha256: Sha256,
    onSample: (sample: PartSample) => void,
    part: Part = WHOLE,
  ) {
    const { pieces, pieceBytes, seed, latencyMs, jitter, unreachable, links: maxLinks } = options;
    const network = { seed, latencyMs, jitter, unreachable, maxLinks };
    const world = new World(singleFile(pieces, pieceBytes, sha256), network, part);
    this.world = world;
    this.#part = part;
    const rate = options.up * options.seedRateFactor;
    this.#join(() => {
      this.#origin = world.join({ isSeed: true, upBytesPerSecond: rate, downBytesPerSecond: rate });
      this.#noteSeed(this.#origin);
    });
    const look = () => {
      onSample(samplePart(world));
      world.heap.after(SAMPLE_MS, look);
    };
    world.heap.at(0, look);
    this.#scheduleArrivals(options);
    if (options.leaveWhenDone) world.onComplete = (node) => node.options.isSeed || node.leave();
  }

  /** Leechers of this part that have not come or lack something. */
  get toDo(): number {
    return this.#expected + this.world.downloading;
  }

  result(): PartResult {
    const { world } = this;
    const finishes = world.leechers.flatMap((node) => {
      const { completedAt, options } = node;
      if (completedAt === undefined) return [];
      const seconds = (completedAt - (this.#joinedAt.get(node) ?? 0)) / 1000;
      return [{ isFreeRider: options.isFreeRider ?? false, seconds }];
    });
    const { firstStoredAt } = world;
    const last = samplePart(world);
    return { finishes, firstStoredAt, seedNotes: this.#seedNotes, totals: this.#totals(), last };
  }

  #totals(): CrowdTotals {
    const { nodes } = this.world;
    const sum = (bytes: (node: SimNode) => number) => nodes.reduce((all, node) => all + bytes(node), 0);
    return {
      uploaded: sum(({ swarm }) => swarm.totals.uploaded),
      downloaded: sum(({ swarm }) => swarm.totals.downloaded),
      wasted: sum(({ swarm }) => swarm.totals.wasted),
      sent: sum(({ sentBytes }) => sentBytes),
      sentBlocks: sum(({ sentBlockBytes }) => sentBlockBytes),
      seedUploaded: this.#origin?.swarm.totals.uploaded ?? 0,
    };
  }

  /** Free-riders come evenly among the others, so that the share holds at any time. */
  #scheduleArrivals({ peers, up, down, arrivals, freeRiders, seed }: CrowdOptions): void {
    const { world } = this;
    const random = new Random(seed);
    let at = 0;
    for (let number = 0; number < peers; number++) {
      const isFreeRider = Math.floor((number + 1) * freeRiders) > Math.floor(number * freeRiders);
      const isHere = this.#isHere(number + 2);
      if (isHere) this.#expected++;
      world.heap.at(at, () =>
        this.#join(() => {
          this.#expected--;
          const node = world.join({ upBytesPerSecond: up, downBytesPerSecond: down, isFreeRider });
          this.#joinedAt.set(node, world.heap.now);
        }),
      );
      if (arrivals > 0) at += (-Math.log(1 - random.next()) / arrivals) * 1000;
    }
  }

  /** The next machine comes, here or in another part. */
  #join(join: () => void): void {
    if (this.#isHere(++this.#number)) join();
    else this.world.joinElsewhere();
  }

  #isHere(number: number): boolean {
    return number % this.#part.count === this.#part.index;
  }

  #noteSeed(origin: SimNode): void {
    const { heap, firstStoredAt } = this.world;
    const { uploaded } = origin.swarm.totals;
    if (this.#seedNotes.at(-1)?.[1] !== uploaded) this.#seedNotes.push([heap.now, uploaded]);
    if (firstStoredAt.includes(Infinity)) heap.after(SEED_NOTE_MS, () => this.#noteSeed(origin));
  }
}
