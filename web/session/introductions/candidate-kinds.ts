/**
 * What kinds of addresses ICE found on a side (RFC 8445 §5.1.1), read from what both sides tell each other: the
 * measured facts behind "no way through".
 */
import type { Signal } from "../../ports/links.ts";

/** "host": its own; "srflx", "prflx": as the outside sees it; "relay": at a relay. */
export type CandidateKind = "host" | "srflx" | "prflx" | "relay";

const KIND = /\bcandidate:.* typ (host|srflx|prflx|relay)\b/g;

/** The kinds of all candidates in a signal, a description's own included. Whatever makes no sense counts for nothing. */
export function candidateKinds(signal: Signal): readonly CandidateKind[] {
  const texts = signal.type === "candidates" ? signal.candidates.map((each) => each.candidate) : [signal.sdp];
  return texts.flatMap((text) => [...text.matchAll(KIND)].map(([, kind]) => kind as CandidateKind));
}
