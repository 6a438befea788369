import fc from "fast-check";
import { expect, test } from "vitest";
import { Availability } from "./availability.ts";
import { Bitfield } from "./bitfield.ts";
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
        expect(availability.pickableHere).toBe([...pickable].filter((each) => counts[each]).length);
        const ordered = order.map((each) => counts[each] ?? 0);
        expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
        expect(counts.map((_, each) => availability.copies(piece(each)))).toEqual(counts);
      }
    }),
  );
});

test("whatever the peer has, the piece found is the rarest of the highest priority in which it has any", () => {
  const levels = ["low", "normal", "high"] as const;
  const field = fc.array(fc.record({ count: fc.nat(4), level: fc.nat(2), isHad: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(field, fc.integer(), (rows, seed) => {
      const availability = new Availability(rows.length, new Random(seed));
      const have = new Bitfield(rows.length);
      for (const [index, { count, level, isHad }] of rows.entries()) {
        for (let copy = 0; copy < count; copy++) availability.onHave(piece(index));
        availability.setPriority(piece(index), levels[level] ?? "normal");
        if (isHad) have.set(index);
      }
      const best = rows
        .filter(({ isHad }) => isHad)
        .sort((a, b) => b.level - a.level || a.count - b.count)[0];
      const found = availability.find(have, () => true, false);
      const { count, level } = rows[found ?? -1] ?? {};
      expect({ count, level }).toEqual({ count: best?.count, level: best?.level });
    }),
  );
});

test("a peer that has one piece in a hundred thousand is asked for that one", () => {
  const size = 100_000;
  const availability = new Availability(size, new Random(1));
  const have = new Bitfield(size);
  have.set(77_777);
  // It is the most common one, so that the look at the rarest does not find it.
  for (let copy = 0; copy < 5; copy++) availability.onHave(piece(77_777));
  expect(availability.find(have, () => true, false)).toBe(77_777);
  availability.exclude(piece(77_777));
  expect(availability.find(have, () => true, false)).toBeUndefined();
});

test("a priority that changes moves the piece and forgets nothing", () => {
  const availability = new Availability(3, new Random(1));
  availability.onHave(piece(2));
  availability.setPriority(piece(2), "high");
  expect(availability.at(0)).toBe(2);
  availability.exclude(piece(2));
  availability.setPriority(piece(2), "low");
  expect(availability.pickable).toBe(2);
  availability.include(piece(2));
  expect(availability.at(2)).toBe(2);
  expect(availability.copies(piece(2))).toBe(1);
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
