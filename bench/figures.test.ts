import { expect, test } from "vitest";
import { median, medians, table } from "./figures.ts";

test("the median is the middle one, or the mean of the two in the middle", () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 2, 100])).toBe(3);
  expect(() => median([])).toThrow(RangeError);
});

test("each figure has a median of its own", () => {
  const runs = [
    { rate: 1, seconds: 30 },
    { rate: 3, seconds: 10 },
    { rate: 2, seconds: 20 },
  ];
  expect(medians(runs)).toEqual({ rate: 2, seconds: 20 });
});

test("figures stand under their heading, and rows may be short", () => {
  expect(
    table([
      ["", "raw", "shoal"],
      ["MB/s", "28.1", "7"],
      ["seconds", "4"],
    ]),
  ).toBe(["           raw   shoal", "MB/s      28.1       7", "seconds      4"].join("\n"));
});
