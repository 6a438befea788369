/** What becomes of requests at the end of a download, and while the disk is slow. */
import { expect, test } from "vitest";
import { Bitfield } from "../engine/bitfield.ts";
import {
  BLOCK_BYTES,
  COMMIT_BACKLOG_BYTES,
  ENDGAME_GAIN_MS,
  ENDGAME_QUIET_MS,
  REJECTED_REST_MS,
} from "../engine/limits.ts";
import type { PieceIndex } from "../engine/units.ts";
import { encodeExtensionHandshake } from "../engine/wire/extension-handshake.ts";
import { digests } from "./digests.ts";
import { Bench, type ScriptedPeer } from "./scripted-peer.ts";
import { SyntheticTorrent, singleFile } from "./synthetic-torrent.ts";

function meetSeed(bench: Bench): ScriptedPeer {
  const seed = bench.meet();
  seed.say({ type: "have-all" }, { type: "unchoke" });
  return seed;
}

/** An engine that lacks pieces 2 and 3 and asked a first seed for all eight blocks of them, and a second seed that is idle. */
function endgame() {
  const lacking = Bitfield.full(8);
  lacking.clear(2);
  lacking.clear(3);
  const bench = new Bench(singleFile(8, 4 * BLOCK_BYTES, digests.sha256), { resumed: lacking });
  const [first, second] = [meetSeed(bench), meetSeed(bench)];
  const asked = first.heardOf("request");
  expect(asked).toHaveLength(8);
  expect(second.heardOf("request")).toHaveLength(0);
  const giveOneEvery = (milliseconds: number, count: number) => {
    for (const { piece, begin, length } of asked.slice(0, count)) {
      bench.pass(milliseconds);
      first.give(piece, begin, length);
    }
    bench.pass(milliseconds);
  };
  return { bench, first, second, asked, giveOneEvery };
}

test("[Cohen 2003 §2.4.4] in endgame an idle peer is asked for the block that another one would give last, which is told when it came", () => {
  const { bench, first, second, asked, giveOneEvery } = endgame();
  giveOneEvery(ENDGAME_GAIN_MS, 2);
  const [again, ...more] = second.heardOf("request");
  expect(again).toEqual(asked.at(-1));
  expect(more).toEqual([]);
  expect(first.heardOf("cancel")).toEqual([]);
  if (again === undefined) throw new Error("the idle peer is asked");
  const { piece, begin, length } = again;
  second.give(piece, begin, length);
  expect(first.heardOf("cancel")).toEqual([{ type: "cancel", piece, begin, length }]);
  first.give(piece, begin, length);
  expect(first.dropped).toBeUndefined();
  expect(bench.swarm.snapshot(bench.now)).toMatchObject({ downloaded: 3 * BLOCK_BYTES, wasted: BLOCK_BYTES });
});

test("in endgame nothing is asked twice while it comes as soon from the peer that was asked first", () => {
  const { bench, second, giveOneEvery } = endgame();
  giveOneEvery(ENDGAME_GAIN_MS / 5, 8);
  expect(second.heardOf("request")).toEqual([]);
  expect(bench.swarm.snapshot(bench.now)).toMatchObject({ downloaded: 8 * BLOCK_BYTES, wasted: 0 });
});

test("in endgame all that a peer owes which stopped giving is asked of an idle one, block by block", () => {
  const { bench, first, second, giveOneEvery } = endgame();
  giveOneEvery(ENDGAME_GAIN_MS / 10, 4);
  let given = 0;
  for (let turn = 0; turn < 10 && given < 4; turn++) {
    bench.pass(1000);
    for (const { piece, begin, length } of second.heardOf("request").slice(given)) {
      second.give(piece, begin, length);
      given++;
    }
  }
  expect(given).toBe(4);
  expect(first.heardOf("cancel")).toHaveLength(4);
});

test("in endgame no block is asked of a third peer", () => {
  const lacking = Bitfield.full(8);
  lacking.clear(2);
  const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256), { resumed: lacking });
  const [first, second, third] = [meetSeed(bench), meetSeed(bench), meetSeed(bench)];
  bench.pass(6 * ENDGAME_GAIN_MS);
  expect([first, second, third].map((seed) => seed.heardOf("request").length)).toEqual([1, 1, 0]);
});

test("while a piece is left to start, though idle peers lack it, what is late is left to the peer that owes it", () => {
  const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256), { resumed: new Bitfield(8) });
  bench.meet().say({ type: "have-all" });
  const bits = Uint8Array.of(0b1110_0000);
  const [first, second] = [bench.meet(), bench.meet()];
  for (const peer of [first, second]) peer.say({ type: "bitfield", bits }, { type: "unchoke" });
  expect(first.heardOf("request")).toHaveLength(3);
  bench.pass(6 * ENDGAME_GAIN_MS);
  expect(second.heardOf("request")).toEqual([]);
});

/**
 * An engine that asked one peer for all three pieces that an idle one has too, beside a third that has only the fourth
 * and gave it. Nobody has the others.
 */
function rareMissing() {
  const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256), { resumed: new Bitfield(8) });
  const [first, second, third] = [bench.meet(), bench.meet(), bench.meet()];
  const bits = Uint8Array.of(0b1110_0000);
  for (const peer of [first, second]) peer.say({ type: "bitfield", bits }, { type: "unchoke" });
  expect(first.heardOf("request")).toHaveLength(3);
  third.say({ type: "have-none" }, { type: "unchoke" });
  const giveNew = (piece: number) => {
    third.say({ type: "have", piece });
    const { begin, length } = third.heardOf("request").at(-1) ?? {};
    if (begin === undefined || length === undefined) throw new Error("what is new is asked for");
    third.give(piece, begin, length);
  };
  return { bench, second, third, giveNew };
}

test("in endgame nobody waits for pieces that only peers had who left", () => {
  const { bench, second, third } = rareMissing();
  third.say({ type: "choke" }, { type: "bitfield", bits: Uint8Array.of(0b0001_1111) });
  bench.pass(ENDGAME_QUIET_MS / 2);
  expect(second.heardOf("request")).toEqual([]);
  bench.feed({ type: "link-closed", link: third.link });
  bench.pass(1000);
  expect(second.heardOf("request")).toHaveLength(1);
});

test("endgame has not begun while pieces come that nobody here had", () => {
  const { bench, second, giveNew } = rareMissing();
  giveNew(3);
  bench.pass(0.9 * ENDGAME_QUIET_MS);
  giveNew(4);
  bench.pass(0.9 * ENDGAME_QUIET_MS);
  expect(second.heardOf("request")).toEqual([]);
  bench.pass(0.2 * ENDGAME_QUIET_MS);
  expect(second.heardOf("request")).not.toEqual([]);
});

test("endgame has not begun while a seed is here that shows only some of its pieces", () => {
  const { bench, second, third } = rareMissing();
  const payload = encodeExtensionHandshake({ client: "script", uploadOnly: true });
  third.say({ type: "extended", id: 0, payload });
  bench.pass(ENDGAME_QUIET_MS);
  expect(second.heardOf("request")).toEqual([]);
});

test("[BEP 6] a reject of what was taken back is not one of what was asked again", () => {
  const resumed = Bitfield.full(8);
  resumed.clear(3);
  const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256), { resumed });
  const seed = meetSeed(bench);
  for (let second = 0; second < 60 && seed.heardOf("cancel").length === 0; second++) bench.pass(1000);
  const [asked, again] = seed.heardOf("request");
  expect(again).toEqual(asked);
  if (asked === undefined) throw new Error("the only seed is asked");
  const requested = () => bench.swarm.snapshot(bench.now).peers[0]?.requested;
  seed.say({ ...asked, type: "reject" });
  expect(requested()).toBe(1);
  bench.pass(2 * REJECTED_REST_MS);
  expect(seed.heardOf("request")).toHaveLength(2);
  seed.say({ ...asked, type: "reject" });
  expect(requested()).toBe(0);
  bench.pass(2 * REJECTED_REST_MS);
  expect(seed.heardOf("request")).toHaveLength(3);
  seed.give(asked.piece, asked.begin, asked.length);
  expect(seed.dropped).toBeUndefined();
  expect(bench.swarm.snapshot(bench.now)).toMatchObject({ downloaded: BLOCK_BYTES, wasted: 0 });
  seed.say({ ...asked, type: "reject" });
  expect(seed.dropped?.reason).toBe("message-out-of-place");
});

test("seeds that unchoke us and say nothing do not hand the last block to each other for ever", () => {
  const lacking = Bitfield.full(8);
  lacking.clear(3);
  const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256), { resumed: lacking });
  const mute = [meetSeed(bench), meetSeed(bench), meetSeed(bench)];
  const honest = meetSeed(bench);
  for (let second = 0; second < 120 && honest.heardOf("request").length === 0; second++) {
    for (const peer of [...mute, honest]) peer.say({ type: "keep-alive" });
    bench.pass(1000);
  }
  expect(honest.heardOf("request")).toHaveLength(1);
});

test("a seed that answers once after most of a minute and then says nothing does not keep the last block for ever", () => {
  const lacking = Bitfield.full(8);
  for (const piece of [3, 4]) lacking.clear(piece);
  const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256), { resumed: lacking });
  const slow = meetSeed(bench);
  bench.pass(58_000);
  const last = slow.heardOf("request").at(-1);
  if (last === undefined) throw new Error("the only seed is asked");
  slow.give(last.piece, last.begin, last.length);
  const honest = meetSeed(bench);
  for (let second = 0; second < 200 && honest.heardOf("request").length === 0; second++) {
    for (const peer of [slow, honest]) peer.say({ type: "keep-alive" });
    bench.pass(1000);
  }
  expect(slow.dropped).toBeUndefined();
  expect(honest.heardOf("request")).toHaveLength(1);
});

test("while the disk owes an answer for COMMIT_BACKLOG_BYTES nothing more is asked for, and on the first answer it is", () => {
  const pieceBytes = 256 * BLOCK_BYTES;
  const pieces = (2 * COMMIT_BACKLOG_BYTES) / pieceBytes;
  const torrent = singleFile(pieces, pieceBytes, digests.sha256);
  const bench = new Bench(torrent, { resumed: new Bitfield(pieces) });
  const seed = meetSeed(bench);
  const giveAll = () => {
    const before = given;
    for (const { piece, begin, length } of seed.heardOf("request").slice(given)) {
      given++;
      seed.give(piece, begin, length);
    }
    bench.pass(1000);
    return given > before;
  };
  let given = 0;
  while (giveAll());
  const handedOut = bench.outputs.filter((output) => output.type === "commit");
  expect(handedOut.length * pieceBytes).toBeGreaterThanOrEqual(COMMIT_BACKLOG_BYTES);
  expect(handedOut.length).toBeLessThan(pieces - 4);
  const piece = handedOut[0]?.piece;
  if (piece === undefined) throw new Error("pieces were handed out");
  bench.feed({ type: "piece-committed", piece, result: "stored", leaves: torrent.leaves(piece) });
  bench.pass(1000);
  expect(seed.heardOf("request").length).toBeGreaterThan(given);
});

test("[BEP 3] what was asked for of a file that is not wanted any more is taken back", () => {
  const files = ["a", "b"].map((name) => ({ path: [name], length: 2 * BLOCK_BYTES }));
  const torrent = new SyntheticTorrent(files, BLOCK_BYTES, digests.sha256);
  const bench = new Bench(torrent, { resumed: new Bitfield(4) });
  const seed = meetSeed(bench);
  expect(seed.heardOf("request")).toHaveLength(4);
  bench.feed({ type: "files-wanted", wanted: [true, false] });
  const takenBack = seed.heardOf("cancel").map(({ piece }) => piece);
  expect(takenBack.sort()).toEqual([2, 3]);
});

test("a disk that fails is no fault of who sent the piece, which is asked for again once the person goes on", () => {
  const bench = new Bench(singleFile(1, 2 * BLOCK_BYTES, digests.sha256), { resumed: new Bitfield(1) });
  const seed = meetSeed(bench);
  const asked = seed.heardOf("request");
  for (const { piece, begin, length } of asked) seed.give(piece, begin, length);
  bench.feed({ type: "piece-committed", piece: 0 as PieceIndex, result: "failed" });
  bench.pass(1000);
  expect(seed.dropped).toBeUndefined();
  expect(seed.heardOf("request")).toHaveLength(2);
  bench.feed({ type: "download-allowed", allowed: true });
  expect(seed.heardOf("request")).toHaveLength(4);
});

test("under a limit what one peer refuses is asked of another one at once: it costs nothing twice", () => {
  const bench = new Bench(singleFile(8, BLOCK_BYTES, digests.sha256), { resumed: new Bitfield(8) });
  const limits = { uploadBytesPerSecond: Infinity, uploadSlots: 4 };
  bench.feed({ type: "limits-set", ...limits, downloadBytesPerSecond: BLOCK_BYTES });
  const [first, second] = [meetSeed(bench), meetSeed(bench)];
  const [asked, ...more] = first.heardOf("request");
  expect([...more, ...second.heardOf("request")]).toEqual([]);
  if (asked === undefined) throw new Error("the limit lets one block pass");
  first.say({ type: "choke" }, { ...asked, type: "reject" });
  expect(second.heardOf("request")).toHaveLength(1);
});
