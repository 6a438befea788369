/**
 * How many requests to keep in flight to one peer.
 *
 * Slow start: one more for every block that arrives, so the queue doubles each round trip, until the rate no
 * longer grows; from then on REQUEST_QUEUE_MS of the measured rate. A peer whose requests time out is asked
 * for one block at a time until it answers (libtorrent: "snubbed").
 *
 * Invariant: 1 ≤ target ≤ min(MAX_PIPELINE, the peer's reqq).
 */
import {
  BLOCK_BYTES,
  INITIAL_PIPELINE,
  MAX_PIPELINE,
  MIN_PIPELINE,
  PIPELINE_SAMPLE_MS,
  REQUEST_QUEUE_MS,
} from "./limits.ts";
import type { Millis } from "./units.ts";

/** What one answer counts in the average of response times. */
const RESPONSE_WEIGHT = 0.25;

export class Pipeline {
  #target = INITIAL_PIPELINE;
  #isSlowStart = true;
  #isStalled = false;
  #sampleStart: Millis | undefined;
  #sampleBytes = 0;
  #lastRate = 0;

  /** How long the peer takes to answer a request, the queue before it included, ms; 0 before the first answer. */
  responseMs = 0;

  /** Requests to keep in flight; `reqq` is what the peer accepts (BEP 10). */
  target(reqq: number): number {
    return this.#isStalled ? 1 : Math.max(1, Math.min(this.#target, MAX_PIPELINE, reqq));
  }

  onBlock(bytes: number, askedAt: Millis, now: Millis): void {
    const tookMs = now - askedAt;
    this.responseMs += (tookMs - this.responseMs) * (this.responseMs === 0 ? 1 : RESPONSE_WEIGHT);
    this.#isStalled = false;
    if (this.#isSlowStart) this.#target = Math.min(this.#target + 1, MAX_PIPELINE);
    this.#sampleStart ??= now;
    this.#sampleBytes += bytes;
    const elapsed = now - this.#sampleStart;
    if (elapsed < PIPELINE_SAMPLE_MS) return;
    const rate = (this.#sampleBytes * 1000) / elapsed;
    if (this.#isSlowStart && rate < this.#lastRate * 1.1) this.#isSlowStart = false;
    if (!this.#isSlowStart) {
      const blocks = Math.ceil((rate * REQUEST_QUEUE_MS) / 1000 / BLOCK_BYTES);
      this.#target = Math.max(MIN_PIPELINE, blocks);
    }
    this.#lastRate = rate;
    this.#sampleStart = now;
    this.#sampleBytes = 0;
  }

  /** A request was not answered in time. */
  onTimeout(): void {
    this.#isStalled = true;
    this.#isSlowStart = false;
  }

  /** The peer choked us: what was measured says nothing about its next turn's beginning. */
  onChoke(): void {
    this.#sampleStart = undefined;
    this.#sampleBytes = 0;
  }
}
