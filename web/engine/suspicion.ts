/**
 * Finds out who sent the bad blocks of a corrupt piece.
 *
 * One sender of the whole piece is convicted at once. Otherwise the piece's leaf hashes, proven against the
 * root (BEP 52), tell which blocks are bad: their senders are convicted, the other blocks are kept. Where nobody
 * gives leaves (v1 knows none), the piece is fetched again as a whole, each time from one peer alone, and once it
 * is right the blocks of the corrupt copies are compared with it.
 *
 * Invariants
 *  1. Only the sender of a block that is proven to be bad is convicted: an honest peer never is.
 *  2. A piece is under suspicion from the failed hash until `judge`, or after `giveUp` until `compare`.
 */
import { HASH_BYTES } from "./limits.ts";
import type { PieceProgress } from "./piece-progress.ts";
import type { PeerId, PieceIndex } from "./units.ts";

/** Corrupt copies of one piece that are remembered: after the first they come from one peer each. */
const COPIES_COMPARED = 4;

interface Case {
  readonly progress: PieceProgress;
  /** What the blocks that arrived hash to. */
  readonly leaves: Uint8Array;
}

/** A copy that is gone: who gave its blocks, and what they hashed to. */
interface Corrupt {
  readonly givers: readonly (PeerId | undefined)[];
  readonly leaves: Uint8Array;
}

export interface Verdict {
  readonly progress: PieceProgress;
  readonly badBlocks: readonly number[];
  readonly liars: ReadonlySet<PeerId>;
}

export class Suspicion {
  readonly #cases = new Map<PieceIndex, Case>();
  /** Corrupt copies that wait for a right one. */
  readonly #unsettled = new Map<PieceIndex, Corrupt[]>();

  get isEmpty(): boolean {
    return this.#cases.size === 0;
  }

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

  /** The blocks of the piece will be compared when it is right. */
  isUnsettled(piece: PieceIndex): boolean {
    return this.#unsettled.has(piece);
  }

  /** The piece is right now. @returns who gave other blocks than these in a corrupt copy. */
  compare(piece: PieceIndex, leaves: Uint8Array): ReadonlySet<PeerId> {
    const liars = new Set<PeerId>();
    for (const copy of this.#unsettled.get(piece) ?? []) {
      for (const [block, giver] of copy.givers.entries()) {
        if (giver !== undefined && !sameHash(copy.leaves, leaves, block)) liars.add(giver);
      }
    }
    this.#unsettled.delete(piece);
    return liars;
  }

  /** Nobody gives the leaves: the whole piece goes, and is compared when it is right. */
  giveUp(piece: PieceIndex): Verdict | undefined {
    const found = this.#cases.get(piece);
    if (found === undefined) return undefined;
    this.#cases.delete(piece);
    const copies = this.#unsettled.get(piece) ?? [];
    copies.push({ givers: [...found.progress.givers], leaves: found.leaves });
    this.#unsettled.set(piece, copies.slice(-COPIES_COMPARED));
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
