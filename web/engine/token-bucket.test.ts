import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BLOCK_BYTES, RATE_LIMIT_BURST_MS } from "./limits.ts";
import { TokenBucket } from "./token-bucket.ts";
import { millis } from "./units.ts";

const at = millis;
const RATE = 100_000;
const BURST = (RATE * RATE_LIMIT_BURST_MS) / 1000;

/** A bucket of RATE bytes per second that is empty at `now`. */
function emptied(now = 0): TokenBucket {
  const bucket = new TokenBucket(RATE, at(now));
  bucket.take(BURST, at(now));
  return bucket;
}

describe("TokenBucket", () => {
  test("lets a burst pass, then the rate", () => {
    const bucket = new TokenBucket(RATE, at(0));
    expect(bucket.available(at(0))).toBe(BURST);
    expect(bucket.take(BURST, at(0))).toBe(true);
    expect(bucket.take(1, at(0))).toBe(false);
    expect(bucket.available(at(100))).toBe(RATE / 10);
  });

  test("saves up no more than the burst", () => {
    expect(emptied().available(at(3_600_000))).toBe(BURST);
  });

  test("is exact: taking whenever it may gives rate × time and not a byte more or less", () => {
    for (const rate of [1, 999, 33_333, RATE, 7_654_321]) {
      const bucket = new TokenBucket(rate, at(0));
      const burst = bucket.available(at(0));
      let taken = 0;
      for (let now = 0; now <= 10_000; now += 1) {
        const bytes = bucket.available(at(now));
        if (bytes > 0 && bucket.take(bytes, at(now))) taken += bytes;
      }
      expect(taken - burst, `${rate} B/s`).toBeLessThanOrEqual(rate * 10);
      expect(taken - burst, `${rate} B/s`).toBeGreaterThan(rate * 10 - 2);
    }
  });

  test("timeUntil is the least whole number of milliseconds after which taking succeeds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e7 }), fc.nat(40_000), fc.nat(5000), (rate, bytes, start) => {
        const bucket = new TokenBucket(rate, at(start));
        bucket.take(30_000, at(start));
        const wait = bucket.timeUntil(bytes, at(start));
        if (wait > 0) expect(bucket.take(bytes, at(start + wait - 1))).toBe(false);
        expect(bucket.take(bytes, at(start + wait))).toBe(true);
      }),
    );
  });

  test("timeUntil holds for fractions of a millisecond too", () => {
    const bucket = emptied();
    const wait = bucket.timeUntil(1000, at(0.75));
    expect(bucket.take(1000, at(0.75 + wait))).toBe(true);
  });

  test("holds a block even where the rate brings less", () => {
    const bucket = new TokenBucket(1000, at(0));
    expect(bucket.available(at(0))).toBe(BLOCK_BYTES);
    bucket.take(BLOCK_BYTES, at(0));
    expect(bucket.timeUntil(BLOCK_BYTES, at(0))).toBe(BLOCK_BYTES);
  });

  test("an order larger than the bucket passes when it is full, and the debt is paid first", () => {
    const bucket = new TokenBucket(1000, at(0));
    expect(bucket.take(3 * BLOCK_BYTES, at(0))).toBe(true);
    expect(bucket.timeUntil(3 * BLOCK_BYTES, at(0))).toBe(3 * BLOCK_BYTES);
    expect(bucket.available(at(2 * BLOCK_BYTES))).toBe(0);
    expect(bucket.take(3 * BLOCK_BYTES, at(3 * BLOCK_BYTES - 1))).toBe(false);
    expect(bucket.take(3 * BLOCK_BYTES, at(3 * BLOCK_BYTES))).toBe(true);
  });

  test("Infinity lifts the limit", () => {
    const bucket = new TokenBucket(Infinity, at(0));
    expect(bucket.take(1e15, at(0))).toBe(true);
    expect(bucket.available(at(0))).toBe(Infinity);
    expect(bucket.timeUntil(1e15, at(0))).toBe(0);
  });

  test("0 lets nothing pass, ever", () => {
    const bucket = new TokenBucket(0, at(0));
    expect(bucket.take(1, at(1e9))).toBe(false);
    expect(bucket.timeUntil(1, at(1e9))).toBe(Infinity);
  });

  test("a new rate holds from now on and keeps what is owed", () => {
    const bucket = emptied();
    bucket.setRate(10 * RATE, at(0));
    expect(bucket.available(at(10))).toBe(RATE / 10);
    bucket.setRate(Infinity, at(10));
    bucket.setRate(RATE, at(1000));
    expect(bucket.available(at(1000))).toBe(BURST);
  });

  test("a clock that steps back counts as one that stands still", () => {
    const full = new TokenBucket(RATE, at(1000));
    expect(full.available(at(500))).toBe(BURST);
    const empty = emptied(1000);
    expect(empty.available(at(500))).toBe(0);
    expect(empty.available(at(1100))).toBe(RATE / 10);
  });
});
