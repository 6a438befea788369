/**
 * What the seats of one share at its trackers are good for: who is there, who carries an offer to the peer that we
 * name, and how many others of use to us each has counted.
 *
 * Invariants
 *  1. They are kept in the order in which they were joined, ours first.
 *  2. A seat that was left is good for nothing.
 */
import { type Millis, millis } from "../../engine/units.ts";
import { OFFER_AGAIN_MS } from "../limits.ts";
import type { Seat } from "../trackers/tracker-pool.ts";

interface SeatState {
  isOnline: boolean;
  /** It carries an offer to the one that we name. */
  isTargeted: boolean;
  /** Others in the room that are of use to us, as this tracker counts: to a seed other seeds are of none. */
  useful: number;
  offeredAt: Millis;
}

export class Seats {
  readonly #states = new Map<Seat, SeatState>();

  has(seat: Seat): boolean {
    return this.#states.has(seat);
  }

  onOnline(seat: Seat, online: boolean): void {
    this.#of(seat).isOnline = online;
  }

  /**
   * The tracker has answered.
   *
   * @param isTargeted whether it carries offers to those that we name.
   * @param useful how many others are of use to us.
   */
  onCounted(seat: Seat, isTargeted: boolean, useful: number): void {
    const state = this.#of(seat);
    state.isTargeted = isTargeted;
    state.useful = useful;
  }

  onLeft(seat: Seat): void {
    this.#states.delete(seat);
  }

  /** Whether it carries an offer to the one that we name, and candidates after it. */
  isTargeted(seat: Seat): boolean {
    return this.#of(seat).isTargeted;
  }

  /** Those that are online and carry an offer to the one that we name. */
  get targeted(): Seat[] {
    return [...this.#states].flatMap(([seat, state]) => (state.isOnline && state.isTargeted ? [seat] : []));
  }

  /** Those of them that have counted more than `count` others of use to us. */
  withMoreThan(count: number): Seat[] {
    return this.targeted.filter((seat) => this.#of(seat).useful > count);
  }

  /** Enough time has passed since offers were last made to peers of the tracker's choosing. */
  isOfferDue(seat: Seat, now: Millis): boolean {
    return now - this.#of(seat).offeredAt >= OFFER_AGAIN_MS;
  }

  onOffered(seat: Seat, now: Millis): void {
    this.#of(seat).offeredAt = now;
  }

  #of(seat: Seat): SeatState {
    const known = this.#states.get(seat);
    if (known !== undefined) return known;
    const offeredAt = millis(Number.NEGATIVE_INFINITY);
    const state = { isOnline: false, isTargeted: seat.isOurs, useful: 0, offeredAt };
    this.#states.set(seat, state);
    return state;
  }
}
