/**
 * Pieces in the order of how many peers have them.
 *
 * One array partitioned into buckets of equal count, so that a `have` moves a piece by one swap across a
 * bucket's edge instead of sorting. A moved piece lands on a random place of its new bucket: ties are random
 * (Cohen 2003 §2.4.2), and two peers with equal views pick different pieces.
 *
 * Finding the first piece that a peer has looks at SCAN_PIECES places. Whoever has none of those has few of the
 * pieces here or only common ones: then the two piece maps are laid over each other, 32 pieces at a time, and the
 * rarest of at most SCAN_PIECES common pieces is taken. So no pick looks at every piece.
 *
 * Invariants
 *  1. `order[0 … size)` holds exactly the pieces that are in, ascending by count.
 *  2. `edges[c]` is the index of the first piece whose count is at least c.
 */
import { Bitfield } from "./bitfield.ts";
import { SCAN_PIECES } from "./limits.ts";
import type { Random } from "./random.ts";
import type { PieceIndex } from "./units.ts";

const OUT = -1;

export class RarityOrder {
  /** How many peers have each piece; the owner changes it right before `onMore` and `onFewer`. */
  readonly #counts: Uint16Array;
  readonly #order: Int32Array;
  readonly #places: Int32Array;
  readonly #in: Bitfield;
  /** edges.length − 2 is the highest count seen so far; the last entry is always the number of pieces. */
  readonly #edges: number[] = [0, 0];
  readonly #random: Random;

  constructor(counts: Uint16Array, random: Random) {
    this.#counts = counts;
    this.#order = new Int32Array(counts.length);
    this.#places = new Int32Array(counts.length).fill(OUT);
    this.#in = new Bitfield(counts.length);
    this.#random = random;
  }

  /** Puts all pieces in, in random order; every count must be 0 and nothing in yet. */
  fill(): void {
    const size = this.#counts.length;
    for (let piece = 0; piece < size; piece++) {
      this.#order[piece] = piece;
      this.#places[piece] = piece;
      this.#in.set(piece);
    }
    this.#edges[1] = size;
    for (let i = size - 1; i > 0; i--) this.#swap(i, this.#random.below(i + 1));
  }

  get size(): number {
    return this.#edges[this.#edges.length - 1] ?? 0;
  }

  /** How many of the pieces have a count of at least 1. */
  get sizeHeld(): number {
    return this.size - (this.#edges[1] ?? 0);
  }

  /** The `rank`-th rarest piece, 0 ≤ rank < size. */
  at(rank: number): PieceIndex {
    return (this.#order[rank] ?? 0) as PieceIndex;
  }

  has(piece: PieceIndex): boolean {
    return this.#places[piece] !== OUT;
  }

  /** The rarest piece that is also in `have` (undefined: in any) and accepted, looking from place `from` on (and then from the beginning). */
  find(
    have: Bitfield | undefined,
    accepts: (piece: PieceIndex) => boolean,
    from: number,
  ): PieceIndex | undefined {
    const { size } = this;
    const scanned = Math.min(size, SCAN_PIECES);
    for (let i = 0; i < scanned; i++) {
      const piece = this.at((from + i) % size);
      if (have?.has(piece) !== false && accepts(piece)) return piece;
    }
    return scanned < size ? this.#rarestInCommon(have ?? this.#in, accepts) : undefined;
  }

  /** Its count has grown by one. */
  onMore(piece: PieceIndex): void {
    const count = (this.#counts[piece] ?? 0) - 1;
    while (this.#edges.length < count + 3) this.#edges.push(this.size);
    const place = this.#places[piece] ?? OUT;
    if (place === OUT) return;
    const edge = (this.#edges[count + 1] ?? 0) - 1;
    this.#swap(place, edge);
    this.#edges[count + 1] = edge;
    this.#shuffleInto(edge, count + 1);
  }

  /** Its count has shrunk by one. */
  onFewer(piece: PieceIndex): void {
    const count = (this.#counts[piece] ?? 0) + 1;
    const place = this.#places[piece] ?? OUT;
    if (place === OUT) return;
    const edge = this.#edges[count] ?? 0;
    this.#swap(place, edge);
    this.#edges[count] = edge + 1;
    this.#shuffleInto(edge, count - 1);
  }

  remove(piece: PieceIndex): void {
    let place = this.#places[piece] ?? OUT;
    if (place === OUT) return;
    for (let edge = (this.#counts[piece] ?? 0) + 1; edge < this.#edges.length; edge++) {
      const last = (this.#edges[edge] ?? 0) - 1;
      this.#swap(place, last);
      this.#edges[edge] = last;
      place = last;
    }
    this.#places[piece] = OUT;
    this.#in.clear(piece);
  }

  insert(piece: PieceIndex): void {
    if (this.has(piece)) return;
    const count = this.#counts[piece] ?? 0;
    while (this.#edges.length < count + 2) this.#edges.push(this.size);
    let place = this.size;
    this.#order[place] = piece;
    this.#places[piece] = place;
    this.#in.set(piece);
    for (let edge = this.#edges.length - 1; edge > count; edge--) {
      const first = this.#edges[edge] ?? 0;
      this.#swap(place, first);
      this.#edges[edge] = first + 1;
      place = first;
    }
    this.#shuffleInto(place, count);
  }

  #rarestInCommon(have: Bitfield, accepts: (piece: PieceIndex) => boolean): PieceIndex | undefined {
    let rarest: PieceIndex | undefined;
    let left = SCAN_PIECES;
    for (const index of this.#in.common(have, this.#random.below(this.#counts.length))) {
      const piece = index as PieceIndex;
      if (!accepts(piece)) continue;
      if (rarest === undefined || (this.#counts[piece] ?? 0) < (this.#counts[rarest] ?? 0)) rarest = piece;
      if (--left === 0) break;
    }
    return rarest;
  }

  /** Moves the piece at `place` to a random place within the bucket of `count`. */
  #shuffleInto(place: number, count: number): void {
    const first = this.#edges[count] ?? 0;
    const end = this.#edges[count + 1] ?? 0;
    if (end - first > 1) this.#swap(place, first + this.#random.below(end - first));
  }

  #swap(a: number, b: number): void {
    const pieceA = this.#order[a] ?? 0;
    const pieceB = this.#order[b] ?? 0;
    this.#order[a] = pieceB;
    this.#order[b] = pieceA;
    this.#places[pieceA] = b;
    this.#places[pieceB] = a;
  }
}
