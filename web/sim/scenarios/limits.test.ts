import { expect } from "vitest";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import type { SimNode } from "../node.ts";
import { singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";
import { scenario, sha256 } from "./scenario.ts";

const LIMIT = 100_000;

/** Bytes in each of ten seconds. */
function perSecond(world: World, read: () => number): number[] {
  return Array.from({ length: 10 }, () => {
    const before = read();
    world.runFor(1000);
    return read() - before;
  });
}

function expectExact(seconds: readonly number[]): void {
  for (const bytes of seconds) expect(Math.abs(bytes - LIMIT)).toBeLessThanOrEqual(BLOCK_BYTES);
  expect(seconds.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(10 * LIMIT - 2 * BLOCK_BYTES);
  expect(seconds.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(10 * LIMIT + 2 * BLOCK_BYTES);
}

function expectEven(parts: readonly number[]): void {
  expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(3 * BLOCK_BYTES);
}

const unlimited = { uploadBytesPerSecond: Infinity, downloadBytesPerSecond: Infinity, uploadSlots: 4 };

for (const latencyMs of [20, 200]) {
  scenario(
    `a download limit holds in every second, and four seeds give alike under it, ${latencyMs} ms away`,
    (seed) => {
      const world = new World(singleFile(200, 2 * BLOCK_BYTES, sha256), { seed, latencyMs });
      world.join({ isSeed: true, isFreeRider: true });
      for (let i = 0; i < 4; i++) world.join({ holds: "everything" });
      world.runFor(2000);
      const leecher = world.join();
      leecher.feed({ type: "limits-set", ...unlimited, downloadBytesPerSecond: LIMIT });
      world.runFor(5000);
      expectExact(perSecond(world, () => leecher.snapshot().downloaded));
      expectEven(givenBy(leecher).filter((bytes) => bytes > 0));
      expect(givenBy(leecher).filter((bytes) => bytes > 0)).toHaveLength(4);
    },
  );
}

scenario("an upload limit holds in every second, and four leechers are served alike under it", (seed) => {
  const world = new World(singleFile(200, 2 * BLOCK_BYTES, sha256), { seed });
  const origin = world.join({ isSeed: true, upBytesPerSecond: 5e6 });
  origin.feed({ type: "limits-set", ...unlimited, uploadBytesPerSecond: LIMIT });
  for (let i = 0; i < 4; i++) world.join({ isFreeRider: true });
  world.runFor(5000);
  expectExact(perSecond(world, () => origin.snapshot().uploaded));
  expectEven(origin.snapshot().peers.map(({ uploaded }) => uploaded));
});

const givenBy = (node: SimNode) => node.snapshot().peers.map(({ downloaded }) => downloaded);
