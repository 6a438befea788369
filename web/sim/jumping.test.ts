/** What becomes of requests when a player jumps, message by message (web/engine/taken-back.ts). */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { Bitfield } from "../engine/bitfield.ts";
import { BLOCK_BYTES } from "../engine/limits.ts";
import type { PieceIndex } from "../engine/units.ts";
import { Bench, proveHashes, type ScriptedPeer, teach } from "./scripted-peer.ts";
import { singleFile } from "./synthetic-torrent.ts";

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());
const TORRENT = singleFile(40, 4 * BLOCK_BYTES, sha256);

/** Somebody who downloads from a seed and jumps to a piece that nobody was asked for. */
function jumping(options: { fast?: boolean } = {}) {
  const bench = new Bench(TORRENT);
  const seed = bench.meet(options);
  teach(bench, seed);
  seed.say({ type: "bitfield", bits: Bitfield.full(40).toBytes() });
  proveHashes(bench, seed);
  seed.say({ type: "unchoke" });
  const before = seed.heardOf("request");
  const to = Array.from({ length: 40 }, (_, piece) => piece).find(
    (piece) => !before.some((request) => request.piece === piece),
  );
  if (to === undefined) throw new Error("everything was asked for");
  jump(bench, to);
  return { bench, seed, before, to };
}

function jump(bench: Bench, piece: number): void {
  bench.feed({ type: "window-set", first: piece as PieceIndex, count: 1 });
}

const places = (requests: readonly { piece: number; begin: number }[]) =>
  requests.map(({ piece, begin }) => `${piece}/${begin}`).sort();

/** Requests for a block among `of` that were heard after the first `from`. */
function askedAgain(seed: ScriptedPeer, of: readonly { piece: number; begin: number }[], from: number) {
  const wanted = new Set(places(of));
  return places(seed.heardOf("request").slice(from)).filter((place) => wanted.has(place));
}

test("[BEP 3] a jump takes back what was asked for before, and asks for its own place at once", () => {
  const { seed, before, to } = jumping();
  expect(places(seed.heardOf("cancel"))).toEqual(places(before));
  expect(seed.heardOf("request")[before.length]?.piece).toBe(to);
});

test("[BEP 6] what was taken back is asked for again only once it was refused", () => {
  const { seed, before, bench } = jumping();
  bench.pass(2000);
  expect(askedAgain(seed, before, before.length)).toEqual([]);
  for (const { piece, begin, length } of before) seed.say({ type: "reject", piece, begin, length });
  jump(bench, before[0]?.piece ?? 0);
  expect(askedAgain(seed, before, before.length).length).toBeGreaterThan(0);
  expect(seed.dropped).toBeUndefined();
});

test("[BEP 6] what was taken back too late is taken all the same, and is no waste", () => {
  const { bench, seed, before } = jumping();
  for (const { piece, begin, length } of before) seed.give(piece, begin, length);
  const { downloaded, wasted } = bench.swarm.snapshot(bench.now);
  expect([downloaded, wasted]).toEqual([before.length * BLOCK_BYTES, 0]);
  jump(bench, before[0]?.piece ?? 0);
  expect(askedAgain(seed, before, before.length)).toEqual([]);
});

test("a peer that says nothing of what was taken back is taken to have answered by what it was asked for later", () => {
  const { bench, seed, before } = jumping();
  bench.pass(1000);
  const later = seed.heardOf("request").slice(before.length);
  for (const { piece, begin, length } of later) seed.give(piece, begin, length);
  const last = seed.heardOf("request").slice(before.length + later.length);
  bench.pass(1000);
  for (const { piece, begin, length } of last) seed.give(piece, begin, length);
  jump(bench, before[0]?.piece ?? 0);
  expect(askedAgain(seed, before, before.length).length).toBeGreaterThan(0);
});

test("of a peer without BEP 6, which never says, what may be on its way is left alone", () => {
  const { seed, before, to } = jumping({ fast: false });
  const cancelled = places(seed.heardOf("cancel"));
  expect(cancelled.length).toBeGreaterThan(0);
  expect(cancelled).not.toContain(places(before.slice(0, 1))[0]);
  expect(seed.heardOf("request")[before.length]?.piece).toBe(to);
});
