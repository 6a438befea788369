/**
 * Reads from WebRTC statistics how a connection's bytes travel.
 * Source: W3C "Identifiers for WebRTC's Statistics API": transport, candidate-pair, local-/remote-candidate.
 */
import type { Route } from "../../ports/links.ts";

/** The members of any statistics entry that decide the route. Firefox says `selected`, others name the pair. */
interface Entry {
  readonly type?: string;
  readonly selectedCandidatePairId?: string;
  readonly selected?: boolean;
  readonly localCandidateId?: string;
  readonly remoteCandidateId?: string;
  readonly candidateType?: string;
}

/** "unknown" until a candidate pair was selected. */
export function routeOf(report: ReadonlyMap<string, Entry>): Route {
  const entries = [...report.values()];
  const transport = entries.find(({ selectedCandidatePairId }) => selectedCandidatePairId !== undefined);
  const pair =
    transport?.selectedCandidatePairId === undefined
      ? entries.find(({ type, selected }) => type === "candidate-pair" && selected)
      : report.get(transport.selectedCandidatePairId);
  const ends = [pair?.localCandidateId, pair?.remoteCandidateId].map((id) => report.get(id ?? ""));
  if (ends.some((end) => end === undefined)) return "unknown";
  return ends.some((end) => end?.candidateType === "relay") ? "relayed" : "direct";
}
