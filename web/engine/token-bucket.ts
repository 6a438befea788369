/**
 * Holds a stream to a number of bytes per second.
 *
 * The bucket holds what RATE_LIMIT_BURST_MS bring, and at least a block; the rest is lost, so that an idle link
 * cannot save up for a flood. A larger order is let through when the bucket is full, and the debt is paid before
 * the next.
 *
 * Invariants
 *  1. Over any time no more passes than the rate brings, a full bucket and the last order.
 *  2. Exact: the level is counted in thousandths of a byte and time in whole milliseconds, so with a whole
 *     rate nothing is ever rounded.
 */
import { BLOCK_BYTES, RATE_LIMIT_BURST_MS } from "./limits.ts";
import type { Millis } from "./units.ts";

const MILLI = 1000;

export class TokenBucket {
  #bytesPerSecond: number;
  /** Thousandths of a byte; negative while in debt. */
  #level: number;
  #updatedAt: number;

  /** Begins full. @param bytesPerSecond a whole number; Infinity lifts the limit, 0 lets nothing pass. */
  constructor(bytesPerSecond: number, now: Millis) {
    this.#bytesPerSecond = bytesPerSecond;
    this.#level = this.#capacity;
    this.#updatedAt = Math.floor(now);
  }

  setRate(bytesPerSecond: number, now: Millis): void {
    this.#refill(now);
    this.#bytesPerSecond = bytesPerSecond;
    this.#level = Math.min(this.#level, this.#capacity);
  }

  /** True, and the bytes are accounted for, when they may pass now. */
  take(bytes: number, now: Millis): boolean {
    if (this.#bytesPerSecond === Infinity) return true;
    this.#refill(now);
    if (this.#level < this.#needed(bytes)) return false;
    this.#level -= bytes * MILLI;
    return true;
  }

  /** The bytes were taken and did not pass after all. */
  giveBack(bytes: number): void {
    this.#level = Math.min(this.#level + bytes * MILLI, this.#capacity);
  }

  /** Infinity while there is no limit. */
  get bytesPerSecond(): number {
    return this.#bytesPerSecond;
  }

  get isLimited(): boolean {
    return this.#bytesPerSecond !== Infinity;
  }

  /** Bytes that may pass now without a debt, a whole number or Infinity. */
  available(now: Millis): number {
    if (this.#bytesPerSecond === Infinity) return Infinity;
    this.#refill(now);
    return Math.max(0, Math.floor(this.#level / MILLI));
  }

  /** Milliseconds until `take(bytes)` succeeds if nothing else is taken: 0 for now, Infinity for never. */
  timeUntil(bytes: number, now: Millis): number {
    if (this.#bytesPerSecond === Infinity) return 0;
    this.#refill(now);
    const missing = this.#needed(bytes) - this.#level;
    return missing > 0 ? Math.ceil(missing / this.#bytesPerSecond) : 0;
  }

  get #capacity(): number {
    if (this.#bytesPerSecond === 0) return 0;
    return Math.max(this.#bytesPerSecond * RATE_LIMIT_BURST_MS, BLOCK_BYTES * MILLI);
  }

  /** The level at which `bytes` pass; more than 0 even where the bucket holds nothing. */
  #needed(bytes: number): number {
    return Math.max(1, Math.min(bytes * MILLI, this.#capacity));
  }

  #refill(now: Millis): void {
    const time = Math.floor(now);
    if (time <= this.#updatedAt) return;
    const gained = (time - this.#updatedAt) * this.#bytesPerSecond;
    this.#level = Math.min(this.#level + gained, this.#capacity);
    this.#updatedAt = time;
  }
}
