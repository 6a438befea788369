import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byteRange } from "./byte-range.ts";

describe("[RFC 9110 §14] a range of 1,000 bytes", () => {
  test.each<[string | null, ReturnType<typeof byteRange>]>([
    [null, "whole"],
    ["bytes=0-1", { start: 0, end: 2 }],
    ["bytes=0-", { start: 0, end: 1000 }],
    ["bytes=500-", { start: 500, end: 1000 }],
    ["bytes=999-999", { start: 999, end: 1000 }],
    ["bytes=900-5000", { start: 900, end: 1000 }],
    ["bytes=-1", { start: 999, end: 1000 }],
    ["bytes=-5000", { start: 0, end: 1000 }],
    ["bytes= 0 - 1", { start: 0, end: 2 }],
    ["bytes=1000-", "unsatisfiable"],
    ["bytes=5000-6000", "unsatisfiable"],
    ["bytes=-0", "unsatisfiable"],
    // What is no range, or more than one, is passed over.
    ["bytes=2-1", "whole"],
    ["bytes=-", "whole"],
    ["bytes=0-1,5-6", "whole"],
    ["lines=0-1", "whole"],
    ["bytes=a-b", "whole"],
    ["", "whole"],
  ])("%j", (header, expected) => {
    expect(byteRange(header, 1000)).toEqual(expected);
  });
});

test("no range of an empty file can be satisfied", () => {
  expect(byteRange("bytes=0-", 0)).toBe("unsatisfiable");
  expect(byteRange("bytes=-5", 0)).toBe("unsatisfiable");
  expect(byteRange(null, 0)).toBe("whole");
});

test("whatever is asked for, what is given lies within the file and is not empty", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 1e15 }), (first, last, size) => {
      for (const header of [`bytes=${first}-${last}`, `bytes=${first}-`, `bytes=-${last}`]) {
        const range = byteRange(header, size);
        if (typeof range === "string") continue;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThan(range.start);
        expect(range.end).toBeLessThanOrEqual(size);
      }
    }),
    { seed: 1 },
  );
});
