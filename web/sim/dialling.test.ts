import { expect, test } from "vitest";
import { BLOCK_BYTES } from "../engine/limits.ts";
import { digests } from "./digests.ts";
import type { SimNode } from "./node.ts";
import { singleFile } from "./synthetic-torrent.ts";
import { World, type WorldOptions } from "./world.ts";

const TORRENT = singleFile(8, BLOCK_BYTES, digests.sha256);
const worldOf = (options: Partial<WorldOptions> = {}) => new World(TORRENT, { seed: 1, ...options });
const peersOf = (node: SimNode) => node.snapshot().peers.map(({ peer }) => Number.parseInt(peer, 16));

test("of two offers that cross comes one link", () => {
  const world = worldOf({ maxLinks: 1 });
  const [a, b] = [world.join(), world.join()];
  world.introduce(a, b);
  world.runFor(1000);
  expect([peersOf(a), peersOf(b)]).toEqual([[2], [1]]);
  expect(world.drops).toEqual([]);
});

test("who has no place left refuses, and whoever asked asks the next", () => {
  const world = worldOf({ maxLinks: 1, places: 2 });
  const nodes = Array.from({ length: 12 }, () => world.join());
  world.runFor(2000);
  for (const node of nodes) {
    expect(peersOf(node).length).toBeGreaterThanOrEqual(1);
    expect(peersOf(node).length).toBeLessThanOrEqual(2);
  }
});

test("who leaves while its offer is under way leaves nobody with a link", () => {
  for (const leavesAt of [10, 30]) {
    const world = worldOf();
    const stays = world.join();
    const leaves = world.join();
    world.runFor(leavesAt);
    leaves.leave();
    world.runFor(1000);
    expect(peersOf(stays)).toEqual([]);
  }
});

test("between two that no route joins there is never a link, whichever of them asks", () => {
  const world = worldOf({ unreachable: 1 });
  const nodes = [world.join(), world.join()];
  world.runFor(60_000);
  for (const node of nodes) expect(peersOf(node)).toEqual([]);
});
