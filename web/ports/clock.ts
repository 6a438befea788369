import type { Millis } from "../engine/units.ts";

/** Time as the session sees it. Monotonic; timers are never early by more than a millisecond. */
export interface Clock {
  now(): Millis;
  /** Calls back once at or soon after `at`. The returned function cancels it. */
  at(at: Millis, callback: () => void): () => void;
}
