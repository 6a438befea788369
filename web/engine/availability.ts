/**
 * How many peers have each piece, and the pickable pieces in rarest-first order.
 *
 * The order is one array partitioned into buckets of equal count, so that a `have` moves a piece by one swap
 * across a bucket's edge instead of sorting. A moved piece lands on a random place of its new bucket: ties are
 * random (Cohen 2003 §2.4.2), and two peers with equal views pick different pieces.
 *
 * Invariants
 *  1. `order[0 … pickable)` holds exactly the pieces that are pickable, ascending by count.
 *  2. `edges[c]` is the index of the first pickable piece whose count is at least c.
 *  3. Seeds are counted once for all pieces and do not change the order.
 */
import type { Bitfield } from "./bitfield.ts";
import type { Random } from "./random.ts";
import type { PieceIndex } from "./units.ts";

const NOT_PICKABLE = -1;

export class Availability {
  /** Peers that have everything. */
  seeds = 0;
  readonly #counts: Uint16Array;
  readonly #order: Int32Array;
  readonly #places: Int32Array;
  /** edges.length − 2 is the highest count seen so far; the last entry is always the number of pickable pieces. */
  readonly #edges: number[];
  readonly #random: Random;

  /** All pieces begin pickable, in random order. */
  constructor(pieceCount: number, random: Random) {
    this.#counts = new Uint16Array(pieceCount);
    this.#order = Int32Array.from({ length: pieceCount }, (_, piece) => piece);
    this.#places = this.#order.slice();
    this.#edges = [0, pieceCount];
    this.#random = random;
    for (let i = pieceCount - 1; i > 0; i--) this.#swap(i, random.below(i + 1));
  }

  /** Number of pickable pieces. */
  get pickable(): number {
    return this.#edges[this.#edges.length - 1] ?? 0;
  }

  /** The `rank`-th rarest pickable piece, 0 ≤ rank < pickable. */
  at(rank: number): PieceIndex {
    return (this.#order[rank] ?? 0) as PieceIndex;
  }

  /** Peers here that have the piece, seeds included. */
  copies(piece: PieceIndex): number {
    return (this.#counts[piece] ?? 0) + this.seeds;
  }

  /** A peer (not counted as a seed) got the piece. */
  onHave(piece: PieceIndex): void {
    const count = this.#counts[piece] ?? 0;
    this.#counts[piece] = count + 1;
    while (this.#edges.length < count + 3) this.#edges.push(this.pickable);
    const place = this.#places[piece] ?? NOT_PICKABLE;
    if (place === NOT_PICKABLE) return;
    const edge = (this.#edges[count + 1] ?? 0) - 1;
    this.#swap(place, edge);
    this.#edges[count + 1] = edge;
    this.#shuffleInto(edge, count + 1);
  }

  /** A peer (not counted as a seed) lost the piece or left with it. */
  onLost(piece: PieceIndex): void {
    const count = this.#counts[piece] ?? 0;
    if (count === 0) return;
    this.#counts[piece] = count - 1;
    const place = this.#places[piece] ?? NOT_PICKABLE;
    if (place === NOT_PICKABLE) return;
    const edge = this.#edges[count] ?? 0;
    this.#swap(place, edge);
    this.#edges[count] = edge + 1;
    this.#shuffleInto(edge, count - 1);
  }

  add(have: Bitfield): void {
    for (const piece of have) this.onHave(piece as PieceIndex);
  }

  remove(have: Bitfield): void {
    for (const piece of have) this.onLost(piece as PieceIndex);
  }

  /** Takes the piece out of the order: it is had, started or not wanted. */
  exclude(piece: PieceIndex): void {
    let place = this.#places[piece] ?? NOT_PICKABLE;
    if (place === NOT_PICKABLE) return;
    for (let edge = (this.#counts[piece] ?? 0) + 1; edge < this.#edges.length; edge++) {
      const last = (this.#edges[edge] ?? 0) - 1;
      this.#swap(place, last);
      this.#edges[edge] = last;
      place = last;
    }
    this.#places[piece] = NOT_PICKABLE;
  }

  /** Puts the piece back into the order. */
  include(piece: PieceIndex): void {
    if ((this.#places[piece] ?? NOT_PICKABLE) !== NOT_PICKABLE) return;
    let place = this.pickable;
    this.#order[place] = piece;
    this.#places[piece] = place;
    for (let edge = this.#edges.length - 1; edge > (this.#counts[piece] ?? 0); edge--) {
      const first = this.#edges[edge] ?? 0;
      this.#swap(place, first);
      this.#edges[edge] = first + 1;
      place = first;
    }
    this.#shuffleInto(place, this.#counts[piece] ?? 0);
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
