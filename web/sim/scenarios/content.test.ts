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

scenario("10: of three files the one that matters most is complete first, the least one last", (seed) => {
  const files = [0, 1, 2].map((file) => ({ path: [`${file}`], length: 30 * BLOCK_BYTES }));
  const world = new World(new SyntheticTorrent(files, BLOCK_BYTES, sha256), { seed });
  world.join({ isSeed: true, isFreeRider: true });
  world.join({ holds: "everything", upBytesPerSecond: 200_000 });
  const leecher = world.join();
  const priorities = ["low", "high", "normal"] as const;
  leecher.feed({ type: "files-wanted", wanted: [true, true, true], priorities });
  const order: number[] = [];
  const isComplete = (file: number) =>
    [...Array(30).keys()].every((piece) => leecher.stored.has(file * 30 + piece));
  const look = () => {
    for (const file of [0, 1, 2]) if (!order.includes(file) && isComplete(file)) order.push(file);
    return order.length === 3;
  };
  expect(world.runUntil(look, 60_000)).toBe(true);
  expect(order).toEqual([1, 2, 0]);
});

scenario("10: the only seed of a fresh share gives the file that matters most first, too", (seed) => {
  const files = [0, 1].map((file) => ({ path: [`${file}`], length: 30 * BLOCK_BYTES }));
  const world = new World(new SyntheticTorrent(files, BLOCK_BYTES, sha256), { seed });
  world.join({ isSeed: true, upBytesPerSecond: 200_000 });
  const leecher = world.join();
  leecher.feed({ type: "files-wanted", wanted: [true, true], priorities: ["normal", "high"] });
  const held = (file: number) =>
    [...Array(30).keys()].filter((piece) => leecher.stored.has(file * 30 + piece)).length;
  expect(world.runUntil(() => held(1) === 30, 60_000)).toBe(true);
  expect(held(0)).toBeLessThan(10);
  expect(world.runUntil(() => world.isEveryoneDone, 60_000)).toBe(true);
});
