/**
 * What has become of each piece: which are wanted, started, being committed, had.
 *
 * Invariants
 *  1. A piece is exactly one of: missing, started, committing, had.
 *  2. What `availability` orders are the pieces that may be started: wanted and missing.
 */
import { canGive, type PickerPeer } from "./asking.ts";
import { Availability, type Priority } from "./availability.ts";
import { Bitfield } from "./bitfield.ts";
import { DeadlineWindow } from "./deadline-window.ts";
import type { Geometry } from "./geometry.ts";
import { MAX_STARTED_BYTES, WINDOW_HEAD_PIECES } from "./limits.ts";
import { type MakePieceBuffer, makeArrayBuffer } from "./piece-buffer.ts";
import { PieceProgress } from "./piece-progress.ts";
import type { Random } from "./random.ts";
import type { BlockIndex, LinkId, PeerId, PieceIndex } from "./units.ts";

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

export class Pieces {
  readonly have: Bitfield;
  readonly availability: Availability;
  /** One byte a piece, see CELL_*; `cellsVersion` changes with it. */
  readonly cells: Uint8Array;
  cellsVersion = 0;
  readonly #geometry: Geometry;
  /** Pieces of the files that were chosen. */
  readonly #chosen: Bitfield;
  /** Those and the pieces of the window. */
  readonly #wanted: Bitfield;
  readonly #window = new DeadlineWindow();
  readonly #makeBuffer: MakePieceBuffer;
  readonly #started = new Map<PieceIndex, PieceProgress>();
  readonly #committing = new Set<PieceIndex>();
  /** Pieces that are to come from one peer each, to find out who lies. */
  readonly #solo = new Set<PieceIndex>();
  /** Some started piece may not be wanted any more. */
  #mayHoldUnwanted = false;
  /** Wanted pieces that are not had. */
  readonly missing: Bitfield;
  readonly #bytes = { have: 0, wanted: 0, haveOfWanted: 0 };

  constructor(
    geometry: Geometry,
    have: Bitfield,
    random: Random,
    makeBuffer: MakePieceBuffer = makeArrayBuffer,
  ) {
    this.#geometry = geometry;
    this.#makeBuffer = makeBuffer;
    this.have = have;
    this.missing = Bitfield.full(geometry.pieceCount);
    for (const piece of have) this.missing.clear(piece);
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

  get window(): DeadlineWindow {
    return this.#window;
  }

  get started(): ReadonlyMap<PieceIndex, PieceProgress> {
    return this.#started;
  }

  /** Bytes that are had, that are wanted, and that are both. */
  get bytes(): Readonly<{ have: number; wanted: number; haveOfWanted: number }> {
    return this.#bytes;
  }

  /** Everything wanted is had. */
  get isComplete(): boolean {
    return this.missing.isEmpty;
  }

  isCommitting(piece: PieceIndex): boolean {
    return this.#committing.has(piece);
  }

  isWanted(piece: PieceIndex): boolean {
    return this.#wanted.has(piece);
  }

  /** The piece is worth asking a peer for: wanted and not had. */
  isMissing(piece: PieceIndex): boolean {
    return this.missing.has(piece);
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

  /** The piece is one that the window counts now, and no matter of the ordinary order. */
  isDue(piece: PieceIndex): boolean {
    return this.#window.contains(piece) && piece < this.#window.span(this.have).to;
  }

  /** The piece is in the part of the window that only the fastest peers are asked for. */
  isUrgent(piece: PieceIndex): boolean {
    const { from, urgentTo } = this.#window.span(this.have);
    return piece >= from && piece < urgentTo;
  }

  /** The piece is one that is played next. */
  isInHead(piece: PieceIndex): boolean {
    const { from, to } = this.#window.span(this.have);
    return piece >= from && piece < Math.min(to, from + WINDOW_HEAD_PIECES);
  }

  /** Whether the peer can give a block of what is played next that nobody is asked for. */
  isHeadOpenTo(peer: Pick<PickerPeer, "have" | "givesUnshown">): boolean {
    const { from } = this.#window.span(this.have);
    for (let index = from; index < from + WINDOW_HEAD_PIECES; index++) {
      const piece = index as PieceIndex;
      if (!this.isInHead(piece) || !canGive(peer, piece)) continue;
      if (this.have.has(piece) || this.#committing.has(piece)) continue;
      if ((this.#started.get(piece)?.free ?? 1) > 0) return true;
    }
    return false;
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
    else if (wanted) this.missing.set(piece);
    else this.missing.clear(piece);
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

  /** True if the block is one that `link` was asked for. */
  isAsked(piece: PieceIndex, block: number, link: LinkId): boolean {
    return this.#started.get(piece)?.askedOf(block).includes(link) ?? false;
  }

  /** A block arrived that was asked for, now or earlier. */
  onBlock(
    piece: PieceIndex,
    block: BlockIndex,
    data: Uint8Array,
    from: { readonly peer: PeerId; readonly link: LinkId },
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

  /** The link chokes us or is closed: a piece that was to come from it alone may come from another. */
  release(link: LinkId): void {
    if (this.#solo.size === 0) return;
    for (const piece of this.#solo) this.#started.get(piece)?.release(link);
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
    if (change > 0) this.missing.clear(piece);
    else this.missing.set(piece);
  }

  /** There is memory for another started piece. */
  canStart(): boolean {
    if (this.#isFull) this.#dropUnwanted();
    if (this.#isFull) this.#dropUnavailable();
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

  /** A piece that nobody here can finish makes room: what those who left began would else keep out all others for good. */
  #dropUnavailable(): void {
    let least: PieceProgress | undefined;
    for (const progress of this.#started.values()) {
      const { piece, free, held, blockCount } = progress;
      if (free + held < blockCount || this.availability.copies(piece) > 0) continue;
      if (least === undefined || held < least.held) least = progress;
    }
    if (least !== undefined) this.#giveUp(least.piece);
  }

  start(piece: PieceIndex): PieceProgress {
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
}
