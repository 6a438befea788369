/**
 * How much may wait in a channel and count as flushed all the same: what drains in LOW_WATER_MS. A home's uplink takes
 * seconds for what a fast network takes in a blink, and no message overtakes what waits there.
 *
 * Invariants
 *  1. MIN_LOW_WATER_BYTES ≤ bytes ≤ MAX_LOW_WATER_BYTES.
 *  2. A channel that ran dry drains at least as fast as it was fed: that never lowers the mark.
 */
import {
  DRAIN_SAMPLE_MS,
  FIRST_LOW_WATER_BYTES,
  LOW_WATER_MS,
  MAX_LOW_WATER_BYTES,
  MIN_LOW_WATER_BYTES,
} from "./limits.ts";

export class LowWater {
  bytes = FIRST_LOW_WATER_BYTES;
  #sampleAt = 0;
  #bufferedAt = 0;
  #handed = 0;
  /** Bytes per ms in the last whole sample: one alone may say too little, where the browser says late what has left. */
  #lastRate = 0;

  onHanded(bytes: number): void {
    this.#handed += bytes;
  }

  /** @param buffered what waits in the channel. @param now ms. @returns whether the mark has moved. */
  look(buffered: number, now: number): boolean {
    const elapsedMs = now - this.#sampleAt;
    if (elapsedMs < DRAIN_SAMPLE_MS) return false;
    const before = this.bytes;
    const rate = (this.#handed + this.#bufferedAt - buffered) / elapsedMs;
    const mark = Math.max(rate, this.#lastRate) * LOW_WATER_MS;
    const lowest = buffered === 0 ? before : MIN_LOW_WATER_BYTES;
    this.bytes = Math.ceil(Math.min(MAX_LOW_WATER_BYTES, Math.max(lowest, mark)));
    this.#lastRate = rate;
    this.#sampleAt = now;
    this.#bufferedAt = buffered;
    this.#handed = 0;
    return this.bytes !== before;
  }
}
