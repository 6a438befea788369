/** What the literature says of swarms that people come to and leave, seen in the simulator. */
import { expect } from "vitest";
import { runChurn } from "../churn.ts";
import { scenario, sha256 } from "../scenarios/scenario.ts";
import { mean, steady } from "./steady.ts";

const RUNS = [1, 2, 3, 4];

scenario("[Qiu and Srikant 2004] a download takes as long whether few arrive or three times as many", () => {
  const few = steady(0.25, RUNS);
  const many = steady(0.75, RUNS);
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
