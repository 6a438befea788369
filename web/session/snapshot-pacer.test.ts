import { expect, test } from "vitest";
import { millis } from "../engine/units.ts";
import { ManualClock } from "../ports/manual-clock.ts";
import { SnapshotPacer } from "./snapshot-pacer.ts";

function setUp() {
  const clock = new ManualClock();
  const times: number[] = [];
  const pacer = new SnapshotPacer(clock, () => times.push(clock.now()));
  return { clock, times, pacer };
}

test("figures show at most four times a second, however often they change", () => {
  const { clock, times, pacer } = setUp();
  for (let passed = 0; passed < 1_000; passed += 10) {
    pacer.touch();
    clock.advance(10);
  }
  expect(times).toEqual([0, 250, 500, 750, 1_000].slice(0, times.length));
  expect(times.length).toBeGreaterThanOrEqual(4);
});

test("a state shows at once, though figures were shown a moment before", () => {
  const { clock, times, pacer } = setUp();
  pacer.touch();
  clock.advance(50);
  pacer.touch();
  pacer.hurry();
  clock.advance(0);
  expect(times).toEqual([0, 50]);
});

test("what changes by time alone shows then", () => {
  const { clock, times, pacer } = setUp();
  pacer.at(millis(4_000));
  clock.advance(10_000);
  expect(times).toEqual([4_000]);
});

test("no alarm is set while nothing changes", () => {
  const { clock, pacer } = setUp();
  pacer.touch();
  clock.advance(10);
  expect(clock.nextAlarm).toBeUndefined();
});
