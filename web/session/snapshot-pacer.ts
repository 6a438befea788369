/**
 * When the page is shown a new snapshot: at once when a state changed, soon when a figure did, never in between.
 *
 * Invariants
 *  1. At most one in SNAPSHOT_INTERVAL_MS for figures, and one in HURRY_INTERVAL_MS for states.
 *  2. No timer runs while nothing changes.
 */
import { type Millis, millis } from "../engine/units.ts";
import type { Clock } from "../ports/clock.ts";
import { HURRY_INTERVAL_MS, SNAPSHOT_INTERVAL_MS } from "./limits.ts";

export class SnapshotPacer {
  readonly #clock: Clock;
  readonly #emit: () => void;
  #emittedAt = Number.NEGATIVE_INFINITY;
  #dueAt = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};

  constructor(clock: Clock, emit: () => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  /** A figure changed. */
  touch(): void {
    this.#schedule(this.#emittedAt + SNAPSHOT_INTERVAL_MS);
  }

  /** A state changed. */
  hurry(): void {
    this.#schedule(this.#emittedAt + HURRY_INTERVAL_MS);
  }

  /** Something will have changed by then through time alone. */
  at(at: Millis): void {
    this.#schedule(Math.max(at, this.#emittedAt + HURRY_INTERVAL_MS));
  }

  #schedule(at: number): void {
    const due = Math.max(at, this.#clock.now());
    if (due >= this.#dueAt) return;
    this.#cancel();
    this.#dueAt = due;
    this.#cancel = this.#clock.at(millis(due), () => {
      this.#dueAt = Number.POSITIVE_INFINITY;
      this.#emittedAt = this.#clock.now();
      this.#emit();
    });
  }
}
