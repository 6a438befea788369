/**
 * By which hashes a piece can be checked, and whether that is enough to ask for it.
 *
 * A v2 torrent has Merkle roots, a v1 torrent SHA-1 sums, a hybrid both, and then a piece must agree with both.
 * The roots of a longer file come from peers that speak v2; while there are none, the SHA-1 sums of a hybrid stand
 * alone, and what was stored is held to the roots as soon as these are known (hash-exchange.ts).
 */
import type { Geometry } from "./geometry.ts";
import type { HashExchange } from "./hash-exchange.ts";
import type { PieceCheck } from "./io.ts";
import { SHA1_BYTES } from "./limits.ts";
import type { V1View } from "./metainfo/v1.ts";
import { invariant, type PieceIndex } from "./units.ts";

export class PieceChecks {
  readonly #geometry: Geometry;
  readonly #hashes: HashExchange;
  readonly #v1: V1View | undefined;

  constructor(geometry: Geometry, hashes: HashExchange, v1: V1View | undefined) {
    this.#geometry = geometry;
    this.#hashes = hashes;
    this.#v1 = v1;
  }

  /** The piece may be asked for: once it is here it can be checked, by everything that can be known now. */
  canCheck(piece: PieceIndex): boolean {
    if (this.#hashes.hasPieceHash(piece)) return true;
    return this.#v1 !== undefined && !this.#hashes.areComing;
  }

  /** @param isCompared its blocks are to be compared with those of a copy that was corrupt. */
  of(piece: PieceIndex, isCompared: boolean): PieceCheck {
    const root = this.#hashes.pieceHash(piece);
    invariant(root !== undefined || this.#v1 !== undefined, "a piece was fetched whose hash is not known");
    const at = piece * SHA1_BYTES;
    const padding = this.#geometry.v1PieceBytes(piece) - this.#geometry.pieceBytes(piece);
    return {
      ...(root !== undefined && { merkle: { root, width: this.#hashes.leafWidth(piece) } }),
      ...(this.#v1 && { sha1: { hash: this.#v1.pieces.slice(at, at + SHA1_BYTES), padding } }),
      needsLeaves: isCompared || this.#hashes.hasTree(piece),
    };
  }
}
