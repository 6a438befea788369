/**
 * Finds out who sent the bad blocks of a corrupt piece.
 *
 * One sender of the whole piece is convicted at once. Otherwise the piece's leaf hashes, proven against the
 * root (BEP 52), tell which blocks are bad: their senders are convicted, the other blocks are kept. Leaves
 * that nobody gives leave everyone unconvicted; the piece is then fetched again as a whole.
 *
 * Invariants
 *  1. Only the sender of a block that is proven to be bad is convicted: an honest peer never is.
 *  2. A piece is under suspicion from the failed hash until `judge` or `giveUp`.
 */
import { HASH_BYTES } from "./limits.ts";
import type { PieceProgress } from "./piece-progress.ts";
import type { PeerId, PieceIndex } from "./units.ts";

interface Case {
  readonly progress: PieceProgress;
  /** What the blocks that arrived hash to. */
  readonly leaves: Uint8Array;
}

export interface Verdict {
  readonly progress: PieceProgress;
  readonly badBlocks: readonly number[];
  readonly liars: ReadonlySet<PeerId>;
}

export class Suspicion {
  readonly #cases = new Map<PieceIndex, Case>();

  get pieces(): IterableIterator<PieceIndex> {
    return this.#cases.keys();
  }

  /** The piece failed its hash. @returns a verdict if one peer sent all of it. */
  open(progress: PieceProgress, leaves: Uint8Array): Verdict | undefined {
    const senders = new Set(progress.givers.filter((giver) => giver !== undefined));
    if (senders.size <= 1) return { progress, badBlocks: everyBlock(progress), liars: senders };
    this.#cases.set(progress.piece, { progress, leaves });
    return undefined;
  }

  /** The proven leaves of a suspected piece are known. */
  judge(piece: PieceIndex, proven: Uint8Array): Verdict | undefined {
    const found = this.#cases.get(piece);
    if (found === undefined) return undefined;
    this.#cases.delete(piece);
    const { progress, leaves } = found;
    const badBlocks = everyBlock(progress).filter((block) => !sameHash(leaves, proven, block));
    const liars = new Set<PeerId>();
    for (const block of badBlocks) {
      const giver = progress.givers[block];
      if (giver !== undefined) liars.add(giver);
    }
    return { progress, badBlocks, liars };
  }

  /** Nobody gives the leaves: the whole piece goes. */
  giveUp(piece: PieceIndex): Verdict | undefined {
    const found = this.#cases.get(piece);
    if (found === undefined) return undefined;
    this.#cases.delete(piece);
    return { progress: found.progress, badBlocks: everyBlock(found.progress), liars: new Set() };
  }
}

function everyBlock(progress: PieceProgress): number[] {
  return Array.from({ length: progress.blockCount }, (_, block) => block);
}

function sameHash(a: Uint8Array, b: Uint8Array, block: number): boolean {
  for (let i = block * HASH_BYTES; i < (block + 1) * HASH_BYTES; i++) if (a[i] !== b[i]) return false;
  return true;
}
