import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { millis } from "../engine/units.ts";
import { SystemClock } from "./clock.ts";

const DAY_MS = 86_400_000;

describe("SystemClock", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  test("calls back once at the time asked for", () => {
    const clock = new SystemClock();
    const callback = vi.fn();
    clock.at(millis(clock.now() + 500), callback);
    vi.advanceTimersByTime(499);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(5_000);
    expect(callback).toHaveBeenCalledOnce();
  });

  test("a time in the past comes soon, never within the call", () => {
    const clock = new SystemClock();
    const callback = vi.fn();
    clock.at(millis(clock.now() - 1_000), callback);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(0);
    expect(callback).toHaveBeenCalledOnce();
  });

  test("a cancelled timer never calls back", () => {
    const clock = new SystemClock();
    const callback = vi.fn();
    const cancel = clock.at(millis(clock.now() + 10), callback);
    cancel();
    vi.advanceTimersByTime(1_000);
    expect(callback).not.toHaveBeenCalled();
  });

  test("waits longer than setTimeout can, and can be cancelled on the way", () => {
    const clock = new SystemClock();
    const callback = vi.fn();
    const cancelled = vi.fn();
    clock.at(millis(clock.now() + 60 * DAY_MS), callback);
    const cancel = clock.at(millis(clock.now() + 60 * DAY_MS), cancelled);
    vi.advanceTimersByTime(59 * DAY_MS);
    expect(callback).not.toHaveBeenCalled();
    cancel();
    vi.advanceTimersByTime(DAY_MS);
    expect(callback).toHaveBeenCalledOnce();
    expect(cancelled).not.toHaveBeenCalled();
  });

  test("a timer that the platform fires early waits for the rest", () => {
    const clock = new SystemClock();
    const callback = vi.fn();
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    clock.at(millis(100), callback);
    now = 90;
    vi.advanceTimersByTime(100);
    expect(callback).not.toHaveBeenCalled();
    now = 100;
    vi.advanceTimersByTime(10);
    expect(callback).toHaveBeenCalledOnce();
  });
});
