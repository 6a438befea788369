import { expect, test } from "vitest";
import { HISTORY_MS, type RateHistory, withSample } from "./rate-history.ts";

const sample = (at: number) => ({ at, up: 1, down: 2 });

test("samples that come faster than one a second are left out, and the history keeps its identity", () => {
  const history = withSample([], sample(1_000));
  expect(withSample(history, sample(1_999))).toBe(history);
  expect(withSample(history, sample(2_000))).toEqual([sample(1_000), sample(2_000)]);
});

test("what is older than the chart is long is forgotten", () => {
  let history: RateHistory = [];
  for (let at = 0; at <= 2 * HISTORY_MS; at += 1_000) history = withSample(history, sample(at));
  expect(history[0]?.at).toBe(HISTORY_MS);
  expect(history.at(-1)?.at).toBe(2 * HISTORY_MS);
});
