import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equalBytes } from "../bytes.ts";
import { BLOCK_BYTES } from "../limits.ts";
import type { HashRange } from "../wire/message.ts";
import { HashTree } from "./hash-tree.ts";
import { leafWidth, pieceLayer, piecesRoot } from "./merkle.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

/** A file of so many blocks whose leaves are all different, and the tree of somebody who has all of it. */
function file(blocks: number, blocksPerPiece: number) {
  const length = blocks * BLOCK_BYTES;
  const pieceLength = blocksPerPiece * BLOCK_BYTES;
  const leaves = new Uint8Array(blocks * 32);
  for (let block = 0; block < blocks; block++)
    leaves.set(sha256(Uint8Array.of(block, block >> 8)), block * 32);
  const width = leafWidth(length, pieceLength);
  const layer = pieceLayer(leaves, width, sha256);
  const root = piecesRoot(layer, width, sha256);
  const leavesOf = (piece: number) =>
    leaves.slice(piece * blocksPerPiece * 32, (piece + 1) * blocksPerPiece * 32);
  const empty = () => new HashTree(length, pieceLength, root, sha256);
  const complete = () => {
    const tree = empty();
    expect(tree.setPieceLayer(layer)).toBe(true);
    for (let piece = 0; piece < tree.pieceCount; piece++) {
      expect(tree.setPieceLeaves(piece, leavesOf(piece))).toBe(true);
    }
    return tree;
  };
  return { root, layer, leavesOf, empty, complete };
}

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("expected a value");
  return value;
}

/** Fetches every piece root of `to` from `from` by hash requests. @returns the ranges asked for. */
function fetchPieceLayer(from: HashTree, to: HashTree): HashRange[] {
  const ranges: HashRange[] = [];
  for (let piece = 0; piece < to.pieceCount; piece++) {
    const range = to.nextMissingRange(piece);
    if (range === undefined) continue;
    ranges.push(range);
    expect(to.add(range, must(from.answer(range)))).toBe("accepted");
  }
  return ranges;
}

describe("A hash tree", () => {
  test("[BEP 52] gets a whole piece layer by requests that are powers of two and at most 512 long", () => {
    for (const pieces of [2, 3, 5, 511, 512, 513, 514, 1025]) {
      const { layer, complete, empty } = file(pieces, 1);
      const tree = empty();
      const ranges = fetchPieceLayer(complete(), tree);
      expect(ranges).toHaveLength(Math.ceil(pieces / 512));
      for (const { length, index } of ranges) {
        expect(length).toBeGreaterThanOrEqual(2);
        expect(length).toBeLessThanOrEqual(512);
        expect(Math.log2(length) % 1).toBe(0);
        expect(index % length).toBe(0);
      }
      expect(tree.hasPieceLayer).toBe(true);
      expect(equalBytes(must(tree.pieceHashes()), layer)).toBe(true);
    }
  });

  test("[BEP 52] knows the root of a file of one piece as the hash of that piece", () => {
    const { root, empty, leavesOf } = file(3, 4);
    const tree = empty();
    expect(tree.hasPieceLayer).toBe(true);
    expect(tree.pieceHash(0)).toEqual(root);
    expect(tree.leafWidth).toBe(4);
    expect(tree.nextMissingRange(0)).toBeUndefined();
    expect(tree.setPieceLeaves(0, leavesOf(0))).toBe(true);
  });

  test("gets the leaves of one piece, with a proof only as long as it must be", () => {
    const { complete, empty, leavesOf } = file(11, 4);
    const seed = complete();
    const unproven = empty();
    const long = must(unproven.leafRange(2));
    expect(long).toMatchObject({ baseLayer: 0, index: 8, length: 4, proofLayers: 3 });
    expect(unproven.add(long, must(seed.answer(long)))).toBe("accepted");
    expect(unproven.pieceHash(2)).toEqual(seed.pieceHash(2));
    expect(unproven.leaf(2, 2)).toEqual(leavesOf(2).slice(64));
    expect(unproven.leaf(2, 3)).toBeUndefined();
    expect(unproven.leafRange(2)).toBeUndefined();

    const proven = empty();
    fetchPieceLayer(seed, proven);
    const short = must(proven.leafRange(1));
    expect(must(seed.answer(short))).toHaveLength(4 * 32);
    expect(proven.add(short, must(seed.answer(short)))).toBe("accepted");
    expect(proven.hasLeaves(1)).toBe(true);
  });

  test("has nothing to ask below the piece layer when a piece is one block", () => {
    const { complete } = file(5, 1);
    expect(complete().leafRange(3)).toBeUndefined();
    expect(complete().hasLeaves(3)).toBe(true);
    expect(complete().leaf(3, 0)).toEqual(complete().pieceHash(3));
  });

  test("keeps nothing of a forged answer, whichever byte of it is wrong", () => {
    const { complete, empty } = file(40, 2);
    const tree = empty();
    const range = must(tree.nextMissingRange(5));
    const answer = must(complete().answer(range));
    fc.assert(
      fc.property(fc.nat(answer.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const forged = answer.slice();
        forged[at] = must(forged[at]) ^ flip;
        expect(tree.add(range, forged)).toBe("forged");
      }),
    );
    for (let piece = 0; piece < tree.pieceCount; piece++) expect(tree.pieceHash(piece)).toBeUndefined();
  });

  test("calls an answer malformed that has too few hashes, or no proof up to anything proven", () => {
    const { complete, empty } = file(2048, 1);
    const tree = empty();
    const range = must(tree.nextMissingRange(0));
    const answer = must(complete().answer(range));
    expect(tree.add(range, answer.slice(32))).toBe("malformed");
    expect(tree.add(range, new Uint8Array())).toBe("malformed");
    const unproven = { ...range, proofLayers: 8 };
    expect(tree.add(unproven, must(complete().answer(unproven)))).toBe("malformed");
    expect(tree.pieceHash(0)).toBeUndefined();
  });

  test("refuses a piece layer and leaves that do not hash to what is proven", () => {
    const { layer, empty, leavesOf } = file(8, 2);
    const tree = empty();
    expect(tree.setPieceLeaves(0, leavesOf(0))).toBe(false);
    expect(tree.setPieceLayer(layer.slice(32))).toBe(false);
    expect(tree.setPieceLayer(layer.slice().fill(7, 0, 1))).toBe(false);
    expect(tree.pieceHash(0)).toBeUndefined();
    expect(tree.setPieceLayer(layer)).toBe(true);
    expect(tree.setPieceLeaves(0, leavesOf(1))).toBe(false);
    expect(tree.setPieceLeaves(4, leavesOf(0))).toBe(false);
  });

  test("answers from what it has only: nothing for leaves or roots that it lacks", () => {
    const { complete, empty, leavesOf, layer } = file(16, 4);
    const range = { ...must(empty().leafRange(1)) };
    expect(empty().answer(range)).toBeUndefined();
    const tree = empty();
    tree.setPieceLayer(layer);
    expect(tree.answer(range)).toBeUndefined();
    tree.setPieceLeaves(1, leavesOf(1));
    expect(tree.answer(range)).toEqual(complete().answer(range));
  });

  test("passes hashes on that it got by requests itself, as somebody would who has it all", () => {
    const { complete, empty } = file(1200, 1);
    const seed = complete();
    const second = empty();
    fetchPieceLayer(seed, second);
    for (let index = 0; index < 1200; index += 2) {
      const range = { piecesRoot: seed.piecesRoot, baseLayer: 0, index, length: 2, proofLayers: 10 };
      expect(equalBytes(must(second.answer(range)), must(seed.answer(range)))).toBe(true);
    }
  });

  test("[BEP 52] answers nothing outside the tree, off the grid, above the root, or too long", () => {
    const { complete } = file(20_000, 1);
    const tree = complete();
    const range = { piecesRoot: tree.piecesRoot, baseLayer: 0, index: 8, length: 8, proofLayers: 14 };
    expect(tree.answer(range)).toHaveLength((8 + 12) * 32);
    for (const change of [
      { index: 12 },
      { index: 32_768 },
      { proofLayers: 15 },
      { baseLayer: 15 },
      { baseLayer: 14, index: 0, length: 4 },
      { index: 0, length: 0 },
      { index: 0, length: 16_384 },
    ]) {
      expect(tree.answer({ ...range, ...change })).toBeUndefined();
    }
    expect(tree.answer({ ...range, index: 0, length: 8192 })).toHaveLength((8192 + 2) * 32);
  });

  test("[libtorrent] answers a request of length 1, or cut at the end of the layer, as one padded to a pair", () => {
    const { complete, layer } = file(513, 1);
    const tree = complete();
    const range = { piecesRoot: tree.piecesRoot, baseLayer: 0, index: 512, length: 2, proofLayers: 9 };
    const pair = must(tree.answer(range));
    const single = must(tree.answer({ ...range, length: 1 }));
    expect(pair.slice(0, 32)).toEqual(layer.slice(512 * 32));
    expect(single).toEqual(Uint8Array.of(...pair.slice(0, 32), ...pair.slice(64)));
    expect(tree.add({ ...range, length: 1 }, single)).toBe("malformed");
    const three = must(tree.answer({ ...range, index: 508, length: 3 }));
    const four = must(tree.answer({ ...range, index: 508, length: 4 }));
    expect(three).toEqual(Uint8Array.of(...four.slice(0, 96), ...four.slice(128)));
  });

  test("survives any range: it answers, or it does not", () => {
    const { complete } = file(37, 4);
    const tree = complete();
    const field = fc.oneof(fc.nat(70), fc.nat(0xffffffff));
    fc.assert(
      fc.property(field, field, field, field, (baseLayer, index, length, proofLayers) => {
        const range = { piecesRoot: tree.piecesRoot, baseLayer, index, length, proofLayers };
        const answer = tree.answer(range);
        expect(answer?.length ?? 0).toBeLessThanOrEqual((8192 + 64) * 32);
        expect(["malformed", "forged", "accepted"]).toContain(tree.add(range, answer ?? new Uint8Array(64)));
      }),
    );
  });

  test("a range that was answered proves itself to somebody who knows the root alone", () => {
    const { complete, empty } = file(100, 4);
    const seed = complete();
    fc.assert(
      fc.property(fc.nat(24), (piece) => {
        const tree = empty();
        const range = must(tree.nextMissingRange(piece));
        expect(tree.add(range, must(seed.answer(range)))).toBe("accepted");
        expect(tree.pieceHash(piece)).toEqual(must(seed.pieceHash(piece)));
        expect(tree.nextMissingRange(piece)).toBeUndefined();
      }),
    );
  });
});
