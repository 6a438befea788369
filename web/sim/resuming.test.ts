/** An engine that goes on with a torrent of an earlier session. */
import { expect, test } from "vitest";
import { Bitfield } from "../engine/bitfield.ts";
import { BLOCK_BYTES } from "../engine/limits.ts";
import { digests } from "./digests.ts";
import { replay } from "./replay.ts";
import { Bench } from "./scripted-peer.ts";
import { singleFile } from "./synthetic-torrent.ts";

const PIECES = 8;
const torrent = singleFile(PIECES, 2 * BLOCK_BYTES, digests.sha256);

function bitfield(...pieces: readonly number[]): Bitfield {
  const field = new Bitfield(PIECES);
  for (const piece of pieces) field.set(piece);
  return field;
}

/** Lets a peer with everything give what it is asked for. @returns the pieces that were asked of it. */
function asked(bench: Bench): number[] {
  const seed = bench.meet();
  seed.say({ type: "have-all" }, { type: "unchoke" });
  bench.pass(1000);
  const pieces = seed.heardOf("request").map(({ piece }) => piece);
  return [...new Set(pieces)].sort();
}

test("it asks for what was missing and for nothing else", () => {
  expect(asked(new Bench(torrent, { resumed: bitfield(0, 2, 3, 7) }))).toEqual([1, 4, 5, 6]);
});

test("it says at once what it has, and serves it", () => {
  const bench = new Bench(torrent, { resumed: bitfield(0, 2) });
  const leecher = bench.meet();
  const [map] = leecher.heardOf("bitfield");
  expect(map?.bits).toEqual(bitfield(0, 2).toBytes());
  leecher.say({ type: "have-none" }, { type: "interested" });
  bench.pass(1000);
  leecher.say({ type: "request", piece: 2, begin: 0, length: BLOCK_BYTES });
  expect(leecher.heardOf("piece")).toHaveLength(1);
});

test("it goes on counting where it stopped", () => {
  const earlier = { uploaded: 5, downloaded: 7, wasted: 2 };
  const bench = new Bench(torrent, { resumed: bitfield(0), earlier });
  expect(bench.swarm.snapshot(bench.now)).toMatchObject(earlier);
});

test("what is no longer stored is lost, everybody is told, and it is fetched again", () => {
  const bench = new Bench(torrent, { resumed: bitfield(0, 1, 2) });
  const peer = bench.meet();
  peer.extend();
  const before = peer.heardOf("extended").length;
  bench.feed({ type: "storage-opened", have: bitfield(0, 2) });
  expect(
    peer
      .heardOf("extended")
      .slice(before)
      .map(({ id }) => id),
  ).toEqual([2]);
  expect(bench.swarm.kept()?.have.toBytes()).toEqual(bitfield(0, 2).toBytes());
  expect(asked(bench)).toContain(1);
});

test("what is still stored stays had, and what was never had does not come by it", () => {
  const bench = new Bench(torrent, { resumed: bitfield(0, 1) });
  bench.feed({ type: "storage-opened", have: bitfield(0, 1, 5) });
  expect(bench.swarm.kept()?.have.toBytes()).toEqual(bitfield(0, 1).toBytes());
});

test("its trace replays without a difference", () => {
  const bench = new Bench(torrent, { resumed: bitfield(0, 2, 3, 7) });
  asked(bench);
  expect(replay(bench.swarm.trace(), digests)).toMatchObject({ ok: true, value: { differences: [] } });
});
