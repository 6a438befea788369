/** What one share may move: what the person allows it in all, what it is allotted now, and when it has done its part. */
import type { Millis } from "../../engine/units.ts";
import { type Allotment, isSameAllotment, type ShareLimits, UNLIMITED } from "../settings.ts";
import type { ShareSnapshot } from "../snapshot.ts";
import { StopGoals } from "./stop-goals.ts";

export class Limiter {
  readonly #goals = new StopGoals();
  #limits: ShareLimits;
  #allotment: Allotment = UNLIMITED;

  /** @param limits of an earlier session. */
  constructor(limits: ShareLimits = {}) {
    this.#limits = limits;
  }

  get limits(): ShareLimits {
    return this.#limits;
  }

  get allotment(): Allotment {
    return this.#allotment;
  }

  limit(limits: ShareLimits): void {
    this.#limits = limits;
  }

  /** An older share of the same files had these; those that were set for this one just now go before. */
  inherit(limits: ShareLimits): void {
    this.#limits = { ...limits, ...this.#limits };
  }

  /** @returns whether that is another allotment than before. */
  allot(allotment: Allotment): boolean {
    if (isSameAllotment(this.#allotment, allotment)) return false;
    this.#allotment = allotment;
    return true;
  }

  /** The person went on with a stopped share. */
  onRestarted(ratio: number): void {
    this.#goals.onRestarted(ratio);
  }

  /** Whether to stop now, and why; otherwise when to ask again though nothing happened. */
  check(snapshot: ShareSnapshot, now: Millis): ReturnType<StopGoals["check"]> {
    return this.#goals.check(snapshot, this.#limits, now);
  }
}
