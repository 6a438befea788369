/** What the literature says of swarms that people come to and leave, seen in the simulator. */
import { expect } from "vitest";
import { runChurn } from "../churn.ts";
import { scenario, sha256 } from "../scenarios/scenario.ts";

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean seconds to finish of those who came after the swarm had settled, and leechers then here on average. */
function steady(arrivalsPerSecond: number, seed: number): { seconds: number; leechers: number } {
  const run = runChurn({ arrivalsPerSecond, staysSeconds: 15, seconds: 200, seed }, sha256);
  const settled = run.contributors.slice(Math.floor(run.contributors.length / 3));
  return { seconds: mean(settled), leechers: mean(run.samples.slice(80).map(({ leechers }) => leechers)) };
}

scenario(
  "[Qiu and Srikant 2004] a download takes as long whether few arrive or four times as many",
  (seed) => {
    const few = steady(0.15, seed);
    const many = steady(0.6, seed);
    expect(Math.abs(many.seconds / few.seconds - 1)).toBeLessThan(0.15);
    // Little's law: four times as many are here.
    expect(many.leechers / few.leechers).toBeGreaterThan(3);
    expect(many.leechers / few.leechers).toBeLessThan(5.5);
  },
  [1],
);

scenario("[Qiu and Srikant 2004] who gives up soon leaves a swarm in which the others finish", (seed) => {
  const run = runChurn(
    { arrivalsPerSecond: 0.4, waitsSeconds: 60, seconds: 150, staysSeconds: 10, seed },
    sha256,
  );
  expect(run.gaveUp).toBeGreaterThan(5);
  expect(run.contributors.length).toBeGreaterThan(10);
  expect(mean(run.contributors)).toBeLessThan(50);
});
