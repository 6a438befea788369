import fc from "fast-check";
import { expect, test } from "vitest";
import { Geometry } from "./geometry.ts";
import type { PieceIndex } from "./units.ts";

const KIB = 1024;

test("[BEP 52] every file begins at a piece, empty files take none", () => {
  const geometry = new Geometry(32 * KIB, [0, 1, 32 * KIB, 0, 70 * KIB, 0]);
  expect(geometry.pieceCount).toBe(1 + 1 + 3);
  const pieces = Array.from({ length: 5 }, (_, piece) => piece as PieceIndex);
  expect(pieces.map((piece) => geometry.fileOf(piece))).toEqual([1, 2, 4, 4, 4]);
  expect(pieces.map((piece) => geometry.pieceBytes(piece))).toEqual([
    1,
    32 * KIB,
    32 * KIB,
    32 * KIB,
    6 * KIB,
  ]);
  expect(pieces.map((piece) => geometry.parts(piece)[0]?.offsetInFile)).toEqual([
    0,
    0,
    0,
    32 * KIB,
    64 * KIB,
  ]);
  expect(pieces.map((piece) => geometry.blockCount(piece))).toEqual([1, 2, 2, 2, 1]);
});

test("pieces and their blocks cover every byte exactly once, whatever the files", () => {
  const lengths = fc.array(fc.integer({ min: 0, max: 200 * KIB }), { maxLength: 12 });
  fc.assert(
    fc.property(lengths, fc.constantFrom(16, 32, 64), (files, pieceKib) => {
      const geometry = new Geometry(pieceKib * KIB, files);
      let bytes = 0;
      for (let index = 0; index < geometry.pieceCount; index++) {
        const piece = index as PieceIndex;
        let blocks = 0;
        for (let block = 0; block < geometry.blockCount(piece); block++) {
          expect(geometry.blockBytes(piece, block)).toBeGreaterThan(0);
          blocks += geometry.blockBytes(piece, block);
        }
        expect(blocks).toBe(geometry.pieceBytes(piece));
        const [part, ...others] = geometry.parts(piece);
        expect(others).toEqual([]);
        expect(part?.file).toBe(geometry.fileOf(piece));
        expect(part?.length).toBe(blocks);
        bytes += blocks;
      }
      expect(bytes).toBe(files.reduce((sum, length) => sum + length, 0));
    }),
  );
});

test("a range counts as contained only if it lies within one piece", () => {
  const geometry = new Geometry(32 * KIB, [40 * KIB]);
  expect(geometry.contains(0, 16 * KIB, 16 * KIB)).toBe(true);
  expect(geometry.contains(0, 16 * KIB, 16 * KIB + 1)).toBe(false);
  expect(geometry.contains(1, 0, 8 * KIB)).toBe(true);
  expect(geometry.contains(1, 0, 8 * KIB + 1)).toBe(false);
  expect(geometry.contains(2, 0, 1)).toBe(false);
  expect(geometry.contains(0, 0, 0)).toBe(false);
  expect(geometry.contains(0, 2 ** 32 - 1, 2)).toBe(false);
});

test("[BEP 3] files of a v1 torrent lie one behind the other, and a piece may hold several of them", () => {
  const layout = { offsets: [0, 100, 100, 120], streamLength: 70_120 };
  const geometry = new Geometry(50_000, [100, 0, 20, 70_000], layout);
  const [first, second] = [0, 1] as PieceIndex[];
  expect(geometry.pieceCount).toBe(2);
  expect(geometry.parts(first as PieceIndex)).toEqual([
    { file: 0, offsetInFile: 0, offsetInPiece: 0, length: 100 },
    { file: 2, offsetInFile: 0, offsetInPiece: 100, length: 20 },
    { file: 3, offsetInFile: 0, offsetInPiece: 120, length: 49_880 },
  ]);
  expect(geometry.parts(second as PieceIndex, 10, 5)).toEqual([
    { file: 3, offsetInFile: 49_890, offsetInPiece: 10, length: 5 },
  ]);
  expect([0, 1, 2, 3].map((file) => geometry.firstPieceOf(file))).toEqual([0, 0, 0, 0]);
  expect([0, 1, 2, 3].map((file) => geometry.pieceCountOf(file))).toEqual([1, 0, 1, 2]);
  expect(geometry.placeOf(3, 49_880)).toEqual({ piece: 1, begin: 0 });
  expect(geometry.bytesOfFileIn(3, second as PieceIndex)).toBe(20_120);
  expect(geometry.blocksPerPiece).toBe(4);
});

test("[BEP 47, 52] a piece of a hybrid torrent ends with its file in v2, and with the padding in v1", () => {
  const withTail = new Geometry(32 * KIB, [40 * KIB, 10], { streamLength: 96 * KIB });
  const withoutTail = new Geometry(32 * KIB, [40 * KIB, 10], { streamLength: 64 * KIB + 10 });
  for (const [geometry, last] of [[withTail, 32 * KIB] as const, [withoutTail, 10] as const]) {
    const pieces = [0, 1, 2] as PieceIndex[];
    expect(pieces.map((piece) => geometry.pieceBytes(piece))).toEqual([32 * KIB, 8 * KIB, 10]);
    expect(pieces.map((piece) => geometry.v1PieceBytes(piece))).toEqual([32 * KIB, 32 * KIB, last]);
    expect(geometry.contains(1, 8 * KIB, KIB, "v1")).toBe(true);
    expect(geometry.contains(1, 8 * KIB, KIB, "v2")).toBe(false);
  }
});
