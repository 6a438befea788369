import fc from "fast-check";
import { expect, test } from "vitest";
import { Availability } from "./availability.ts";
import { Random } from "./random.ts";
import type { PieceIndex } from "./units.ts";

const piece = (index: number) => index as PieceIndex;

test("pieces come rarest first after every change", () => {
  const steps = fc.array(
    fc.tuple(fc.constantFrom("have", "lost", "exclude", "include"), fc.integer({ min: 0, max: 11 })),
    { maxLength: 300 },
  );
  fc.assert(
    fc.property(steps, fc.integer(), (changes, seed) => {
      const availability = new Availability(12, new Random(seed));
      const counts = new Array<number>(12).fill(0);
      const pickable = new Set(counts.keys());
      for (const [change, index] of changes) {
        const count = counts[index] ?? 0;
        if (change === "have") {
          availability.onHave(piece(index));
          counts[index] = count + 1;
        } else if (change === "lost") {
          availability.onLost(piece(index));
          counts[index] = Math.max(0, count - 1);
        } else if (change === "exclude") {
          availability.exclude(piece(index));
          pickable.delete(index);
        } else {
          availability.include(piece(index));
          pickable.add(index);
        }
        const order = Array.from({ length: availability.pickable }, (_, rank) => availability.at(rank));
        expect(new Set<number>(order)).toEqual(pickable);
        const ordered = order.map((each) => counts[each] ?? 0);
        expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
        expect(counts.map((_, each) => availability.copies(piece(each)))).toEqual(counts);
      }
    }),
  );
});

test("[Cohen 2003 §2.4.2] of equally rare pieces each comes first about equally often", () => {
  const firsts = new Array<number>(8).fill(0);
  for (let seed = 0; seed < 4000; seed++) {
    const availability = new Availability(8, new Random(seed));
    for (let index = 0; index < 4; index++) availability.onHave(piece(index));
    const first = availability.at(0);
    firsts[first] = (firsts[first] ?? 0) + 1;
  }
  expect(firsts.slice(0, 4)).toEqual([0, 0, 0, 0]);
  for (const count of firsts.slice(4)) expect(count).toBeGreaterThan(800);
});

test("a seed counts for every piece and changes no order", () => {
  const availability = new Availability(3, new Random(1));
  availability.onHave(piece(1));
  availability.seeds = 2;
  expect([0, 1, 2].map((index) => availability.copies(piece(index)))).toEqual([2, 3, 2]);
  expect(availability.at(2)).toBe(1);
});
