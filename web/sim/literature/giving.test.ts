/** What the literature says of who gives and who does not, seen in the simulator. */
import { expect } from "vitest";
import { OPTIMISTIC_SHARE } from "../../engine/limits.ts";
import { scenario } from "../scenarios/scenario.ts";
import {
  contributorsMedianWith,
  crowdWith,
  isDone,
  LONG,
  medianWithNarrowDownlinks,
  SHORT,
  shareOfFreeRiders,
} from "./giving.ts";

scenario("[Legout et al. 2006] where downlinks are the limit free-riders cost everybody little at 50 % and 80 %, and clearly some at 95 %", () => {
  const [none, half, most, nearlyAll] = [0, 0.5, 0.8, 0.95].map((share) =>
    medianWithNarrowDownlinks(share, [1, 2, 3, 4]),
  );
  if (none === undefined) throw new Error("four shares have four medians");
  expect(half).toBeLessThan(1.1 * none);
  expect(most).toBeLessThan(1.1 * none);
  expect(nearlyAll).toBeGreaterThan(1.12 * none);
}, [1]);

/**
 * Where uplinks are the limit somebody has to pay for those who give nothing, as what leaves the uplinks is all that
 * arrives: with the seeds' equal service the last of all cannot be done before N·F/(u_s + Σu) (Kumar and Ross), which
 * is 1.5 times as long with half of these leechers, and 2.1 times with a fifth. The choker makes the free-riders pay. With
 * fewer contributors than these eight, what the seeds give them is hardly enough that they have something for each other.
 */
scenario(
  "[Legout et al. 2006] where uplinks are the limit free-riders cost those who give at most a tenth at 50 % and 80 %, and clearly some at 95 %",
  (seed) => {
    const [none = Number.NaN, half, most] = [0, 0.5, 0.8].map((share) => contributorsMedianWith(share, seed));
    expect(half).toBeLessThan(1.1 * none);
    expect(most).toBeLessThan(1.1 * none);
    const { world, contributors } = crowdWith(0.95, LONG, seed);
    expect(world.runUntil(() => contributors.some(isDone), 1.5 * 1000 * none)).toBe(false);
  },
  [1],
);

scenario(
  "28: free-riders get the optimistic share alone, and finish after the last of those who give",
  (seed) => {
    const crowd = crowdWith(0.5, SHORT, seed);
    const { world, contributors, freeRiders } = crowd;
    const count = () => contributors.filter(isDone).length;
    expect(world.runUntil(() => count() >= 1, 10_000_000)).toBe(true);
    expect(shareOfFreeRiders(crowd)).toBeLessThan(1.6 * OPTIMISTIC_SHARE);
    expect(world.runUntil(() => count() === contributors.length, 10_000_000)).toBe(true);
    expect(freeRiders.filter(isDone)).toEqual([]);
  },
);
