/**
 * Where the pieces of one torrent live.
 *
 * Invariants
 *  1. What `write` resolved for, `read` gives back byte for byte.
 *  2. A failed `write` leaves every other piece as it was.
 *  3. After `destroy` nothing of the torrent is left.
 */
import type { PieceIndex } from "../engine/units.ts";

/** Whether bytes that were read are those that were shared, from the beginning of some block of a piece on. */
export type IsUnchanged = (piece: PieceIndex, begin: number, bytes: Uint8Array) => Promise<boolean>;

/** Reads pieces: a downloaded torrent, or the files that a person dropped. */
export interface PieceSource {
  /**
   * Bytes `begin` … `begin + length` of the piece. The caller only reads the result: it may be a view of a cache.
   * @throws PieceUnreadableError when they cannot be read (file changed, evicted, never written).
   */
  read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array>;
  /** The whole file for saving: file-backed where the platform can, never a second copy in memory on purpose. */
  file(index: number): Promise<Blob>;
  close(): Promise<void>;
}

export interface PieceStore extends PieceSource {
  /** "memory" is bounded by RAM and gone with the tab. */
  readonly kind: "opfs" | "memory";
  /** Most bytes that it holds, where it is not the disk that says so. */
  readonly capacityBytes?: number | undefined;
  /**
   * Makes sure that the wanted files fit (one flag for each file; all when undefined), and gives back what files
   * that are not wanted take beyond the pieces that are there.
   * @throws StorageFullError, StorageFailedError, TooLargeForMemoryError
   */
  reserve(wanted: readonly boolean[] | undefined): Promise<void>;
  /**
   * Stores a whole, verified piece. Does not keep or change `bytes` after it settled.
   * @throws StorageFullError, StorageFailedError
   */
  write(piece: PieceIndex, bytes: Uint8Array): Promise<void>;
  /** Everything written so far survives a crash once this settles. */
  flush(): Promise<void>;
  /** Closes and deletes everything. */
  destroy(): Promise<void>;
}

/** No room: the quota or the disk is full. */
export class StorageFullError extends Error {
  override readonly name = "StorageFullError";
}

/** The platform refuses to store anything here (private window, no permission, handle lost). */
export class StorageFailedError extends Error {
  override readonly name = "StorageFailedError";
}

/** There is no disk to store on, and the torrent does not fit into memory. */
export class TooLargeForMemoryError extends Error {
  override readonly name = "TooLargeForMemoryError";
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`No more than ${limitBytes} bytes are kept in memory.`);
    this.limitBytes = limitBytes;
  }
}

/** These bytes are no longer there: the file changed, moved, or was evicted. */
export class PieceUnreadableError extends Error {
  override readonly name = "PieceUnreadableError";
}
