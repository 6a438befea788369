import { expect } from "vitest";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { type SyntheticFile, SyntheticTorrent, singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";
import { scenario, sha256 } from "./scenario.ts";

function seedAndLeecher(torrent: SyntheticTorrent, seed: number): World {
  const world = new World(torrent, { seed });
  world.join({ isSeed: true, upBytesPerSecond: 4e6 });
  world.join();
  expect(world.runUntil(() => world.isEveryoneDone, 120_000)).toBe(true);
  return world;
}

scenario("9: one piece more than two full hash requests arrives, hashes and all", (seed) => {
  const world = seedAndLeecher(singleFile(2 * 512 + 1, BLOCK_BYTES, sha256), seed);
  expect(world.drops).toEqual([]);
});

scenario("10: files of 0, 1, 16384 and 16385 bytes and one smaller than a piece arrive together", (seed) => {
  const files: SyntheticFile[] = [0, 1, BLOCK_BYTES, BLOCK_BYTES + 1, 50_000].map((length, index) => ({
    path: ["folder", `${index}`],
    length,
  }));
  const world = seedAndLeecher(new SyntheticTorrent(files, 4 * BLOCK_BYTES, sha256), seed);
  expect(world.leechers[0]?.snapshot()).toMatchObject({ have: world.torrent.geometry.totalBytes, wasted: 0 });
});
