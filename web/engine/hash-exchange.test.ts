import { expect, test } from "vitest";
import { digests } from "../sim/digests.ts";
import { Bench, proveHashes, type ScriptedPeer, teach } from "../sim/scripted-peer.ts";
import { singleFile } from "../sim/synthetic-torrent.ts";
import { BLOCK_BYTES, HASHES_PER_REQUEST, METADATA_TIMEOUT_MS } from "./limits.ts";

/** Refuses the hash requests that it heard from the `from`-th on. */
function refuse(peer: ScriptedPeer, from = 0): void {
  for (const { type: _, ...range } of peer.heardOf("hash-request").slice(from))
    peer.say({ type: "hash-reject", ...range });
}

const asked = (peer: ScriptedPeer) => peer.heardOf("hash-request").length;

for (const blocks of [1, 4]) {
  const torrent = singleFile(8, blocks * BLOCK_BYTES, digests.sha256);

  test(`[BEP 52] who refuses the hashes of pieces of ${blocks * 16} KiB is left alone for a while`, () => {
    const bench = new Bench(torrent);
    const peer = bench.meet();
    teach(bench, peer);
    expect(asked(peer)).toBe(1);
    refuse(peer);
    expect(asked(peer)).toBe(1);
    bench.pass(METADATA_TIMEOUT_MS - 1000);
    expect(asked(peer)).toBe(1);
    bench.pass(2000);
    expect(asked(peer)).toBe(2);
  });
}

test("[BEP 52] what one peer refused another one is asked for at once", () => {
  const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256));
  const [first, second] = [bench.meet(), bench.meet()] as const;
  teach(bench, first);
  const [refusing, other] = asked(first) === 1 ? [first, second] : [second, first];
  expect(asked(other)).toBe(0);
  refuse(refusing);
  expect(asked(other)).toBe(1);
  other.say({ type: "have-all" }, { type: "unchoke" });
  proveHashes(bench, other);
  expect(other.heardOf("request").length).toBeGreaterThan(0);
  expect(asked(refusing)).toBe(1);
});

test("[BEP 52] who says nothing to a request for piece hashes does not keep them from coming from another", () => {
  const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256));
  const peers = [bench.meet(), bench.meet()] as const;
  teach(bench, peers[0]);
  const [mute, other] = asked(peers[0]) === 1 ? peers : [peers[1], peers[0]];
  bench.pass(METADATA_TIMEOUT_MS + 2000);
  expect(asked(other)).toBe(1);
  proveHashes(bench, other);
  other.say({ type: "have-all" }, { type: "unchoke" });
  expect(other.heardOf("request").length).toBeGreaterThan(0);
  expect(asked(mute)).toBe(1);
});

test("[BEP 52] who says nothing to a request for a corrupt piece's leaves does not keep it from being fetched", () => {
  const torrent = singleFile(1, 2 * BLOCK_BYTES, digests.sha256);
  const bench = new Bench(torrent);
  const [liar, honest] = [bench.meet(), bench.meet()] as const;
  teach(bench, honest);
  for (const peer of [liar, honest]) peer.say({ type: "have-all" }, { type: "unchoke" });
  const [first, second] = liar.heardOf("request");
  if (first === undefined || second === undefined) throw new Error("both blocks are asked of the first peer");
  liar.give(first.piece, first.begin, first.length, (block) => block.fill(1));
  liar.say({ type: "choke" }, { ...second, type: "reject" });
  bench.pass(1000);
  for (const { piece, begin, length } of honest.heardOf("request")) honest.give(piece, begin, length);
  const commit = bench.outputs.find((output) => output.type === "commit");
  if (commit?.type !== "commit") throw new Error("the piece was not committed");
  const leaves = [0, 1].map((at) =>
    digests.sha256(commit.bytes.subarray(at * BLOCK_BYTES, (at + 1) * BLOCK_BYTES)),
  );
  bench.feed({
    type: "piece-committed",
    piece: commit.piece,
    result: "corrupt",
    leaves: Uint8Array.from(leaves.flatMap((hash) => [...hash])),
  });
  for (let second = 0; second < 60 && liar.dropped === undefined; second++) {
    proveHashes(bench, honest);
    bench.pass(1000);
  }
  expect(liar.dropped).toEqual({ reason: "data-corrupt", ban: true });
  expect(honest.dropped).toBeUndefined();
  expect(honest.heardOf("request").length).toBeGreaterThan(1);
});

test("[BEP 52] of a long file the hashes that were refused are asked for again, though earlier ones came", () => {
  const pieces = HASHES_PER_REQUEST + 88;
  const bench = new Bench(singleFile(pieces, BLOCK_BYTES, digests.sha256));
  const peer = bench.meet();
  teach(bench, peer);
  expect(peer.heardOf("hash-request").map(({ index }) => index)).toEqual([0, HASHES_PER_REQUEST]);
  refuse(peer, 1);
  proveHashes(bench, peer);
  expect(asked(peer)).toBe(2);
  bench.pass(METADATA_TIMEOUT_MS + 1000);
  expect(peer.heardOf("hash-request")[2]).toMatchObject({ index: HASHES_PER_REQUEST });
});

test("[BEP 52] an answer that comes when it is not waited for any more is no crime", () => {
  const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256));
  const peer = bench.meet();
  teach(bench, peer);
  bench.pass(METADATA_TIMEOUT_MS + 2000);
  proveHashes(bench, peer);
  expect(peer.dropped).toBeUndefined();
});
