import type { Rate } from "./limits.ts";

/** Lets a burst of `capacity` through and `perSecond` from then on. Time is the caller's, in ms. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.capacity;
    this.#filledAt = now;
  }

  /** Takes `cost` tokens, or none and returns false. */
  take(cost: number, now: number): boolean {
    this.#fill(now);
    if (cost > this.#tokens) return false;
    this.#tokens -= cost;
    return true;
  }

  /** Nothing was taken for so long that forgetting this bucket changes nothing. */
  isFull(now: number): boolean {
    this.#fill(now);
    return this.#tokens === this.#rate.capacity;
  }

  #fill(now: number): void {
    const { capacity, perSecond } = this.#rate;
    const gained = (Math.max(0, now - this.#filledAt) / 1000) * perSecond;
    this.#tokens = Math.min(capacity, this.#tokens + gained);
    this.#filledAt = Math.max(this.#filledAt, now);
  }
}
