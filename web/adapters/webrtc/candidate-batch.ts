/**
 * Gathers candidates into few signals without making a connection wait: the first goes at once, those found
 * in the following CANDIDATE_BATCH_MS go together.
 */
import { millis } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Candidate } from "../../ports/links.ts";
import { CANDIDATE_BATCH_MS } from "./limits.ts";

export class CandidateBatch {
  readonly #clock: Clock;
  readonly #onBatch: (candidates: readonly Candidate[]) => void;
  #found: Candidate[] = [];
  /** Set while candidates wait for others. */
  #cancelFlush: (() => void) | undefined;

  constructor(clock: Clock, onBatch: (candidates: readonly Candidate[]) => void) {
    this.#clock = clock;
    this.#onBatch = onBatch;
  }

  add(candidate: Candidate): void {
    this.#found.push(candidate);
    if (this.#cancelFlush === undefined) this.flush();
  }

  /** Hands out what was found so far. */
  flush(): void {
    this.stop();
    if (this.#found.length === 0) return;
    const batch = this.#found;
    this.#found = [];
    this.#cancelFlush = this.#clock.at(millis(this.#clock.now() + CANDIDATE_BATCH_MS), () => this.flush());
    this.#onBatch(batch);
  }

  /** No more by itself. */
  stop(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
  }
}
