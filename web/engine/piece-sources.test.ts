import { expect, test } from "vitest";
import { PieceSources } from "./piece-sources.ts";
import type { PeerId, PieceIndex } from "./units.ts";

const peer = (name: string) => name as PeerId;
const piece = (index: number) => index as PieceIndex;

test("a piece counts for whoever sent most of it", () => {
  const sources = new PieceSources(3);
  sources.onStored(piece(0), [peer("a"), peer("b"), peer("b")]);
  sources.onStored(piece(2), [peer("a"), undefined]);
  expect(sources.senders).toEqual(["b", "a"]);
  expect([...sources.ofPiece]).toEqual([1, 0, 2]);
});

test("what nobody sent is nobody's, and of more senders than a byte tells apart the last are nobody", () => {
  const sources = new PieceSources(300);
  sources.onStored(piece(0), []);
  for (let i = 1; i < 300; i++) sources.onStored(piece(i), [peer(`${i}`)]);
  expect(sources.ofPiece[0]).toBe(0);
  expect(sources.ofPiece[255]).toBe(255);
  expect(sources.ofPiece[256]).toBe(0);
  expect(sources.senders).toHaveLength(255);
});
