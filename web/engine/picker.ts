/**
 * Chooses which blocks to ask a peer for next.
 *
 * Order (Cohen 2003 §2.4; BEP 3 itself only asks for random order): finish a started piece first, the one
 * that this peer is already giving, then the one nearest to completion; else start a new piece, at random
 * until the first piece is complete, then the rarest one, ties at random, always within the highest priority that
 * the peer has something of; when nothing is left to start and
 * every missing block has been asked for, endgame asks idle peers for blocks that slower ones owe us.
 *
 * Pieces of the deadline window come before all of that: its urgent part in order and only from the fastest peers,
 * then its rarest; a small share of the requests keeps to the order above (deadline-window.ts).
 *
 * A fast peer (one that can give a whole piece soon) leaves a piece that others work on to them while there
 * are pieces to start, so that blame is easy and reads at the other end are contiguous.
 *
 * Invariants
 *  1. A block is asked of one link at a time, except in endgame, and never twice of the same link.
 *  2. A piece is exactly one of: missing, started, committing, had.
 *  3. Nothing is asked for that the peer lacks, that is not wanted, or whose hash is not known yet.
 */
import { Availability, type Priority } from "./availability.ts";
import { Bitfield } from "./bitfield.ts";
import { DeadlineWindow } from "./deadline-window.ts";
import type { Geometry } from "./geometry.ts";
import {
  ENDGAME_COPIES,
  ENDGAME_PATIENCE_MS,
  MAX_STARTED_BYTES,
  PLAYING_PATIENCE_MS,
  RANDOM_FIRST_PIECES,
  WINDOW_HEAD_PIECES,
} from "./limits.ts";
import { type MakePieceBuffer, makeArrayBuffer } from "./piece-buffer.ts";
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
  /** Pieces of the files that were chosen. */
  readonly #chosen: Bitfield;
  /** Those and the pieces of the window. */
  readonly #wanted: Bitfield;
  readonly #window = new DeadlineWindow();
  readonly #picksAtRandom: boolean;
  readonly #isHashKnown: (piece: PieceIndex) => boolean;
  readonly #makeBuffer: MakePieceBuffer;
  readonly #started = new Map<PieceIndex, PieceProgress>();
  readonly #committing = new Set<PieceIndex>();
  /** Pieces that are to come from one peer each, to find out who lies. */
  readonly #solo = new Set<PieceIndex>();
  /** Some started piece may not be wanted any more. */
  #mayHoldUnwanted = false;
  #now = 0 as Millis;
  /** Wanted pieces that are not had. */
  #missing: number;
  readonly #bytes = { have: 0, wanted: 0, haveOfWanted: 0 };

  /** @param picksAtRandom never rarest first: only to show in simulations what rarest first is good for. */
  constructor(
    geometry: Geometry,
    have: Bitfield,
    random: Random,
    isHashKnown: (piece: PieceIndex) => boolean = () => true,
    picksAtRandom = false,
    makeBuffer: MakePieceBuffer = makeArrayBuffer,
  ) {
    this.#picksAtRandom = picksAtRandom;
    this.#geometry = geometry;
    this.#random = random;
    this.#isHashKnown = isHashKnown;
    this.#makeBuffer = makeBuffer;
    this.have = have;
    this.#missing = have.length - have.count;
    for (const piece of have) this.#bytes.have += geometry.pieceBytes(piece as PieceIndex);
    this.#bytes.wanted = geometry.totalBytes;
    this.#bytes.haveOfWanted = this.#bytes.have;
    this.availability = new Availability(geometry.pieceCount, random);
    this.#chosen = Bitfield.full(geometry.pieceCount);
    this.#wanted = Bitfield.full(geometry.pieceCount);
    this.cells = new Uint8Array(geometry.pieceCount);
    for (const piece of have) {
      this.availability.exclude(piece as PieceIndex);
      this.cells[piece] = CELL_HAVE;
    }
  }

  /** Bytes that are had, that are wanted, and that are both. */
  get bytes(): Readonly<{ have: number; wanted: number; haveOfWanted: number }> {
    return this.#bytes;
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
    if (wanted) this.#chosen.set(piece);
    else this.#chosen.clear(piece);
    this.#weigh(piece);
  }

  setPriority(piece: PieceIndex, priority: Priority): void {
    this.availability.setPriority(piece, priority);
  }

  /** @returns whether other pieces are wanted now than before. */
  setWindow(first: PieceIndex, count: number): boolean {
    const { first: oldFirst, end: oldEnd } = this.#window;
    this.#window.set(first, count, this.#geometry.pieceCount);
    let isChanged = false;
    for (let piece = oldFirst; piece < oldEnd; piece++) isChanged = this.#weigh(piece) || isChanged;
    const { first: newFirst, end: newEnd } = this.#window;
    for (let piece = newFirst; piece < newEnd; piece++) isChanged = this.#weigh(piece) || isChanged;
    return isChanged;
  }

  isInWindow(piece: PieceIndex): boolean {
    return this.#window.contains(piece);
  }

  /** Whether the peer has a piece of the window that we lack, which is a reason to make room in its queue. */
  canGiveOfWindow(peer: Pick<PickerPeer, "have" | "givesUnshown">): boolean {
    const { from, to } = this.#window.span(this.have);
    for (let piece = from; piece < to; piece++) {
      if (canGive(peer, piece) && !this.have.has(piece)) return true;
    }
    return false;
  }

  /** The piece is in the part of the window that only the fastest peers are asked for. */
  isUrgent(piece: PieceIndex): boolean {
    const { from, urgentTo } = this.#window.span(this.have);
    return piece >= from && piece < urgentTo;
  }

  get hasWindow(): boolean {
    return this.#window.isOpen;
  }

  /** Whether the piece is wanted follows from what was chosen and from the window. @returns whether it changed. */
  #weigh(index: number): boolean {
    const piece = index as PieceIndex;
    const wanted = this.#chosen.has(piece) || this.#window.contains(piece);
    if (wanted === this.#wanted.has(piece)) return false;
    const bytes = wanted ? this.#geometry.pieceBytes(piece) : -this.#geometry.pieceBytes(piece);
    this.#bytes.wanted += bytes;
    if (this.have.has(piece)) this.#bytes.haveOfWanted += bytes;
    else this.#missing += wanted ? 1 : -1;
    if (wanted) {
      this.#wanted.set(piece);
      if (!this.have.has(piece) && !this.#started.has(piece) && !this.#committing.has(piece)) {
        this.availability.include(piece);
      }
    } else {
      this.#wanted.clear(piece);
      this.#mayHoldUnwanted ||= this.#started.has(piece);
      this.availability.exclude(piece);
    }
    return true;
  }

  /** Up to `count` blocks to ask `peer` for now; they count as asked from here on. */
  pick(peer: PickerPeer, count: number, now: Millis): BlockRef[] {
    this.#now = now;
    const picked: BlockRef[] = [];
    if (this.#window.isOpen) {
      this.#pickLateInWindow(peer, picked);
      this.#pickFromWindow(peer, count - this.#window.rarestFirstAmong(count), picked);
    }
    this.#pickFromStarted(peer, count, picked, peer.isFast ? "own" : "any");
    while (picked.length < count) {
      const piece = this.#canStart() ? this.#pieceToStart(peer) : undefined;
      if (piece === undefined) break;
      this.#take(this.#start(piece), peer, count, picked);
    }
    if (picked.length < count) this.#pickFromStarted(peer, count, picked, "any");
    if (this.#window.isOpen) this.#pickRestOfWindow(peer, count, picked);
    if (picked.length === 0 && peer.outstanding === 0) this.#pickEndgame(peer, picked);
    return picked;
  }

  /** True if the block is one that `link` was asked for. */
  isAsked(piece: PieceIndex, block: number, link: LinkId): boolean {
    return this.#started.get(piece)?.askedOf(block).includes(link) ?? false;
  }

  /** A block arrived that was asked for, now or earlier. */
  onBlock(
    piece: PieceIndex,
    block: BlockIndex,
    data: Uint8Array,
    from: Pick<PickerPeer, "peer" | "link">,
  ): BlockOutcome {
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
    this.#solo.delete(piece);
    this.availability.exclude(piece);
    if (this.have.set(piece)) this.#onHad(piece, 1);
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

  /** From now on the piece comes from one peer at a time, all of it. */
  fetchAlone(piece: PieceIndex): void {
    this.#solo.add(piece);
  }

  /** A stored piece can no longer be read (evicted, file changed). */
  onPieceLost(piece: PieceIndex): void {
    if (!this.have.clear(piece)) return;
    this.#onHad(piece, -1);
    this.#window.onLost(piece);
    this.#giveUp(piece);
  }

  /** @param change 1 when it is had from now on, -1 when no longer. */
  #onHad(piece: PieceIndex, change: 1 | -1): void {
    const bytes = change * this.#geometry.pieceBytes(piece);
    this.#bytes.have += bytes;
    if (!this.#wanted.has(piece)) return;
    this.#bytes.haveOfWanted += bytes;
    this.#missing -= change;
  }

  #canStart(): boolean {
    if (this.#isFull) this.#dropUnwanted();
    return !this.#isFull;
  }

  get #isFull(): boolean {
    return this.#started.size >= 2 && this.#started.size * this.#geometry.pieceLength >= MAX_STARTED_BYTES;
  }

  /** Pieces that are not wanted any more make room for others, once nobody is asked for them. */
  #dropUnwanted(): void {
    if (!this.#mayHoldUnwanted) return;
    this.#mayHoldUnwanted = false;
    for (const { piece, free, held, blockCount } of [...this.#started.values()]) {
      if (this.#wanted.has(piece)) continue;
      if (free + held === blockCount) this.#giveUp(piece);
      else this.#mayHoldUnwanted = true;
    }
  }

  #start(piece: PieceIndex): PieceProgress {
    const progress = new PieceProgress(piece, this.#geometry, this.#solo.has(piece), this.#makeBuffer);
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
      progress.onAsked(block as BlockIndex, peer.link, this.#lateAt(peer, progress.piece));
      picked.push({ piece: progress.piece, block: block as BlockIndex });
    }
  }

  #pickFromStarted(peer: PickerPeer, count: number, picked: BlockRef[], which: "own" | "any"): void {
    while (picked.length < count) {
      let best: PieceProgress | undefined;
      for (const progress of this.#started.values()) {
        const { piece, free } = progress;
        if (free === 0 || !peer.have.has(piece) || !this.#wanted.has(piece) || this.#isDue(piece)) continue;
        if (progress.isClosedTo(peer.link)) continue;
        if (which === "own" && progress.isSharedWithOthers(peer.link)) continue;
        if (best === undefined || progress.held > best.held) best = progress;
      }
      if (best === undefined) return;
      this.#take(best, peer, count, picked);
    }
  }

  #pieceToStart(peer: PickerPeer): PieceIndex | undefined {
    const isFirst = this.have.count < RANDOM_FIRST_PIECES;
    const accepts = (piece: PieceIndex) => !this.#isDue(piece) && this.#isHashKnown(piece);
    const unshown = peer.givesUnshown ? this.availability.findUrgent(accepts) : undefined;
    return unshown ?? this.availability.find(peer.have, accepts, isFirst || this.#picksAtRandom);
  }

  /** The piece is one that the window counts now, and no matter of the ordinary order. */
  #isDue(piece: PieceIndex): boolean {
    return this.#window.contains(piece) && piece < this.#window.span(this.have).to;
  }

  /** What is urgent in the order of playing, of the fastest peers only; then the rest of the window. */
  #pickFromWindow(peer: PickerPeer, count: number, picked: BlockRef[]): void {
    const { from, to, urgentTo } = this.#window.span(this.have);
    const urgentEnd = peer.isAmongFastest ? urgentTo : from;
    for (let index = from; index < urgentEnd && picked.length < count; index++) {
      const piece = index as PieceIndex;
      if (!this.#isOpenTo(peer, piece)) continue;
      const isHead = index < from + WINDOW_HEAD_PIECES;
      const progress =
        this.#started.get(piece) ?? (isHead || this.#canStart() ? this.#start(piece) : undefined);
      if (progress !== undefined) this.#take(progress, peer, count, picked);
    }
    while (picked.length < count) {
      const piece = this.#rarestInWindow(peer, urgentTo, to);
      if (piece === undefined) return;
      this.#take(this.#started.get(piece) ?? this.#start(piece), peer, count, picked);
    }
  }

  /** Of the window's later part: a started piece, else the rarest, ties at random, so that who play alike trade. */
  #rarestInWindow(peer: PickerPeer, from: number, to: number): PieceIndex | undefined {
    let rarest: PieceIndex | undefined;
    let fewest = Infinity;
    let ties = 0;
    const canStart = this.#canStart();
    for (let index = from; index < to; index++) {
      const piece = index as PieceIndex;
      if (!this.#isOpenTo(peer, piece)) continue;
      if (this.#started.has(piece)) return piece;
      const copies = this.availability.copies(piece);
      if (!canStart || copies > fewest) continue;
      ties = copies < fewest ? 1 : ties + 1;
      fewest = copies;
      if (this.#random.below(ties) === 0) rarest = piece;
    }
    return rarest;
  }

  /** The peer may be asked for some block of it now. */
  #isOpenTo(peer: PickerPeer, piece: PieceIndex): boolean {
    if (!canGive(peer, piece) || this.have.has(piece) || this.#committing.has(piece)) return false;
    const progress = this.#started.get(piece);
    if (progress !== undefined && (progress.free === 0 || progress.isClosedTo(peer.link))) return false;
    return this.#isHashKnown(piece);
  }

  /** Nothing else is left to ask: what was kept for the ordinary order, and for an idle slow peer one urgent block. */
  #pickRestOfWindow(peer: PickerPeer, count: number, picked: BlockRef[]): void {
    if (picked.length < count) this.#pickFromWindow(peer, count, picked);
    if (picked.length > 0 || peer.outstanding > 0) return;
    this.#pickFromWindow({ ...peer, isAmongFastest: true }, 1, picked);
  }

  /** What is played next and late at another link is asked of a fast one too, one block at a time. */
  #pickLateInWindow(peer: PickerPeer, picked: BlockRef[]): void {
    if (!peer.isAmongFastest) return;
    const { from, to } = this.#window.span(this.have);
    for (let piece = from; piece < Math.min(to, from + WINDOW_HEAD_PIECES); piece++) {
      const progress = canGive(peer, piece) ? this.#started.get(piece as PieceIndex) : undefined;
      const [late] = progress === undefined ? [] : this.#lateBlocks(progress, peer);
      if (late === undefined) continue;
      this.#askAgain(late, peer, picked);
      return;
    }
  }

  /** When a block asked of the peer now is late enough to be asked of another one too. */
  #lateAt(peer: PickerPeer, piece: PieceIndex): Millis {
    const patience = Math.max(ENDGAME_PATIENCE_MS, 2 * peer.responseMs);
    return (this.#now + (this.#isDue(piece) ? PLAYING_PATIENCE_MS : patience)) as Millis;
  }

  /**
   * A block that another link owes us, while nothing is left to start: one at a time, only of an idle peer, and
   * each block of at most ENDGAME_COPIES links and only when it is late, so that little is sent twice.
   */
  #pickEndgame(peer: PickerPeer, picked: BlockRef[]): void {
    if (this.availability.pickable > 0) return;
    const candidates: BlockRef[] = [];
    for (const progress of this.#started.values()) {
      if (progress.free === 0 && peer.have.has(progress.piece))
        candidates.push(...this.#lateBlocks(progress, peer));
    }
    const block = candidates[this.#random.below(Math.max(1, candidates.length))];
    if (block !== undefined) this.#askAgain(block, peer, picked);
  }

  /** Blocks of the piece that others owe us too long and that this peer was not asked for. */
  *#lateBlocks(progress: PieceProgress, peer: PickerPeer): Generator<BlockRef> {
    if (progress.isClosedTo(peer.link)) return;
    for (let block = 0; block < progress.blockCount; block++) {
      const asked = progress.askedOf(block);
      if (progress.isHeld(block) || asked.length === 0 || asked.length >= ENDGAME_COPIES) continue;
      if (asked.includes(peer.link) || this.#now < progress.lateAt(block)) continue;
      yield { piece: progress.piece, block: block as BlockIndex };
    }
  }

  #askAgain(late: BlockRef, peer: PickerPeer, picked: BlockRef[]): void {
    this.#started.get(late.piece)?.onAsked(late.block, peer.link, this.#lateAt(peer, late.piece));
    picked.push(late);
  }
}

function canGive(peer: Pick<PickerPeer, "have" | "givesUnshown">, piece: number): boolean {
  return peer.givesUnshown || peer.have.has(piece);
}
