/** What one peer can make us send, compute or remember with little of its own. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  ANSWER_BACKLOG_BYTES,
  BLOCK_BYTES,
  HASHES_PER_REQUEST,
  MAX_PIECE_MAPS,
  METADATA_BLOCK_BYTES,
} from "../engine/limits.ts";
import { encode } from "../engine/metainfo/bencode.ts";
import type { PieceIndex } from "../engine/units.ts";
import { encodeMetadataMessage } from "../engine/wire/metadata.ts";
import { collectionSizes } from "./collections.ts";
import { digests } from "./digests.ts";
import { Bench, type ScriptedPeer } from "./scripted-peer.ts";
import { SyntheticTorrent, singleFile } from "./synthetic-torrent.ts";

const sentTo = (bench: Bench, { link }: ScriptedPeer) =>
  bench.outputs.reduce(
    (sum, output) => sum + (output.type === "send" && output.link === link ? output.bytes.length : 0),
    0,
  );

test("[BEP 52] who asks for hashes and does not take them is refused, and answered again once it took them", () => {
  const torrent = singleFile(HASHES_PER_REQUEST, BLOCK_BYTES, digests.sha256);
  const bench = new Bench(torrent, { isSeed: true });
  const peer = bench.meet();
  const piecesRoot = torrent.trees[0]?.piecesRoot ?? new Uint8Array();
  const ask = () =>
    peer.say({
      type: "hash-request",
      piecesRoot,
      baseLayer: 0,
      index: 0,
      length: HASHES_PER_REQUEST,
      proofLayers: 0,
    });
  const answers = 2 * Math.ceil(ANSWER_BACKLOG_BYTES / (HASHES_PER_REQUEST * 32));
  for (let count = 0; count < answers; count++) ask();
  expect(peer.heardOf("hash-reject").length + peer.heardOf("hashes").length).toBe(answers);
  expect(sentTo(bench, peer)).toBeLessThan(1.1 * ANSWER_BACKLOG_BYTES);
  bench.feed({ type: "bytes-flushed", link: peer.link, count: sentTo(bench, peer) });
  const before = peer.heardOf("hashes").length;
  ask();
  expect(peer.heardOf("hashes")).toHaveLength(before + 1);
  expect(peer.dropped).toBeUndefined();
});

test("[BEP 9] who asks for metadata and does not take it is refused", () => {
  const files = Array.from({ length: 1_000 }, (_, file) => ({ path: [`${file}`], length: 1 }));
  const bench = new Bench(new SyntheticTorrent(files, 4 * BLOCK_BYTES, digests.sha256), { isSeed: true });
  const peer = bench.meet();
  peer.extend();
  const payload = encodeMetadataMessage({ type: "request", piece: 0 });
  for (let count = 0; count < (2 * ANSWER_BACKLOG_BYTES) / METADATA_BLOCK_BYTES; count++)
    peer.say({ type: "extended", id: 1, payload });
  expect(sentTo(bench, peer)).toBeGreaterThan(ANSWER_BACKLOG_BYTES);
  expect(sentTo(bench, peer)).toBeLessThan(1.1 * ANSWER_BACKLOG_BYTES);
});

test("[BEP 6] who sends piece map after piece map is dropped, one that sends a second one is not", () => {
  const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256), { isSeed: true });
  const peer = bench.meet();
  peer.say({ type: "have-none" }, { type: "have-all" });
  for (let count = 2; count < MAX_PIECE_MAPS; count++)
    peer.say({ type: count % 2 === 0 ? "have-none" : "have-all" });
  expect(peer.dropped).toBeUndefined();
  peer.say({ type: "have-none" });
  expect(peer.dropped?.reason).toBe("message-out-of-place");
});

test("[BEP 10] of extensions that we do not speak nothing is remembered, however many a peer names", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 100, maxLength: 300 }), (names) => {
      const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256), { isSeed: true });
      const peer = bench.meet();
      for (const [at, name] of names.entries())
        peer.say({ type: "extended", id: 0, payload: encode({ m: { [name]: 1 + (at % 200) } }) });
      const grown = [...collectionSizes(bench.swarm)].filter(
        ([path, entries]) => path.endsWith(".extensionIds") && entries > 4,
      );
      expect(grown).toEqual([]);
    }),
    { numRuns: 5, endOnFailure: true },
  );
});

test("[BEP 52] layers between leaves and pieces, which would have to be hashed anew each time, are refused", () => {
  const torrent = singleFile(8, 4 * BLOCK_BYTES, digests.sha256);
  const bench = new Bench(torrent, { isSeed: true });
  const peer = bench.meet();
  const piecesRoot = torrent.trees[0]?.piecesRoot ?? new Uint8Array();
  torrent.trees[0]?.setPieceLeaves(0, torrent.leaves(0 as PieceIndex));
  for (const baseLayer of [0, 1, 2])
    peer.say({ type: "hash-request", piecesRoot, baseLayer, index: 0, length: 2, proofLayers: 0 });
  expect(peer.heardOf("hashes").map(({ baseLayer }) => baseLayer)).toEqual([0, 2]);
  expect(peer.heardOf("hash-reject").map(({ baseLayer }) => baseLayer)).toEqual([1]);
});
