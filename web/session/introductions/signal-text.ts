/**
 * Signals as the text that is sealed, and back: a session description as it is, candidates as JSON. Whoever has
 * the link can seal anything, so what is opened is checked for shape and size; what it means is the browser's
 * to judge.
 */
import type { Candidate, Signal } from "../../ports/links.ts";
import type { SealContext } from "../../ports/sealing.ts";
import { MAX_CANDIDATE_LENGTH, MAX_CANDIDATES, MAX_SDP_LENGTH } from "../limits.ts";

export function formatSignal(signal: Signal): string {
  return signal.type === "candidates" ? JSON.stringify(signal.candidates) : signal.sdp;
}

/** The signal of this kind that `text` says, or undefined if it says none. Never throws. */
export function parseSignal(kind: SealContext["kind"], text: string): Signal | undefined {
  if (kind !== "candidates") return text.length <= MAX_SDP_LENGTH ? { type: kind, sdp: text } : undefined;
  const value = parseJson(text);
  if (!Array.isArray(value) || value.length > MAX_CANDIDATES) return undefined;
  const candidates: Candidate[] = [];
  for (const item of value) {
    const candidate = parseCandidate(item);
    if (candidate === undefined) return undefined;
    candidates.push(candidate);
  }
  return { type: "candidates", candidates };
}

function parseCandidate(value: unknown): Candidate | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { candidate, sdpMid, sdpMLineIndex } = value as Record<keyof Candidate, unknown>;
  if (typeof candidate !== "string" || candidate.length > MAX_CANDIDATE_LENGTH) return undefined;
  if (sdpMid !== null && (typeof sdpMid !== "string" || sdpMid.length > 32)) return undefined;
  if (sdpMLineIndex !== null && !(Number.isInteger(sdpMLineIndex) && Number(sdpMLineIndex) >= 0))
    return undefined;
  return { candidate, sdpMid, sdpMLineIndex: sdpMLineIndex === null ? null : Number(sdpMLineIndex) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
