import { expect } from "vitest";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { millis } from "../../engine/units.ts";
import { runCrowd } from "../flash-crowd.ts";
import { singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";
import { scenario, sha256 } from "./scenario.ts";

scenario(
  "34: over a whole swarm what was uploaded is what was downloaded and wasted, to the byte",
  (seed) => {
    const { world } = runCrowd({ peers: 25, pieces: 60, freeRiders: 0.2, unreachable: 0.1, seed }, sha256);
    // What is on its way when the last one completes still arrives.
    world.runFor(60_000);
    const totals = world.nodes.map((node) => node.snapshot());
    const sum = (field: "uploaded" | "downloaded" | "wasted") =>
      totals.reduce((bytes, total) => bytes + total[field], 0);
    expect(sum("uploaded")).toBe(sum("downloaded") + sum("wasted"));
  },
);

scenario("49: the same seed gives the same steps in every engine", (seed) => {
  const traces = () => {
    const world = new World(singleFile(30, BLOCK_BYTES, sha256), { seed, jitter: 0.5 });
    world.join({ isSeed: true, isTraced: true });
    for (let i = 0; i < 4; i++) world.join({ isTraced: true });
    world.runUntil(() => world.isEveryoneDone, 300_000);
    return world.nodes.map((node) => node.swarm.trace().replaceAll(/"link":\d+/g, ""));
  };
  expect(traces()).toEqual(traces());
});

scenario("47: a clock that jumps by an hour costs links, not the download", (seed) => {
  const world = new World(singleFile(60, BLOCK_BYTES, sha256), { seed });
  const origin = world.join({ isSeed: true, upBytesPerSecond: 100_000 });
  const leecher = world.join();
  world.runFor(4_000);
  world.heap.now = millis(world.heap.now + 3_600_000);
  world.runFor(5_000);
  world.introduce(leecher, origin);
  expect(world.runUntil(() => world.isEveryoneDone, 4_000_000)).toBe(true);
});

scenario(
  "50: whichever piece the disk refuses, the download stops, and completes once it is resumed",
  (seed) => {
    for (let refused = 1; refused <= 12; refused++) {
      const world = new World(singleFile(12, BLOCK_BYTES, sha256), { seed });
      world.join({ isSeed: true });
      const leecher = world.join({ isRefused: (count) => count === refused });
      world.runFor(30_000);
      expect(leecher.completedAt).toBeUndefined();
      leecher.feed({ type: "download-allowed", allowed: true });
      expect(world.runUntil(() => world.isEveryoneDone, 120_000)).toBe(true);
    }
  },
);

scenario("25: a seed that hardly sends holds nobody up for longer than a minute", (seed) => {
  const world = new World(singleFile(60, BLOCK_BYTES, sha256), { seed });
  world.join({ isSeed: true, upBytesPerSecond: 100 });
  world.join({ isSeed: true, upBytesPerSecond: 100_000 });
  world.join();
  expect(world.runUntil(() => world.isEveryoneDone, 70_000)).toBe(true);
});
