import { expect, test } from "vitest";
import { crowdFigures } from "./crowd-figures.ts";
import { CROWD_DEFAULTS, LARGE_CROWD } from "./crowd-options.ts";
import { runCrowdOn, threadsFor } from "./crowd-threads.ts";

/** Far from each other, so that threads meet less often. */
const SMALL = {
  ...CROWD_DEFAULTS,
  ...LARGE_CROWD,
  peers: 40,
  pieces: 60,
  latencyMs: 100,
  jitter: 0.2,
  seed: 3,
};

test("the same seed on as many threads gives the same run, which comes to what one thread comes to within a few per cent", async () => {
  const run = await runCrowdOn(2, SMALL);
  expect(await runCrowdOn(2, SMALL)).toEqual(run);
  const [one, two] = [crowdFigures(await runCrowdOn(1, SMALL)), crowdFigures(run)];
  expect(two.finished).toBe(SMALL.peers);
  for (const figure of ["meanSeconds", "control"] as const)
    expect(Math.abs(two[figure] / one[figure] - 1), figure).toBeLessThan(0.05);
  expect(Math.abs(two.uploadUtilisation - one.uploadUtilisation)).toBeLessThan(0.1);
  expect(Math.abs(two.waste - one.waste)).toBeLessThan(0.02);
});

test("over all threads what was uploaded is what was downloaded and wasted, to the byte", async () => {
  const options = { ...SMALL, peers: 25, freeRiders: 0.2, unreachable: 0.1, restSeconds: 60 };
  const { contributors, freeRiders, totals } = await runCrowdOn(2, options);
  expect(contributors.length + freeRiders.length).toBe(25);
  expect(totals.uploaded).toBe(totals.downloaded + totals.wasted);
});

test("a crowd that comes over time and leaves when it is done is seen to its end, by samples of all threads", async () => {
  const { contributors, samples } = await runCrowdOn(2, {
    ...SMALL,
    peers: 30,
    arrivals: 1,
    leaveWhenDone: true,
  });
  expect(contributors).toHaveLength(30);
  expect(samples.at(-1)).toMatchObject({ leechers: 30, finished: 30, uplinks: 0, rarestCopies: 1 });
  expect(samples.slice(0, -1).map(({ at }) => at)).toEqual(samples.slice(0, -1).map((_, second) => second));
});

test("what goes wrong in a thread is heard by whoever began it", async () => {
  await expect(runCrowdOn(2, { ...SMALL, pieceBytes: 3 })).rejects.toThrow();
});

test("a crowd runs on two threads where that pays: many blocks, many at once, two cores, some latency between all", () => {
  const large = { ...SMALL, peers: 1000, pieces: 400, latencyMs: 30, jitter: 0.5 };
  expect(threadsFor(large, undefined, 8)).toBe(2);
  expect(threadsFor(large, undefined, 1)).toBe(1);
  expect(threadsFor(SMALL, undefined, 8)).toBe(1);
  expect(threadsFor({ ...large, arrivals: 0.3 }, undefined, 8)).toBe(1);
  expect(threadsFor({ ...large, arrivals: 30 }, undefined, 8)).toBe(2);
  expect(threadsFor(SMALL, 3, 2)).toBe(3);
  for (const far of [{ latencyMs: 0 }, { jitter: 1 }]) expect(threadsFor({ ...large, ...far }, 2, 8)).toBe(1);
});
