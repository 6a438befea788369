import { describe, expect, test } from "vitest";
import { boxAround, CENTRE_PLACE, flowPath, flowWidth, placesAround } from "./shoal-layout.ts";

describe("places", () => {
  test.each([1, 2, 3, 8, 10, 11, 24, 40])("of %d people touch neither each other nor the middle", (count) => {
    const all = [CENTRE_PLACE, ...placesAround(count)];
    for (const [i, a] of all.entries())
      for (const b of all.slice(i + 1))
        expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(a.radius + b.radius);
  });

  test("are all inside of the drawing, with room for names", () => {
    const places = placesAround(3);
    const [left, top, width, height] = boxAround(places).split(" ").map(Number);
    for (const { x, y, radius } of places) {
      expect(x - radius).toBeGreaterThan(left ?? Number.NaN);
      expect(x + radius).toBeLessThan((left ?? 0) + (width ?? Number.NaN));
      expect(y - radius - 20).toBeGreaterThan(top ?? Number.NaN);
      expect(y + radius + 20).toBeLessThan((top ?? 0) + (height ?? Number.NaN));
    }
  });
});

test("the strongest flow is the widest, the weakest is still seen, and none is nothing", () => {
  const widths = [0, 1, 50, 100].map((rate) => flowWidth(rate, 100));
  expect(widths[0]).toBe(0);
  expect(widths[1]).toBeGreaterThan(1);
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
});

describe("an arrow", () => {
  const [place] = placesAround(1);
  const ends = (path: string) =>
    [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

  test("runs from the edge of one circle to the edge of the other", () => {
    if (place === undefined) throw new Error("one person has a place");
    const points = ends(flowPath(CENTRE_PLACE, place, 10, true));
    const xs = points.map(([x]) => x ?? Number.NaN);
    expect(Math.min(...xs)).toBeGreaterThan(CENTRE_PLACE.x + CENTRE_PLACE.radius);
    expect(Math.max(...xs)).toBeLessThan(place.x - place.radius);
  });

  test("keeps to its own side when something flows the other way", () => {
    if (place === undefined) throw new Error("one person has a place");
    const there = ends(flowPath(CENTRE_PLACE, place, 8, false));
    const back = ends(flowPath(place, CENTRE_PLACE, 8, false));
    expect(there.every(([, y]) => (y ?? 0) > CENTRE_PLACE.y)).toBe(true);
    expect(back.every(([, y]) => (y ?? 999) < CENTRE_PLACE.y)).toBe(true);
  });
});
