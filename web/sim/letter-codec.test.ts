import { expect, test } from "vitest";
import { linkId } from "../engine/units.ts";
import { encodePieceHeader } from "../engine/wire/encoder.ts";
import type { Letter } from "./letter.ts";
import { LetterWriter, readLetters } from "./letter-codec.ts";

const LENGTH = 16_384;
const block = (piece: number, begin: number): Uint8Array => {
  const message = new Uint8Array(13 + LENGTH).fill(piece);
  encodePieceHeader(message, 0, piece, begin, LENGTH);
  return message;
};
const to = linkId(4_000_000_001);
const link = linkId(7);

const letters: readonly Letter[] = [
  { type: "messages", to, bytes: Uint8Array.of(1, 2, 3) },
  { type: "messages", to, bytes: new Uint8Array() },
  { type: "block", to, message: block(300, 2 * LENGTH) },
  { type: "backlog", to, until: 1234.5678 },
  { type: "closed", to },
  { type: "offer", to: 12, from: 10_001, link, downBytesPerSecond: 400_000.5 },
  { type: "accepted", to, link, downBytesPerSecond: 1e10 },
  { type: "refused", to },
  { type: "left", machine: 99 },
  { type: "messages", to, bytes: new Uint8Array(20_000).fill(9) },
];

function sent(writer: LetterWriter): [number, Letter][] {
  const read: [number, Letter][] = [];
  readLetters(writer.take().slice(), block, (at, letter) => read.push([at, letter]));
  return read;
}

test("every letter comes out as it was put in, in the same order, with the time at which it is due", () => {
  const writer = new LetterWriter();
  for (const [index, letter] of letters.entries()) writer.write(index / 3, letter);
  expect(sent(writer)).toEqual(letters.map((letter, index) => [index / 3, letter]));
});

test("what was taken once is not taken again", () => {
  const writer = new LetterWriter();
  writer.write(1, { type: "closed", to });
  writer.take();
  writer.write(2, { type: "refused", to });
  expect(sent(writer)).toEqual([[2, { type: "refused", to }]]);
});

test("a block is its header alone: its content is known there", () => {
  const writer = new LetterWriter();
  writer.write(1, { type: "block", to, message: block(3, 0) });
  expect(writer.take().length).toBeLessThan(64);
});
