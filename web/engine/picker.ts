/**
 * Chooses which blocks to ask a peer for next.
 *
 * Order (Cohen 2003 §2.4; BEP 3 itself only asks for random order): finish a started piece first, the one
 * that this peer is already giving, then the one nearest to completion; else start a new piece, at random
 * until the first piece is complete, then the rarest one, ties at random; when nothing is left to start and
 * every missing block has been asked for, endgame asks idle peers for blocks that slower ones owe us.
 *
 * A fast peer (one that can give a whole piece soon) leaves a piece that others work on to them while there
 * are pieces to start, so that blame is easy and reads at the other end are contiguous.
 *
 * Invariants
 *  1. A block is asked of one link at a time, except in endgame, and never twice of the same link.
 *  2. A piece is exactly one of: missing, started, committing, had.
 *  3. Nothing is asked for that the peer lacks, that is not wanted, or whose hash is not known yet.
 */
import { Availability } from "./availability.ts";
import { Bitfield } from "./bitfield.ts";
import type { Geometry } from "./geometry.ts";
import { ENDGAME_COPIES, ENDGAME_PATIENCE_MS, MAX_STARTED_BYTES, RANDOM_FIRST_PIECES } from "./limits.ts";
import { PieceProgress } from "./piece-progress.ts";
import type { Random } from "./random.ts";
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
  /** It can give a whole piece within REQUEST_QUEUE_MS. */
  readonly isFast: boolean;
  /** Blocks asked of it and not here yet. */
  readonly outstanding: number;
  /** How long it takes to answer a request, ms. */
  readonly responseMs: number;
}

export type BlockOutcome =
  | { readonly type: "held"; readonly cancel: readonly LinkId[] }
  /** Nothing is missing any more: hand `progress` to be hashed, then call `onStored` or `onCorrupt`. */
  | { readonly type: "complete"; readonly cancel: readonly LinkId[]; readonly progress: PieceProgress }
  /** It was here already, or the piece was given up: its bytes are waste. */
  | { readonly type: "duplicate" };

/** How a cell of the piece map reads. */
export const CELL_MISSING = 0;
export const CELL_ASKED = 1;
export const CELL_HAVE = 2;

export class Picker {
  readonly have: Bitfield;
  readonly availability: Availability;
  /** One byte a piece, see CELL_*; `cellsVersion` changes with it. */
  readonly cells: Uint8Array;
  cellsVersion = 0;
  readonly #geometry: Geometry;
  readonly #random: Random;
  readonly #wanted: Bitfield;
  readonly #isHashKnown: (piece: PieceIndex) => boolean;
  readonly #started = new Map<PieceIndex, PieceProgress>();
  readonly #committing = new Set<PieceIndex>();
  #now = 0 as Millis;
  /** Wanted pieces that are not had. */
  #missing: number;

  constructor(
    geometry: Geometry,
    have: Bitfield,
    random: Random,
    isHashKnown: (piece: PieceIndex) => boolean = () => true,
  ) {
    this.#geometry = geometry;
    this.#random = random;
    this.#isHashKnown = isHashKnown;
    this.have = have;
    this.#missing = have.length - have.count;
    this.availability = new Availability(geometry.pieceCount, random);
    this.#wanted = Bitfield.full(geometry.pieceCount);
    this.cells = new Uint8Array(geometry.pieceCount);
    for (const piece of have) {
      this.availability.exclude(piece as PieceIndex);
      this.cells[piece] = CELL_HAVE;
    }
  }

  /** Everything wanted is had. */
  get isComplete(): boolean {
    return this.#missing === 0;
  }

  get committingCount(): number {
    return this.#committing.size;
  }

  isWanted(piece: PieceIndex): boolean {
    return this.#wanted.has(piece);
  }

  /** The piece is worth asking a peer for: wanted and not had. */
  isMissing(piece: PieceIndex): boolean {
    return this.#wanted.has(piece) && !this.have.has(piece);
  }

  setWanted(piece: PieceIndex, wanted: boolean): void {
    if (wanted === this.#wanted.has(piece)) return;
    if (!this.have.has(piece)) this.#missing += wanted ? 1 : -1;
    if (wanted) {
      this.#wanted.set(piece);
      if (!this.have.has(piece) && !this.#started.has(piece) && !this.#committing.has(piece)) {
        this.availability.include(piece);
      }
    } else {
      this.#wanted.clear(piece);
      this.availability.exclude(piece);
    }
  }

  /** Up to `count` blocks to ask `peer` for now; they count as asked from here on. */
  pick(peer: PickerPeer, count: number, now: Millis): BlockRef[] {
    this.#now = now;
    const picked: BlockRef[] = [];
    this.#pickFromStarted(peer, count, picked, peer.isFast ? "own" : "any");
    while (picked.length < count) {
      const piece = this.#canStart() ? this.#pieceToStart(peer) : undefined;
      if (piece === undefined) break;
      this.#take(this.#start(piece), peer, count, picked);
    }
    if (picked.length < count) this.#pickFromStarted(peer, count, picked, "any");
    if (picked.length === 0 && peer.outstanding === 0) this.#pickEndgame(peer, picked);
    return picked;
  }

  /** True if the block is one that `link` was asked for. */
  isAsked(piece: PieceIndex, block: number, link: LinkId): boolean {
    return this.#started.get(piece)?.askedOf(block).includes(link) ?? false;
  }

  /** A block arrived that was asked for, now or earlier. */
  onBlock(piece: PieceIndex, block: BlockIndex, data: Uint8Array, from: PickerPeer): BlockOutcome {
    const progress = this.#started.get(piece);
    if (progress === undefined || progress.isHeld(block)) return { type: "duplicate" };
    const cancel = progress.onBlock(block, data, from.peer, from.link);
    if (!progress.isComplete) return { type: "held", cancel };
    this.#started.delete(piece);
    this.#committing.add(piece);
    return { type: "complete", cancel, progress };
  }

  /** The link will not give the block any more. */
  onRequestLost(piece: PieceIndex, block: BlockIndex, link: LinkId): void {
    const progress = this.#started.get(piece);
    if (progress === undefined) return;
    progress.onLost(block, link);
    if (progress.held === 0 && progress.free === progress.blockCount) this.#giveUp(piece);
  }

  onStored(piece: PieceIndex): void {
    this.#committing.delete(piece);
    this.availability.exclude(piece);
    if (this.have.set(piece) && this.#wanted.has(piece)) this.#missing--;
    this.#paint(piece, CELL_HAVE);
  }

  /** The piece is started again without its bad blocks; with all of them bad it is missing again. */
  onCorrupt(progress: PieceProgress, badBlocks: Iterable<number>): void {
    const { piece } = progress;
    this.#committing.delete(piece);
    progress.discard(badBlocks);
    if (progress.held > 0) this.#started.set(piece, progress);
    else this.#giveUp(piece);
  }

  /** A stored piece can no longer be read (evicted, file changed). */
  onPieceLost(piece: PieceIndex): void {
    if (!this.have.clear(piece)) return;
    if (this.#wanted.has(piece)) this.#missing++;
    this.#giveUp(piece);
  }

  #canStart(): boolean {
    return this.#started.size * this.#geometry.pieceLength < MAX_STARTED_BYTES || this.#started.size < 2;
  }

  #start(piece: PieceIndex): PieceProgress {
    const progress = new PieceProgress(piece, this.#geometry);
    this.#started.set(piece, progress);
    this.availability.exclude(piece);
    this.#paint(piece, CELL_ASKED);
    return progress;
  }

  #giveUp(piece: PieceIndex): void {
    this.#started.delete(piece);
    this.#paint(piece, CELL_MISSING);
    if (this.#wanted.has(piece)) this.availability.include(piece);
  }

  #paint(piece: PieceIndex, cell: number): void {
    this.cells[piece] = cell;
    this.cellsVersion++;
  }

  #take(progress: PieceProgress, peer: PickerPeer, count: number, picked: BlockRef[]): void {
    for (let block = 0; block < progress.blockCount && progress.free > 0 && picked.length < count; block++) {
      if (!progress.isFree(block)) continue;
      progress.onAsked(block as BlockIndex, peer.link, this.#lateAt(peer));
      picked.push({ piece: progress.piece, block: block as BlockIndex });
    }
  }

  #pickFromStarted(peer: PickerPeer, count: number, picked: BlockRef[], which: "own" | "any"): void {
    while (picked.length < count) {
      let best: PieceProgress | undefined;
      for (const progress of this.#started.values()) {
        if (progress.free === 0 || !peer.have.has(progress.piece) || !this.#wanted.has(progress.piece))
          continue;
        if (which === "own" && progress.isSharedWithOthers(peer.link)) continue;
        if (best === undefined || progress.held > best.held) best = progress;
      }
      if (best === undefined) return;
      this.#take(best, peer, count, picked);
    }
  }

  #pieceToStart(peer: PickerPeer): PieceIndex | undefined {
    const count = this.availability.pickable;
    const offset = this.have.count < RANDOM_FIRST_PIECES ? this.#random.below(Math.max(1, count)) : 0;
    for (let i = 0; i < count; i++) {
      const piece = this.availability.at((offset + i) % count);
      if (peer.have.has(piece) && this.#isHashKnown(piece)) return piece;
    }
    return undefined;
  }

  /** When a block asked of the peer now is late enough to be asked of another one too. */
  #lateAt(peer: PickerPeer): Millis {
    return (this.#now + Math.max(ENDGAME_PATIENCE_MS, 2 * peer.responseMs)) as Millis;
  }

  /**
   * A block that another link owes us, while nothing is left to start: one at a time, only of an idle peer, and
   * each block of at most ENDGAME_COPIES links and only when it is late, so that little is sent twice.
   */
  #pickEndgame(peer: PickerPeer, picked: BlockRef[]): void {
    if (this.availability.pickable > 0) return;
    const candidates: BlockRef[] = [];
    for (const progress of this.#started.values()) {
      if (progress.free > 0 || !peer.have.has(progress.piece)) continue;
      for (let block = 0; block < progress.blockCount; block++) {
        const asked = progress.askedOf(block);
        if (progress.isHeld(block) || asked.length >= ENDGAME_COPIES || asked.includes(peer.link)) continue;
        if (this.#now < progress.lateAt(block)) continue;
        candidates.push({ piece: progress.piece, block: block as BlockIndex });
      }
    }
    const block = candidates[this.#random.below(Math.max(1, candidates.length))];
    if (block === undefined) return;
    this.#started.get(block.piece)?.onAsked(block.block, peer.link, this.#lateAt(peer));
    picked.push(block);
  }
}
