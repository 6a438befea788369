/**
 * What one peer is asked for in one go: free blocks of started pieces, or one about to be played that another link owes
 * us for too long.
 */
import type { Bitfield } from "./bitfield.ts";
import { PLAYING_PATIENCE_MS } from "./limits.ts";
import type { PieceProgress } from "./piece-progress.ts";
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
  readonly #now: Millis;

  constructor(peer: PickerPeer, now: Millis) {
    this.peer = peer;
    this.#now = now;
  }

  /** Asks for free blocks of the piece until `count` blocks are asked for in all. */
  takeFree(progress: PieceProgress, count: number): void {
    const { blockCount } = progress;
    for (let block = 0; block < blockCount && progress.free > 0 && this.blocks.length < count; block++) {
      if (progress.isFree(block)) this.take(progress, block as BlockIndex);
    }
  }

  /** The first block of the piece that another link owes us for longer than PLAYING_PATIENCE_MS. */
  lateBlock(progress: PieceProgress): BlockIndex | undefined {
    for (let index = 0; index < progress.blockCount; index++) {
      const block = index as BlockIndex;
      const isLate = this.#now >= progress.askedAt(block) + PLAYING_PATIENCE_MS;
      if (isLate && progress.mayDouble(block, this.peer.link)) return block;
    }
    return undefined;
  }

  /** Asks for the block, which another link may owe us. */
  take(progress: PieceProgress, block: BlockIndex): void {
    progress.onAsked(block, this.peer.link, this.#now);
    this.blocks.push({ piece: progress.piece, block });
  }
}
