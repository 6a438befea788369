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

const isGiver = (node: SimNode) => !node.isGone && !node.options.isFreeRider;

export function takeSample(world: World): Sample {
  const { copies, heap, leechers } = world;
  let sum = 0;
  let rarestCopies = Infinity;
  for (const count of copies) {
    sum += count;
    rarestCopies = Math.min(rarestCopies, count);
  }
  return {
    at: heap.now / 1000,
    leechers: leechers.length,
    finished: leechers.filter((node) => node.completedAt !== undefined).length,
    leechersSent: leechers.reduce((bytes, node) => bytes + node.sentBytes, 0),
    uplinks: leechers.filter(isGiver).reduce((sum, node) => sum + node.options.upBytesPerSecond, 0),
    rarestCopies,
    meanCopies: sum / copies.length,
  };
}
