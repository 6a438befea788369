/**
 * What one peer is asked for in one go: free blocks of started pieces, or blocks that another link owes us for too
 * long.
 *
 * Invariant: a block is asked of one link at a time, a late one of ENDGAME_COPIES, never twice of the same link.
 */
import type { Bitfield } from "./bitfield.ts";
import { ENDGAME_COPIES, ENDGAME_PATIENCE_MS, PLAYING_PATIENCE_MS } from "./limits.ts";
import type { PieceProgress } from "./piece-progress.ts";
import type { Pieces } from "./pieces.ts";
import type { BlockIndex, LinkId, Millis, PeerId, PieceIndex } from "./units.ts";

export interface BlockRef {
  readonly piece: PieceIndex;
  readonly block: BlockIndex;
}

/** What the picker needs to know of a peer. */
export interface PickerPeer {
  readonly link: LinkId;
  readonly peer: PeerId;
  readonly have: Bitfield;
  /** It has all other pieces too, and gives them if they are about to be played or of high priority. */
  readonly givesUnshown: boolean;
  /** It can give a whole piece within REQUEST_QUEUE_MS. */
  readonly isFast: boolean;
  /** No other peer gives much faster; read only while there is a deadline window. */
  readonly isAmongFastest: boolean;
  /** Blocks asked of it and not here yet. */
  readonly outstanding: number;
  /** How long it takes to answer a request, ms. */
  readonly responseMs: number;
  /** It let requests lie and has sent nothing since. */
  readonly isStalled: boolean;
}

/** The peer has the piece, whether it shows it or not. */
export function canGive(peer: Pick<PickerPeer, "have" | "givesUnshown">, piece: number): boolean {
  return peer.givesUnshown || peer.have.has(piece);
}

export class Asking {
  readonly peer: PickerPeer;
  /** Asked so far. */
  readonly blocks: BlockRef[] = [];
  readonly #pieces: Pieces;
  readonly #now: Millis;

  constructor(pieces: Pieces, peer: PickerPeer, now: Millis) {
    this.#pieces = pieces;
    this.peer = peer;
    this.#now = now;
  }

  /** Asks for free blocks of the piece until `count` blocks are asked for in all. */
  takeFree(progress: PieceProgress, count: number): void {
    const { piece, blockCount } = progress;
    for (let index = 0; index < blockCount && progress.free > 0 && this.blocks.length < count; index++) {
      if (!progress.isFree(index)) continue;
      const block = index as BlockIndex;
      progress.onAsked(block, this.peer.link, this.#lateAt(piece));
      this.blocks.push({ piece, block });
    }
  }

  /** Blocks of the piece that others owe us too long and that this peer was not asked for. */
  *lateBlocks(progress: PieceProgress): Generator<BlockIndex> {
    const { link } = this.peer;
    if (progress.isClosedTo(link)) return;
    for (let block = 0; block < progress.blockCount; block++) {
      const asked = progress.askedOf(block);
      if (progress.isHeld(block) || asked.length === 0 || asked.length >= ENDGAME_COPIES) continue;
      if (asked.includes(link) || this.#now < progress.lateAt(block)) continue;
      yield block as BlockIndex;
    }
  }

  /** Asks for a block that another link owes us. */
  takeLate(progress: PieceProgress, block: BlockIndex): void {
    const { piece } = progress;
    progress.onAsked(block, this.peer.link, this.#lateAt(piece));
    this.blocks.push({ piece, block });
  }

  /** When a block asked of the peer now is late enough to be asked of another one too. */
  #lateAt(piece: PieceIndex): Millis {
    const usualMs = this.peer.isStalled ? 0 : 2 * this.peer.responseMs;
    const patience = Math.max(ENDGAME_PATIENCE_MS, usualMs);
    return (this.#now + (this.#pieces.isDue(piece) ? PLAYING_PATIENCE_MS : patience)) as Millis;
  }
}
