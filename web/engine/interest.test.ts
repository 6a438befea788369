import { expect, test } from "vitest";
import { digests } from "../sim/digests.ts";
import { Bench, type ScriptedPeer } from "../sim/scripted-peer.ts";
import { singleFile } from "../sim/synthetic-torrent.ts";
import { Bitfield } from "./bitfield.ts";
import { BLOCK_BYTES } from "./limits.ts";
import type { PieceIndex } from "./units.ts";
import { encodeDontHave } from "./wire/dont-have.ts";
import { EXTENSION_IDS } from "./wire/extension-handshake.ts";

const PIECES = 3;
const TORRENT = singleFile(PIECES, BLOCK_BYTES, digests.sha256);

/** What we said to the peer of our interest, in order. */
function interest(peer: ScriptedPeer): string[] {
  return peer.heard.flatMap(({ type }) => (type === "interested" || type === "not-interested" ? [type] : []));
}

/** Gives the piece that it was asked for; it is stored at once. */
function give(bench: Bench, from: ScriptedPeer, piece: number): void {
  from.give(piece, 0, BLOCK_BYTES);
  const leaves = TORRENT.leaves(piece as PieceIndex);
  bench.feed({ type: "piece-committed", piece: piece as PieceIndex, result: "stored", leaves });
}

test("[BEP 3] we are interested in a peer exactly while it has a piece that we lack", () => {
  const bench = new Bench(TORRENT, { resumed: new Bitfield(PIECES) });
  const [giver, other] = [bench.meet(), bench.meet()] as const;
  giver.say({ type: "have-all" }, { type: "unchoke" });
  expect(interest(other)).toEqual([]);
  other.say({ type: "have", piece: 0 }, { type: "have", piece: 1 });
  expect(interest(other)).toEqual(["interested"]);
  give(bench, giver, 0);
  expect(interest(other)).toEqual(["interested"]);
  give(bench, giver, 1);
  expect(interest(other)).toEqual(["interested", "not-interested"]);
  other.say({ type: "have", piece: 2 });
  expect(interest(other)).toEqual(["interested", "not-interested", "interested"]);
  give(bench, giver, 2);
  for (const peer of [giver, other]) expect(interest(peer).at(-1)).toBe("not-interested");
});

test("[BEP 3] what is lost interests us again", () => {
  const bench = new Bench(TORRENT, { resumed: Bitfield.full(PIECES) });
  const peer = bench.meet();
  peer.say({ type: "have", piece: 1 });
  expect(interest(peer)).toEqual([]);
  for (const piece of [0, 1]) {
    const lost = { link: peer.link, piece: piece as PieceIndex, begin: 0, length: BLOCK_BYTES };
    bench.feed({ type: "serve-failed", ...lost });
    expect(interest(peer)).toEqual(piece === 0 ? [] : ["interested"]);
  }
});

test("while the disk makes room we show interest and ask for nothing; what we may ask for then we ask at once", () => {
  const bench = new Bench(TORRENT, { resumed: new Bitfield(PIECES) });
  bench.feed({ type: "download-allowed", allowed: false });
  const peer = bench.meet();
  const asked = () => peer.heard.filter(({ type }) => type === "request").length;
  peer.say({ type: "have-all" });
  expect(interest(peer)).toEqual([]);
  bench.feed({ type: "download-allowed", allowed: true, awaitsRoom: true });
  expect(interest(peer)).toEqual(["interested"]);
  peer.say({ type: "unchoke" });
  expect(asked()).toBe(0);
  bench.feed({ type: "download-allowed", allowed: true });
  expect(asked()).toBe(PIECES);
});

/** The peer says that it lost a piece. */
function lose(peer: ScriptedPeer, piece: number): void {
  peer.say({ type: "extended", id: EXTENSION_IDS.lt_donthave, payload: encodeDontHave(piece as PieceIndex) });
}

test("[BEP 54] what a peer lost is not asked of it, and with the last such piece it ceases to interest us", () => {
  const resumed = new Bitfield(PIECES);
  resumed.set(0);
  const bench = new Bench(TORRENT, { resumed });
  const peer = bench.meet();
  peer.say({ type: "have-all" });
  lose(peer, 1);
  expect(interest(peer)).toEqual(["interested"]);
  peer.say({ type: "unchoke" });
  expect(peer.heardOf("request").map(({ piece }) => piece)).toEqual([2]);
  lose(peer, 2);
  expect(interest(peer)).toEqual(["interested", "not-interested"]);
});

test("[BEP 54] what is lost is a copy less, at a peer that had everything too", () => {
  const bench = new Bench(TORRENT, { resumed: new Bitfield(PIECES) });
  const copies = () =>
    [0, 1, 2].map((piece) => bench.swarm.snapshot(bench.now).copiesOf(piece as PieceIndex));
  const [seed, other] = [bench.meet(), bench.meet()] as const;
  seed.say({ type: "have-all" });
  other.say({ type: "have", piece: 0 }, { type: "have", piece: 1 });
  expect(copies()).toEqual([2, 2, 1]);
  lose(other, 1);
  expect(copies()).toEqual([2, 1, 1]);
  lose(seed, 0);
  expect(copies()).toEqual([1, 1, 1]);
  lose(seed, 0);
  expect(copies()).toEqual([1, 1, 1]);
  bench.feed({ type: "link-closed", link: other.link });
  expect(copies()).toEqual([0, 1, 1]);
});
