/** The Merkle trees of a torrent's files (BEP 52), made from what is known of their hashes. */
import { BLOCK_BYTES, HASH_BYTES } from "../../engine/limits.ts";
import { HashTree } from "../../engine/metainfo/hash-tree.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { Sha256 } from "../../engine/units.ts";

/** For each file; undefined for an empty one, and for all of a torrent of version 1. */
export type Trees = readonly (HashTree | undefined)[];

/** @param layers for each file the roots of its pieces, as far as they are known. */
export function treesOf(info: Info, layers: readonly (Uint8Array | undefined)[], sha256: Sha256): Trees {
  return info.files.map(({ length, piecesRoot }, file) => {
    if (piecesRoot === undefined) return undefined;
    const tree = new HashTree(length, info.pieceLength, piecesRoot, sha256);
    const layer = layers[file];
    if (layer !== undefined) tree.setPieceLayer(layer);
    return tree;
  });
}

/**
 * Puts in the leaves of a whole file, 32 bytes for each of its blocks. The tree keeps them.
 * @returns whether they hash to the roots of its pieces.
 */
export function setLeaves(tree: HashTree, leaves: Uint8Array, pieceLength: number): boolean {
  const bytesPerPiece = (pieceLength / BLOCK_BYTES) * HASH_BYTES;
  for (let piece = 0; piece < tree.pieceCount; piece++) {
    const ofPiece = leaves.subarray(piece * bytesPerPiece, (piece + 1) * bytesPerPiece);
    if (!tree.setPieceLeaves(piece, ofPiece)) return false;
  }
  return true;
}
