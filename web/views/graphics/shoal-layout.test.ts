import { describe, expect, test } from "vitest";
import { boxAround, centrePlace, flow, flowWidth, placesAround } from "./shoal-layout.ts";

describe("places", () => {
  test.each([1, 2, 3, 5, 8, 9, 14, 26, 27, 40, 60, 100])(
    "of %d people touch neither each other nor the middle",
    (count) => {
      const places = placesAround(count);
      expect(places).toHaveLength(count);
      const all = [centrePlace(count), ...places];
      for (const [i, a] of all.entries())
        for (const b of all.slice(i + 1))
          expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(a.radius + b.radius);
    },
  );

  test.each([0, 3, 14, 60])(
    "of %d people are all inside of the drawing, a few with room for names",
    (count) => {
      const places = placesAround(count);
      const room = count > 8 ? 0 : 20;
      const [left = 0, top = 0, width = 0, height = 0] = boxAround(places).split(" ").map(Number);
      for (const { x, y, radius } of [centrePlace(count), ...places]) {
        expect(x - radius).toBeGreaterThan(left);
        expect(x + radius).toBeLessThan(left + width);
        expect(y - radius - room).toBeGreaterThan(top);
        expect(y + radius + room).toBeLessThan(top + height);
      }
    },
  );
});

test("the strongest flow is the widest, the weakest is still seen, and none is nothing", () => {
  const widths = [0, 1, 50, 100].map((rate) => flowWidth(rate, 100, 3));
  expect(widths[0]).toBe(0);
  expect(widths[1]).toBeGreaterThan(1);
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  expect(flowWidth(100, 100, 30)).toBeLessThan(widths.at(-1) ?? 0);
});

describe("a stream", () => {
  const you = centrePlace(1);
  const [place] = placesAround(1);
  if (place === undefined) throw new Error("one person has a place");
  const there = flow(you, place, 10, false);
  const back = flow(place, you, 10, false);

  test("has fish that swim between the two circles, the way that it flows", () => {
    for (const { x, angle } of there.fish) {
      expect(x).toBeGreaterThan(you.x + you.radius);
      expect(x).toBeLessThan(place.x - place.radius);
      expect(Math.abs(angle)).toBeLessThan(45);
    }
    for (const { angle } of back.fish) expect(Math.abs(angle)).toBeGreaterThan(135);
  });

  test("keeps to its own side when something flows the other way", () => {
    expect(there.fish.every(({ y }) => y > 5)).toBe(true);
    expect(back.fish.every(({ y }) => y < -5)).toBe(true);
  });

  test.each([3, 8, 14, 60])("among %d people has at least one fish, and room for it", (count) => {
    const middle = centrePlace(count);
    for (const other of placesAround(count)) {
      const { fish } = flow(middle, other, 16, true);
      expect(fish.length).toBeGreaterThan(0);
      for (const { size } of fish) expect(size).toBeGreaterThan(5);
    }
  });
});
