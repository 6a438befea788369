import { expect } from "vitest";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { crowdFigures } from "../crowd-figures.ts";
import { runCrowd } from "../flash-crowd.ts";
import { singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";
import { scenario, sha256 } from "./scenario.ts";

scenario(
  "31: [BEP 16] a slow seed sends little more than one copy until the others hold everything",
  (seed) => {
    const crowd = { peers: 30, pieces: 60, pieceBytes: 4 * BLOCK_BYTES, seedRateFactor: 1, seed };
    const run = runCrowd(crowd, sha256);
    const figures = crowdFigures(run);
    expect(run.copiesAtFirstCopy).toBeLessThanOrEqual(1.05);
    expect(figures.firstCopyOverSeedTime).toBeLessThanOrEqual(1.05);
    expect(figures.lastOverShortest).toBeLessThanOrEqual(1.5);
  },
);

scenario("31: [BEP 16] a fast seed has its first copy out hardly later than its uplink allows", (seed) => {
  const crowd = { peers: 30, pieces: 60, pieceBytes: 4 * BLOCK_BYTES, seedRateFactor: 10, seed };
  const run = runCrowd(crowd, sha256);
  expect(run.copiesAtFirstCopy).toBeLessThanOrEqual(1.1);
  expect(crowdFigures(run).firstCopyOverSeedTime).toBeLessThanOrEqual(1.15);
});

scenario("29: rarest first completes a swarm whose seed leaves after one copy", (seed) => {
  const world = new World(singleFile(100, BLOCK_BYTES, sha256), { seed });
  const origin = world.join({ isSeed: true, upBytesPerSecond: 200_000 });
  for (let i = 0; i < 12; i++) world.join({ upBytesPerSecond: 100_000 });
  expect(world.runUntil(() => world.piecesHeld(origin) === 100, 300_000)).toBe(true);
  origin.leave();
  expect(world.runUntil(() => world.isEveryoneDone, 600_000)).toBe(true);
});

scenario(
  "30: when the seed leaves too early all stop at the same missing pieces, and go on when one returns",
  (seed) => {
    const world = new World(singleFile(100, BLOCK_BYTES, sha256), { seed });
    const origin = world.join({ isSeed: true, upBytesPerSecond: 200_000 });
    for (let i = 0; i < 8; i++) world.join({ upBytesPerSecond: 100_000 });
    world.runUntil(() => world.piecesHeld(origin) >= 60, 300_000);
    origin.leave();
    world.runFor(200_000);
    const held = world.piecesHeld();
    expect(held).toBeLessThan(100);
    for (const node of world.leechers) {
      expect(node.stored.count).toBe(held);
      expect(node.snapshot().available).toBe(false);
    }
    world.join({ isSeed: true });
    expect(world.runUntil(() => world.isEveryoneDone, 600_000)).toBe(true);
  },
);
