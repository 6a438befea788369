import type { SwarmSnapshot } from "../../engine/snapshot.ts";
import type { PieceIndex } from "../../engine/units.ts";
import type { PieceMap } from "../snapshot.ts";

const MOST_COPIES = 255;

export const NO_PIECES: PieceMap = {
  version: 0,
  cells: new Uint8Array(0),
  copies: new Uint8Array(0),
  sources: new Uint8Array(0),
  senders: [],
};

/** The page's copy of the engine's piece map, made anew only when something in it has changed. */
export class PieceMapCopy {
  #map = NO_PIECES;
  #piecesVersion = 0;

  of(swarm: SwarmSnapshot | undefined): PieceMap {
    if (swarm === undefined) return this.#map;
    const { pieces, piecesVersion, copiesOf, sources } = swarm;
    const copies = Uint8Array.from(pieces, (_, piece) =>
      Math.min(MOST_COPIES, copiesOf(piece as PieceIndex)),
    );
    const isKnown = piecesVersion === this.#piecesVersion && isSame(copies, this.#map.copies);
    if (isKnown) return this.#map;
    this.#piecesVersion = piecesVersion;
    this.#map = {
      version: this.#map.version + 1,
      cells: pieces.slice(),
      copies,
      sources: sources?.ofPiece.slice() ?? new Uint8Array(pieces.length),
      senders: [...(sources?.senders ?? [])],
    };
    return this.#map;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
