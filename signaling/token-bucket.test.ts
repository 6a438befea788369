import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { takeTokens } from "./token-bucket.ts";

const rate = { capacity: 10, perSecond: 2 };

describe("a bucket of ten tokens that gains two a second", () => {
  it("lets a burst of ten through, and then one each half second", () => {
    let fullAt = 0;
    const take = (now: number, cost = 1) => {
      const afterwards = takeTokens(rate, fullAt, cost, now);
      fullAt = afterwards ?? fullAt;
      return afterwards !== undefined;
    };
    expect(Array.from({ length: 12 }, () => take(1_000))).toEqual([...Array(10).fill(true), false, false]);
    expect(take(1_499)).toBe(false);
    expect(take(1_500)).toBe(true);
    expect(take(1_500)).toBe(false);
    expect(take(6_500, 10)).toBe(true);
  });

  it("never holds more than ten, however long nobody takes any", () => {
    expect(takeTokens(rate, 0, 10, 1e9)).toBeDefined();
    expect(takeTokens(rate, 0, 11, 1e9)).toBeUndefined();
  });

  it("lets no more through in any stretch of time than the burst and what was gained", () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 10 })));
    fc.assert(
      fc.property(steps, (asked) => {
        let now = 0;
        let fullAt = 0;
        let taken = 0;
        for (const [wait, cost] of asked) {
          now += wait;
          const afterwards = takeTokens(rate, fullAt, cost, now);
          if (afterwards === undefined) continue;
          fullAt = afterwards;
          taken += cost;
        }
        return taken <= rate.capacity + (now / 1_000) * rate.perSecond + 1e-6;
      }),
    );
  });

  it("without a limit lets everything through and remembers nothing", () => {
    expect(takeTokens({ capacity: Number.POSITIVE_INFINITY, perSecond: 0 }, 0, 1e12, 5)).toBe(0);
  });
});
