/**
 * What holds of any piece store under each fault: nothing that was stored is lost, nothing that failed is taken for
 * stored, and whoever tries again gets on. Played like the contract itself, on memory and on real disks.
 */
import { Geometry } from "../engine/geometry.ts";
import type { PieceIndex } from "../engine/units.ts";
import type { Clock } from "./clock.ts";
import { FaultyPieceStore, type StorageFault } from "./faulty-piece-store.ts";
import { type PieceStoreScenario, pieceStoreScenarios } from "./piece-store.contract.ts";
import {
  type PieceStore,
  PieceUnreadableError,
  StorageFailedError,
  StorageFullError,
} from "./piece-store.ts";

const PIECE_BYTES = 32 * 1024;
const DELAY_MS = 1;
const geometry = new Geometry(PIECE_BYTES, [2 * PIECE_BYTES + 77, 100]);
const pieces = Array.from({ length: geometry.pieceCount }, (_, index) => index as PieceIndex);

/** How often `workThrough` makes each kind of call when nothing fails. */
const CALLS = { write: pieces.length, flush: 2, read: pieces.length, file: 2 } as const;

/** @param clock runs by itself. */
export function faultScenarios(clock: Clock): readonly PieceStoreScenario[] {
  const failing = Object.entries(CALLS).flatMap(([call, count]) =>
    Array.from({ length: count }, (_, before) =>
      failsOnce({ type: "failing", call: call as keyof typeof CALLS, nth: before + 1 }),
    ),
  );
  return [
    ...pieceStoreScenarios.map((scenario) => slowed(scenario, { type: "slow", clock, delayMs: DELAY_MS })),
    ...failing,
    keepsWhatFits,
    corruptsReadsAlone,
  ];
}

function slowed({ title, play }: PieceStoreScenario, fault: StorageFault): PieceStoreScenario {
  return {
    title: `slow: ${title}`,
    play: (open) => play(async (shape) => new FaultyPieceStore(await open(shape), fault)),
  };
}

function failsOnce(fault: StorageFault & { type: "failing" }): PieceStoreScenario {
  return {
    title: `${fault.call} number ${fault.nth} fails: it is said, nothing is lost, and trying again does it`,
    async play(open) {
      const store = await open(geometry);
      const failures = await workThrough(new FaultyPieceStore(store, fault));
      const isReading = fault.call === "read" || fault.call === "file";
      const expected = isReading ? PieceUnreadableError : StorageFailedError;
      if (failures.length !== 1 || !(failures[0] instanceof expected)) {
        throw new Error(`expected one ${expected.name}, got ${failures.join(", ") || "none"}`);
      }
      await store.destroy();
    },
  };
}

const keepsWhatFits: PieceStoreScenario = {
  title: "full: what fits is kept, what does not is refused, and the rest stays as it was",
  async play(open) {
    const store = await open(geometry);
    const full = new FaultyPieceStore(store, { type: "full", afterBytes: PIECE_BYTES + 10 });
    await full.write(pieces[0] as PieceIndex, contentOf(0));
    const refused = await full.write(pieces[1] as PieceIndex, contentOf(1)).catch((error: unknown) => error);
    if (!(refused instanceof StorageFullError)) throw new Error(`expected it to be full, got ${refused}`);
    await expectContent(full, 0);
    const missing = await full.read(pieces[1] as PieceIndex, 0, 1).catch((error: unknown) => error);
    if (!(missing instanceof PieceUnreadableError)) throw new Error("a refused piece can be read");
    await store.destroy();
  },
};

const corruptsReadsAlone: PieceStoreScenario = {
  title: "corrupting: one bit of what is read is wrong, and the disk itself is as it was",
  async play(open) {
    const store = await open(geometry);
    const corrupting = new FaultyPieceStore(store, { type: "corrupting" });
    await corrupting.write(pieces[0] as PieceIndex, contentOf(0));
    const bytes = await corrupting.read(pieces[0] as PieceIndex, 0, PIECE_BYTES);
    if (bytes[0] === contentOf(0)[0]) throw new Error("the first byte is right");
    await expectContent(store, 0);
    await store.destroy();
  },
};

/** Writes, flushes, reads and takes out everything, each call again when it failed. @returns the failures. */
async function workThrough(store: PieceStore): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  const insist = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    try {
      return await call();
    } catch (error) {
      failures.push(error);
      return call();
    }
  };
  for (const piece of pieces) {
    await insist(() => store.write(piece, contentOf(piece)));
    if (piece === 0) await insist(() => store.flush());
  }
  await insist(() => store.flush());
  for (const piece of pieces)
    expectSame(await insist(() => store.read(piece, 0, geometry.pieceBytes(piece))), piece);
  for (const file of geometry.fileLengths.keys()) {
    const blob = await insist(() => store.file(file));
    if (blob.size !== geometry.fileLengths[file]) throw new Error(`file ${file} has ${blob.size} bytes`);
  }
  return failures;
}

function contentOf(piece: number): Uint8Array {
  return new Uint8Array(geometry.pieceBytes(piece as PieceIndex)).fill(piece + 1);
}

async function expectContent(store: PieceStore, piece: number): Promise<void> {
  expectSame(await store.read(piece as PieceIndex, 0, geometry.pieceBytes(piece as PieceIndex)), piece);
}

function expectSame(bytes: Uint8Array, piece: number): void {
  if (bytes.length !== contentOf(piece).length || bytes.some((byte) => byte !== piece + 1)) {
    throw new Error(`piece ${piece} is not what was written`);
  }
}
