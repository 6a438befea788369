import { describe, expect, test } from "vitest";
import { Geometry } from "../../engine/geometry.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { pieceStoreScenarios } from "../../ports/piece-store.contract.ts";
import { StorageFullError } from "../../ports/piece-store.ts";
import { MemoryPieceStore } from "./memory-piece-store.ts";

const PIECE_BYTES = 16_384;
const piece = (index: number) => index as PieceIndex;

describe("MemoryPieceStore", () => {
  test.each(pieceStoreScenarios)("$title", ({ play }) =>
    play(async (geometry) => new MemoryPieceStore(geometry, Number.POSITIVE_INFINITY)),
  );

  test("is full at its stated capacity, and what it holds stays readable", async () => {
    const store = new MemoryPieceStore(new Geometry(PIECE_BYTES, [3 * PIECE_BYTES]), 2 * PIECE_BYTES);
    const bytes = new Uint8Array(PIECE_BYTES).fill(7);
    await store.write(piece(0), bytes);
    await store.write(piece(1), bytes);
    await expect(store.write(piece(2), bytes)).rejects.toBeInstanceOf(StorageFullError);
    expect(await store.read(piece(1), 0, PIECE_BYTES)).toEqual(bytes);
  });

  test("a piece written again takes no more room", async () => {
    const store = new MemoryPieceStore(new Geometry(PIECE_BYTES, [PIECE_BYTES]), PIECE_BYTES);
    const bytes = new Uint8Array(PIECE_BYTES).fill(7);
    await store.write(piece(0), new Uint8Array(PIECE_BYTES));
    await store.write(piece(0), bytes);
    expect(await store.read(piece(0), 0, PIECE_BYTES)).toEqual(bytes);
  });
});
