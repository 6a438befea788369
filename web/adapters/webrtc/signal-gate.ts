/**
 * Decides which signals of the other end reach the platform.
 *
 * Invariants
 *  1. One description per link, of the type that the other end owes: an offer to an initiator would roll our
 *     own back, a second one would negotiate anew.
 *  2. A description speaks of one data channel and nothing else: no media is ever set up.
 *  3. Sizes and numbers are bounded, whatever the caller checked before.
 *
 * Source: JSEP (RFC 8829), RFC 8841 (data channels in SDP).
 */
import type { Candidate, Signal } from "../../ports/links.ts";
import { MAX_CANDIDATE_LENGTH, MAX_CANDIDATES, MAX_SDP_LENGTH, MAX_SDP_MID_LENGTH } from "./limits.ts";

export class SignalGate {
  readonly #expected: "offer" | "answer";
  #described = false;
  #candidateCount = 0;

  constructor(initiator: boolean) {
    this.#expected = initiator ? "answer" : "offer";
  }

  /** False for a signal that an honest end would not send now. */
  admit(signal: Signal): boolean {
    if (signal.type === "candidates") {
      this.#candidateCount += signal.candidates.length;
      return (
        signal.candidates.length > 0 &&
        this.#candidateCount <= MAX_CANDIDATES &&
        signal.candidates.every(isCandidate)
      );
    }
    if (signal.type !== this.#expected || this.#described) return false;
    this.#described = true;
    return isDataDescription(signal.sdp);
  }
}

function isDataDescription(sdp: string): boolean {
  if (typeof sdp !== "string" || sdp.length > MAX_SDP_LENGTH || !sdp.startsWith("v=0")) return false;
  const media = sdp.match(/^m=\S*/gm);
  return media?.length === 1 && media[0] === "m=application";
}

function isCandidate({ candidate, sdpMid, sdpMLineIndex }: Candidate): boolean {
  if (typeof candidate !== "string" || candidate.length > MAX_CANDIDATE_LENGTH) return false;
  if (sdpMid !== null && (typeof sdpMid !== "string" || sdpMid.length > MAX_SDP_MID_LENGTH)) return false;
  // There is one description section, so there is one index.
  if (sdpMLineIndex !== null && sdpMLineIndex !== 0) return false;
  return sdpMid !== null || sdpMLineIndex !== null;
}
