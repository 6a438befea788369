import { expect, test } from "vitest";
import type { PendingRequest } from "./peer.ts";
import { TakenBack } from "./taken-back.ts";
import { type BlockIndex, millis, type PieceIndex } from "./units.ts";

const request = (block: number): PendingRequest => ({
  piece: 3 as PieceIndex,
  block: block as BlockIndex,
  askedAt: millis(0),
});

test("a block that was taken back may come once for each time, and never another one", () => {
  const takenBack = new TakenBack();
  takenBack.add(7);
  takenBack.add(7);
  expect(takenBack.onAnswer(8)).toBe(false);
  expect([takenBack.onAnswer(7), takenBack.onAnswer(7), takenBack.onAnswer(7)]).toEqual([true, true, false]);
});

test("[BEP 6] what is owed is owed until it is answered", () => {
  const takenBack = new TakenBack();
  takenBack.addOwed(1, request(1), millis(10));
  expect(takenBack.owed(1)).toEqual(request(1));
  expect(takenBack.onAnswer(1)).toBe(true);
  expect(takenBack.owed(1)).toBeUndefined();
  expect(takenBack.isOwing(Infinity)).toBe(false);
  expect(takenBack.giveUp(Infinity)).toEqual([]);
});

test("what is owed for too long is given up; its late answer is no crime", () => {
  const takenBack = new TakenBack();
  takenBack.addOwed(1, request(1), millis(10));
  takenBack.addOwed(2, request(2), millis(20));
  expect([takenBack.isOwing(10), takenBack.isOwing(11)]).toEqual([false, true]);
  expect(takenBack.giveUp(20)).toEqual([request(1)]);
  expect(takenBack.owed(2)).toEqual(request(2));
  expect(takenBack.onAnswer(1)).toBe(true);
});
