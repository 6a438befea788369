/**
 * Who sent each piece, for the screen: a piece that several peers sent counts for the one that sent most of it.
 *
 * Invariant: nothing is decided from it. It says nothing of pieces that were here from the start.
 */
import type { PeerId, PieceIndex } from "./units.ts";

/** As many senders as a byte can tell apart from nobody; who comes later is not told. */
const MOST_SENDERS = 255;

export class PieceSources {
  /** For each piece: 0 where nobody is known, else one more than the sender's place in `senders`. */
  readonly ofPiece: Uint8Array;
  readonly senders: PeerId[] = [];

  constructor(pieceCount: number) {
    this.ofPiece = new Uint8Array(pieceCount);
  }

  /** @param givers who sent each block; blocks that nobody sent are left out. */
  onStored(piece: PieceIndex, givers: Iterable<PeerId | undefined>): void {
    const blocks = new Map<PeerId, number>();
    let most: PeerId | undefined;
    for (const giver of givers) {
      if (giver === undefined) continue;
      const count = (blocks.get(giver) ?? 0) + 1;
      blocks.set(giver, count);
      if (most === undefined || count > (blocks.get(most) ?? 0)) most = giver;
    }
    if (most !== undefined) this.ofPiece[piece] = this.#numberOf(most);
  }

  #numberOf(sender: PeerId): number {
    const known = this.senders.indexOf(sender);
    if (known >= 0) return known + 1;
    return this.senders.length < MOST_SENDERS ? this.senders.push(sender) : 0;
  }
}
