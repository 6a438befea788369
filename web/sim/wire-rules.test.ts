import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Bitfield } from "../engine/bitfield.ts";
import {
  BLOCK_BYTES,
  HANDSHAKE_TIMEOUT_MS,
  KEEP_ALIVE_MS,
  REQUEST_TIMEOUT_MS,
  SILENT_AFTER_MS,
} from "../engine/limits.ts";
import type { PeerId, PieceIndex } from "../engine/units.ts";
import { encodeDontHave } from "../engine/wire/dont-have.ts";
import { encodeMetadataMessage } from "../engine/wire/metadata.ts";
import { Bench, proveHashes, type ScriptedPeer, teach } from "./scripted-peer.ts";
import { singleFile } from "./synthetic-torrent.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const PIECE = 4 * BLOCK_BYTES;
const TORRENT = singleFile(8, PIECE, sha256);

/** A leecher that knows the torrent, and a seed that unchoked it. */
function leechingFrom(options: { fast?: boolean } = {}): { bench: Bench; seed: ScriptedPeer } {
  const bench = new Bench(TORRENT);
  const seed = bench.meet(options);
  teach(bench, seed);
  seed.say({ type: "bitfield", bits: Bitfield.full(8).toBytes() });
  proveHashes(bench, seed);
  seed.say({ type: "unchoke" });
  return { bench, seed };
}

test("[BEP 9, 52] from a handshake to requests: metadata, hashes, interest, then blocks", () => {
  const { seed } = leechingFrom();
  expect(seed.heardOf("interested")).toHaveLength(1);
  expect(seed.heardOf("hash-request")).toHaveLength(1);
  expect(seed.heardOf("request").length).toBeGreaterThan(4);
});

test("[BEP 3] a handshake for another torrent, from another peer or from ourselves closes the link", () => {
  const bench = new Bench(TORRENT, { isSeed: true });
  const other = bench.link();
  other.handshake({}, new Uint8Array(20));
  expect(other.dropped?.reason).toBe("handshake-other-torrent");
  expect(bench.link("5".repeat(40) as PeerId).dropped?.reason).toBe("peer-is-self");
  const first = bench.meet();
  expect(bench.link(first.id).dropped?.reason).toBe("peer-already-linked");
  expect(first.dropped).toBeUndefined();
});

test("a link without a handshake is closed in time, however slowly bytes drip in", () => {
  const bench = new Bench(TORRENT, { isSeed: true });
  const loris = bench.link();
  for (let second = 0; second < 30; second++) {
    loris.bytes(Uint8Array.of(second === 0 ? 0x13 : "BitTorrent protocol".charCodeAt(second - 1)));
    bench.pass(1000);
    if (second === 18) break;
  }
  bench.pass(HANDSHAKE_TIMEOUT_MS);
  expect(loris.dropped?.reason).toBe("handshake-timeout");
});

test("[BEP 3] a quiet link gets keep-alives, one that says nothing for two minutes is closed", () => {
  const bench = new Bench(TORRENT, { isSeed: true });
  const quiet = bench.meet();
  const talking = bench.meet();
  // Seeds, so that there is nothing to show them.
  for (const peer of [quiet, talking]) peer.say({ type: "have-all" });
  bench.pass(KEEP_ALIVE_MS + 2000);
  expect(quiet.heardOf("keep-alive")).toHaveLength(1);
  talking.say({ type: "keep-alive" });
  bench.pass(SILENT_AFTER_MS - KEEP_ALIVE_MS);
  expect(quiet.dropped?.reason).toBe("silent");
  expect(talking.dropped).toBeUndefined();
});

test("[BEP 52] a block that was never asked for closes the link", () => {
  const { bench, seed } = leechingFrom();
  const stranger = bench.meet();
  stranger.give(0, 0, BLOCK_BYTES);
  expect(stranger.dropped?.reason).toBe("block-not-requested");
  expect(seed.dropped).toBeUndefined();
});

test("[BEP 6] only what is exactly a block that was asked for, or is refused as such, is an answer", () => {
  const near = [
    [7, BLOCK_BYTES],
    [0, BLOCK_BYTES - 1],
    [0, 0],
    [PIECE, 0],
    [PIECE - BLOCK_BYTES, 2 * BLOCK_BYTES],
  ] as const;
  for (const type of ["piece", "reject"] as const) {
    for (const [begin, length] of near) {
      const { seed } = leechingFrom();
      const piece = seed.heardOf("request")[0]?.piece ?? 0;
      if (type === "piece") seed.give(piece, begin, length);
      else seed.say({ type, piece, begin, length });
      expect(seed.dropped?.reason).toBe(type === "piece" ? "block-not-requested" : "message-out-of-place");
    }
  }
});

test("an empty block behind the end of a piece, in place of a late one of the next piece, spoils nothing", () => {
  const bench = new Bench(TORRENT, { resumed: new Bitfield(8) });
  const [liar, honest] = [bench.meet(), bench.meet()] as const;
  liar.say({ type: "have-all" }, { type: "unchoke" });
  bench.pass(REQUEST_TIMEOUT_MS + 1000);
  const late = liar.heardOf("cancel").find(({ piece, begin }) => piece > 0 && begin === 0);
  if (late === undefined) throw new Error("the first block of some piece is taken back");
  honest.say({ type: "have-all" }, { type: "unchoke" });
  liar.say({ type: "piece", piece: late.piece - 1, begin: PIECE, block: new Uint8Array() });
  expect(liar.dropped?.reason).toBe("block-not-requested");
});

test("[BEP 6] a reject for a request that was never made closes the link", () => {
  const { seed: other } = leechingFrom();
  const asked = other.heardOf("request")[0];
  const reject = {
    type: "reject",
    piece: asked?.piece ?? 0,
    begin: asked?.begin ?? 0,
    length: BLOCK_BYTES,
  } as const;
  other.say(reject);
  expect(other.dropped).toBeUndefined();
  other.say({ type: "choke" }, reject, reject);
  expect(other.dropped?.reason).toBe("message-out-of-place");
});

test("[BEP 3] without BEP 6 a choke ends all requests, and they are made again after the next unchoke", () => {
  const { bench, seed } = leechingFrom({ fast: false });
  const before = seed.heardOf("request").length;
  seed.say({ type: "choke" });
  bench.pass(1000);
  expect(seed.heardOf("request")).toHaveLength(before);
  seed.say({ type: "unchoke" });
  expect(seed.heardOf("request")).toHaveLength(2 * before);
});

test("[BEP 6] with it they stand until each is rejected, and what comes before still counts", () => {
  const { bench, seed } = leechingFrom();
  const [first, ...rest] = seed.heardOf("request");
  seed.say({ type: "choke" });
  seed.give(first?.piece ?? 0, first?.begin ?? 0, first?.length ?? 0);
  for (const { piece, begin, length } of rest) seed.say({ type: "reject", piece, begin, length });
  expect(seed.dropped).toBeUndefined();
  expect(bench.swarm.snapshot(bench.now)).toMatchObject({ downloaded: BLOCK_BYTES, wasted: 0 });
});

test("a request that is not answered is asked of another peer; a late answer is waste, not a crime", () => {
  const { bench, seed } = leechingFrom();
  const asked = seed.heardOf("request");
  bench.pass(REQUEST_TIMEOUT_MS + 1000);
  expect(seed.heardOf("cancel").length).toBeGreaterThan(0);
  const other = bench.meet();
  other.say({ type: "have-all" }, { type: "unchoke" });
  expect(other.heardOf("request").length).toBeGreaterThan(0);
  for (const { piece, begin, length } of asked) seed.give(piece, begin, length);
  expect(seed.dropped).toBeUndefined();
});

test("[BEP 3] piece maps of the wrong shape and pieces out of range close the link", () => {
  const { bench } = leechingFrom();
  const cases = [
    [{ type: "bitfield", bits: new Uint8Array(2) }, "bitfield-malformed"],
    [{ type: "have", piece: 8 }, "index-out-of-range"],
    [{ type: "have", piece: 2 ** 32 - 1 }, "index-out-of-range"],
  ] as const;
  for (const [message, reason] of cases) {
    const peer = bench.meet();
    peer.say(message);
    expect(peer.dropped?.reason).toBe(reason);
  }
});

test("what a peer said of its pieces before we knew their number is checked once we do", () => {
  const bench = new Bench(TORRENT);
  const liar = bench.meet({ fast: false });
  liar.say({ type: "bitfield", bits: new Uint8Array(3) });
  const honest = bench.meet({ fast: false });
  honest.say({ type: "have", piece: 3 });
  teach(bench, bench.meet());
  expect(liar.dropped?.reason).toBe("bitfield-malformed");
  expect(honest.heardOf("interested")).toHaveLength(1);
});

test("[BEP 6] fast messages on a link that did not agree on them close it", () => {
  const { bench } = leechingFrom();
  for (const message of [{ type: "have-all" }, { type: "allowed-fast", piece: 0 }] as const) {
    const peer = bench.meet({ fast: false });
    peer.say(message);
    expect(peer.dropped?.reason).toBe("message-out-of-place");
  }
});

test("[BEP 6] every request gets one answer: the block when unchoked, a reject when not", () => {
  const bench = new Bench(TORRENT, { isSeed: true });
  const leecher = bench.meet();
  const request = {
    type: "request",
    piece: leecher.heardOf("have")[0]?.piece ?? 0,
    begin: 0,
    length: BLOCK_BYTES,
  } as const;
  leecher.say(request);
  expect(leecher.heardOf("reject")).toHaveLength(1);
  leecher.say({ type: "interested" }, request);
  expect(leecher.heardOf("piece")).toHaveLength(1);
  leecher.say({ ...request, type: "cancel" });
  expect(leecher.heardOf("reject")).toHaveLength(1);
});

test("requests too long or out of range close the link, a flood of refused ones bans the peer", () => {
  const request = (piece: number, begin: number, length: number) =>
    ({ type: "request", piece, begin, length }) as const;
  const bench = new Bench(TORRENT, { isSeed: true });
  const cases = [
    [request(0, 0, 2 ** 20), "request-too-long"],
    [request(8, 0, BLOCK_BYTES), "index-out-of-range"],
    [request(0, PIECE - 1, 2), "index-out-of-range"],
  ] as const;
  for (const [message, reason] of cases) {
    const peer = bench.meet();
    peer.say({ type: "interested" }, message);
    expect(peer.dropped?.reason).toBe(reason);
  }
  const flooder = bench.meet();
  for (let count = 0; count < 1100 && flooder.dropped === undefined; count++)
    flooder.say(request(0, 0, BLOCK_BYTES));
  expect(flooder.dropped).toEqual({ reason: "request-flood", ban: true });
});

test("[BEP 9] metadata that does not hash to the infohash bans who sent it all, and an honest peer's is taken", () => {
  const bench = new Bench(TORRENT);
  const liar = bench.meet();
  liar.extend(TORRENT.info.bytes.length);
  const data = TORRENT.info.bytes.map((byte, at) => (at === 20 ? byte ^ 1 : byte));
  const message = encodeMetadataMessage({ type: "data", piece: 0, totalSize: data.length, data });
  liar.say({ type: "extended", id: 1, payload: message });
  expect(liar.dropped).toEqual({ reason: "metadata-corrupt", ban: true });
  teach(bench, bench.meet());
  expect(bench.outputs.some((output) => output.type === "metadata-complete")).toBe(true);
});

test("[BEP 9] a size that nobody could mean is not allocated, a lying one does not block the true one", () => {
  const bench = new Bench(TORRENT);
  const boaster = bench.meet();
  boaster.extend(2 ** 31);
  const wrong = bench.meet();
  wrong.extend(70_000);
  expect(boaster.heardOf("extended").length).toBe(1);
  const honest = bench.meet();
  bench.pass(12_000);
  teach(bench, honest);
  bench.pass(12_000);
  const data = TORRENT.info.bytes;
  const payload = encodeMetadataMessage({ type: "data", piece: 0, totalSize: data.length, data });
  honest.say({ type: "extended", id: 1, payload });
  expect(bench.outputs.some((output) => output.type === "metadata-complete")).toBe(true);
});

test("[BEP 52] forged hashes ban who sent them, and another peer is asked", () => {
  const bench = new Bench(TORRENT);
  const forger = bench.meet();
  teach(bench, forger);
  const honest = bench.meet();
  proveHashes(bench, forger, (hashes) => hashes.fill(7, 0, 5));
  expect(forger.dropped).toEqual({ reason: "hashes-forged", ban: true });
  expect(honest.heardOf("hash-request")).toHaveLength(1);
});

test("[BEP 52] of a corrupt piece from two peers the liar alone is dropped, by the hash of its own block", () => {
  const bench = new Bench(singleFile(1, PIECE, sha256));
  const [honest, liar] = [bench.meet(), bench.meet()] as const;
  teach(bench, honest);
  for (const peer of [honest, liar]) peer.say({ type: "have-all" }, { type: "unchoke" });
  honest.say({ type: "choke" });
  for (const { piece, begin, length } of honest.heardOf("request"))
    honest.say({ type: "reject", piece, begin, length });
  bench.pass(1000);
  for (const { piece, begin, length } of liar.heardOf("request").slice(0, 1)) {
    liar.give(piece, begin, length, (block) => block.fill(1));
  }
  liar.say({ type: "choke" });
  for (const { piece, begin, length } of liar.heardOf("request").slice(1))
    liar.say({ type: "reject", piece, begin, length });
  const asked = honest.heardOf("request").length;
  honest.say({ type: "unchoke" });
  for (const { piece, begin, length } of honest.heardOf("request").slice(asked))
    honest.give(piece, begin, length);
  const commit = bench.outputs.find((output) => output.type === "commit");
  if (commit?.type !== "commit") throw new Error("the piece was not committed");
  const blocks = [0, 1, 2, 3].map((at) =>
    sha256(commit.bytes.subarray(at * BLOCK_BYTES, (at + 1) * BLOCK_BYTES)),
  );
  const leaves = Uint8Array.from(blocks.flatMap((hash) => [...hash]));
  bench.feed({ type: "piece-committed", piece: 0 as PieceIndex, result: "corrupt", leaves });
  const before = honest.heardOf("request").length;
  proveHashes(bench, honest);
  const askedAgain = honest.heardOf("request").slice(before);
  expect(askedAgain).toEqual(liar.heardOf("request").slice(0, 1));
  expect(liar.dropped).toEqual({ reason: "data-corrupt", ban: true });
  expect(honest.dropped).toBeUndefined();
  expect(bench.swarm.snapshot(bench.now).wasted).toBe(BLOCK_BYTES);
});

test("[BEP 54] what was asked of a peer without BEP 6 that loses the piece is asked of another one at once", () => {
  const bench = new Bench(singleFile(1, PIECE, sha256), { resumed: new Bitfield(1) });
  const [losing, other] = [bench.meet({ fast: false }), bench.meet()] as const;
  losing.say({ type: "bitfield", bits: Bitfield.full(1).toBytes() }, { type: "unchoke" });
  other.say({ type: "have-all" }, { type: "unchoke" });
  expect(losing.heardOf("request")).toHaveLength(4);
  losing.say({ type: "extended", id: 2, payload: encodeDontHave(0) });
  bench.pass(1000);
  expect(other.heardOf("request")).toHaveLength(4);
  expect(losing.heardOf("not-interested")).toHaveLength(1);
});

test("[BEP 54] a piece that cannot be read any more is taken back", () => {
  const bench = new Bench(TORRENT, { isSeed: true });
  const peer = bench.meet();
  peer.extend();
  bench.feed({
    type: "serve-failed",
    link: peer.link,
    piece: 2 as PieceIndex,
    begin: 0,
    length: BLOCK_BYTES,
  });
  expect(peer.heardOf("extended").some((message) => message.id === 2)).toBe(true);
});

test("[BEP 6] of a piece that cannot be read any more every request is refused, and none of it counts as sent", () => {
  const bench = new Bench(TORRENT, { resumed: Bitfield.full(8) });
  const peer = bench.meet();
  peer.extend();
  peer.say({ type: "interested" });
  for (const begin of [0, BLOCK_BYTES, 2 * BLOCK_BYTES])
    peer.say({ type: "request", piece: 2, begin, length: BLOCK_BYTES });
  peer.say({ type: "request", piece: 3, begin: 0, length: BLOCK_BYTES });
  const served = () => bench.outputs.filter((output) => output.type === "serve");
  for (const order of served()) bench.feed({ ...order, type: "serve-failed" });
  const refused = peer.heardOf("reject").map(({ piece, begin }) => [piece, begin / BLOCK_BYTES]);
  expect(refused.sort()).toEqual([
    [2, 0],
    [2, 1],
    [2, 2],
  ]);
  expect(served().filter(({ piece }) => piece === 3)).toHaveLength(1);
  expect(bench.swarm.snapshot(bench.now).uploaded).toBe(BLOCK_BYTES);
  const told = peer.heard.findIndex((event) => event.type === "extended" && event.id === 2);
  expect(peer.heard.slice(told).some((event) => event.type === "reject")).toBe(false);
});

test("a block that cannot be read was not sent, and its piece is taken back, though the link that it was for is closed", () => {
  const bench = new Bench(TORRENT, { resumed: Bitfield.full(8) });
  const [leaving, other] = [bench.meet(), bench.meet()] as const;
  other.extend();
  leaving.say({ type: "interested" }, { type: "request", piece: 2, begin: 0, length: BLOCK_BYTES });
  const [order] = bench.outputs.filter((output) => output.type === "serve");
  if (order === undefined) throw new Error("the block is served");
  bench.feed({ type: "link-closed", link: leaving.link });
  expect(bench.swarm.snapshot(bench.now).uploaded).toBe(BLOCK_BYTES);
  bench.feed({ ...order, type: "serve-failed" });
  bench.link(leaving.id).handshake();
  const { uploaded, have, peers } = bench.swarm.snapshot(bench.now);
  expect({ uploaded, have }).toEqual({ uploaded: 0, have: 7 * PIECE });
  expect(peers.map((peer) => peer.uploaded)).toEqual([0, 0]);
  expect(other.heardOf("extended").some(({ id }) => id === 2)).toBe(true);
});

test("[BEP 11] peers are told whom else we know, and what they tell us is passed on to be dialled", () => {
  const bench = new Bench(TORRENT, { isSeed: true });
  const [a, b] = [bench.meet(), bench.meet()] as const;
  a.extend();
  b.extend();
  bench.pass(2000);
  const told = a.heardOf("extended").find((message) => message.id === 3);
  expect(Buffer.from(told?.payload ?? []).includes(Buffer.from(b.id, "hex"))).toBe(true);
  const payload = told?.payload ?? new Uint8Array();
  b.say({ type: "extended", id: 3, payload });
  expect(bench.outputs).toContainEqual({ type: "peers-discovered", through: b.link, peers: [b.id] });
});

test("[BEP 6] a peer that unchokes us and refuses everything is asked again, but not in a hurry", () => {
  const { bench, seed } = leechingFrom();
  const asked = () => seed.heardOf("request").length;
  const refuseAll = (from: number) => {
    for (const { piece, begin, length } of seed.heardOf("request").slice(from))
      seed.say({ type: "reject", piece, begin, length });
  };
  const first = asked();
  refuseAll(0);
  expect(asked()).toBe(first);
  bench.pass(2000);
  expect(asked()).toBeGreaterThan(first);
});
