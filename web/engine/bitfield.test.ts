import fc from "fast-check";
import { expect, test } from "vitest";
import { Bitfield } from "./bitfield.ts";

test("[BEP 3] bit 7 of byte 0 is piece 0", () => {
  const field = new Bitfield(10);
  field.set(0);
  field.set(9);
  expect([...field.toBytes()]).toEqual([0b1000_0000, 0b0100_0000]);
});

test("[BEP 3] a bitfield of the wrong length or with spare bits set is refused", () => {
  expect(Bitfield.fromBytes(new Uint8Array(1), 9)).toBeUndefined();
  expect(Bitfield.fromBytes(new Uint8Array(3), 9)).toBeUndefined();
  expect(Bitfield.fromBytes(Uint8Array.of(0xff, 0x40), 9)).toBeUndefined();
  expect(Bitfield.fromBytes(Uint8Array.of(0xff, 0x80), 9)?.isFull).toBe(true);
  expect(Bitfield.fromBytes(new Uint8Array(0), 0)?.isFull).toBe(true);
});

test("a full field has no spare bits and reads back as itself", () => {
  for (const length of [0, 1, 7, 8, 9, 16, 17]) {
    const full = Bitfield.full(length);
    expect(full.count).toBe(length);
    expect(Bitfield.fromBytes(full.toBytes(), length)?.isFull).toBe(true);
  }
});

test("set, clear and count agree with a plain set of numbers", () => {
  const operations = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: -2, max: 40 })));
  fc.assert(
    fc.property(operations, (steps) => {
      const field = new Bitfield(37);
      const expected = new Set<number>();
      for (const [isSet, index] of steps) {
        const isInside = index >= 0 && index < 37;
        if (isSet) expect(field.set(index)).toBe(isInside && !expected.has(index));
        else expect(field.clear(index)).toBe(expected.has(index));
        if (!isInside) continue;
        if (isSet) expected.add(index);
        else expected.delete(index);
      }
      expect([...field]).toEqual([...expected].sort((a, b) => a - b));
      expect(field.count).toBe(expected.size);
      expect([...field.clone()]).toEqual([...field]);
    }),
  );
});

test("what two maps have in common is found wherever the look begins", () => {
  const indices = fc.uniqueArray(fc.nat(99));
  fc.assert(
    fc.property(indices, indices, fc.nat(99), (mine, theirs, start) => {
      const [a, b] = [mine, theirs].map((set) => {
        const field = new Bitfield(100);
        for (const index of set) field.set(index);
        return field;
      });
      const common = mine.filter((index) => theirs.includes(index)).sort((x, y) => x - y);
      expect([...(a?.common(b ?? new Bitfield(100), start) ?? [])].sort((x, y) => x - y)).toEqual(common);
    }),
  );
});
