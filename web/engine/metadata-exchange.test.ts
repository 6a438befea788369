import { expect, test } from "vitest";
import { digests } from "../sim/digests.ts";
import { Bench, type ScriptedPeer } from "../sim/scripted-peer.ts";
import { SyntheticTorrent } from "../sim/synthetic-torrent.ts";
import { METADATA_BLOCK_BYTES, METADATA_REQUESTS_PER_PEER, METADATA_TIMEOUT_MS } from "./limits.ts";
import { decodeMetadataMessage, encodeMetadataMessage } from "./wire/metadata.ts";

/** A folder of so many files that its info dictionary has some twenty blocks. */
const TORRENT = new SyntheticTorrent(
  Array.from({ length: 5_000 }, (_, file) => ({ path: [`photo ${file}`], length: 1 })),
  4 * METADATA_BLOCK_BYTES,
  digests.sha256,
);
const BYTES = TORRENT.info.bytes;
const BLOCKS = Math.ceil(BYTES.length / METADATA_BLOCK_BYTES);

/** The blocks that the peer was asked for, in order. */
function asked(peer: ScriptedPeer): number[] {
  return peer.heardOf("extended").flatMap(({ id, payload }) => {
    const decoded = id === 1 ? decodeMetadataMessage(payload) : undefined;
    return decoded?.ok === true && decoded.value?.type === "request" ? [decoded.value.piece] : [];
  });
}

function give(peer: ScriptedPeer, piece: number, bytes = BYTES): void {
  const begin = piece * METADATA_BLOCK_BYTES;
  const data = bytes.subarray(begin, begin + METADATA_BLOCK_BYTES);
  const payload = encodeMetadataMessage({ type: "data", piece, totalSize: bytes.length, data });
  peer.say({ type: "extended", id: 1, payload });
}

const isKnown = (bench: Bench) => bench.outputs.some(({ type }) => type === "metadata-complete");

test("[BEP 9] a dictionary that takes its only peer a minute arrives all the same", () => {
  const bench = new Bench(TORRENT);
  const slow = bench.meet();
  slow.extend(BYTES.length);
  expect(asked(slow)).toHaveLength(METADATA_REQUESTS_PER_PEER);
  let given = 0;
  for (let second = 0; second < 120 && !isKnown(bench); second++) {
    bench.pass(1000);
    const next = asked(slow)[given];
    if (second % 2 === 0 || next === undefined) continue;
    give(slow, next);
    given++;
  }
  expect(isKnown(bench)).toBe(true);
  expect(given).toBe(BLOCKS);
});

test("[BEP 9] what is long overdue of the only peer is still waited for, and taken", () => {
  const bench = new Bench(TORRENT);
  const only = bench.meet();
  only.extend(BYTES.length);
  bench.pass(3 * METADATA_TIMEOUT_MS);
  for (let given = 0; given < BLOCKS; given++) give(only, asked(only)[given] ?? -1);
  expect(isKnown(bench)).toBe(true);
});

/** Lets the peers that `serves` names answer whatever they are asked, for a minute at most. */
function play(bench: Bench, serves: readonly ScriptedPeer[]): void {
  const served = new Map(serves.map((peer) => [peer, 0]));
  for (let second = 0; second < 60 && !isKnown(bench); second++) {
    for (const peer of serves) {
      for (const piece of asked(peer).slice(served.get(peer))) {
        served.set(peer, (served.get(peer) ?? 0) + 1);
        give(peer, piece);
      }
    }
    bench.pass(1000);
  }
}

for (const behaviour of ["silence", "refusal"] as const) {
  test(`[BEP 9] after ${behaviour} what a peer was asked for is asked of another one`, () => {
    const bench = new Bench(TORRENT);
    const [idle, other] = [bench.meet(), bench.meet()] as const;
    for (const peer of [idle, other]) peer.extend(BYTES.length);
    if (behaviour === "refusal") {
      const payload = encodeMetadataMessage({ type: "reject", piece: asked(idle)[0] ?? -1 });
      idle.say({ type: "extended", id: 1, payload });
    }
    play(bench, [other]);
    expect(isKnown(bench)).toBe(true);
    expect(idle.dropped).toBeUndefined();
  });
}

test("[BEP 9] who spoilt a dictionary, is to give all of it and says nothing more holds nobody up", () => {
  const bench = new Bench(TORRENT);
  const [honest, liar] = [bench.meet(), bench.meet()] as const;
  for (const peer of [honest, liar]) peer.extend(BYTES.length);
  const [first] = asked(liar);
  for (let given = 0; given < asked(honest).length; given++) give(honest, asked(honest)[given] ?? -1);
  for (const piece of asked(liar).slice(1)) give(liar, piece);
  const spoilt = BYTES.slice(0, METADATA_BLOCK_BYTES);
  const payload = encodeMetadataMessage({
    type: "data",
    piece: first ?? -1,
    totalSize: BYTES.length,
    data: spoilt,
  });
  liar.say({ type: "extended", id: 1, payload });
  expect(isKnown(bench)).toBe(false);
  play(bench, [honest]);
  expect(isKnown(bench)).toBe(true);
  expect(honest.dropped).toBeUndefined();
});

test("[BEP 9] a wrong dictionary of two comes from one alone next, and is known then", () => {
  const bench = new Bench(TORRENT);
  const [honest, liar] = [bench.meet(), bench.meet()] as const;
  for (const peer of [honest, liar]) peer.extend(BYTES.length);
  const given = new Map([honest, liar].map((peer) => [peer, 0]));
  for (let turn = 0; turn < 10 * BLOCKS && !isKnown(bench); turn++) {
    for (const peer of [honest, liar]) {
      const at = given.get(peer) ?? 0;
      const piece = asked(peer)[at];
      if (piece === undefined) continue;
      given.set(peer, at + 1);
      give(peer, piece, peer === liar ? new Uint8Array(BYTES.length) : BYTES);
    }
  }
  expect(isKnown(bench)).toBe(true);
  expect(honest.dropped).toBeUndefined();
});
