import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RATE_WINDOW_MS } from "./limits.ts";
import { RateMeter } from "./rate.ts";
import { millis } from "./units.ts";

/** A meter that got `bytes` every `everyMs` from `from` until just before `until`. */
function fed(bytes: number, everyMs: number, from: number, until: number): RateMeter {
  const meter = new RateMeter();
  for (let at = from; at < until; at += everyMs) meter.add(bytes, millis(at));
  return meter;
}

describe("RateMeter", () => {
  test("reads zero before anything was added", () => {
    expect(new RateMeter().bytesPerSecond(millis(5000))).toBe(0);
  });

  test.each([2, 7.3, 20, 21.7, 60, 3600])("a steady stream reads its true rate after %d s", (seconds) => {
    const meter = fed(1000, 10, 12_345, 12_345 + seconds * 1000);
    expect(meter.bytesPerSecond(millis(12_345 + seconds * 1000))).toBeCloseTo(100_000, -3);
  });

  test("the first bytes count over one second, not over an instant", () => {
    const meter = new RateMeter();
    meter.add(16_384, millis(777));
    expect(meter.bytesPerSecond(millis(777))).toBe(16_384);
    expect(meter.bytesPerSecond(millis(777 + 4000))).toBe(4096);
  });

  test("[Cohen 2003 §3.2] old bytes leave the window of 20 s", () => {
    const meter = new RateMeter();
    meter.add(1_000_000, millis(0));
    for (let at = 1000; at < 30_000; at += 1000) meter.add(500, millis(at));
    expect(meter.bytesPerSecond(millis(30_000))).toBeCloseTo(500, -1);
  });

  test("after a window of silence the rate is exactly zero, and the next bytes count as the first", () => {
    const meter = fed(777, 3, 0, 50_000);
    expect(meter.bytesPerSecond(millis(50_000 + RATE_WINDOW_MS))).toBe(0);
    meter.add(3000, millis(100_000));
    expect(meter.bytesPerSecond(millis(103_000))).toBe(1000);
  });

  test("nothing drifts: any amounts at any times end in exactly zero", () => {
    const adds = fc.array(fc.tuple(fc.nat(1_000_000), fc.nat(30_000)));
    fc.assert(
      fc.property(adds, (steps) => {
        const meter = new RateMeter();
        let now = 0;
        for (const [bytes, ms] of steps) {
          now += ms;
          meter.add(bytes, millis(now));
          expect(meter.bytesPerSecond(millis(now))).toBeGreaterThanOrEqual(0);
        }
        expect(meter.bytesPerSecond(millis(now + RATE_WINDOW_MS))).toBe(0);
      }),
    );
  });

  test("a clock that steps back counts as one that stands still", () => {
    const meter = fed(100, 100, 10_000, 20_000);
    meter.add(100, millis(5000));
    expect(meter.bytesPerSecond(millis(20_000))).toBeCloseTo(1010, 5);
  });

  test("the window is a setting", () => {
    const meter = new RateMeter(1000);
    meter.add(600, millis(0));
    expect(meter.bytesPerSecond(millis(600))).toBe(1000);
    expect(meter.bytesPerSecond(millis(1000))).toBe(0);
  });
});
