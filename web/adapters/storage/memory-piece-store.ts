import type { Geometry } from "../../engine/geometry.ts";
import { invariant, type PieceIndex } from "../../engine/units.ts";
import {
  type PieceStore,
  PieceUnreadableError,
  StorageFailedError,
  StorageFullError,
  TooLargeForMemoryError,
} from "../../ports/piece-store.ts";

/**
 * Pieces in memory, for where the browser refuses to store anything (private windows). One array for each
 * piece, so that no array is as large as a file.
 */
export class MemoryPieceStore implements PieceStore {
  readonly kind = "memory";
  readonly #geometry: Geometry;
  readonly capacityBytes: number;
  readonly #pieces = new Map<PieceIndex, Uint8Array<ArrayBuffer>>();
  #usedBytes = 0;
  #closed = false;

  /** @param capacityBytes the most that it holds; beyond it a write fails with StorageFullError. */
  constructor(geometry: Geometry, capacityBytes: number) {
    this.#geometry = geometry;
    this.capacityBytes = capacityBytes;
  }

  async read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    return this.#piece(piece).slice(begin, begin + length);
  }

  async reserve(wanted: readonly boolean[] | undefined): Promise<void> {
    let neededBytes = 0;
    for (const [file, length] of this.#geometry.fileLengths.entries()) {
      if (wanted?.[file] ?? true) neededBytes += length;
    }
    for (const [piece, bytes] of this.#pieces) {
      if (wanted?.[this.#geometry.fileOf(piece)] === false) neededBytes += bytes.length;
    }
    if (neededBytes > this.capacityBytes) throw new TooLargeForMemoryError(this.capacityBytes);
  }

  async write(piece: PieceIndex, bytes: Uint8Array): Promise<void> {
    invariant(bytes.length === this.#geometry.pieceBytes(piece), "a piece is written whole");
    if (this.#closed) throw new StorageFailedError("The store is closed.");
    const replacedBytes = this.#pieces.get(piece)?.length ?? 0;
    const usedBytes = this.#usedBytes - replacedBytes + bytes.length;
    if (usedBytes > this.capacityBytes) throw new StorageFullError("The share is larger than its memory.");
    this.#pieces.set(piece, copyOf(bytes));
    this.#usedBytes = usedBytes;
  }

  async file(index: number): Promise<Blob> {
    const firstPiece = this.#geometry.firstPieceOf(index);
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (let i = 0; i < this.#geometry.pieceCountOf(index); i++) {
      const piece = (firstPiece + i) as PieceIndex;
      const part = this.#geometry.parts(piece).find(({ file }) => file === index);
      const bytes = this.#piece(piece);
      if (part !== undefined)
        parts.push(bytes.subarray(part.offsetInPiece, part.offsetInPiece + part.length));
    }
    return new Blob(parts);
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    this.#closed = true;
    this.#pieces.clear();
    this.#usedBytes = 0;
  }

  destroy(): Promise<void> {
    return this.close();
  }

  #piece(piece: PieceIndex): Uint8Array<ArrayBuffer> {
    const bytes = this.#pieces.get(piece);
    if (bytes === undefined) throw new PieceUnreadableError(`Piece ${piece} is not stored.`);
    return bytes;
  }
}

function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new StorageFullError("There is no memory left.", { cause });
  }
}
