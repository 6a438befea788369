/** [Cohen 2003 §3.4] Peers that let us ask and send nothing: what becomes of their upload slots, and who is no such peer. */
import { expect, test } from "vitest";
import { Bitfield } from "../engine/bitfield.ts";
import { BLOCK_BYTES, RECHOKE_INTERVAL_MS, SNUBBED_AFTER_MS } from "../engine/limits.ts";
import { digests } from "./digests.ts";
import { Bench, type ScriptedPeer } from "./scripted-peer.ts";
import { singleFile } from "./synthetic-torrent.ts";

const PIECES = 100;
const GIVEN = 4;

/**
 * One upload slot, and three who want what we have: one that has what we lack and unchokes us, and two that have
 * nothing. Nobody takes anything, so nobody is in debt.
 */
class Slot {
  readonly bench: Bench;
  readonly giver: ScriptedPeer;
  readonly #wanting: readonly ScriptedPeer[];
  #answered = 0;

  constructor(options: { fast?: boolean; awaitsRoom?: boolean } = {}) {
    const { fast = true, awaitsRoom = false } = options;
    const resumed = new Bitfield(PIECES);
    resumed.set(0);
    this.bench = new Bench(singleFile(PIECES, BLOCK_BYTES, digests.sha256), { resumed });
    const limits = { uploadBytesPerSecond: Infinity, downloadBytesPerSecond: Infinity, uploadSlots: 1 };
    this.bench.feed({ type: "limits-set", ...limits });
    this.bench.feed({ type: "download-allowed", allowed: true, awaitsRoom });
    const idle = [this.bench.meet(), this.bench.meet()];
    this.giver = this.bench.meet({ fast });
    for (const peer of idle) peer.say({ type: "interested" });
    this.giver.say({ type: "bitfield", bits: Bitfield.full(PIECES).toBytes() });
    this.giver.say({ type: "interested" }, { type: "unchoke" });
    this.#wanting = [...idle, this.giver];
  }

  /** The giver answers the next `count` requests. */
  give(count: number): void {
    for (const { piece, begin, length } of this.giver
      .heardOf("request")
      .slice(this.#answered)
      .slice(0, count)) {
      this.giver.give(piece, begin, length);
      this.#answered++;
    }
  }

  /** How many seconds of the next ones each of the three has the slot; the giver comes last. */
  turns(milliseconds: number, eachSecond: () => void = () => {}): number[] {
    const seconds = this.#wanting.map(() => 0);
    for (let passed = 0; passed < milliseconds; passed += 1000) {
      for (const peer of this.#wanting) peer.say({ type: "keep-alive" });
      eachSecond();
      this.bench.pass(1000);
      for (const [at, peer] of this.#wanting.entries())
        if (peer.heardOf("unchoke").length > peer.heardOf("choke").length)
          seconds[at] = (seconds[at] ?? 0) + 1;
    }
    return seconds;
  }

  /** The same, of the giver alone, from when who snubs us since now has lost its last turn. */
  laterTurnsOfGiver(eachSecond?: () => void): number {
    this.turns(SNUBBED_AFTER_MS + 2 * RECHOKE_INTERVAL_MS, eachSecond);
    return this.turns(180_000, eachSecond).at(-1) ?? 0;
  }
}

for (const fast of [true, false]) {
  const how = fast ? "with BEP 6" : "without BEP 6";
  test(`who gave and then lets our requests lie (${how}) has no slot after a minute while others wait, though it owes us no byte`, () => {
    const slot = new Slot({ fast });
    slot.give(GIVEN);
    slot.turns(SNUBBED_AFTER_MS - 1000);
    expect(slot.laterTurnsOfGiver()).toBe(0);
    const { downloaded, uploaded, requested } = slot.bench.swarm.snapshot(slot.bench.now).peers.at(-1) ?? {};
    expect({ downloaded, uploaded, requested }).toEqual({
      downloaded: GIVEN * BLOCK_BYTES,
      uploaded: 0,
      requested: 1,
    });
  });
}

test("who owes us more and more blocks and sends one every few seconds has its turns like everyone", () => {
  const slot = new Slot();
  let second = 0;
  const giveSlowly = () => slot.give(second++ % 4 === 0 ? 1 : 0);
  expect(slot.laterTurnsOfGiver(giveSlowly)).toBeGreaterThanOrEqual(50);
  expect(slot.bench.swarm.snapshot(slot.bench.now).peers.at(-1)?.requested).toBeGreaterThan(0);
});

test("with the next block it is one of those who wait again, and has another minute", () => {
  const slot = new Slot();
  expect(slot.laterTurnsOfGiver()).toBe(0);
  const late = slot.giver.heardOf("request").at(-1);
  if (late === undefined) throw new Error("one block is asked for");
  slot.giver.give(late.piece, late.begin, late.length);
  expect(slot.turns(SNUBBED_AFTER_MS).at(-1)).toBeGreaterThan(0);
  expect(slot.laterTurnsOfGiver()).toBe(0);
});

test("who unchokes us and is asked for nothing snubs nobody", () => {
  const slot = new Slot({ awaitsRoom: true });
  expect(slot.laterTurnsOfGiver()).toBeGreaterThanOrEqual(50);
  expect(slot.giver.heardOf("request")).toEqual([]);
});

test("who has answered all that it was asked for snubs nobody", () => {
  const slot = new Slot();
  slot.bench.feed({ type: "download-allowed", allowed: true, awaitsRoom: true });
  slot.give(Infinity);
  expect(slot.laterTurnsOfGiver()).toBeGreaterThanOrEqual(50);
});

test("[BEP 6] who refuses what it is asked for does not let it lie", () => {
  const slot = new Slot();
  let refused = 0;
  const refuseAll = () => {
    for (const { piece, begin, length } of slot.giver.heardOf("request").slice(refused)) {
      slot.giver.say({ type: "reject", piece, begin, length });
      refused++;
    }
  };
  expect(slot.laterTurnsOfGiver(refuseAll)).toBeGreaterThanOrEqual(50);
});

for (const fast of [true, false]) {
  test(`who chokes us owes us nothing (${fast ? "with" : "without"} BEP 6)`, () => {
    const slot = new Slot({ fast });
    slot.giver.say({ type: "choke" });
    expect(slot.laterTurnsOfGiver()).toBeGreaterThanOrEqual(50);
  });
}
