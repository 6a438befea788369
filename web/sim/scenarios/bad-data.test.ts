import { expect } from "vitest";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";
import { scenario, sha256 } from "./scenario.ts";

const spoil = (_piece: number, _begin: number, bytes: Uint8Array) => {
  bytes[77] = 1;
};

scenario("12: a peer that sends one bad block is banned, and that block alone is fetched again", (seed) => {
  const world = new World(singleFile(40, 4 * BLOCK_BYTES, sha256), { seed });
  for (let i = 0; i < 3; i++) world.join({ isSeed: true });
  let spoilt = 0;
  const liar = world.join({
    isSeed: true,
    corrupt: (piece, begin, bytes) => {
      if (spoilt++ === 0) spoil(piece, begin, bytes);
    },
  });
  const leecher = world.join();
  expect(world.runUntil(() => world.isEveryoneDone, 300_000)).toBe(true);
  expect(world.drops).toHaveLength(1);
  expect(world.drops[0]).toMatchObject({ by: leecher.id, peer: liar.id, reason: "data-corrupt", ban: true });
  expect(leecher.snapshot().wasted).toBeLessThanOrEqual(4 * BLOCK_BYTES);
});

scenario("14: with three liars among ten seeds everyone completes and no honest peer is banned", (seed) => {
  const world = new World(singleFile(60, 4 * BLOCK_BYTES, sha256), { seed });
  for (let i = 0; i < 7; i++) world.join({ isSeed: true });
  const liars = Array.from({ length: 3 }, () => world.join({ isSeed: true, corrupt: spoil }));
  for (let i = 0; i < 5; i++) world.join();
  expect(world.runUntil(() => world.isEveryoneDone, 600_000)).toBe(true);
  const banned = new Set(world.drops.filter(({ ban }) => ban).map(({ peer }) => peer));
  expect(banned.size).toBeGreaterThan(0);
  for (const peer of banned) expect(liars.map(({ id }) => id)).toContain(peer);
});
