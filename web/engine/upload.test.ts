import { expect, test } from "vitest";
import { digests } from "../sim/digests.ts";
import { Bench, type ScriptedPeer } from "../sim/scripted-peer.ts";
import { singleFile } from "../sim/synthetic-torrent.ts";
import { Bitfield } from "./bitfield.ts";
import {
  BLOCK_BYTES,
  DEBTOR_SHARE,
  OPTIMISTIC_SHARE,
  PIECE_HEADER_BYTES,
  RECHOKE_INTERVAL_MS,
} from "./limits.ts";

const PIECES = 40;
const TORRENT = singleFile(PIECES, BLOCK_BYTES, digests.sha256);

/** Somebody who has the first half, with one peer that gives a block a second and one that only takes. */
class Giver {
  readonly bench: Bench;
  readonly generous: ScriptedPeer;
  readonly greedy: ScriptedPeer;
  #given = 0;
  #flushed = 0;

  /** @param withholds the one that only takes has what we lack. */
  constructor(withholds = false, uploadBytesPerSecond = Infinity) {
    const resumed = new Bitfield(PIECES);
    for (let piece = 0; piece < PIECES / 2; piece++) resumed.set(piece);
    this.bench = new Bench(TORRENT, { resumed });
    const limits = { uploadBytesPerSecond, downloadBytesPerSecond: Infinity, uploadSlots: 4 };
    this.bench.feed({ type: "limits-set", ...limits });
    this.generous = this.bench.meet();
    this.generous.say({ type: "have-all" }, { type: "unchoke" }, { type: "interested" });
    this.greedy = this.bench.meet();
    this.greedy.say({ type: withholds ? "have-all" : "have-none" }, { type: "interested" });
  }

  /** @returns blocks to each while so many leave the uplink, one a tenth of a second; `looks` times it is seen whether one may leave. */
  serve(blocks: number, asking: readonly ScriptedPeer[], looks = 0): { generous: number; greedy: number } {
    const before = this.#servedTo();
    for (let turn = 0; turn < blocks; turn++) {
      for (let look = 0; look < looks; look++)
        this.bench.feed({ type: "bytes-flushed", link: this.greedy.link, count: 0 });
      for (const peer of asking) peer.say({ type: "request", piece: 0, begin: 0, length: BLOCK_BYTES });
      this.bench.pass(100);
      if (turn % 10 === 0) this.#give();
      this.#flushOldest();
    }
    const after = this.#servedTo();
    return { generous: after.generous - before.generous, greedy: after.greedy - before.greedy };
  }

  #give(): void {
    const request = this.generous.heardOf("request")[this.#given++];
    if (request !== undefined) this.generous.give(request.piece, request.begin, request.length);
  }

  #flushOldest(): void {
    const oldest = this.bench.outputs.filter((output) => output.type === "serve")[this.#flushed];
    if (oldest === undefined) return;
    this.#flushed++;
    const count = PIECE_HEADER_BYTES + oldest.length;
    this.bench.feed({ type: "bytes-flushed", link: oldest.link, count });
  }

  #servedTo(): { generous: number; greedy: number } {
    const links = this.bench.outputs.flatMap((output) => (output.type === "serve" ? [output.link] : []));
    const count = (peer: ScriptedPeer) => links.filter((link) => link === peer.link).length;
    return { generous: count(this.generous), greedy: count(this.greedy) };
  }
}

const ONE_ROUND = RECHOKE_INTERVAL_MS / 100 + 10;

test("while nobody earned a slot, each of two who ask gets about half", () => {
  const giver = new Giver();
  const served = giver.serve(ONE_ROUND / 2, [giver.generous, giver.greedy]);
  const share = served.greedy / (served.generous + served.greedy);
  expect(Math.abs(share - 0.5)).toBeLessThan(0.1);
});

test("who gives nothing gets OPTIMISTIC_SHARE of the uplink while one who earned its slot asks for more", () => {
  const giver = new Giver();
  giver.serve(ONE_ROUND, [giver.generous, giver.greedy]);
  const served = giver.serve(200, [giver.generous, giver.greedy]);
  const share = served.greedy / (served.generous + served.greedy);
  expect(share).toBeGreaterThan(0.7 * OPTIMISTIC_SHARE);
  expect(share).toBeLessThan(1.3 * OPTIMISTIC_SHARE);
});

test("the shares of the uplink are the same when a limit is what holds it back, however often we look", () => {
  const giver = new Giver(false, 5 * BLOCK_BYTES);
  giver.serve(ONE_ROUND, [giver.generous, giver.greedy]);
  const served = giver.serve(200, [giver.generous, giver.greedy], 20);
  expect(served.generous + served.greedy).toBeGreaterThan(90);
  const share = served.greedy / (served.generous + served.greedy);
  expect(share).toBeGreaterThan(0.7 * OPTIMISTIC_SHARE);
  expect(share).toBeLessThan(1.3 * OPTIMISTIC_SHARE);
});

test("who took, gives nothing and has what we want gets DEBTOR_SHARE of the uplink while one who earned its slot asks for more", () => {
  const giver = new Giver(true);
  giver.serve(ONE_ROUND, [giver.generous, giver.greedy]);
  const served = giver.serve(200, [giver.generous, giver.greedy]);
  const share = served.greedy / (served.generous + served.greedy);
  expect(share).toBeGreaterThan(0.5 * DEBTOR_SHARE);
  expect(share).toBeLessThan(1.3 * DEBTOR_SHARE);
});

test("who gives nothing gets the whole uplink while nobody who earned a slot asks", () => {
  const giver = new Giver();
  giver.serve(ONE_ROUND, [giver.generous]);
  const served = giver.serve(50, [giver.greedy]);
  expect(served.greedy).toBeGreaterThan(40);
});

/** Somebody who has the first half, with this many peers that want it and give nothing. */
function wanted(peers: number, uploadBytesPerSecond: number, uploadSlots: number) {
  const resumed = new Bitfield(PIECES);
  for (let piece = 0; piece < PIECES / 2; piece++) resumed.set(piece);
  const bench = new Bench(TORRENT, { resumed });
  const downloadBytesPerSecond = Infinity;
  bench.feed({ type: "limits-set", uploadBytesPerSecond, downloadBytesPerSecond, uploadSlots });
  const wanting = Array.from({ length: peers }, () => bench.meet());
  for (const peer of wanting) peer.say({ type: "have-none" }, { type: "interested" });
  const isUnchoked = (peer: ScriptedPeer) => peer.heardOf("unchoke").length > peer.heardOf("choke").length;
  return { bench, unchoked: () => wanting.flatMap((peer, at) => (isUnchoked(peer) ? [at] : [])) };
}

test("[BEP 3] the optimistic slot moves every 30 s, at the third of the rounds that begin every 10 s", () => {
  const { bench, unchoked } = wanted(2, Infinity, 1);
  const holders = Array.from({ length: 90 }, () => {
    bench.pass(1000);
    return unchoked().join();
  });
  const moves = holders.flatMap((holder, at) => (at > 0 && holder !== holders[at - 1] ? [at + 1] : []));
  expect(moves).toEqual([30, 60, 90]);
});

test("a low upload limit leaves fewer slots, at the next round, and all of them once it is lifted", () => {
  const { bench, unchoked } = wanted(5, 5 * 1024, 4);
  expect(unchoked()).toHaveLength(2);
  const limits = { downloadBytesPerSecond: Infinity, uploadSlots: 4 };
  bench.feed({ type: "limits-set", ...limits, uploadBytesPerSecond: Infinity });
  bench.pass(RECHOKE_INTERVAL_MS + 1000);
  expect(unchoked()).toHaveLength(4);
});
