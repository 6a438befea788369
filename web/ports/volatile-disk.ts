/**
 * Places for pieces that outlive the tab that wrote them, as a disk does: what was flushed survives a crash, of what
 * was not, anything may be left. For tests.
 */
import { Bitfield } from "../engine/bitfield.ts";
import type { Geometry } from "../engine/geometry.ts";
import type { PieceIndex } from "../engine/units.ts";
import {
  type PieceStore,
  PieceUnreadableError,
  StorageFailedError,
  StorageFullError,
} from "./piece-store.ts";

interface Place {
  /** By piece: what a read gives, and what the disk itself holds. */
  readonly cached: Map<PieceIndex, Uint8Array<ArrayBuffer>>;
  durable: Map<PieceIndex, Uint8Array<ArrayBuffer>>;
}

export class VolatileDisk {
  readonly #places = new Map<string, Place>();
  /** Bytes that still fit. */
  free = Number.POSITIVE_INFINITY;
  /** Called at each step between which a crash can happen. */
  onStep: () => void = () => {};

  get places(): readonly string[] {
    return [...this.#places.keys()];
  }

  remove(place: string): void {
    this.#places.delete(place);
  }

  /** What it holds there is gone, while whoever opened it goes on. */
  wipe(place: string): void {
    this.#places.get(place)?.cached.clear();
    this.#places.get(place)?.durable.clear();
  }

  /** The disk as it is after a crash now: unflushed pieces are torn, their first half written. */
  afterCrash(): VolatileDisk {
    const disk = new VolatileDisk();
    for (const [name, { cached, durable }] of this.#places) {
      const left = new Map(durable);
      for (const [piece, bytes] of cached) if (durable.get(piece) !== bytes) left.set(piece, torn(bytes));
      disk.#places.set(name, { cached: new Map(left), durable: left });
    }
    return disk;
  }

  /** What the disk itself holds of a piece. */
  durable(place: string, piece: PieceIndex): Uint8Array | undefined {
    return this.#places.get(place)?.durable.get(piece);
  }

  open(
    name: string,
    geometry: Geometry,
    have = new Bitfield(geometry.pieceCount),
  ): PieceStore & { have: Bitfield } {
    const place = this.#places.get(name) ?? { cached: new Map(), durable: new Map() };
    this.#places.set(name, place);
    let isClosed = false;
    const held = new Bitfield(geometry.pieceCount);
    for (const piece of have) if (place.cached.has(piece as PieceIndex)) held.set(piece);
    const pieceOf = (piece: PieceIndex) => {
      const bytes = isClosed ? undefined : place.cached.get(piece);
      if (bytes === undefined) throw new PieceUnreadableError(`Piece ${piece} is not stored.`);
      return bytes;
    };
    return {
      kind: "opfs",
      have: held,
      read: async (piece, begin, length) => pieceOf(piece).slice(begin, begin + length),
      write: async (piece, bytes) => {
        if (isClosed) throw new StorageFailedError("The store is closed.");
        this.onStep();
        const before = place.cached.get(piece)?.length ?? 0;
        if (bytes.length - before > this.free) throw new StorageFullError("The disk is full.");
        this.free -= bytes.length - before;
        place.cached.set(piece, torn(bytes));
        await turn();
        this.onStep();
        place.cached.set(piece, bytes.slice());
      },
      flush: async () => {
        const covered = new Map(place.cached);
        this.onStep();
        await turn();
        // Written meanwhile: not covered.
        place.durable = covered;
        this.onStep();
      },
      file: async (index) => {
        const first = geometry.firstPieceOf(index);
        const pieces = Array.from({ length: geometry.pieceCountOf(index) }, (_, i) => first + i);
        return new Blob(pieces.map((piece) => pieceOf(piece as PieceIndex)));
      },
      reserve: async () => {},
      close: async () => {
        isClosed = true;
      },
      destroy: async () => {
        isClosed = true;
        this.#places.delete(name);
      },
    };
  }
}

function torn(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const half = new Uint8Array(bytes.length);
  half.set(bytes.subarray(0, bytes.length >> 1));
  return half;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
