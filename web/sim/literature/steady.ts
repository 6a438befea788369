/** A swarm that people come to and leave at an even rate, as the tests and the table (`npm run bench:literature`) play it. */
import { runChurn } from "../churn.ts";
import { digests } from "../digests.ts";

export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export interface Steady {
  readonly seconds: number;
  readonly leechers: number;
  readonly finishedPerSecond: number;
}

/** Over several runs, as few people scatter widely: mean seconds to finish of those who came after the swarm had settled, and leechers then here. */
export function steady(arrivalsPerSecond: number, seeds: readonly number[]): Steady {
  const runs = seeds.map((seed) =>
    runChurn({ arrivalsPerSecond, staysSeconds: 15, seconds: 240, seed }, digests.sha256),
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
