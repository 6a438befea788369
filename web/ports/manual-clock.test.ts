import { expect, test } from "vitest";
import { millis } from "../engine/units.ts";
import { ManualClock } from "./manual-clock.ts";

test("an alarm set in the past rings at the next advance and never moves the clock back", () => {
  const clock = new ManualClock();
  const rung: number[] = [];
  clock.advance(100);
  clock.at(millis(50), () => rung.push(clock.now()));
  expect(rung).toEqual([]);
  clock.advance(0);
  expect(rung).toEqual([100]);
});

test("goes from alarm to alarm until a promise settles", async () => {
  const clock = new ManualClock();
  const pause = (ms: number) => new Promise<void>((done) => clock.at(millis(clock.now() + ms), done));
  const work = async () => {
    await pause(1_000);
    await pause(60_000);
    return "done";
  };
  expect(await clock.runUntil(work())).toBe("done");
  expect(clock.now()).toBe(61_000);
  await expect(clock.runUntil(Promise.reject(new Error("no")))).rejects.toThrow("no");
});
