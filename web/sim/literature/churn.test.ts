/** What the literature says of swarms that people come to and leave, seen in the simulator. */
import { expect } from "vitest";
import { runChurn } from "../churn.ts";
import { scenario, sha256 } from "../scenarios/scenario.ts";

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Over four runs, as few people scatter widely: mean seconds to finish of those who came after the swarm had settled, and leechers then here. */
function steady(arrivalsPerSecond: number): { seconds: number; leechers: number; finishedPerSecond: number } {
  const runs = [1, 2, 3, 4].map((seed) =>
    runChurn({ arrivalsPerSecond, staysSeconds: 15, seconds: 240, seed }, sha256),
  );
  const settled = runs.flatMap(({ contributors }) => contributors.slice(Math.floor(contributors.length / 3)));
  const samples = runs.flatMap((run) => run.samples.slice(80));
  const finished = runs.reduce((sum, { contributors }) => sum + contributors.length, 0);
  const seconds = mean(settled);
  return {
    seconds,
    leechers: mean(samples.map(({ leechers }) => leechers)),
    // Nobody can have finished before the first download is over.
    finishedPerSecond: finished / (runs.length * (240 - seconds)),
  };
}

scenario("[Qiu and Srikant 2004] a download takes as long whether few arrive or three times as many", () => {
  const few = steady(0.25);
  const many = steady(0.75);
  expect(Math.abs(many.seconds / few.seconds - 1)).toBeLessThan(0.15);
  expect(many.leechers).toBeGreaterThan(2.4 * few.leechers);
  // Little's law, with who came and finished as counted: arrivals are drawn, and few of them scatter widely.
  for (const { leechers, seconds, finishedPerSecond } of [few, many]) {
    expect(Math.abs(leechers / (finishedPerSecond * seconds) - 1)).toBeLessThan(0.25);
  }
}, [1]);

scenario("[Qiu and Srikant 2004] who gives up soon leaves a swarm in which the others finish", (seed) => {
  const run = runChurn(
    { arrivalsPerSecond: 0.4, waitsSeconds: 60, seconds: 150, staysSeconds: 10, seed },
    sha256,
  );
  expect(run.gaveUp).toBeGreaterThan(5);
  expect(run.contributors.length).toBeGreaterThan(10);
  expect(mean(run.contributors)).toBeLessThan(50);
});
