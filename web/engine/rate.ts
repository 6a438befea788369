/**
 * Bytes per second over the last seconds (Cohen 2003 §3.2: a rolling 20-second average).
 *
 * The window is a ring of buckets, of which the newest is still filling. The sum is divided by the time that
 * the ring really covers, so a steady stream reads its true rate at any moment, also while the meter is
 * younger than its window.
 *
 * Invariants
 *  1. `#sum` is the sum of the buckets: whole numbers, so nothing drifts.
 *  2. After a window of silence the rate is exactly zero, and the meter is as good as new.
 */
import { RATE_WINDOW_MS } from "./limits.ts";
import type { Millis } from "./units.ts";

const BUCKETS = 20;
const NO_BUCKETS: number[] = [];

export class RateMeter {
  readonly #bucketMs: number;
  /** None before the first bytes: most links of a large swarm carry few. */
  #buckets: number[] = NO_BUCKETS;
  #sum = 0;
  /** When the first bytes came, or the first after silence: the beginning of bucket 0. */
  #origin = 0;
  /** Number of the newest bucket. */
  #newest = 0;

  constructor(windowMs: number = RATE_WINDOW_MS) {
    this.#bucketMs = windowMs / BUCKETS;
  }

  /** `bytes` arrived (or left) at `now`. O(1). A clock that steps back counts as one that stands still. */
  add(bytes: number, now: Millis): void {
    if (this.#buckets === NO_BUCKETS) this.#buckets = new Array(BUCKETS).fill(0);
    this.#advance(now);
    if (this.#sum === 0) {
      this.#origin = now;
      this.#newest = 0;
    }
    const slot = this.#newest % BUCKETS;
    this.#buckets[slot] = (this.#buckets[slot] ?? 0) + bytes;
    this.#sum += bytes;
  }

  /** Average over the window, or since the first bytes if that is less, but over at least one bucket. */
  bytesPerSecond(now: Millis): number {
    if (this.#sum === 0) return 0;
    this.#advance(now);
    const windowStart = Math.max(0, this.#newest - BUCKETS + 1) * this.#bucketMs;
    const coveredMs = now - this.#origin - windowStart;
    return (this.#sum * 1000) / Math.max(coveredMs, this.#bucketMs);
  }

  /** Empties the buckets that the time since the last call has used up. */
  #advance(now: Millis): void {
    const bucket = Math.floor((now - this.#origin) / this.#bucketMs);
    const steps = Math.min(bucket - this.#newest, BUCKETS);
    for (let step = 0; step < steps; step++) {
      const slot = (bucket - step) % BUCKETS;
      this.#sum -= this.#buckets[slot] ?? 0;
      this.#buckets[slot] = 0;
    }
    this.#newest = Math.max(bucket, this.#newest);
  }
}
