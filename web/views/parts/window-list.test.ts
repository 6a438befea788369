import { expect, test } from "vitest";
import { rangeInView } from "./window-list.tsx";

test("what is in view is drawn, with some rows around it, in steps", () => {
  expect(rangeInView(0, 10, 10_000)).toEqual({ first: 0, end: 24 });
  expect(rangeInView(500, 510, 10_000)).toEqual({ first: 486, end: 522 });
  expect(rangeInView(501, 511, 10_000)).toEqual({ first: 486, end: 528 });
});

test("nothing before the first row and nothing behind the last is drawn", () => {
  expect(rangeInView(-30, -20, 100)).toEqual({ first: 0, end: 0 });
  expect(rangeInView(95, 105, 100)).toEqual({ first: 78, end: 100 });
  expect(rangeInView(200, 210, 100)).toEqual({ first: 100, end: 100 });
});
