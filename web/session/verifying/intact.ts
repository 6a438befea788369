/** Whether bytes are still what a torrent says of them, for what was verified once and may have changed since. */
import { equalBytes } from "../../engine/bytes.ts";
import { geometryOf } from "../../engine/geometry-of.ts";
import { HashExchange } from "../../engine/hash-exchange.ts";
import { BLOCK_BYTES, HASH_BYTES } from "../../engine/limits.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import { PieceChecks } from "../../engine/piece-checks.ts";
import type { PieceIndex } from "../../engine/units.ts";
import type { Hasher } from "../../ports/hasher.ts";
import { type IsUnchanged, type PieceSource, PieceUnreadableError } from "../../ports/piece-store.ts";
import { type CheckingPorts, checkPiece } from "./check-piece.ts";
import type { Trees } from "./trees.ts";

/** @returns the test of a piece's bytes. It fails too for a piece whose hash is not known. */
export function intactTest(info: Info, trees: Trees, ports: CheckingPorts) {
  const geometry = geometryOf(info);
  const checks = new PieceChecks(geometry, new HashExchange(geometry, trees), info.v1);
  return async (piece: PieceIndex, bytes: Uint8Array): Promise<boolean> => {
    if (!checks.canCheck(piece)) return false;
    return (await checkPiece(bytes, checks.of(piece, false), ports)).verdict === "right";
  };
}

/** @returns the test of blocks by their leaves. What lies across blocks, or has no leaves, it lets pass. */
export function leafTest(info: Info, trees: Trees, hasher: Hasher): IsUnchanged {
  const geometry = geometryOf(info);
  return async (piece, begin, bytes) => {
    const file = geometry.fileOf(piece);
    const tree = trees[file];
    const isWhole = begin % BLOCK_BYTES === 0 && endsBlock(begin + bytes.length, geometry.pieceBytes(piece));
    if (tree === undefined || !isWhole) return true;
    const leaves = await hasher.leaves(bytes);
    for (let at = 0; at < leaves.length; at += HASH_BYTES) {
      const block = begin / BLOCK_BYTES + at / HASH_BYTES;
      const wanted = tree.leaf(piece - geometry.firstPieceOf(file), block);
      if (wanted !== undefined && !equalBytes(leaves.subarray(at, at + HASH_BYTES), wanted)) return false;
    }
    return true;
  };
}

function endsBlock(end: number, pieceBytes: number): boolean {
  return end % BLOCK_BYTES === 0 || end === pieceBytes;
}

export type IntactTest = ReturnType<typeof intactTest>;

/**
 * Reads pieces anew, whole.
 *
 * @param onIntact what to do with each that is as it was.
 * @returns those that are not there any more, or are not what the torrent says, or for which `onIntact` failed: fetched
 * again, they show why.
 */
export async function recheck(
  source: Pick<PieceSource, "read">,
  pieces: Iterable<number>,
  pieceBytes: (piece: PieceIndex) => number,
  isIntact: IntactTest,
  onIntact: (piece: PieceIndex, bytes: Uint8Array) => Promise<void> = async () => {},
): Promise<readonly number[]> {
  const lost: number[] = [];
  for (const index of pieces) {
    const piece = index as PieceIndex;
    try {
      const bytes = await source.read(piece, 0, pieceBytes(piece));
      if (await isIntact(piece, bytes)) await onIntact(piece, bytes);
      else lost.push(piece);
    } catch {
      lost.push(piece);
    }
  }
  return lost;
}

/**
 * Files that were verified in an earlier session, and may have changed since: each piece is hashed whole before
 * the first of its bytes is given away.
 */
export function verifiedSource(
  source: PieceSource,
  pieceBytes: (piece: PieceIndex) => number,
  isIntact: IntactTest,
): PieceSource {
  const verified = new Map<PieceIndex, Promise<void>>();
  const verify = async (piece: PieceIndex) => {
    const bytes = await source.read(piece, 0, pieceBytes(piece));
    if (!(await isIntact(piece, bytes))) {
      throw new PieceUnreadableError(`Piece ${piece} is not what was shared.`);
    }
  };
  return {
    async read(piece, begin, length) {
      const verifying = verified.get(piece) ?? verify(piece);
      verified.set(piece, verifying);
      await verifying;
      return source.read(piece, begin, length);
    },
    file: (index) => source.file(index),
    close: () => source.close(),
  };
}
