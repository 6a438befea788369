import { expect, test } from "vitest";
import { createSyncDigests, leafHashes, SubtleHasher } from "../../adapters/hashing.ts";
import { BLOCK_BYTES } from "../../engine/limits.ts";
import { createTorrent } from "../../engine/metainfo/create.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { leafTest } from "./intact.ts";
import { setLeaves, treesOf } from "./trees.ts";

const { sha256 } = await createSyncDigests();
const LENGTH = 2.5 * BLOCK_BYTES;
const shared = Uint8Array.from({ length: LENGTH }, (_, at) => at % 251);

async function testOf(knowsLeaves: boolean) {
  const leaves = await leafHashes(new Blob([shared]), () => {}, new AbortController().signal);
  const files = [{ path: ["a.bin"], length: LENGTH, leaves }];
  const created = createTorrent({ name: "a.bin", pieceLength: 2 * BLOCK_BYTES, files }, sha256);
  if (!created.ok) throw new Error(created.reason);
  const { info, layers } = created.value;
  const trees = treesOf(info, layers, sha256);
  if (knowsLeaves && trees[0]) setLeaves(trees[0], leaves, info.pieceLength);
  return leafTest(info, trees, new SubtleHasher());
}

/** Bytes of the file, with one that is wrong. */
function wrongAt(at: number, from: number, to: number): Uint8Array {
  const bytes = shared.slice(from, to);
  bytes[at - from] = (bytes[at - from] ?? 0) ^ 1;
  return bytes;
}

test("[BEP 52] blocks are unchanged as long as their leaves are, each at its place, the short last one too", async () => {
  const isUnchanged = await testOf(true);
  const [first, second] = [0 as PieceIndex, 1 as PieceIndex];
  expect(await isUnchanged(first, 0, shared.subarray(0, 2 * BLOCK_BYTES))).toBe(true);
  expect(await isUnchanged(first, BLOCK_BYTES, shared.subarray(BLOCK_BYTES, 2 * BLOCK_BYTES))).toBe(true);
  expect(await isUnchanged(second, 0, shared.subarray(2 * BLOCK_BYTES))).toBe(true);
  expect(await isUnchanged(first, 0, wrongAt(BLOCK_BYTES, 0, 2 * BLOCK_BYTES))).toBe(false);
  expect(await isUnchanged(second, 0, wrongAt(LENGTH - 1, 2 * BLOCK_BYTES, LENGTH))).toBe(false);
  expect(await isUnchanged(first, 0, shared.subarray(BLOCK_BYTES, 2 * BLOCK_BYTES))).toBe(false);
});

test("what is no whole block, or has no leaves, can't be tested", async () => {
  const wrong = wrongAt(5, 0, BLOCK_BYTES);
  expect(await (await testOf(true))(0 as PieceIndex, 0, wrong.subarray(0, 10))).toBe(true);
  expect(await (await testOf(false))(0 as PieceIndex, 0, wrong)).toBe(true);
});
