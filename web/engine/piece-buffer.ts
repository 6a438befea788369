/**
 * Where the blocks of one started piece wait until it is handed out to be committed.
 *
 * A simulation in which thousands of machines hold the same content brings buffers of its own that keep no copies.
 */
import type { PieceIndex } from "./units.ts";

export interface PieceBuffer {
  /** Takes one block in; `block` is read only during the call. */
  put(begin: number, block: Uint8Array): void;
  /** The bytes of the piece as far as they were put. Belongs to the buffer. */
  readonly bytes: Uint8Array;
}

/** A new, empty buffer for a piece of `byteLength` bytes. */
export type MakePieceBuffer = (piece: PieceIndex, byteLength: number) => PieceBuffer;

/** One array, into which each block is copied once. */
export const makeArrayBuffer: MakePieceBuffer = (_, byteLength) => {
  const bytes = new Uint8Array(byteLength);
  return { bytes, put: (begin, block) => bytes.set(block, begin) };
};
