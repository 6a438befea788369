import { expect } from "vitest";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { quantile } from "../crowd-figures.ts";
import type { SimNode } from "../node.ts";
import { singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";
import { scenario, sha256 } from "./scenario.ts";

scenario(
  "32: where rates differ ten times all complete, those who give most first, and nobody is banned",
  (seed) => {
    const world = new World(singleFile(200, 4 * BLOCK_BYTES, sha256), { seed });
    world.join({ holds: "everything", upBytesPerSecond: 300_000 });
    const rates = [10_000, 30_000, 100_000];
    const nodes = Array.from({ length: 18 }, (_, i) =>
      world.join({ upBytesPerSecond: rates[i % 3] ?? 0, downBytesPerSecond: 400_000 }),
    );
    expect(world.runUntil(() => world.isEveryoneDone, 1_000_000)).toBe(true);
    const [slow, middle, fast] = rates.map((rate) => {
      const times = nodes.filter(({ options }) => options.upBytesPerSecond === rate).map(finishedAt);
      return quantile(
        times.sort((a, b) => a - b),
        0.5,
      );
    });
    expect(fast).toBeLessThan(0.85 * (slow ?? 0));
    expect(fast).toBeLessThan(middle ?? 0);
    expect(middle).toBeLessThan(slow ?? 0);
    expect(world.drops.filter(({ ban }) => ban)).toEqual([]);
  },
);

const finishedAt = (node: SimNode) => node.completedAt ?? Infinity;
