/**
 * Chooses among the pieces of the deadline window (deadline-window.ts): its urgent part in the order of playing and
 * only from the fastest peers, then its rarest.
 */
import { type Asking, canGive, type PickerPeer } from "./asking.ts";
import { WINDOW_HEAD_PIECES } from "./limits.ts";
import type { Pieces } from "./pieces.ts";
import type { Random } from "./random.ts";
import type { PieceIndex } from "./units.ts";

export class WindowPicker {
  readonly #pieces: Pieces;
  readonly #random: Random;
  readonly #isHashKnown: (piece: PieceIndex) => boolean;

  constructor(pieces: Pieces, random: Random, isHashKnown: (piece: PieceIndex) => boolean) {
    this.#pieces = pieces;
    this.#random = random;
    this.#isHashKnown = isHashKnown;
  }

  /** Before anything else is asked for. A small share of the requests keeps to the ordinary order. */
  first(asking: Asking, count: number): void {
    this.#takeLate(asking);
    const share = this.#pieces.window.rarestFirstAmong(count);
    this.#take(asking, count - share, asking.peer.isAmongFastest);
  }

  /** Nothing else is left to ask: what was kept for the ordinary order, and for an idle slow peer one urgent block. */
  rest(asking: Asking, count: number): void {
    const { peer, blocks } = asking;
    if (blocks.length < count) this.#take(asking, count, peer.isAmongFastest);
    if (blocks.length === 0 && peer.outstanding === 0) this.#take(asking, 1, true);
  }

  #take(asking: Asking, count: number, mayTakeUrgent: boolean): void {
    const { peer, blocks } = asking;
    const { started, have, window } = this.#pieces;
    const { from, to, urgentTo } = window.span(have);
    const urgentEnd = mayTakeUrgent ? urgentTo : from;
    for (let index = from; index < urgentEnd && blocks.length < count; index++) {
      const piece = index as PieceIndex;
      if (!this.#isOpenTo(peer, piece)) continue;
      const mayStart = index < from + WINDOW_HEAD_PIECES || this.#pieces.canStart();
      const progress = started.get(piece) ?? (mayStart ? this.#pieces.start(piece) : undefined);
      if (progress !== undefined) asking.takeFree(progress, count);
    }
    while (blocks.length < count) {
      const piece = this.#rarest(peer, urgentTo, to);
      if (piece === undefined) return;
      asking.takeFree(started.get(piece) ?? this.#pieces.start(piece), count);
    }
  }

  /** Of the window's later part: a started piece, else the rarest, ties at random, so that who play alike trade. */
  #rarest(peer: PickerPeer, from: number, to: number): PieceIndex | undefined {
    let rarest: PieceIndex | undefined;
    let fewest = Infinity;
    let ties = 0;
    const canStart = this.#pieces.canStart();
    for (let index = from; index < to; index++) {
      const piece = index as PieceIndex;
      if (!this.#isOpenTo(peer, piece)) continue;
      if (this.#pieces.started.has(piece)) return piece;
      const copies = this.#pieces.availability.copies(piece);
      if (!canStart || copies > fewest) continue;
      ties = copies < fewest ? 1 : ties + 1;
      fewest = copies;
      if (this.#random.below(ties) === 0) rarest = piece;
    }
    return rarest;
  }

  /** The peer may be asked for some block of it now. */
  #isOpenTo(peer: PickerPeer, piece: PieceIndex): boolean {
    const pieces = this.#pieces;
    if (!canGive(peer, piece) || pieces.have.has(piece) || pieces.isCommitting(piece)) return false;
    const progress = pieces.started.get(piece);
    if (progress !== undefined && (progress.free === 0 || progress.isClosedTo(peer.link))) return false;
    return this.#isHashKnown(piece);
  }

  /** What is played next and late at another link is asked of a fast one too, one block at a time. */
  #takeLate(asking: Asking): void {
    const { peer } = asking;
    if (!peer.isAmongFastest || peer.isStalled) return;
    const { started, have, window } = this.#pieces;
    const { from, to } = window.span(have);
    for (let piece = from; piece < Math.min(to, from + WINDOW_HEAD_PIECES); piece++) {
      const progress = canGive(peer, piece) ? started.get(piece as PieceIndex) : undefined;
      if (progress === undefined) continue;
      const late = asking.lateBlock(progress);
      if (late !== undefined) {
        asking.take(progress, late);
        return;
      }
    }
  }
}
