/** v1, v2 and hybrid torrents on the wire: whose infohash is said, what a piece is, and what is checked. */
import { describe, expect, test } from "vitest";
import { Bitfield } from "../engine/bitfield.ts";
import type { Output } from "../engine/io.ts";
import { BLOCK_BYTES, HASH_BYTES, INITIAL_PIPELINE } from "../engine/limits.ts";
import { shortBytes, truncated } from "../engine/metainfo/info-hashes.ts";
import type { PieceIndex } from "../engine/units.ts";
import { checkPiece } from "../session/verifying/check-piece.ts";
import { digests } from "./digests.ts";
import { Bench, proveHashes, type ScriptedPeer, teach } from "./scripted-peer.ts";
import { SyntheticTorrent } from "./synthetic-torrent.ts";

const { sha256, sha1 } = digests;
const PIECE = 2 * BLOCK_BYTES;
/** The first file ends within its second piece; padding fills that up in the v1 view. */
const FILES = [
  { path: ["a"], length: PIECE + 5_000 },
  { path: ["b"], length: 3 * PIECE },
];
const HYBRID = new SyntheticTorrent(FILES, PIECE, sha256, "hybrid");
const V1 = new SyntheticTorrent(FILES, PIECE, sha256, "v1");
const { infoHash = "", infoHashV1 = "" } = HYBRID.hashes;
const v1 = shortBytes(infoHashV1);
const v2 = shortBytes(truncated(infoHash as never));

const hasher = {
  leaves: async (bytes: Uint8Array) => {
    const leaves = new Uint8Array(Math.ceil(bytes.length / BLOCK_BYTES) * HASH_BYTES);
    for (let block = 0; block * HASH_BYTES < leaves.length; block++) {
      leaves.set(sha256(bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES)), block * HASH_BYTES);
    }
    return leaves;
  },
  sha1: async (bytes: Uint8Array, padding: number) => {
    const padded = new Uint8Array(bytes.length + padding);
    padded.set(bytes);
    return sha1(padded);
  },
};

/** Does with every piece that was handed over since `from` what the driver does. */
async function carryOut(bench: Bench, from = 0): Promise<void> {
  for (const output of bench.outputs.slice(from)) {
    if (output.type !== "commit") continue;
    const { piece, bytes, check } = output;
    const { verdict, leaves } = await checkPiece(bytes, check, { hasher, sha256 });
    if (verdict === "contradictory") bench.feed({ type: "piece-committed", piece, result: verdict });
    else {
      const result = verdict === "right" ? "stored" : "corrupt";
      bench.feed({ type: "piece-committed", piece, result, leaves });
    }
  }
}

/** A peer of the v1 swarm that has everything. */
function v1Seed(bench: Bench, infohash = shortBytes(bench.torrent.hashes.infoHashV1 ?? "")): ScriptedPeer {
  const seed = bench.link(undefined, { metIn: "v1", initiated: true });
  seed.handshake({}, infohash);
  return seed;
}

function unchoke(peer: ScriptedPeer): void {
  peer.say({ type: "have-all" }, { type: "unchoke" });
}

/** Gives everything that is asked for until nothing more is. */
async function giveAll(bench: Bench, peer: ScriptedPeer, spoil?: (block: Uint8Array) => void): Promise<void> {
  let answered = 0;
  let committed = 0;
  for (;;) {
    if (peer.heardOf("request").length === answered) bench.pass(2000);
    const requests = peer.heardOf("request").slice(answered);
    if (requests.length === 0 || peer.dropped !== undefined) return;
    answered += requests.length;
    for (const { piece, begin, length } of requests) peer.give(piece, begin, length, spoil);
    const from = committed;
    committed = bench.outputs.length;
    await carryOut(bench, from);
  }
}

/** Answers the first `count` requests, as they come. */
function giveAsked(peer: ScriptedPeer, count: number): void {
  for (let at = 0; at < count; at++) {
    const request = peer.heardOf("request")[at];
    if (request !== undefined) peer.give(request.piece, request.begin, request.length);
  }
}

const saidBy = (peer: ScriptedPeer) =>
  peer.heardOf("handshake").map(({ handshake }) => ({
    infoHash: handshake.infoHash,
    v2Upgrade: handshake.v2Upgrade,
  }));

describe("[BEP 52] the handshake of a hybrid torrent", () => {
  test("names the v1 infohash to who was met in the v1 swarm, and says that v2 is possible", () => {
    const bench = new Bench(HYBRID, { isSeed: true });
    const peer = bench.link(undefined, { metIn: "v1", initiated: true });
    expect(saidBy(peer)).toEqual([{ infoHash: v1, v2Upgrade: true }]);
  });

  test("names the v2 one to who was met in the v2 swarm", () => {
    const bench = new Bench(HYBRID, { isSeed: true });
    const peer = bench.link(undefined, { metIn: "v2", initiated: true });
    expect(saidBy(peer)).toEqual([{ infoHash: v2, v2Upgrade: false }]);
  });

  test.each([
    ["v1 to who knows no better", v1, false, v1],
    ["v2 to who named v1 and can do v2", v1, true, v2],
    ["v2 to who named v2", v2, false, v2],
  ])("waits for who dialled, and answers %s", (_, theirs, v2Upgrade, ours) => {
    const bench = new Bench(HYBRID, { isSeed: true });
    const peer = bench.link(undefined, { metIn: "v1", initiated: false });
    expect(peer.heard).toEqual([]);
    peer.handshake({ v2Upgrade }, theirs);
    expect(saidBy(peer)).toEqual([{ infoHash: ours, v2Upgrade: false }]);
    expect(peer.dropped).toBeUndefined();
  });

  test("takes v2 for an answer to v1, and nothing else that is not this torrent", () => {
    const bench = new Bench(HYBRID, { isSeed: true });
    const upgraded = bench.link(undefined, { metIn: "v1", initiated: true });
    upgraded.handshake({}, v2);
    expect(upgraded.dropped).toBeUndefined();
    const downgraded = bench.link(undefined, { metIn: "v2", initiated: true });
    downgraded.handshake({}, v1);
    expect(downgraded.dropped?.reason).toBe("handshake-other-torrent");
  });

  test("is that of a v1 torrent while only its v1 infohash is known: nobody waits, nobody is promised v2", () => {
    for (const initiated of [true, false]) {
      const bench = new Bench(HYBRID, { hashes: { infoHashV1: infoHashV1 as never } });
      const peer = bench.link(undefined, { metIn: "v1", initiated });
      expect(saidBy(peer)).toEqual([{ infoHash: v1, v2Upgrade: false }]);
    }
  });
});

describe("the info dictionary", () => {
  test("[BEP 9] is checked by SHA-1 where only the v1 infohash is known, and tells the v2 one", () => {
    const bench = new Bench(HYBRID, { hashes: { infoHashV1: infoHashV1 as never } });
    teach(bench, v1Seed(bench));
    expect(bench.swarm.hashes).toEqual(HYBRID.hashes);
  });

  test("must be what both infohashes name where both are known", () => {
    const wrong = { infoHash: HYBRID.hashes.infoHash, infoHashV1: "00".repeat(20) } as typeof HYBRID.hashes;
    const bench = new Bench(HYBRID, { hashes: wrong });
    const peer = bench.link(undefined, { metIn: "v2", initiated: true });
    peer.handshake({}, v2);
    teach(bench, peer);
    expect(peer.dropped).toEqual({ reason: "metadata-corrupt", ban: true });
  });
});

describe("on a link that speaks v1", () => {
  /** A v1 link to a seed of ours, unchoked. */
  function servedBy(bench: Bench): ScriptedPeer {
    const peer = v1Seed(bench);
    peer.say({ type: "have-none" }, { type: "interested" });
    return peer;
  }

  test("[BEP 47] padding is served as zeros, though it is stored nowhere", () => {
    const bench = new Bench(HYBRID, { isSeed: true });
    const peer = servedBy(bench);
    bench.pass(20_000);
    const shown = new Set(peer.heardOf("have").map(({ piece }) => piece));
    expect(shown.has(1)).toBe(true);
    peer.say({ type: "request", piece: 1, begin: 0, length: BLOCK_BYTES });
    bench.feed({ type: "bytes-flushed", link: peer.link, count: 2 * BLOCK_BYTES });
    peer.say({ type: "request", piece: 1, begin: BLOCK_BYTES, length: BLOCK_BYTES });
    const serves = bench.outputs.filter((output) => output.type === "serve");
    expect(serves.map(({ padding }) => padding)).toEqual([BLOCK_BYTES - 5_000, BLOCK_BYTES]);
    expect(peer.dropped).toBeUndefined();
  });

  test("[BEP 52] the same request on a v2 link is out of range: the piece ends with its file", () => {
    const bench = new Bench(HYBRID, { isSeed: true });
    const peer = bench.link(undefined, { metIn: "v2", initiated: true });
    peer.handshake({}, v2);
    peer.say({ type: "request", piece: 1, begin: 0, length: BLOCK_BYTES });
    expect(peer.dropped?.reason).toBe("index-out-of-range");
  });

  test("[BEP 52] a hash request is out of place, and none is sent", async () => {
    const bench = new Bench(HYBRID, { hashes: { infoHashV1: infoHashV1 as never } });
    const peer = v1Seed(bench);
    teach(bench, peer);
    unchoke(peer);
    await giveAll(bench, peer);
    expect(peer.heardOf("hash-request")).toEqual([]);
    peer.say({
      type: "hash-request",
      piecesRoot: new Uint8Array(32),
      baseLayer: 0,
      index: 0,
      length: 2,
      proofLayers: 0,
    });
    expect(peer.dropped?.reason).toBe("message-out-of-place");
  });

  test("[BEP 47] padding is never asked for", () => {
    const bench = new Bench(HYBRID, { hashes: { infoHashV1: infoHashV1 as never } });
    const peer = v1Seed(bench);
    teach(bench, peer);
    unchoke(peer);
    const ofLast = peer.heardOf("request").filter(({ piece }) => piece === 1);
    expect(ofLast.map(({ begin, length }) => [begin, length])).toEqual([[0, 5_000]]);
  });
});

describe("a hybrid torrent from v1 peers alone", () => {
  test("completes by SHA-1, and then serves the hashes that it computed to a v2 peer", async () => {
    const bench = new Bench(HYBRID, { hashes: { infoHashV1: infoHashV1 as never } });
    const seed = v1Seed(bench);
    teach(bench, seed);
    unchoke(seed);
    await giveAll(bench, seed);
    expect(bench.swarm.isSeed).toBe(true);

    const asker = bench.link(undefined, { metIn: "v2", initiated: true });
    asker.handshake({}, v2);
    const tree = HYBRID.trees[1];
    const range = {
      piecesRoot: tree?.piecesRoot ?? new Uint8Array(),
      baseLayer: 1,
      index: 0,
      length: 2,
      proofLayers: 1,
    };
    asker.say({ type: "hash-request", ...range });
    expect(asker.heardOf("hashes").map(({ hashes }) => hashes)).toEqual([tree?.answer(range)]);
  });

  test("stops when what SHA-1 found right is not what the roots name", async () => {
    const torrent = contradiction();
    const bench = new Bench(torrent, { hashes: { infoHashV1: torrent.hashes.infoHashV1 as never } });
    const seed = v1Seed(bench);
    teach(bench, seed);
    unchoke(seed);
    await giveAll(bench, seed);
    expect(bench.outputs).toContainEqual({ type: "hashes-disagree" });
  });

  test("stops when what SHA-1 found wrong is what the roots name, block by block", async () => {
    const torrent = new SyntheticTorrent(
      [{ path: ["one"], length: 3 * PIECE }],
      PIECE,
      sha256,
      "contradictory",
    );
    const bench = new Bench(torrent);
    const [first, second] = [v1Seed(bench), v1Seed(bench)] as const;
    const late = bench.link(undefined, { metIn: "v2", initiated: true });
    late.handshake({}, shortBytes(truncated(torrent.hashes.infoHash as never)));
    teach(bench, first);
    late.say({ type: "have-all" });
    for (const range of late.heardOf("hash-request")) late.say({ ...range, type: "hash-reject" });
    const asRootsName = (block: Uint8Array) => void block.fill(2, 3, 4);
    unchoke(first);
    const [given, ...refused] = first.heardOf("request");
    if (given === undefined) throw new Error("SHA-1 alone is enough to ask");
    first.give(given.piece, given.begin, given.length, asRootsName);
    first.say({ type: "choke" }, ...refused.map((request) => ({ ...request, type: "reject" as const })));
    unchoke(second);
    const rest = second.heardOf("request").filter(({ piece }) => piece === given.piece);
    for (const { piece, begin, length } of rest) second.give(piece, begin, length, asRootsName);
    await carryOut(bench);
    const asked = second.heardOf("request").length;
    proveHashes(bench, late);
    expect(bench.outputs).toContainEqual({ type: "hashes-disagree" });
    second.say({ type: "choke" }, { type: "unchoke" });
    bench.pass(2000);
    expect(second.heardOf("request")).toHaveLength(asked);
    for (const peer of [first, second, late]) expect(peer.dropped).toBeUndefined();
  });

  test("waits for the roots as long as somebody may give them, and then checks by both", () => {
    const bench = new Bench(HYBRID);
    const peer = bench.link(undefined, { metIn: "v2", initiated: true });
    peer.handshake({}, v2);
    teach(bench, peer);
    unchoke(peer);
    const piecesAsked = () =>
      new Set(peer.heardOf("request").map(({ piece }) => HYBRID.geometry.fileOf(piece as PieceIndex)));
    expect(piecesAsked().size).toBe(0);
    proveHashes(bench, peer);
    for (const { piece, begin, length } of peer.heardOf("request")) peer.give(piece, begin, length);
    const checks = bench.outputs.flatMap((output) => (output.type === "commit" ? [output.check] : []));
    expect(checks.length).toBeGreaterThan(0);
    for (const { merkle, sha1: sum } of checks) expect([merkle, sum]).not.toContain(undefined);
  });
});

describe("a v1 torrent", () => {
  test("[BEP 3] pieces that hold parts of two files arrive and are checked by SHA-1", async () => {
    const bench = new Bench(V1);
    const seed = v1Seed(bench);
    teach(bench, seed);
    unchoke(seed);
    await giveAll(bench, seed);
    expect(bench.swarm.isSeed).toBe(true);
    expect(seed.heardOf("request").filter(({ piece }) => piece === 4).length).toBe(1);
  });

  test("one file alone is wanted with the pieces that it shares with its neighbours", () => {
    const bench = new Bench(V1);
    bench.feed({ type: "files-wanted", wanted: [false, true] });
    const seed = v1Seed(bench);
    teach(bench, seed);
    unchoke(seed);
    expect(new Set(seed.heardOf("request").map(({ piece }) => piece))).toEqual(new Set([1, 2, 3, 4]));
  });

  test("who sent one bad block among good ones of another is found by comparing, and the other is not", async () => {
    const torrent = new SyntheticTorrent(
      [{ path: ["one"], length: 4 * BLOCK_BYTES }],
      4 * BLOCK_BYTES,
      sha256,
      "v1",
    );
    const bench = new Bench(torrent);
    const [liar, honest] = [v1Seed(bench), v1Seed(bench)] as const;
    teach(bench, liar);
    // Both give a part of the piece: each is asked for what the other refuses.
    unchoke(liar);
    const [first, ...refused] = liar.heardOf("request");
    if (first === undefined) throw new Error("nothing was asked for");
    liar.give(first.piece, first.begin, first.length, (block) => block.fill(9));
    liar.say({ type: "choke" });
    for (const { piece, begin, length } of refused) liar.say({ type: "reject", piece, begin, length });
    unchoke(honest);
    await giveAll(bench, honest);
    expect(liar.dropped).toEqual({ reason: "data-corrupt", ban: true });
    expect(honest.dropped).toBeUndefined();
    expect(bench.swarm.isSeed).toBe(true);
  });

  for (const end of ["leaves", "chokes us"] as const) {
    test(`a piece that is to come from one peer alone comes from another when that peer ${end} and owes nothing`, async () => {
      const length = 16 * BLOCK_BYTES;
      const bench = new Bench(new SyntheticTorrent([{ path: ["one"], length }], length, sha256, "v1"));
      const [liar, first, owner, last] = [0, 1, 2, 3].map(() => v1Seed(bench)) as ScriptedPeer[];
      if (!liar || !first || !owner || !last) throw new Error("four peers are there");
      teach(bench, liar);
      unchoke(liar);
      const [spoilt] = liar.heardOf("request");
      if (spoilt === undefined) throw new Error("nothing was asked for");
      liar.give(spoilt.piece, spoilt.begin, spoilt.length, (block) => block.fill(9));
      bench.feed({ type: "link-closed", link: liar.link });
      unchoke(first);
      giveAsked(first, 16);
      first.say({ type: "choke" });
      await carryOut(bench);
      unchoke(owner);
      expect(owner.heardOf("request")).toHaveLength(INITIAL_PIPELINE);
      const limits = { type: "limits-set", uploadBytesPerSecond: Infinity, uploadSlots: 4 } as const;
      bench.feed({ ...limits, downloadBytesPerSecond: 0 });
      giveAsked(owner, INITIAL_PIPELINE);
      if (end === "leaves") bench.feed({ type: "link-closed", link: owner.link });
      else owner.say({ type: "choke" });
      bench.feed({ ...limits, downloadBytesPerSecond: Infinity });
      const committed = bench.outputs.length;
      unchoke(last);
      giveAsked(last, 16);
      await carryOut(bench, committed);
      expect(bench.swarm.isSeed).toBe(true);
    });
  }

  test("after a mixed piece failed it comes from one peer alone, so that a liar who goes on is convicted", async () => {
    const blocks = 64;
    const length = blocks * BLOCK_BYTES;
    const torrent = new SyntheticTorrent([{ path: ["one"], length }], length, sha256, "v1");
    const bench = new Bench(torrent);
    const [liar, honest] = [v1Seed(bench), v1Seed(bench)] as const;
    teach(bench, liar);
    unchoke(liar);
    unchoke(honest);
    const answered = new Map([liar, honest].map((peer) => [peer, 0]));
    let committed = 0;
    for (let turn = 0; turn < 20 * blocks && !bench.swarm.isSeed; turn++) {
      for (const [peer, count] of answered) {
        const request = peer.heardOf("request")[count];
        if (request === undefined || peer.dropped !== undefined) continue;
        answered.set(peer, count + 1);
        const spoil = peer === liar ? (block: Uint8Array) => void block.fill(9) : undefined;
        peer.give(request.piece, request.begin, request.length, spoil);
      }
      const from = committed;
      committed = bench.outputs.length;
      await carryOut(bench, from);
      bench.pass(100);
    }
    expect(liar.dropped).toEqual({ reason: "data-corrupt", ban: true });
    expect(honest.dropped).toBeUndefined();
    expect(bench.swarm.isSeed).toBe(true);
  });
});

test("a piece of which one hash is right and the other wrong stops the torrent", async () => {
  const bench = new Bench(contradiction());
  const peer = bench.link(undefined, { metIn: "v2", initiated: true });
  peer.handshake({}, shortBytes(truncated(bench.torrent.hashes.infoHash as never)));
  teach(bench, peer);
  unchoke(peer);
  proveHashes(bench, peer);
  await giveAll(bench, peer);
  const orders = bench.outputs.map((output: Output) => output.type);
  expect(orders).toContain("hashes-disagree");
  expect(peer.dropped).toBeUndefined();
});

/** Its SHA-1 sums are right; its Merkle roots are those of other content. */
function contradiction(): SyntheticTorrent {
  return new SyntheticTorrent(FILES, PIECE, sha256, "contradictory");
}

test("a v1 torrent of an earlier session is complete when all of it is there", () => {
  const bench = new Bench(V1, { resumed: Bitfield.full(V1.geometry.pieceCount) });
  expect(bench.swarm.isSeed).toBe(true);
});
