/**
 * What the peers have, and whether we are interested in them.
 *
 * Invariants
 *  1. We are interested in a peer exactly while it has a piece that we want and lack.
 *  2. `availability` counts every peer's pieces once: of a seed as one of the seeds, of others piece by piece.
 */
import type { Bitfield } from "./bitfield.ts";
import type { SwarmContext } from "./context.ts";
import type { Geometry } from "./geometry.ts";
import type { Peer } from "./peer.ts";
import type { Pieces } from "./pieces.ts";
import type { PieceIndex } from "./units.ts";

export class Interest {
  readonly #geometry: Geometry;
  readonly #pieces: Pieces;
  /** We may download: while paused we want nothing. */
  isAllowed: boolean;
  /** Some files are not wanted. */
  isSelective = false;

  constructor(geometry: Geometry, pieces: Pieces, isAllowed: boolean) {
    this.#geometry = geometry;
    this.#pieces = pieces;
    this.isAllowed = isAllowed;
  }

  /** The peer's piece map is known (or, with an empty one, begins). */
  onPieces(context: SwarmContext, peer: Peer, have: Bitfield): void {
    this.#uncount(peer);
    peer.have = have;
    peer.haveBytes = this.#bytesOf(have);
    if (have.isFull) this.#pieces.availability.seeds++;
    else this.#pieces.availability.add(have);
    this.look(context, peer);
  }

  onHave(context: SwarmContext, peer: Peer, piece: PieceIndex): void {
    if (peer.have === undefined || !peer.have.set(piece)) return;
    peer.haveBytes += this.#geometry.pieceBytes(piece);
    const { availability } = this.#pieces;
    if (availability.copies(piece) === 0) availability.newPieceAt = context.now;
    if (peer.have.isFull) {
      for (const other of peer.have) if (other !== piece) availability.onLost(other as PieceIndex);
      availability.seeds++;
    } else {
      availability.onHave(piece);
    }
    if (peer.interesting !== undefined || !this.#pieces.isMissing(piece)) return;
    peer.interesting = piece;
    this.update(context, peer);
  }

  /** The peer lost a piece (BEP 54). */
  onDontHave(context: SwarmContext, peer: Peer, piece: PieceIndex): void {
    if (peer.have === undefined || !peer.have.has(piece)) return;
    const { availability } = this.#pieces;
    if (peer.have.isFull) {
      availability.seeds--;
      availability.add(peer.have);
    }
    peer.have.clear(piece);
    peer.haveBytes -= this.#geometry.pieceBytes(piece);
    availability.onLost(piece);
    if (peer.interesting === piece) this.look(context, peer);
  }

  /** We have the piece from now on. */
  onStored(context: SwarmContext, peer: Peer, piece: PieceIndex): void {
    if (peer.interesting === piece || this.#pieces.isComplete) this.look(context, peer);
  }

  onClosed(peer: Peer): void {
    this.#uncount(peer);
    peer.have = undefined;
    peer.haveBytes = 0;
  }

  /** Looks again for something that interests us: other pieces are missing than before. */
  look(context: SwarmContext, peer: Peer): void {
    const [piece] = peer.have?.common(this.#pieces.missing, 0) ?? [];
    peer.interesting = piece as PieceIndex | undefined;
    this.update(context, peer);
  }

  /**
   * A peer that downloads nothing may have more than it shows (BEP 16). Who wants only some files is interested
   * all the same, so that it is shown others.
   */
  update(context: SwarmContext, peer: Peer): void {
    const isPlaying = this.#pieces.hasWindow && peer.givesUnshown;
    const mayHaveMore = (isPlaying || (this.isSelective && peer.isUploadOnly)) && !this.#pieces.isComplete;
    const interested = this.isAllowed && (peer.interesting !== undefined || mayHaveMore);
    if (interested === peer.amInterested || !peer.isHandshakeDone) return;
    peer.amInterested = interested;
    context.out.send(peer, { type: interested ? "interested" : "not-interested" }, context.now);
  }

  /** The last piece of each file is short: a folder of small files has hardly another. */
  #bytesOf(have: Bitfield): number {
    let bytes = 0;
    for (const piece of have) bytes += this.#geometry.pieceBytes(piece as PieceIndex);
    return bytes;
  }

  #uncount(peer: Peer): void {
    if (peer.have === undefined) return;
    if (peer.have.isFull) this.#pieces.availability.seeds--;
    else this.#pieces.availability.remove(peer.have);
  }
}
