/** A swarm at one moment of a simulation, for figures and plots. */
import type { SimNode } from "./node.ts";
import type { World } from "./world.ts";

export interface Sample {
  /** Virtual seconds since the simulation began. */
  readonly at: number;
  /** Leechers that came so far, and those that have everything. */
  readonly leechers: number;
  readonly finished: number;
  /** Bytes that all leechers sent so far. */
  readonly leechersSent: number;
  /** Bytes per second that the leechers here could send, free-riders left out. */
  readonly uplinks: number;
  /** Copies of the rarest piece and of all pieces on average, the seed's included. */
  readonly rarestCopies: number;
  readonly meanCopies: number;
}

/** The same of one part of a world. */
export interface PartSample extends Omit<Sample, "rarestCopies" | "meanCopies"> {
  /** For each piece, the machines of this part that hold it. */
  readonly copies: Uint32Array;
}

const isGiver = (node: SimNode) => !node.isGone && !node.options.isFreeRider;

export function samplePart(world: World): PartSample {
  const { copies, heap, leechers } = world;
  return {
    at: heap.now / 1000,
    leechers: leechers.length,
    finished: leechers.filter((node) => node.completedAt !== undefined).length,
    leechersSent: leechers.reduce((bytes, node) => bytes + node.sentBytes, 0),
    uplinks: leechers.filter(isGiver).reduce((sum, node) => sum + node.options.upBytesPerSecond, 0),
    copies: copies.slice(),
  };
}

/** @param parts of the same moment, at least one. */
export function wholeSample(parts: readonly PartSample[]): Sample {
  const sum = (count: (part: PartSample) => number) => parts.reduce((total, part) => total + count(part), 0);
  const pieces = parts[0]?.copies.length ?? 0;
  let all = 0;
  let rarestCopies = Infinity;
  for (let piece = 0; piece < pieces; piece++) {
    const copies = sum((part) => part.copies[piece] ?? 0);
    all += copies;
    rarestCopies = Math.min(rarestCopies, copies);
  }
  return {
    at: Math.max(...parts.map(({ at }) => at)),
    leechers: sum(({ leechers }) => leechers),
    finished: sum(({ finished }) => finished),
    leechersSent: sum(({ leechersSent }) => leechersSent),
    uplinks: sum(({ uplinks }) => uplinks),
    rarestCopies,
    meanCopies: all / pieces,
  };
}

export function takeSample(world: World): Sample {
  return wholeSample([samplePart(world)]);
}
