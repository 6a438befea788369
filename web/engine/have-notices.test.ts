import { expect, test } from "vitest";
import { digests } from "../sim/digests.ts";
import { Bench, type ScriptedPeer } from "../sim/scripted-peer.ts";
import { singleFile } from "../sim/synthetic-torrent.ts";
import { Bitfield } from "./bitfield.ts";
import {
  BLOCK_BYTES,
  HAVE_DELAY_MS,
  HAVES_TOGETHER,
  RECHOKE_INTERVAL_MS,
  UPLOAD_SLOTS,
  USELESS_HAVE_DELAY_MS,
} from "./limits.ts";
import type { PieceIndex } from "./units.ts";
import { encodeExtensionHandshake } from "./wire/extension-handshake.ts";

const PIECES = 40;
const TORRENT = singleFile(PIECES, BLOCK_BYTES, digests.sha256);

/** Somebody who has the first piece, and who is linked to a source of the others. */
class Receiver {
  readonly bench: Bench;
  readonly source: ScriptedPeer;
  /** Pieces that came, in their order. */
  readonly got: number[] = [];

  constructor() {
    const resumed = new Bitfield(PIECES);
    resumed.set(0);
    this.bench = new Bench(TORRENT, { resumed });
    this.source = this.bench.meet();
    this.source.say({ type: "have-all" }, { type: "unchoke" });
  }

  /** A peer that wants what we have: the first few get all slots, whoever comes later waits. */
  wanting(): ScriptedPeer {
    const peer = this.bench.meet();
    peer.say({ type: "have-none" }, { type: "interested" });
    return peer;
  }

  takeAllSlots(): void {
    for (let slot = 0; slot < UPLOAD_SLOTS; slot++) this.wanting();
  }

  /** The peer gives what it was asked for and did not give yet, `count` pieces at most; they are stored at once. */
  get(count: number, from = this.source): void {
    const missing = from.heardOf("request").filter(({ piece }) => !this.got.includes(piece));
    for (const { piece, begin, length } of missing.slice(0, count)) {
      from.give(piece, begin, length);
      const commit = this.bench.outputs.findLast((output) => output.type === "commit");
      if (commit?.piece !== piece) throw new Error("the piece was not committed");
      this.got.push(piece);
      const leaves = TORRENT.leaves(commit.piece);
      this.bench.feed({ type: "piece-committed", piece: commit.piece, result: "stored", leaves });
    }
  }
}

const told = (peer: ScriptedPeer) => peer.heardOf("have").map(({ piece }) => piece);

test("a peer that waits for a slot hears of several pieces in one message, in their order", () => {
  const receiver = new Receiver();
  receiver.takeAllSlots();
  const waiting = receiver.wanting();
  receiver.get(3);
  expect(told(waiting)).toEqual([]);
  const { bench } = receiver;
  const before = bench.outputs.length;
  bench.pass(USELESS_HAVE_DELAY_MS + 1000);
  expect(told(waiting)).toEqual(receiver.got);
  const sent = bench.outputs.slice(before).filter((output) => output.type === "send");
  expect(sent.filter(({ link }) => link === waiting.link)).toHaveLength(1);
  bench.pass(2 * USELESS_HAVE_DELAY_MS);
  expect(told(waiting)).toEqual(receiver.got);
});

test("a peer that found nothing with us yet hears of each piece at once", () => {
  const receiver = new Receiver();
  receiver.takeAllSlots();
  const indifferent = receiver.bench.meet();
  indifferent.say({ type: "have-none" });
  receiver.get(1);
  expect(told(indifferent)).toEqual(receiver.got);
});

test("a peer that may ask us and asks for nothing hears at once, one that waits for its blocks does not", () => {
  const receiver = new Receiver();
  const [idle, busy] = [receiver.wanting(), receiver.wanting()] as const;
  // The first one is sent and fills its link, the second one waits.
  const request = { type: "request", piece: 0, begin: 0, length: BLOCK_BYTES } as const;
  busy.say(request, request);
  receiver.get(1);
  expect(told(idle)).toEqual(receiver.got);
  expect(told(busy)).toEqual([]);
  receiver.bench.pass(HAVE_DELAY_MS + 1000);
  expect(told(busy)).toEqual(receiver.got);
});

test("a leecher that has the piece itself can wait to hear of it, a seed hears soon", () => {
  const receiver = new Receiver();
  const [leecher, seed] = [receiver.bench.meet(), receiver.bench.meet()] as const;
  const others = Bitfield.full(PIECES);
  others.clear(0);
  leecher.say({ type: "bitfield", bits: others.toBytes() });
  seed.say({ type: "have-all" });
  receiver.get(1);
  expect(told(seed)).toEqual([]);
  receiver.bench.pass(HAVE_DELAY_MS + 1000);
  expect(told(seed)).toEqual(receiver.got);
  expect(told(leecher)).toEqual([]);
  receiver.bench.pass(USELESS_HAVE_DELAY_MS);
  expect(told(leecher)).toEqual(receiver.got);
});

test("what a peer was not told yet goes before its unchoke", () => {
  const receiver = new Receiver();
  receiver.takeAllSlots();
  const waiting = receiver.wanting();
  receiver.get(2);
  receiver.bench.pass(RECHOKE_INTERVAL_MS);
  expect(waiting.heardOf("unchoke")).toHaveLength(1);
  expect(told(waiting)).toEqual(receiver.got);
});

test("a peer that found nothing more with us hears at once what it was not told yet", () => {
  const receiver = new Receiver();
  receiver.takeAllSlots();
  const waiting = receiver.wanting();
  receiver.get(2);
  expect(told(waiting)).toEqual([]);
  waiting.say({ type: "not-interested" });
  expect(told(waiting)).toEqual(receiver.got);
});

test("[BEP 16] a peer that gives only by what it hears, hears at once", () => {
  const receiver = new Receiver();
  receiver.takeAllSlots();
  const superSeed = receiver.wanting();
  superSeed.say({
    type: "extended",
    id: 0,
    payload: encodeExtensionHandshake({ client: "script", uploadOnly: true }),
  });
  receiver.get(1);
  expect(told(superSeed)).toEqual(receiver.got);
});

test("what a peer was not told yet goes before the next request to it", () => {
  const receiver = new Receiver();
  receiver.takeAllSlots();
  const other = receiver.bench.meet();
  other.say({ type: "have-all" }, { type: "interested" }, { type: "unchoke" });
  receiver.get(2);
  expect(told(other)).toEqual([]);
  receiver.get(1, other);
  expect(told(other)).toEqual(receiver.got.slice(0, 2));
});

test("haves do not wait for more than a number of others, and once we have everything for nothing", () => {
  const receiver = new Receiver();
  receiver.takeAllSlots();
  const waiting = receiver.wanting();
  for (let piece = 1; piece < PIECES; piece++) {
    expect(told(waiting)).toHaveLength(HAVES_TOGETHER * Math.floor((piece - 1) / HAVES_TOGETHER));
    receiver.get(1);
  }
  expect(told(waiting)).toEqual(receiver.got);
  expect(told(waiting)).toHaveLength(PIECES - 1);
});

test("[BEP 54] a piece that is lost before a peer was told of it is not said to be here", () => {
  const receiver = new Receiver();
  receiver.takeAllSlots();
  const waiting = receiver.wanting();
  receiver.get(2);
  const [lost, kept] = receiver.got;
  receiver.bench.feed({
    type: "serve-failed",
    link: waiting.link,
    piece: lost as PieceIndex,
    begin: 0,
    length: BLOCK_BYTES,
  });
  receiver.bench.pass(USELESS_HAVE_DELAY_MS + 1000);
  expect(told(waiting)).toEqual([kept]);
});
