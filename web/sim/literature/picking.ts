/** Swarms in which all depends on who picks which piece, as the tests and the table (`npm run bench:literature`) play them. */
import { Bitfield } from "../../engine/bitfield.ts";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { runChurn } from "../churn.ts";
import { digests } from "../digests.ts";
import { singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";

const PIECES = 300;

/** A fast seed leaves after it sent two copies to twelve slow leechers. @returns whether they complete. */
export function completesAfterTwoCopies(seed: number, picksAtRandom: boolean): boolean {
  const world = new World(singleFile(PIECES, BLOCK_BYTES, digests.sha256), { seed });
  const origin = world.join({ holds: "everything", upBytesPerSecond: 200_000 });
  for (let i = 0; i < 12; i++) world.join({ upBytesPerSecond: 10_000, picksAtRandom });
  world.runUntil(() => origin.snapshot().uploaded >= 2 * PIECES * BLOCK_BYTES, 600_000);
  origin.leave();
  return world.runUntil(() => world.piecesHeld() === PIECES, 60_000 + world.heap.now);
}

/** How many of them there are. */
export const CLUB = 25;

/** A seed that gives less than a piece a second, and a club of people who all lack the same piece. @returns how many are in it then. */
export function clubAfter(seconds: number, arrivalsPerSecond: number, seed: number): number {
  const pieces = 10;
  const options = { seed, arrivalsPerSecond, pieces, seconds, up: 100_000, seedUp: BLOCK_BYTES };
  const { samples } = runChurn(options, digests.sha256, (_, join) => {
    const holds = Bitfield.full(pieces);
    holds.clear(0);
    for (let i = 0; i < CLUB; i++) join({ holds });
  });
  return samples.at(-1)?.leechers ?? 0;
}
