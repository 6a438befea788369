import { concatBytes } from "./bytes.ts";
import { HASH_BYTES } from "./limits.ts";
import type { SwarmOptions } from "./swarm-state.ts";
import type { TraceSetup } from "./trace.ts";

/** What a replay makes its swarm of: where the torrent was known before, its dictionary and piece hashes too. */
export function traceSetup(options: SwarmOptions): TraceSetup {
  const { self, hashes, seed, accepted, seeding, resuming } = options;
  const setup = { self, ...hashes, seed, accepted, isSeeding: seeding !== undefined };
  const known = seeding ?? resuming;
  if (known === undefined) return setup;
  const { info, trees } = known;
  // Zeros stand for what is not known: they hash to no root.
  const layers = trees.map(
    (tree) => tree?.pieceHashes() ?? new Uint8Array((tree?.pieceCount ?? 0) * HASH_BYTES),
  );
  const torrent = { ...setup, info: info.bytes, layers: concatBytes(layers) };
  return resuming === undefined ? torrent : { ...torrent, have: resuming.have.toBytes() };
}
