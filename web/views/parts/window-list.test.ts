import { expect, test } from "vitest";
import { rangeInView } from "./window-list.tsx";

test("what is in view is drawn, with some rows around it, in steps", () => {
  expect(rangeInView(0, 10, 10_000)).toEqual({ first: 0, end: 24 });
  expect(rangeInView(500, 510, 10_000)).toEqual({ first: 486, end: 522 });
  expect(rangeInView(501, 511, 10_000)).toEqual({ first: 486, end: 528 });
});

test("rows are drawn wherever the window is, never before the first nor behind the last", () => {
  expect(rangeInView(-30, -20, 100)).toEqual({ first: 0, end: 24 });
  expect(rangeInView(95, 105, 100)).toEqual({ first: 76, end: 100 });
  expect(rangeInView(200, 210, 100)).toEqual({ first: 76, end: 100 });
  expect(rangeInView(0, 10, 3)).toEqual({ first: 0, end: 3 });
});
