import { describe, expect, test } from "vitest";
import { SystemClock } from "../adapters/clock.ts";
import { MemoryPieceStore } from "../adapters/storage/memory-piece-store.ts";
import { Geometry } from "../engine/geometry.ts";
import type { PieceIndex } from "../engine/units.ts";
import { FaultyPieceStore, type StorageFault } from "./faulty-piece-store.ts";
import { PieceUnreadableError, StorageFailedError, StorageFullError } from "./piece-store.ts";
import { faultScenarios } from "./piece-store-faults.contract.ts";

const PIECE_BYTES = 16_384;
const geometry = new Geometry(PIECE_BYTES, [3 * PIECE_BYTES]);
const bytes = new Uint8Array(PIECE_BYTES).fill(7);
const piece = (index: number) => index as PieceIndex;

function faulty(fault: StorageFault): FaultyPieceStore {
  return new FaultyPieceStore(new MemoryPieceStore(geometry, geometry.totalBytes), fault);
}

describe("a memory store with a fault", () => {
  test.each(faultScenarios(new SystemClock()))("$title", ({ play }) =>
    play(async (shape) => new MemoryPieceStore(shape, Number.POSITIVE_INFINITY)),
  );
});

test("a corrupting store gives back other bytes than were written, and only there", async () => {
  const store = faulty({ type: "corrupting" });
  await store.write(piece(0), bytes);
  const read = await store.read(piece(0), 0, PIECE_BYTES);
  expect(read[0]).toBe(6);
  expect(read.subarray(1)).toEqual(bytes.subarray(1));
});

test("a full store takes what fits and keeps it", async () => {
  const store = faulty({ type: "full", afterBytes: 2 * PIECE_BYTES });
  await store.write(piece(0), bytes);
  await store.write(piece(1), bytes);
  await expect(store.write(piece(2), bytes)).rejects.toBeInstanceOf(StorageFullError);
  expect(await store.read(piece(1), 0, PIECE_BYTES)).toEqual(bytes);
});

test("a failing store fails at the call that it was told, and only there", async () => {
  const store = faulty({ type: "failing", call: "write", nth: 2 });
  await store.write(piece(0), bytes);
  await expect(store.write(piece(1), bytes)).rejects.toBeInstanceOf(StorageFailedError);
  await store.write(piece(1), bytes);
  expect(await store.read(piece(1), 0, PIECE_BYTES)).toEqual(bytes);
});

test("a read that fails says that the piece is unreadable", async () => {
  const store = faulty({ type: "failing", call: "read", nth: 1 });
  await store.write(piece(0), bytes);
  await expect(store.read(piece(0), 0, 1)).rejects.toBeInstanceOf(PieceUnreadableError);
  expect(await store.read(piece(0), 0, 1)).toEqual(bytes.subarray(0, 1));
});
