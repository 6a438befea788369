/** Hashes a piece and compares it with what it must be, by the Merkle tree (BEP 52), SHA-1 (BEP 3) or both. */
import { equalBytes } from "../../engine/bytes.ts";
import type { PieceCheck } from "../../engine/io.ts";
import { merkleRoot } from "../../engine/metainfo/merkle.ts";
import type { Sha256 } from "../../engine/units.ts";
import type { Hasher } from "../../ports/hasher.ts";

export interface CheckedPiece {
  /** "contradictory": one of two hashes is right, the other wrong. */
  readonly verdict: "right" | "corrupt" | "contradictory";
  /** SHA-256 of each block, 32 bytes each; empty for a right piece when nobody asked for them. */
  readonly leaves: Uint8Array;
}

export interface CheckingPorts {
  readonly hasher: Hasher;
  readonly sha256: Sha256;
}

export async function checkPiece(
  bytes: Uint8Array,
  { merkle, sha1, needsLeaves }: PieceCheck,
  { hasher, sha256 }: CheckingPorts,
): Promise<CheckedPiece> {
  const [early, sum] = await Promise.all([
    merkle !== undefined || needsLeaves ? hasher.leaves(bytes) : undefined,
    sha1 && hasher.sha1(bytes, sha1.padding),
  ]);
  const outcomes: boolean[] = [];
  if (merkle && early) outcomes.push(equalBytes(merkleRoot(early, merkle.width, sha256), merkle.root));
  if (sha1 && sum) outcomes.push(equalBytes(sum, sha1.hash));
  if (outcomes.every(Boolean)) return { verdict: "right", leaves: early ?? new Uint8Array() };
  const verdict = outcomes.some(Boolean) ? "contradictory" : "corrupt";
  return { verdict, leaves: early ?? (await hasher.leaves(bytes)) };
}
