/** Which pieces a share has stored, as it is written down: those that are on the disk, and those that may be. */
import { Bitfield } from "../../engine/bitfield.ts";
import type { KeptRecord } from "../../ports/library.ts";

export interface StoredPieces {
  /** Flushed. */
  readonly have: Bitfield;
  /** Written, and perhaps lost when the tab ended: to be hashed first. */
  readonly unsure: Bitfield;
}

export function noPieces(pieceCount: number): StoredPieces {
  return { have: new Bitfield(pieceCount), unsure: new Bitfield(pieceCount) };
}

/** What a record says of the pieces of a torrent that has so many. */
export function piecesOf({ progress }: KeptRecord, pieceCount: number): StoredPieces {
  return { have: fieldOf(progress.have, pieceCount), unsure: fieldOf(progress.unsure, pieceCount) };
}

export function union({ have, unsure }: StoredPieces): Bitfield {
  const both = have.clone();
  for (const piece of unsure) both.set(piece);
  return both;
}

function fieldOf(bytes: Uint8Array, length: number): Bitfield {
  return Bitfield.fromBytes(bytes, length) ?? new Bitfield(length);
}
