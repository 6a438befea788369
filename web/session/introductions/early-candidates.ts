/**
 * Candidates that overtook their offer on the way through the server. Bounded: the oldest offers are forgotten.
 */
import type { PeerId } from "../../engine/units.ts";
import type { Signal } from "../../ports/links.ts";
import { EARLY_MESSAGES, EARLY_OFFERS } from "../limits.ts";

export class EarlyCandidates {
  readonly #waiting = new Map<string, Signal[]>();

  keep(from: PeerId, offerId: string, signal: Signal): void {
    const key = `${from} ${offerId}`;
    const signals = this.#waiting.get(key) ?? [];
    if (signals.length < EARLY_MESSAGES) signals.push(signal);
    this.#waiting.set(key, signals);
    for (const oldest of this.#waiting.keys()) {
      if (this.#waiting.size <= EARLY_OFFERS) break;
      this.#waiting.delete(oldest);
    }
  }

  /** Gives out, in order, what was kept for this offer. */
  take(from: PeerId, offerId: string): readonly Signal[] {
    const key = `${from} ${offerId}`;
    const signals = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    return signals;
  }
}
