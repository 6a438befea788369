import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { SyntheticTorrent, singleFile } from "./synthetic-torrent.ts";
import { World } from "./world.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const PIECE = 4 * 16_384;

test("one leecher gets everything from one seed", () => {
  const world = new World(singleFile(40, PIECE, sha256), { seed: 1 });
  world.join({ isSeed: true });
  const leecher = world.join();
  expect(world.runUntil(() => world.isEveryoneDone, 60_000)).toBe(true);
  const { have, wasted, downloaded } = leecher.snapshot();
  expect(have).toBe(world.torrent.geometry.totalBytes);
  expect({ downloaded, wasted }).toEqual({ downloaded: have, wasted: 0 });
  expect(world.drops).toEqual([]);
});

test("a torrent of many files, empty and one-byte ones among them, arrives whole", () => {
  const lengths = [0, 1, 16_384, 16_385, PIECE, PIECE + 1, 0, 10 * PIECE + 777];
  const files = lengths.map((length, index) => ({ path: ["folder", `file ${index}`], length }));
  const world = new World(new SyntheticTorrent(files, PIECE, sha256), { seed: 2 });
  world.join({ isSeed: true });
  const leecher = world.join();
  expect(world.runUntil(() => world.isEveryoneDone, 60_000)).toBe(true);
  expect(leecher.snapshot().have).toBe(world.torrent.geometry.totalBytes);
});

test("[BEP 16] four leechers that start together cost the seed little more than one copy", () => {
  const world = new World(singleFile(120, PIECE, sha256), { seed: 3 });
  world.join({ isSeed: true });
  for (let i = 0; i < 4; i++) world.join();
  expect(world.runUntil(() => world.isEveryoneDone, 300_000)).toBe(true);
  expect(world.seedCopies).toBeLessThan(1.3);
});

test("the swarm completes when the seed leaves after one copy is out", () => {
  const world = new World(singleFile(120, PIECE, sha256), { seed: 4 });
  const seed = world.join({ isSeed: true });
  for (let i = 0; i < 4; i++) world.join();
  expect(world.runUntil(() => world.piecesHeld(seed) === 120, 300_000)).toBe(true);
  seed.leave();
  expect(world.runUntil(() => world.isEveryoneDone, 600_000)).toBe(true);
});

test("[BEP 52] a liar is named, banned, and costs only its bad blocks", () => {
  const world = new World(singleFile(60, PIECE, sha256), { seed: 5 });
  world.join({ isSeed: true });
  const liar = world.join({
    isSeed: true,
    corrupt: (piece, begin, bytes) => {
      if (piece % 3 === 0 && begin === 16_384) bytes[100] = 1;
    },
  });
  const leechers = [world.join(), world.join()];
  expect(world.runUntil(() => world.isEveryoneDone, 300_000)).toBe(true);
  expect(world.drops.length).toBeGreaterThan(0);
  for (const drop of world.drops)
    expect(drop).toMatchObject({ peer: liar.id, reason: "data-corrupt", ban: true });
  for (const leecher of leechers) expect(leecher.snapshot().have).toBe(world.torrent.geometry.totalBytes);
});

test("the same seed gives the same run, another seed another one", () => {
  const finish = (seed: number) => {
    const world = new World(singleFile(40, PIECE, sha256), { seed });
    world.join({ isSeed: true });
    for (let i = 0; i < 5; i++) world.join();
    world.runUntil(() => world.isEveryoneDone, 300_000);
    return world.leechers.map((node) => [node.completedAt, node.sentBytes]);
  };
  expect(finish(6)).toEqual(finish(6));
  expect(finish(6)).not.toEqual(finish(7));
});
