import { expect } from "vitest";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";
import { scenario, sha256 } from "./scenario.ts";

scenario("32: where rates differ ten times all complete, and nobody is banned", (seed) => {
  const world = new World(singleFile(200, BLOCK_BYTES, sha256), { seed });
  world.join({ holds: "everything", upBytesPerSecond: 60_000 });
  const rates = [10_000, 30_000, 100_000];
  for (let i = 0; i < 18; i++)
    world.join({ upBytesPerSecond: rates[i % 3] ?? 0, downBytesPerSecond: 400_000 });
  expect(world.runUntil(() => world.isEveryoneDone, 1_000_000)).toBe(true);
  expect(world.drops.filter(({ ban }) => ban)).toEqual([]);
});
