/**
 * Gathers what our end of a link has to say into few signals: candidates that are found soon become part of the
 * description, those found later travel as CandidateBatch has it.
 *
 * Every signal is a message to the server and one from it, and most connections (one network, no STUN) have all
 * their candidates within milliseconds: they are then made with one offer and one answer.
 *
 * Source: RFC 8838 §4 ("half" and full trickle are ends of a range), JSEP (RFC 8829 §5.2.1: a local description
 * has the candidates that were found so far).
 */
import type { SimplePeerSignal } from "simple-peer/simplepeer.min.js";
import { type Millis, millis } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Signal } from "../../ports/links.ts";
import { CandidateBatch } from "./candidate-batch.ts";
import { CANDIDATE_GAP_MS, DESCRIPTION_WAIT_MS } from "./limits.ts";

type Description = Extract<SimplePeerSignal, { sdp: string }>;

export class OutgoingSignals {
  readonly #clock: Clock;
  readonly #currentSdp: () => string | undefined;
  readonly #onSignal: (signal: Signal) => void;
  readonly #candidates: CandidateBatch;
  #waiting: Description | undefined;
  #waitUntil: Millis = millis(0);
  #cancelWait = (): void => {};
  #isGathered = false;

  /** @param currentSdp the local description with the candidates found so far, if there is one. */
  constructor(clock: Clock, currentSdp: () => string | undefined, onSignal: (signal: Signal) => void) {
    this.#clock = clock;
    this.#currentSdp = currentSdp;
    this.#onSignal = onSignal;
    this.#candidates = new CandidateBatch(clock, (candidates) =>
      onSignal({ type: "candidates", candidates }),
    );
  }

  add(signal: SimplePeerSignal): void {
    if (signal.type === "candidate") {
      // The description that is still here will have it, and those that come right after it.
      if (this.#waiting === undefined) this.#candidates.add(signal.candidate);
      else this.#describeIn(CANDIDATE_GAP_MS);
      return;
    }
    this.#waiting = signal;
    this.#waitUntil = millis(this.#clock.now() + DESCRIPTION_WAIT_MS);
    if (this.#isGathered) this.#describe();
    else this.#describeIn(DESCRIPTION_WAIT_MS);
  }

  /** There are no more candidates to be found. */
  gathered(): void {
    this.#isGathered = true;
    this.#describe();
    this.#candidates.flush();
  }

  /** No more by itself. */
  stop(): void {
    this.#cancelWait();
    this.#waiting = undefined;
    this.#candidates.stop();
  }

  #describeIn(ms: number): void {
    this.#cancelWait();
    const at = Math.min(this.#clock.now() + ms, this.#waitUntil);
    this.#cancelWait = this.#clock.at(millis(at), () => this.#describe());
  }

  #describe(): void {
    const description = this.#waiting;
    if (description === undefined) return;
    this.#cancelWait();
    this.#waiting = undefined;
    this.#onSignal({ type: description.type, sdp: this.#currentSdp() ?? description.sdp });
  }
}
