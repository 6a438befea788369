/** What the literature says of picking, seen in the simulator. */
import { expect } from "vitest";
import { Bitfield } from "../../engine/bitfield.ts";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { runChurn } from "../churn.ts";
import { scenario, sha256 } from "../scenarios/scenario.ts";
import { singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";

const PIECES = 300;

/** A fast seed leaves after it sent two copies to twelve slow leechers. @returns whether they complete. */
function completesAfterTwoCopies(seed: number, picksAtRandom: boolean): boolean {
  const world = new World(singleFile(PIECES, BLOCK_BYTES, sha256), { seed });
  const origin = world.join({ holds: "everything", upBytesPerSecond: 200_000 });
  for (let i = 0; i < 12; i++) world.join({ upBytesPerSecond: 10_000, picksAtRandom });
  world.runUntil(() => origin.snapshot().uploaded >= 2 * PIECES * BLOCK_BYTES, 600_000);
  origin.leave();
  return world.runUntil(() => world.piecesHeld() === PIECES, 60_000 + world.heap.now);
}

scenario(
  "[Cohen 2003 §2.4.2] when the seed leaves early everything is there with rarest first, and not with random order",
  (seed) => {
    expect(completesAfterTwoCopies(seed, false)).toBe(true);
    expect(completesAfterTwoCopies(seed, true)).toBe(false);
  },
);

const CLUB = 25;

/** A seed that gives less than a piece a second, and a club of people who all lack the same piece. */
function clubAfter(seconds: number, arrivalsPerSecond: number, seed: number): number {
  const pieces = 10;
  const options = { seed, arrivalsPerSecond, pieces, seconds, up: 100_000, seedUp: BLOCK_BYTES };
  const { samples } = runChurn(options, sha256, (_, join) => {
    const holds = Bitfield.full(pieces);
    holds.clear(0);
    for (let i = 0; i < CLUB; i++) join({ holds });
  });
  return samples.at(-1)?.leechers ?? 0;
}

scenario(
  "[Hajek and Zhu 2011] the club that lacks one piece dissolves while fewer arrive than the seed gives pieces, else it grows",
  (seed) => {
    expect(clubAfter(100, 0.4, seed)).toBeLessThan(CLUB / 2);
    expect(clubAfter(100, 1.6, seed)).toBeGreaterThan(2 * CLUB);
  },
);
