/** How requests are answered that wait, are taken back or are refused, and what a seed says of itself. */
import { expect, test } from "vitest";
import { Bitfield } from "../engine/bitfield.ts";
import { BLOCK_BYTES, RECHOKE_INTERVAL_MS, REQUEST_QUEUE_LIMIT } from "../engine/limits.ts";
import { encode } from "../engine/metainfo/bencode.ts";
import type { PieceIndex } from "../engine/units.ts";
import {
  decodeExtensionHandshake,
  EXTENSION_HANDSHAKE_ID,
  encodeExtensionHandshake,
} from "../engine/wire/extension-handshake.ts";
import { digests } from "./digests.ts";
import { Bench, type ScriptedPeer } from "./scripted-peer.ts";
import { singleFile } from "./synthetic-torrent.ts";

const TORRENT = singleFile(8, 4 * BLOCK_BYTES, digests.sha256);

/** A seed with a peer that asked for three blocks: one was sent, and its link has no room for the others. */
function askedForThree(options: { fast?: boolean } = {}) {
  const bench = new Bench(TORRENT, { resumed: Bitfield.full(8) });
  const leecher = bench.meet(options);
  leecher.say({ type: "interested" });
  const requests = [0, 1, 2].map((block) => ({ piece: 1, begin: block * BLOCK_BYTES, length: BLOCK_BYTES }));
  for (const request of requests) leecher.say({ type: "request", ...request });
  const choke = () => {
    const limits = { uploadBytesPerSecond: Infinity, downloadBytesPerSecond: Infinity };
    bench.feed({ type: "limits-set", ...limits, uploadSlots: 0 });
    bench.pass(RECHOKE_INTERVAL_MS + 1000);
    expect(leecher.heardOf("choke")).toHaveLength(1);
  };
  expect(leecher.heardOf("piece")).toHaveLength(1);
  return { leecher, requests, choke };
}

const rejected = (peer: ScriptedPeer) => peer.heardOf("reject").map(({ type: _, ...request }) => request);

test("[BEP 6] a choke rejects what waits, once each, and what is cancelled after that is not answered again", () => {
  const { leecher, requests, choke } = askedForThree();
  choke();
  expect(rejected(leecher)).toEqual(requests.slice(1));
  for (const request of requests) leecher.say({ type: "cancel", ...request });
  expect(rejected(leecher)).toEqual(requests.slice(1));
});

test("[BEP 6] what is cancelled while it waits is rejected, once, though a choke follows", () => {
  const { leecher, requests, choke } = askedForThree();
  for (let times = 0; times < 2; times++)
    leecher.say({ type: "cancel", piece: 1, begin: BLOCK_BYTES, length: BLOCK_BYTES });
  expect(rejected(leecher)).toEqual(requests.slice(1, 2));
  choke();
  expect(rejected(leecher)).toEqual(requests.slice(1));
});

test("[BEP 3] who does not speak BEP 6 hears no reject", () => {
  const { leecher, choke } = askedForThree({ fast: false });
  choke();
  expect(rejected(leecher)).toEqual([]);
});

test("[BEP 10] more requests than we said we keep are rejected", () => {
  const bench = new Bench(TORRENT, { resumed: Bitfield.full(8) });
  const leecher = bench.meet();
  const request = { type: "request", piece: 1, begin: 0, length: BLOCK_BYTES } as const;
  leecher.say({ type: "interested" });
  for (let count = 0; count < REQUEST_QUEUE_LIMIT + 10; count++) leecher.say(request);
  const served = leecher.heardOf("piece").length;
  expect(leecher.heardOf("reject")).toHaveLength(10 - served);
});

test("what was refused before an unchoke is no part of a flood after it", () => {
  const resumed = new Bitfield(8);
  resumed.set(1);
  const bench = new Bench(TORRENT, { resumed });
  const leecher = bench.meet();
  const refused = (piece: number) => {
    for (let count = 0; count < 1.5 * REQUEST_QUEUE_LIMIT; count++)
      leecher.say({ type: "request", piece, begin: 0, length: BLOCK_BYTES });
  };
  refused(1);
  leecher.say({ type: "interested" });
  refused(2);
  expect(leecher.heardOf("reject")).toHaveLength(3 * REQUEST_QUEUE_LIMIT);
  expect(leecher.dropped).toBeUndefined();
});

test("[BEP 21] who has everything says that it only uploads, and takes that back with the first piece that it lost", () => {
  const bench = new Bench(TORRENT, { resumed: Bitfield.full(8) });
  const peer = bench.meet();
  const said = () =>
    peer.heardOf("extended").flatMap(({ id, payload }) => {
      const decoded = decodeExtensionHandshake(payload);
      return id === EXTENSION_HANDSHAKE_ID && decoded.ok ? [decoded.value.uploadOnly] : [];
    });
  expect(said()).toEqual([true]);
  bench.feed({
    type: "serve-failed",
    link: peer.link,
    piece: 2 as PieceIndex,
    begin: 0,
    length: BLOCK_BYTES,
  });
  expect(said()).toEqual([true, false]);
});

test("[BEP 21] who only uploads counts as a full copy once it shows all pieces, or at once if it is one of our own kind", () => {
  const bench = new Bench(TORRENT, { resumed: new Bitfield(8) });
  const peer = bench.meet();
  const counted = () => {
    const { seeds, available, availableWithoutUs, peers } = bench.swarm.snapshot(bench.now);
    return { seeds, available, availableWithoutUs, have: peers[0]?.have };
  };
  const pieces = (count: number) => count * 4 * BLOCK_BYTES;
  const partial = { seeds: 0, available: false, availableWithoutUs: false };
  const full = { seeds: 1, available: true, availableWithoutUs: true, have: pieces(8) };
  peer.say({ type: "bitfield", bits: Uint8Array.of(0b1110_0000) });
  peer.say({ type: "extended", id: 0, payload: encode({ m: {}, upload_only: 1 }) });
  expect(counted()).toEqual({ ...partial, have: pieces(3) });
  const ours = encodeExtensionHandshake({ client: "script", uploadOnly: true });
  peer.say({ type: "extended", id: 0, payload: ours });
  expect(counted()).toEqual(full);
  const foreign = bench.meet();
  foreign.say({ type: "extended", id: 0, payload: encode({ m: {}, upload_only: 1 }) });
  bench.feed({ type: "link-closed", link: peer.link });
  foreign.say({ type: "bitfield", bits: Uint8Array.of(0b1111_1111) });
  expect(counted()).toEqual(full);
});
