import { expect, test } from "vitest";
import { slotsWithin } from "./upload-slots.ts";

test("a low upload limit leaves fewer slots, each of them worth having", () => {
  const kib = (limit: number) => slotsWithin(limit * 1024, 4);
  expect([1, 5, 14, 15, 26, 27, 1000].map(kib)).toEqual([2, 2, 2, 3, 3, 4, 4]);
});

test("never more than was set, all of it without a limit, none when nothing may leave", () => {
  expect(slotsWithin(Infinity, 7)).toBe(7);
  expect(slotsWithin(1e9, 1)).toBe(1);
  expect(slotsWithin(0, 4)).toBe(0);
  expect(slotsWithin(1000, 0)).toBe(0);
});
