import { expect, test } from "vitest";
import { geometryOf } from "../../engine/geometry-of.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { PieceIndex } from "../../engine/units.ts";
import type { KeptRecord } from "../../ports/library.ts";
import { MemoryLibrary } from "../../ports/memory-library.ts";
import type { PieceSource } from "../../ports/piece-store.ts";
import { VolatileDisk } from "../../ports/volatile-disk.ts";
import { mergeInto } from "./merging.ts";
import { noPieces, piecesOf } from "./stored-pieces.ts";

const PIECES = 4;
const PIECE_BYTES = 32_768;
const info = {
  version: "v2",
  pieceLength: PIECE_BYTES,
  files: [{ path: ["a"], length: PIECES * PIECE_BYTES }],
} as unknown as Info;

test("what arrives while pieces are added to another tab's record is added too, and what that has is not read", async () => {
  const disk = new VolatileDisk();
  const kept = noPieces(PIECES);
  kept.have.set(0);
  await disk.open("place", geometryOf(info)).write(0 as PieceIndex, new Uint8Array(PIECE_BYTES));
  const record = {
    share: { key: "key", place: "place" },
    progress: { have: kept.have.toBytes(), unsure: kept.unsure.toBytes() },
  } as KeptRecord;
  const ours = noPieces(PIECES);
  for (const piece of [0, 1]) ours.have.set(piece);
  const read: PieceIndex[] = [];
  const source: Pick<PieceSource, "read"> = {
    read: async (piece, _begin, length) => {
      read.push(piece);
      if (piece < PIECES - 1) ours.have.set(piece + 1);
      return new Uint8Array(length).fill(piece);
    },
  };
  const merged = await mergeInto(record, info, ours, source as PieceSource, {
    library: new MemoryLibrary(),
    openStore: async (_info, where) => {
      const have = typeof where === "object" ? where.have : undefined;
      const store = disk.open("place", geometryOf(info), have);
      return { store, source: store, have: store.have, place: "place" };
    },
  });
  expect(read).toEqual([1, 2, 3]);
  const { have, unsure } = piecesOf(merged, PIECES);
  expect([[...have], [...unsure]]).toEqual([[0], [1, 2, 3]]);
  const stored = disk.open("place", geometryOf(info), ours.have);
  expect(await stored.read(3 as PieceIndex, 0, 1)).toEqual(Uint8Array.of(3));
});
