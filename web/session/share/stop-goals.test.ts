import { expect, test } from "vitest";
import { millis } from "../../engine/units.ts";
import { StopGoals } from "./stop-goals.ts";

const seeding = { state: "seeding", uploaded: 0, ratio: 0 } as const;
const minutes = (count: number) => millis(count * 60_000);

test("without goals sharing goes on", () => {
  expect(new StopGoals().check({ ...seeding, ratio: 99 }, {}, minutes(1000))).toEqual({});
});

test("sharing stops when the ratio is reached, not while anything is still to be fetched", () => {
  const goals = new StopGoals();
  const limits = { stopAtRatio: 2 };
  expect(goals.check({ ...seeding, ratio: 1.9 }, limits, minutes(0))).toEqual({});
  expect(goals.check({ state: "downloading", uploaded: 1, ratio: 2 }, limits, minutes(0))).toEqual({});
  expect(goals.check({ ...seeding, ratio: 2 }, limits, minutes(0))).toEqual({ reason: "ratio" });
});

test("sharing stops when nobody has taken anything for long enough", () => {
  const goals = new StopGoals();
  const limits = { stopWhenIdleMinutes: 10 };
  expect(goals.check(seeding, limits, minutes(0))).toEqual({ askAt: minutes(10) });
  expect(goals.check({ ...seeding, uploaded: 1 }, limits, minutes(9))).toEqual({ askAt: minutes(19) });
  expect(goals.check({ ...seeding, uploaded: 1 }, limits, minutes(19))).toEqual({ reason: "idle" });
});

test("who goes on after a stop is not stopped again at once", () => {
  const goals = new StopGoals();
  const limits = { stopAtRatio: 2, stopWhenIdleMinutes: 10 };
  goals.check({ ...seeding, ratio: 2 }, limits, minutes(0));
  goals.onRestarted(2);
  expect(goals.check({ ...seeding, ratio: 2.1 }, limits, minutes(50))).toEqual({ askAt: minutes(60) });
});
