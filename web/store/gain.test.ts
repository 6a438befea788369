import { expect, test } from "vitest";
import { type Gain, secondsLeft, withMark } from "./gain.ts";

function gainOf(marks: readonly (readonly [at: number, have: number])[]): Gain {
  return (
    marks.reduce<Gain | undefined>((gain, [at, have]) => withMark(gain, at, have), undefined) ?? { marks: [] }
  );
}

test("the time left follows from all that someone gained, whoever gave it", () => {
  expect(
    secondsLeft(
      gainOf([
        [0, 0],
        [2_000, 20],
      ]),
      100,
    ),
  ).toBe(8);
});

test("nothing is told before someone was seen to gain", () => {
  expect(secondsLeft(gainOf([[0, 10]]), 100)).toBeUndefined();
  expect(
    secondsLeft(
      gainOf([
        [0, 10],
        [5_000, 10],
      ]),
      100,
    ),
  ).toBeUndefined();
});

test("only the last ten seconds count", () => {
  const slowThenFast = Array.from({ length: 31 }, (_, i) => [i * 1_000, i < 20 ? 0 : (i - 20) * 10] as const);
  expect(secondsLeft(gainOf(slowThenFast), 200)).toBe(10);
});

test("marks that come too soon change nothing", () => {
  const gain = gainOf([[0, 10]]);
  expect(withMark(gain, 999, 50)).toBe(gain);
});
