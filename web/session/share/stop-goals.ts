/**
 * When sharing has done its part: the ratio is reached, or nobody has taken anything for long enough.
 *
 * Invariants
 *  1. Only a share with nothing left to fetch is stopped.
 *  2. Whoever goes on after a stop is not stopped again by the same ratio, and has the whole idle time anew.
 */
import { type Millis, millis } from "../../engine/units.ts";
import type { ShareLimits } from "../settings.ts";
import type { ShareSnapshot, StopReason } from "../snapshot.ts";

const MINUTE_MS = 60_000;

export class StopGoals {
  #uploaded = 0;
  #takenAt: Millis | undefined;
  #ratioFrom = 0;

  /** The person went on with a stopped share. */
  onRestarted(ratio: number): void {
    this.#takenAt = undefined;
    this.#ratioFrom = ratio;
  }

  /** Whether to stop now, and why; otherwise when to ask again though nothing happened. */
  check(
    { state, uploaded, ratio }: Pick<ShareSnapshot, "state" | "uploaded" | "ratio">,
    { stopAtRatio, stopWhenIdleMinutes }: ShareLimits,
    now: Millis,
  ): { readonly reason?: StopReason; readonly askAt?: Millis } {
    const isGiving = state === "seeding" || state === "done";
    if (!isGiving || uploaded !== this.#uploaded) this.#takenAt = now;
    this.#uploaded = uploaded;
    this.#takenAt ??= now;
    if (!isGiving) return {};
    if (stopAtRatio !== undefined && ratio >= stopAtRatio && this.#ratioFrom < stopAtRatio) {
      return { reason: "ratio" };
    }
    if (stopWhenIdleMinutes === undefined) return {};
    const stopAt = millis(this.#takenAt + stopWhenIdleMinutes * MINUTE_MS);
    return stopAt <= now ? { reason: "idle" } : { askAt: stopAt };
  }
}
