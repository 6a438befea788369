/**
 * Honest peers that choke, refuse, lose pieces, fall silent and vanish at any moment, while the person pauses, chooses
 * files, plays and sets limits: nothing of that loses a piece for good, costs an honest peer its link or miscounts a byte.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Bitfield } from "../engine/bitfield.ts";
import type { Input, Output } from "../engine/io.ts";
import { BLOCK_BYTES } from "../engine/limits.ts";
import type { PieceIndex } from "../engine/units.ts";
import { encodeDontHave } from "../engine/wire/dont-have.ts";
import type { BlockRequest } from "../engine/wire/message.ts";
import { digests } from "./digests.ts";
import { Bench, type ScriptedPeer } from "./scripted-peer.ts";
import { SyntheticTorrent } from "./synthetic-torrent.ts";

const PIECE = 4 * BLOCK_BYTES;
const FILES = [5, 3, 2].map((pieces, file) => ({
  path: [`${file}`],
  length: pieces * PIECE - file * 20_000,
}));
const TORRENTS = (["v2", "v1"] as const).map(
  (kind) => new SyntheticTorrent(FILES, PIECE, digests.sha256, kind),
);

/** A peer that keeps to the protocol: what it was asked and has not answered is in `asked`. */
class HonestPeer {
  readonly script: ScriptedPeer;
  readonly asked: BlockRequest[] = [];
  readonly #isFast: boolean;
  #read = 0;
  given = 0;
  isChoking = true;

  constructor(bench: Bench, isFast: boolean) {
    this.#isFast = isFast;
    this.script = bench.meet({ fast: isFast });
    const full = Bitfield.full(bench.torrent.geometry.pieceCount).toBytes();
    this.script.say(isFast ? { type: "have-all" } : { type: "bitfield", bits: full });
    this.unchoke();
  }

  /** Reads what it was told by now: a request that is taken back is refused with BEP 6, and forgotten without. */
  listen(): void {
    for (; this.#read < this.script.heard.length; this.#read++) {
      const event = this.script.heard[this.#read];
      if (event?.type === "request") {
        if (!this.isChoking) this.asked.push(event);
        else this.#refuse(event);
      } else if (event?.type === "cancel") {
        const at = this.asked.findIndex(({ piece, begin }) => piece === event.piece && begin === event.begin);
        const [request] = at < 0 ? [] : this.asked.splice(at, 1);
        if (request !== undefined) this.#refuse(request);
      }
    }
  }

  answer(at: number): void {
    if (this.script.dropped !== undefined) return;
    const [request] = this.asked.splice(at % Math.max(1, this.asked.length), 1);
    if (request === undefined) return;
    this.given += request.length;
    this.script.give(request.piece, request.begin, request.length);
  }

  refuse(at: number): void {
    if (!this.#isFast) return;
    const [request] = this.asked.splice(at % Math.max(1, this.asked.length), 1);
    if (request !== undefined) this.#refuse(request);
  }

  choke(): void {
    this.isChoking = true;
    this.script.say({ type: "choke" });
    for (const request of this.asked.splice(0)) this.#refuse(request);
  }

  unchoke(): void {
    this.isChoking = false;
    this.script.say({ type: "unchoke" });
  }

  lose(piece: number): void {
    this.script.say({ type: "extended", id: 2, payload: encodeDontHave(piece) });
    for (const request of this.asked.filter((one) => one.piece === piece)) {
      this.asked.splice(this.asked.indexOf(request), 1);
      this.#refuse(request);
    }
  }

  #refuse({ piece, begin, length }: BlockRequest): void {
    if (this.#isFast) this.script.say({ type: "reject", piece, begin, length });
  }
}

/** Everything that can happen, by a peer's place and a number. */
const ACTIONS = {
  answer: (peer: HonestPeer, number: number) => peer.answer(number),
  answerOldest: (peer: HonestPeer) => peer.answer(0),
  refuse: (peer: HonestPeer, number: number) => peer.refuse(number),
  choke: (peer: HonestPeer) => peer.choke(),
  unchoke: (peer: HonestPeer) => peer.unchoke(),
  lose: (peer: HonestPeer, number: number) => peer.lose(number % 10),
  regain: (peer: HonestPeer, number: number) => peer.script.say({ type: "have", piece: number % 10 }),
} as const;
const anyAction = fc.record({
  peer: fc.nat(2),
  number: fc.nat(40),
  action: fc.constantFrom(...(Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]), "leave", "commit", "wait"),
});
const anyWish: fc.Arbitrary<Input> = fc.oneof(
  fc.record({ type: fc.constant("download-allowed" as const), allowed: fc.boolean() }),
  fc.record({
    type: fc.constant("files-wanted" as const),
    wanted: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant("window-set" as const),
    first: fc.nat(9) as fc.Arbitrary<PieceIndex>,
    count: fc.constantFrom(0, 2, 5),
  }),
  fc.record({
    type: fc.constant("limits-set" as const),
    uploadBytesPerSecond: fc.constant(Infinity),
    downloadBytesPerSecond: fc.constantFrom(0, 20_000, Infinity),
    uploadSlots: fc.constant(4),
  }),
);
const anyStep = fc.oneof({ weight: 12, arbitrary: anyAction }, { weight: 1, arbitrary: anyWish });

class Life {
  readonly bench: Bench;
  readonly peers: HonestPeer[] = [];
  readonly everyone: HonestPeer[] = [];
  #committed = 0;

  constructor(torrent: SyntheticTorrent) {
    this.bench = new Bench(torrent, { resumed: new Bitfield(torrent.geometry.pieceCount) });
    for (const isFast of [true, false, true]) this.meet(isFast);
  }

  meet(isFast: boolean): HonestPeer {
    const peer = new HonestPeer(this.bench, isFast);
    peer.script.extend();
    this.peers.push(peer);
    this.everyone.push(peer);
    return peer;
  }

  listen(): void {
    for (const peer of this.peers) peer.listen();
  }

  commit(): void {
    const orders = this.bench.outputs.filter(
      (output): output is Extract<Output, { type: "commit" }> => output.type === "commit",
    );
    for (const { piece } of orders.slice(this.#committed)) {
      this.#committed++;
      const leaves = this.bench.torrent.leaves(piece);
      this.bench.feed({ type: "piece-committed", piece, result: "stored", leaves });
    }
  }

  leave(at: number): void {
    const [peer] = this.peers.splice(at % this.peers.length, 1);
    if (peer !== undefined) this.bench.feed({ type: "link-closed", link: peer.script.link });
    this.meet(at % 2 === 0);
  }
}

for (const torrent of TORRENTS) {
  test(`whatever honest peers and the person do, a ${torrent.info.version} download completes from the next seed`, () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 20, maxLength: 250, size: "max" }), (steps) => {
        const life = new Life(torrent);
        for (const step of steps) {
          life.listen();
          if ("type" in step) life.bench.feed(step);
          else if (step.action === "leave") life.leave(step.peer);
          else if (step.action === "commit") life.commit();
          else if (step.action === "wait") life.bench.pass(1000 * step.number);
          else {
            const peer = life.peers[step.peer];
            if (peer !== undefined) ACTIONS[step.action](peer, step.number);
          }
        }
        const unlimited = {
          uploadBytesPerSecond: Infinity,
          downloadBytesPerSecond: Infinity,
          uploadSlots: 4,
        };
        life.bench.feed({ type: "limits-set", ...unlimited });
        life.bench.feed({ type: "files-wanted", wanted: [true, true, true] });
        life.bench.feed({ type: "download-allowed", allowed: true });
        life.meet(true);
        for (let second = 0; second < 200 && !life.bench.swarm.isSeed; second++) {
          life.listen();
          const seed = life.peers.at(-1);
          while (seed !== undefined && seed.asked.length > 0) {
            seed.answer(0);
            seed.listen();
          }
          life.commit();
          for (const { script } of life.peers) script.say({ type: "keep-alive" });
          life.bench.pass(1000);
        }
        const { downloaded, wasted, haveOfWanted } = life.bench.swarm.snapshot(life.bench.now);
        const drops = life.everyone
          .map(({ script }) => script.dropped?.reason)
          .filter((one) => one !== undefined);
        expect({ haveOfWanted, drops: drops.filter((reason) => reason !== "silent") }).toEqual({
          haveOfWanted: torrent.geometry.totalBytes,
          drops: [],
        });
        expect(downloaded + wasted).toBe(life.everyone.reduce((sum, { given }) => sum + given, 0));
      }),
      { numRuns: 60, seed: 7 },
    );
  });
}
