/** What the literature says of who gives and who does not, seen in the simulator. */
import { expect } from "vitest";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { runChurn } from "../churn.ts";
import { quantile } from "../crowd-figures.ts";
import { scenario, sha256 } from "../scenarios/scenario.ts";
import { singleFile } from "../synthetic-torrent.ts";
import { World } from "../world.ts";

/** Median seconds of all who finish, over two runs: people come and go, three seeds stay, downlinks are narrow. */
function medianWith(freeRiders: number): number {
  const swarm = { freeRiders, arrivalsPerSecond: 0.3, pieces: 30, seconds: 300 };
  const rates = { up: 40_000, down: 12_000, seeds: 3, seedUp: 30_000 };
  const times = [1, 2].flatMap((seed) => {
    const run = runChurn({ ...swarm, ...rates, seed }, sha256);
    return [...run.contributors, ...run.freeRiders];
  });
  return quantile(
    times.sort((a, b) => a - b),
    0.5,
  );
}

scenario("[Legout et al. 2006] free-riders cost little time at 50 % and 80 %, and clearly some at 95 %", () => {
  const [none, half, most, nearlyAll] = [0, 0.5, 0.8, 0.95].map(medianWith);
  if (none === undefined) throw new Error("four shares have four medians");
  expect(half).toBeLessThan(1.1 * none);
  expect(most).toBeLessThan(1.1 * none);
  expect(nearlyAll).toBeGreaterThan(1.12 * none);
}, [1]);

scenario("28: [Legout et al. 2006] those who give finish before those who do not", (seed) => {
  const world = new World(singleFile(300, BLOCK_BYTES, sha256), { seed });
  world.join({ holds: "everything", upBytesPerSecond: 60_000 });
  for (let i = 0; i < 20; i++) world.join({ upBytesPerSecond: 20_000, isFreeRider: i % 2 === 0 });
  expect(world.runUntil(() => world.isEveryoneDone, 1_000_000)).toBe(true);
  const times = (isFreeRider: boolean) =>
    world.nodes
      .filter((node) => node.options.upBytesPerSecond === 20_000)
      .filter((node) => (node.options.isFreeRider ?? false) === isFreeRider)
      .map((node) => node.completedAt ?? Infinity)
      .sort((a, b) => a - b);
  expect(quantile(times(false), 0.5)).toBeLessThan(0.92 * quantile(times(true), 0.5));
});
