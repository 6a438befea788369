/**
 * How many requests to keep in flight to one peer.
 *
 * Slow start: one more for every block that arrives, so the queue doubles each round trip, until the rate no
 * longer grows; from then on REQUEST_QUEUE_MS of the measured rate. A peer whose requests time out is asked
 * for one block at a time until it answers (libtorrent: "snubbed").
 *
 * A peer that owes us blocks is late when none came for the usual time between two of its blocks and four times the usual
 * deviation from it, as TCP judges a lost segment (RFC 6298); the time doubles with every time-out in a row.
 *
 * Invariants
 *  1. 1 ≤ target ≤ min(MAX_PIPELINE, the peer's reqq).
 *  2. MIN_REQUEST_TIMEOUT_MS ≤ timeoutMs ≤ MAX_REQUEST_TIMEOUT_MS.
 */
import {
  BLOCK_BYTES,
  INITIAL_PIPELINE,
  MAX_PIPELINE,
  MAX_REQUEST_TIMEOUT_MS,
  MIN_PIPELINE,
  MIN_REQUEST_TIMEOUT_MS,
  PIPELINE_SAMPLE_MS,
  REQUEST_QUEUE_MS,
  REQUEST_TIMEOUT_MS,
} from "./limits.ts";
import type { Millis } from "./units.ts";

/** What one interval counts in their average and in the average deviation, and how many deviations are usual (RFC 6298). */
const INTERVAL_WEIGHT = 1 / 8;
const DEVIATION_WEIGHT = 1 / 4;
const USUAL_DEVIATIONS = 4;

export class Pipeline {
  #target = INITIAL_PIPELINE;
  #isSlowStart = true;
  #isStalled = false;
  #sampleStart: Millis | undefined;
  #sampleBytes = 0;
  #lastRate = 0;

  #lastBlockAt: Millis | undefined;
  /** Average time between two blocks while some are owed, and average deviation from it, ms. */
  #intervalMs: number | undefined;
  #deviationMs = 0;
  /** Time-outs since the last block. */
  #timeouts = 0;

  /** It was late with a request, and has sent nothing since. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  /** With nothing received for so long, ms, the peer is late. */
  get timeoutMs(): number {
    const usual =
      this.#intervalMs === undefined
        ? REQUEST_TIMEOUT_MS
        : this.#intervalMs + USUAL_DEVIATIONS * this.#deviationMs;
    const bounded = Math.max(MIN_REQUEST_TIMEOUT_MS, usual) * 2 ** this.#timeouts;
    return Math.min(MAX_REQUEST_TIMEOUT_MS, bounded);
  }

  /**
   * How long until the `count`-th of the blocks comes that the peer owes us, the oldest since `askedAt`, ms: at its usual
   * pace; one that is overdue, or of a peer that gave nothing yet, is expected to take as long again.
   */
  waitMs(count: number, askedAt: Millis, now: Millis): number {
    const sinceMs = now - Math.max(askedAt, this.#lastBlockAt ?? 0);
    const usualMs = this.#intervalMs ?? 0;
    return Math.abs(usualMs - sinceMs) + (count - 1) * usualMs;
  }

  /** Requests to keep in flight; `reqq` is what the peer accepts (BEP 10). */
  target(reqq: number): number {
    return this.#isStalled ? 1 : Math.max(1, Math.min(this.#target, MAX_PIPELINE, reqq));
  }

  onBlock(bytes: number, askedAt: Millis, now: Millis): void {
    this.#onInterval(now - Math.max(askedAt, this.#lastBlockAt ?? askedAt), now);
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

  /** A block came that had been taken back: it is alive, only slower than we thought. */
  onLateBlock(now: Millis): void {
    this.#onInterval(now - (this.#lastBlockAt ?? now), now);
  }

  #onInterval(intervalMs: number, now: Millis): void {
    this.#isStalled = false;
    this.#timeouts = 0;
    this.#lastBlockAt = now;
    if (this.#intervalMs === undefined) {
      this.#intervalMs = intervalMs;
      this.#deviationMs = intervalMs / 2;
      return;
    }
    const difference = intervalMs - this.#intervalMs;
    this.#deviationMs += (Math.abs(difference) - this.#deviationMs) * DEVIATION_WEIGHT;
    this.#intervalMs += difference * INTERVAL_WEIGHT;
  }

  /** A request was not answered in time. */
  onTimeout(): void {
    this.#timeouts++;
    this.#isStalled = true;
    this.#isSlowStart = false;
  }

  /** The peer choked us: what was measured says nothing about its next turn's beginning. */
  onChoke(): void {
    this.#sampleStart = undefined;
    this.#sampleBytes = 0;
  }
}
