import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { toHex } from "../units.ts";
import { leafWidth, merkleRoot, padHash, parentHash, pieceLayer, piecesRoot } from "./merkle.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** So many hashes, all different. */
function hashes(count: number): Uint8Array {
  return Uint8Array.from({ length: count * 32 }, (_, at) => (at >> 5) + 1);
}

const at = (layer: Uint8Array, index: number) => layer.subarray(index * 32, (index + 1) * 32);

describe("A Merkle tree", () => {
  test("[BEP 52] pads leaves with zeros, and layers above with what follows from them", () => {
    expect(padHash(0, sha256)).toEqual(new Uint8Array(32));
    expect(toHex(padHash(1, sha256))).toMatch(/^f5a5fd42d16a2030/);
    expect(padHash(3, sha256)).toEqual(parentHash(padHash(2, sha256), padHash(2, sha256), sha256));
  });

  test("[BEP 52] 64 KiB of zeros have the root that every implementation gives them", () => {
    const leaf = sha256(new Uint8Array(16384));
    const leaves = Uint8Array.of(...leaf, ...leaf, ...leaf, ...leaf);
    const root = "60aae9c7b428f87e0713e88229e18f0adf12cd7b22a0dd8a92bb2485eb7af242";
    expect(toHex(merkleRoot(leaves, 4, sha256))).toBe(root);
  });

  test("[BEP 52] a file of one piece is padded to its own blocks, a longer one to whole pieces", () => {
    const block = 16384;
    expect(leafWidth(1, 16 * block)).toBe(1);
    expect(leafWidth(block + 1, 16 * block)).toBe(2);
    expect(leafWidth(9 * block, 16 * block)).toBe(16);
    expect(leafWidth(16 * block, 16 * block)).toBe(16);
    expect(leafWidth(16 * block + 1, 16 * block)).toBe(16);
  });

  test("[BEP 52] the root of the piece layer is the root of the leaves", () => {
    for (const blocks of [1, 2, 3, 5, 8, 9, 13]) {
      const leaves = hashes(blocks);
      const layer = pieceLayer(leaves, 4, sha256);
      expect(layer).toHaveLength(Math.ceil(blocks / 4) * 32);
      expect(piecesRoot(layer, 4, sha256)).toEqual(
        merkleRoot(leaves, 2 ** Math.ceil(Math.log2(Math.max(4, blocks))), sha256),
      );
    }
  });

  test("a subtree of padding alone has the hash of padding", () => {
    expect(merkleRoot(new Uint8Array(), 8, sha256)).toEqual(padHash(3, sha256));
    expect(merkleRoot(new Uint8Array(), 2, sha256, 5)).toEqual(padHash(6, sha256));
  });

  test("three nodes of a layer above the leaves are padded with that layer's padding", () => {
    const layer = hashes(3);
    const left = parentHash(at(layer, 0), at(layer, 1), sha256);
    const right = parentHash(at(layer, 2), padHash(2, sha256), sha256);
    expect(merkleRoot(layer, 4, sha256, 2)).toEqual(parentHash(left, right, sha256));
  });
});
