/**
 * The Merkle tree of one file as arithmetic (BEP 52 "merkle tree").
 *
 * Layer 0 holds the leaves, the SHA-256 of each 16 KiB block (the last one short, not padded); every layer
 * above halves the one below. A layer is given as its hashes one after another, 32 bytes each, without the
 * padding after the last real one: missing leaves are 32 zero bytes, and missing nodes what follows from them.
 */
import { BLOCK_BYTES, HASH_BYTES } from "../limits.ts";
import type { Sha256 } from "../units.ts";

/** Smallest power of two that is not less than `count`, which is below 2^31. */
export function nextPowerOfTwo(count: number): number {
  return count <= 1 ? 1 : 2 ** (32 - Math.clz32(count - 1));
}

/** Layers between one node and the `width` nodes (a power of two) that it covers. */
export function layersOver(width: number): number {
  return 31 - Math.clz32(width);
}

/**
 * How many leaves the root of each of the file's pieces covers: a piece of full length for a file of several
 * pieces (also for its short last piece), the next power of two of its own blocks for a file of one.
 */
export function leafWidth(fileLength: number, pieceLength: number): number {
  if (fileLength > pieceLength) return pieceLength / BLOCK_BYTES;
  return nextPowerOfTwo(Math.ceil(fileLength / BLOCK_BYTES));
}

/** Constants of the scheme, filled as they are first needed. */
const padHashes: Uint8Array[] = [new Uint8Array(HASH_BYTES)];

/** The node `layer` layers above missing leaves. Shared: do not write to it. */
export function padHash(layer: number, sha256: Sha256): Uint8Array {
  const known = padHashes[layer];
  if (known !== undefined) return known;
  const below = padHash(layer - 1, sha256);
  const hash = parentHash(below, below, sha256);
  padHashes[layer] = hash;
  return hash;
}

/** SHA-256 of two sibling nodes. */
export function parentHash(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  const pair = new Uint8Array(2 * HASH_BYTES);
  pair.set(left);
  pair.set(right, HASH_BYTES);
  return sha256(pair);
}

/** The layer above `hashes`, which is layer number `layer`; a last node without a sibling is padded. */
export function parentLayer(hashes: Uint8Array, layer: number, sha256: Sha256): Uint8Array {
  const count = hashes.length / HASH_BYTES;
  const parents = new Uint8Array(Math.ceil(count / 2) * HASH_BYTES);
  const pair = new Uint8Array(2 * HASH_BYTES);
  for (let node = 0; node < count; node += 2) {
    pair.set(hashes.subarray(node * HASH_BYTES, (node + 2) * HASH_BYTES));
    if (node + 1 === count) pair.set(padHash(layer, sha256), HASH_BYTES);
    parents.set(sha256(pair), (node / 2) * HASH_BYTES);
  }
  return parents;
}

/**
 * Root of a subtree over `width` nodes (a power of two) of layer number `layer`, of which `hashes` are the
 * first and the rest is padding.
 */
export function merkleRoot(hashes: Uint8Array, width: number, sha256: Sha256, layer = 0): Uint8Array {
  let nodes = hashes;
  const top = layer + layersOver(width);
  for (let at = layer; at < top; at++) nodes = parentLayer(nodes, at, sha256);
  return nodes.length === 0 ? padHash(top, sha256).slice() : nodes.slice(0, HASH_BYTES);
}

/** Roots of the pieces of a file: what `piece layers` holds for a file of several pieces (BEP 52). */
export function pieceLayer(leaves: Uint8Array, width: number, sha256: Sha256): Uint8Array {
  let nodes = leaves;
  for (let layer = 0; layer < layersOver(width); layer++) nodes = parentLayer(nodes, layer, sha256);
  return nodes;
}

/** `pieces root` of a file from the roots of its pieces. */
export function piecesRoot(layer: Uint8Array, width: number, sha256: Sha256): Uint8Array {
  return merkleRoot(layer, nextPowerOfTwo(layer.length / HASH_BYTES), sha256, layersOver(width));
}
