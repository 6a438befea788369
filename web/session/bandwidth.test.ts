import fc from "fast-check";
import { expect, test } from "vitest";
import { divideBandwidth } from "./bandwidth.ts";

const idle = { limit: Infinity, rate: 0, allotted: 0.1 };

test("without a limit for all, each is held to its own alone", () => {
  const claims = [{ ...idle, limit: 500 }, idle];
  expect(divideBandwidth(Infinity, claims)).toEqual([500, Infinity]);
});

test("one share alone gets everything", () => {
  expect(divideBandwidth(1000, [{ limit: Infinity, rate: 100, allotted: 1000 }])).toEqual([1000]);
});

test("two that could both use more get half each", () => {
  const eager = { limit: Infinity, rate: 500, allotted: 500 };
  expect(divideBandwidth(1000, [eager, eager])).toEqual([500, 500]);
});

test("who moves little leaves the rest to who can use it, and keeps room to grow", () => {
  const slow = { limit: Infinity, rate: 100, allotted: 500 };
  const eager = { limit: Infinity, rate: 500, allotted: 500 };
  expect(divideBandwidth(1000, [slow, eager])).toEqual([200, 800]);
});

test("a share's own limit holds, and what it may not use goes to the others", () => {
  const limited = { limit: 100, rate: 100, allotted: 100 };
  const eager = { limit: Infinity, rate: 500, allotted: 500 };
  expect(divideBandwidth(1000, [limited, eager])).toEqual([100, 900]);
});

test("the parts never add up to more than the whole, and nobody exceeds its own limit", () => {
  const claim = fc.record({
    limit: fc.oneof(fc.constant(Infinity), fc.nat(2000)),
    rate: fc.nat(2000),
    allotted: fc.oneof(fc.constant(Infinity), fc.nat(2000)),
  });
  fc.assert(
    fc.property(fc.nat(5000), fc.array(claim, { minLength: 1, maxLength: 8 }), (total, claims) => {
      const parts = divideBandwidth(total, claims);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBeLessThanOrEqual(total);
      for (const [at, part] of parts.entries()) {
        expect(part).toBeGreaterThanOrEqual(0);
        expect(part).toBeLessThanOrEqual(claims[at]?.limit ?? 0);
      }
    }),
  );
});
