/**
 * How many peers have each piece, and the pickable pieces: those of high priority first, then normal, then low,
 * rarest first within each.
 *
 * Invariant: seeds are counted once for all pieces and change no order.
 */
import type { Bitfield } from "./bitfield.ts";
import type { Random } from "./random.ts";
import { RarityOrder } from "./rarity-order.ts";
import type { PieceIndex } from "./units.ts";

/** Which pieces are picked first, of those that nobody has begun. */
export type Priority = "low" | "normal" | "high";

const RANKS: Readonly<Record<Priority, number>> = { high: 0, normal: 1, low: 2 };

export class Availability {
  /** Peers that have everything. */
  seeds = 0;
  /** When a peer here last got a piece that none had, ms. */
  newPieceAt = -Infinity;
  readonly #counts: Uint16Array;
  /** Rank of each piece's priority; undefined while all are normal. */
  #ranks: Uint8Array | undefined;
  /** By rank; made when the first piece of that priority comes. */
  readonly #orders: (RarityOrder | undefined)[] = [];
  readonly #random: Random;

  /** All pieces begin pickable and of normal priority, in random order. */
  constructor(pieceCount: number, random: Random) {
    this.#counts = new Uint16Array(pieceCount);
    this.#random = random;
    this.#order(RANKS.normal).fill();
  }

  /** Number of pickable pieces. */
  get pickable(): number {
    return this.#orders.reduce((sum, order) => sum + (order?.size ?? 0), 0);
  }

  /** Number of those that a peer here has. */
  get pickableHere(): number {
    if (this.seeds > 0) return this.pickable;
    return this.#orders.reduce((sum, order) => sum + (order?.sizeHeld ?? 0), 0);
  }

  /** The `rank`-th pickable piece in the order of picking, 0 ≤ rank < pickable. */
  at(rank: number): PieceIndex {
    let left = rank;
    for (const order of this.#orders) {
      if (order === undefined) continue;
      if (left < order.size) return order.at(left);
      left -= order.size;
    }
    return 0 as PieceIndex;
  }

  /**
   * The first pickable piece that is in `have` and accepted.
   *
   * @param atRandom within its priority any such piece, not the rarest.
   */
  find(have: Bitfield, accepts: (piece: PieceIndex) => boolean, atRandom: boolean): PieceIndex | undefined {
    for (const order of this.#orders) {
      if (order === undefined || order.size === 0) continue;
      const piece = order.find(have, accepts, atRandom ? this.#random.below(order.size) : 0);
      if (piece !== undefined) return piece;
    }
    return undefined;
  }

  /** The rarest accepted piece of high priority, at whoever it is. */
  findUrgent(accepts: (piece: PieceIndex) => boolean): PieceIndex | undefined {
    const order = this.#orders[RANKS.high];
    return order === undefined || order.size === 0 ? undefined : order.find(undefined, accepts, 0);
  }

  /** Peers here that have the piece, seeds included. */
  copies(piece: PieceIndex): number {
    return (this.#counts[piece] ?? 0) + this.seeds;
  }

  /** A peer (not counted as a seed) got the piece. */
  onHave(piece: PieceIndex): void {
    this.#counts[piece] = (this.#counts[piece] ?? 0) + 1;
    this.#orderOf(piece).onMore(piece);
  }

  /** A peer (not counted as a seed) lost the piece or left with it. */
  onLost(piece: PieceIndex): void {
    const count = this.#counts[piece] ?? 0;
    if (count === 0) return;
    this.#counts[piece] = count - 1;
    this.#orderOf(piece).onFewer(piece);
  }

  add(have: Bitfield): void {
    for (const piece of have) this.onHave(piece as PieceIndex);
  }

  remove(have: Bitfield): void {
    for (const piece of have) this.onLost(piece as PieceIndex);
  }

  /** Takes the piece out of the order: it is had, started or not wanted. */
  exclude(piece: PieceIndex): void {
    this.#orderOf(piece).remove(piece);
  }

  /** Puts the piece back into the order. */
  include(piece: PieceIndex): void {
    this.#orderOf(piece).insert(piece);
  }

  setPriority(piece: PieceIndex, priority: Priority): void {
    const rank = RANKS[priority];
    if (rank === this.#rankOf(piece)) return;
    const isPickable = this.#orderOf(piece).has(piece);
    this.exclude(piece);
    this.#ranks ??= new Uint8Array(this.#counts.length).fill(RANKS.normal);
    this.#ranks[piece] = rank;
    if (isPickable) this.include(piece);
  }

  #rankOf(piece: PieceIndex): number {
    return this.#ranks?.[piece] ?? RANKS.normal;
  }

  #orderOf(piece: PieceIndex): RarityOrder {
    return this.#order(this.#rankOf(piece));
  }

  #order(rank: number): RarityOrder {
    let order = this.#orders[rank];
    if (order === undefined) {
      order = new RarityOrder(this.#counts, this.#random);
      this.#orders[rank] = order;
    }
    return order;
  }
}
