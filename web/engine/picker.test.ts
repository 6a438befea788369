import { expect, test } from "vitest";
import type { PickerPeer } from "./asking.ts";
import { Bitfield } from "./bitfield.ts";
import { Geometry } from "./geometry.ts";
import { BLOCK_BYTES, PLAYING_PATIENCE_MS } from "./limits.ts";
import { Picker } from "./picker.ts";
import { CELL_ASKED, CELL_HAVE, CELL_MISSING } from "./pieces.ts";
import { Random } from "./random.ts";
import { type BlockIndex, linkId, millis, type PeerId, type PieceIndex } from "./units.ts";

const BLOCKS = 4;
const NOW = millis(0);

/** "x..x" as a piece map. */
function field(picture: string): Bitfield {
  const bits = new Bitfield(picture.length);
  for (const [index, cell] of [...picture].entries()) if (cell !== ".") bits.set(index);
  return bits;
}

function peer(link: number, have: string, options: Partial<PickerPeer> = {}): PickerPeer {
  const id = String(link).padStart(40, "0") as PeerId;
  return {
    link: linkId(link),
    peer: id,
    have: field(have),
    isFast: false,
    givesUnshown: false,
    isAmongFastest: true,
    outstanding: 0,
    isStalled: false,
    ...options,
  };
}

/** A picker for pieces of four blocks; `swarm` gives the copies of each piece as digits. */
function pickerFor(mine: string, swarm = "", seed = 1): Picker {
  const geometry = new Geometry(BLOCKS * BLOCK_BYTES, [mine.length * BLOCKS * BLOCK_BYTES]);
  const picker = new Picker(geometry, field(mine), new Random(seed));
  for (const [index, copies] of [...swarm].entries()) {
    for (let copy = 0; copy < Number(copies); copy++) picker.pieces.availability.onHave(index as PieceIndex);
  }
  return picker;
}

const pieces = (refs: readonly { piece: PieceIndex }[]) => [...new Set(refs.map((ref) => ref.piece))];
const block = new Uint8Array(BLOCK_BYTES);

function deliver(picker: Picker, from: PickerPeer, piece: number, index: number) {
  return picker.pieces.onBlock(piece as PieceIndex, index as BlockIndex, block, from);
}

function complete(picker: Picker, from: PickerPeer, piece: number) {
  for (let index = 0; index < BLOCKS; index++) deliver(picker, from, piece, index);
  picker.pieces.onStored(piece as PieceIndex);
}

test("[Cohen 2003 §2.4.2] the rarest piece that the peer has and we lack comes first", () => {
  const picks = (swarm: string, mine: string, has: string) =>
    pieces(pickerFor(mine, swarm).pick(peer(1, has), BLOCKS, NOW));
  expect(picks("3121111", "x......", "..xx...")).toEqual([3]);
  expect(picks("3333323", "x......", "xxxxxxx")).toEqual([5]);
  expect(picks("1999", "x...", "x...")).toEqual([]);
});

test("[Cohen 2003 §2.4.3] until the first piece is complete, pieces are started at random", () => {
  const first = new Set<number>();
  for (let seed = 0; seed < 60; seed++) {
    for (const piece of pieces(pickerFor("......", "123456", seed).pick(peer(1, "xxxxxx"), 1, NOW)))
      first.add(piece);
  }
  expect(first.size).toBeGreaterThan(3);
});

test("[Cohen 2003 §2.4.1] a started piece is finished before another one is started", () => {
  const picker = pickerFor("x.....", "911111");
  const a = peer(1, "xxxxxx");
  const [started] = pieces(picker.pick(a, 2, NOW));
  expect(pieces(picker.pick(peer(2, "xxxxxx"), 2, NOW))).toEqual([started]);
});

test("[Cohen 2003 §2.4.1] of several started pieces the one nearest to completion is finished first", () => {
  const picker = pickerFor("x..", "911");
  const [one, other] = [peer(1, ".x."), peer(2, "..x")] as const;
  for (const { piece, block } of picker.pick(one, 1, NOW)) deliver(picker, one, piece, block);
  for (const { piece, block } of picker.pick(other, 2, NOW)) deliver(picker, other, piece, block);
  expect(pieces(picker.pick(peer(3, "xxx"), 1, NOW))).toEqual([2]);
});

test("a fast peer leaves a piece that another works on while there is one to start", () => {
  const picker = pickerFor("x..", "911");
  const [started] = pieces(picker.pick(peer(1, "xxx", { isFast: true }), 2, NOW));
  const other = pieces(picker.pick(peer(2, "xxx", { isFast: true }), BLOCKS, NOW));
  expect(other).toHaveLength(1);
  expect(other[0]).not.toBe(started);
  expect(pieces(picker.pick(peer(3, "xxx", { isFast: true }), 1, NOW))).toEqual([started]);
});

test("no block is asked of two peers while others are free, nor twice of one", () => {
  const picker = pickerFor("x..", "911");
  const asked = [peer(1, "xxx"), peer(2, "xxx"), peer(1, "xxx")].flatMap((each) => picker.pick(each, 3, NOW));
  const keys = asked.map(({ piece, block }) => `${piece}:${block}`);
  expect(keys).toHaveLength(2 * BLOCKS);
  expect(new Set(keys).size).toBe(2 * BLOCKS);
});

test("nothing is asked that the peer lacks, that is not wanted, or whose hash is not known", () => {
  const geometry = new Geometry(BLOCKS * BLOCK_BYTES, [3 * BLOCKS * BLOCK_BYTES]);
  const picker = new Picker(geometry, new Bitfield(3), new Random(1), (piece) => piece !== 0);
  picker.pieces.setWanted(1 as PieceIndex, false);
  expect(picker.pick(peer(1, "xx."), 100, NOW)).toEqual([]);
  expect(pieces(picker.pick(peer(1, "xxx"), 100, NOW))).toEqual([2]);
});

test("a block that is lost can be asked of another peer; a piece with nothing held is missing again", () => {
  const picker = pickerFor("x.", "91");
  const a = peer(1, "xx");
  for (const { piece, block } of picker.pick(a, 100, NOW)) picker.pieces.onRequestLost(piece, block, a.link);
  expect(picker.pieces.cells[1]).toBe(CELL_MISSING);
  expect(picker.pick(peer(2, "xx"), 100, NOW)).toHaveLength(BLOCKS);
});

test("a piece is missing, asked for, committing and then had", () => {
  const picker = pickerFor("x..", "911");
  const a = peer(1, "xxx");
  expect(picker.pieces.isComplete).toBe(false);
  const [first] = pieces(picker.pick(a, BLOCKS, NOW));
  expect(picker.pieces.cells[first ?? 0]).toBe(CELL_ASKED);
  for (let index = 0; index < BLOCKS - 1; index++) deliver(picker, a, first ?? 0, index);
  expect(deliver(picker, a, first ?? 0, BLOCKS - 1)).toMatchObject({ type: "complete" });
  expect(picker.pieces.have.has(first ?? 0)).toBe(false);
  picker.pieces.onStored((first ?? 0) as PieceIndex);
  expect(picker.pieces.cells[first ?? 0]).toBe(CELL_HAVE);
  const [second] = pieces(picker.pick(a, BLOCKS, NOW));
  complete(picker, a, second ?? 0);
  expect(picker.pieces.isComplete).toBe(true);
});

test("of a corrupt piece only the bad blocks are asked for again", () => {
  const picker = pickerFor("x.", "91");
  const a = peer(1, "xx");
  picker.pick(a, 100, NOW);
  const outcomes = [0, 1, 2, 3].map((index) => deliver(picker, a, 1, index));
  const last = outcomes.at(-1);
  if (last?.type !== "complete") throw new Error("the piece is complete");
  picker.pieces.onCorrupt(last.progress, [2]);
  expect(picker.pick(peer(2, "xx"), 100, NOW)).toEqual([{ piece: 1, block: 2 }]);
});

test("what is not wanted does not keep the torrent from being complete, and can be wanted again", () => {
  const picker = pickerFor("x.", "91");
  picker.pieces.setWanted(1 as PieceIndex, false);
  expect(picker.pieces.isComplete).toBe(true);
  picker.pieces.setWanted(1 as PieceIndex, true);
  expect(picker.pieces.isComplete).toBe(false);
  expect(picker.pick(peer(1, "xx"), 100, NOW)).toHaveLength(BLOCKS);
});

test("a started piece that is not wanted any more is not gone on with", () => {
  const picker = pickerFor("x..", "911");
  expect(pieces(picker.pick(peer(1, ".x."), 2, NOW))).toEqual([1]);
  picker.pieces.setWanted(1 as PieceIndex, false);
  expect(pieces(picker.pick(peer(2, "xxx"), 100, NOW))).toEqual([2]);
});

test("a piece that storage lost is missing again", () => {
  const picker = pickerFor("xx", "11");
  expect(picker.pieces.isComplete).toBe(true);
  picker.pieces.onPieceLost(1 as PieceIndex);
  expect(picker.pieces.isComplete).toBe(false);
  expect(pieces(picker.pick(peer(1, "xx"), 100, NOW))).toEqual([1]);
});

/** Plays `pieces` picks of one block each, in the order of the answers. */
function order(picker: Picker, from: PickerPeer, count: number): PieceIndex[] {
  return picker.pick(from, count, NOW).map(({ piece }) => piece);
}

test("pieces about to be played come first and in order, one request in eight stays rarest first", () => {
  const picker = pickerFor("x.........", "9999999991");
  picker.pieces.setWindow(2 as PieceIndex, 7);
  expect(order(picker, peer(1, "xxxxxxxxxx"), 8)).toEqual([2, 2, 2, 2, 3, 3, 3, 9]);
  expect(order(picker, peer(2, "xxxxxxxxxx"), 8)).toContain(9);
});

test("of what is played later the rarest comes first", () => {
  const picker = pickerFor("x.........", "1999923999");
  picker.pieces.setWindow(1 as PieceIndex, 8);
  expect(pieces(picker.pick(peer(1, "xxxxxxxxxx"), 19, NOW)).slice(0, 4)).toEqual([1, 2, 5, 6]);
});

test("a super-seed of our own kind is asked for what it did not show, if that is played soon", () => {
  const picker = pickerFor("x...", "1000");
  const superSeed = peer(1, "...x", { givesUnshown: true });
  expect(pieces(picker.pick(superSeed, 100, NOW))).toEqual([3]);
  picker.pieces.setWindow(1 as PieceIndex, 1);
  expect(pieces(picker.pick(superSeed, 100, NOW))).toEqual([1]);
});

test("small orders keep the rarest-first share as large ones do", () => {
  const picker = pickerFor("x.........", "9999999991");
  picker.pieces.setWindow(1 as PieceIndex, 8);
  const picks = Array.from({ length: 16 }, () => order(picker, peer(1, "xxxxxxxxxx"), 1)).flat();
  expect(picks.filter((piece) => piece === 9)).toHaveLength(2);
});

test("what is played next is asked of the fastest peers, slower ones prepare what comes later", () => {
  const picker = pickerFor(`x${".".repeat(9)}`, "9999999999");
  picker.pieces.setWindow(1 as PieceIndex, 8);
  const slow = peer(1, "xxxxxxxxxx", { isAmongFastest: false });
  expect(Math.min(...order(picker, slow, 8))).toBeGreaterThanOrEqual(3);
  expect(order(picker, peer(2, "xxxxxxxxxx"), 6)).toEqual([1, 1, 1, 1, 2, 2]);
});

test("a slow peer that is idle and has nothing but what is played next gives one block of it", () => {
  const picker = pickerFor("x...", "1999");
  picker.pieces.setWindow(1 as PieceIndex, 3);
  const slow = peer(1, "xx..", { isAmongFastest: false });
  expect(order(picker, slow, 8)).toEqual([1]);
  expect(order(picker, { ...slow, outstanding: 1 }, 8)).toEqual([]);
});

test("a block that is played next and late is asked of a fast peer too", () => {
  const picker = pickerFor("x........", "199999999");
  picker.pieces.setWindow(1 as PieceIndex, 8);
  const late = peer(1, "xx.......");
  const fast = peer(2, "xxxxxxxxx", { outstanding: 7 });
  expect(order(picker, late, 4)).toEqual([1, 1, 1, 1]);
  const soon = picker.pick(fast, 4, millis(PLAYING_PATIENCE_MS - 1));
  expect(pieces(soon)).not.toContain(1);
  const [again] = picker.pick(fast, 4, millis(PLAYING_PATIENCE_MS));
  expect(again).toEqual({ piece: 1, block: 0 });
});

test("the window's pieces of a file that was not chosen are wanted while they are in it", () => {
  const picker = pickerFor("x...", "1999");
  for (let piece = 1; piece < 4; piece++) picker.pieces.setWanted(piece as PieceIndex, false);
  expect(picker.pieces.setWindow(2 as PieceIndex, 1)).toBe(true);
  expect(picker.pieces.isComplete).toBe(false);
  expect(pieces(picker.pick(peer(1, "xxxx"), 100, NOW))).toEqual([2]);
  expect(picker.pieces.setWindow(0 as PieceIndex, 0)).toBe(true);
  expect(picker.pieces.isComplete).toBe(true);
  expect(picker.pieces.isWanted(2 as PieceIndex)).toBe(false);
});

test("a lifted window leaves the ordinary order, and one beyond the end is cut off", () => {
  const picker = pickerFor("x.........", "9999999991");
  picker.pieces.setWindow(8 as PieceIndex, 1_000_000);
  picker.pieces.setWindow(0 as PieceIndex, 0);
  expect(picker.pieces.hasWindow).toBe(false);
  expect(order(picker, peer(1, "xxxxxxxxxx"), 4)).toEqual([9, 9, 9, 9]);
});

test("pieces that are not wanted any more do not keep others from being started", () => {
  const pieceBytes = 32 * 1024 * 1024;
  const geometry = new Geometry(pieceBytes, [4 * pieceBytes]);
  const picker = new Picker(geometry, new Bitfield(4), new Random(1));
  const a = peer(1, "xx..");
  picker.pieces.availability.add(a.have);
  for (const { piece, block } of picker.pick(a, 1e6, NOW)) {
    if (block === 0) deliver(picker, a, piece, 0);
    else picker.pieces.onRequestLost(piece, block, a.link);
  }
  expect(picker.pick(peer(2, "..xx"), 1, NOW)).toEqual([]);
  picker.pieces.setWanted(0 as PieceIndex, false);
  expect(picker.pick(peer(2, "..xx"), 1, NOW)).toHaveLength(1);
});

test("pieces that were begun with a peer that left, and that nobody else has, do not keep others from being started", () => {
  const pieceBytes = 32 * 1024 * 1024;
  const geometry = new Geometry(pieceBytes, [4 * pieceBytes]);
  const picker = new Picker(geometry, new Bitfield(4), new Random(1));
  const [a, b] = [peer(1, "xx.."), peer(2, "..xx")];
  for (const { have } of [a, b]) picker.pieces.availability.add(have);
  for (const { piece, block } of picker.pick(a, 1e6, NOW)) {
    if (block === 0) deliver(picker, a, piece, 0);
    else picker.pieces.onRequestLost(piece, block, a.link);
  }
  expect(picker.pick(b, 1, NOW)).toEqual([]);
  picker.pieces.availability.remove(a.have);
  expect(picker.pick(b, 1, NOW)).toHaveLength(1);
  // The other one is kept, for whoever has it next.
  expect([...picker.pieces.started.values()].filter(({ held }) => held === 1)).toHaveLength(1);
});

test("a piece that is to come from one peer alone comes from another one if that leaves between two requests", () => {
  const picker = pickerFor("x.");
  picker.pieces.fetchAlone(1 as PieceIndex);
  const [a, b] = [peer(1, "xx"), peer(2, "xx")];
  for (const { piece, block } of picker.pick(a, 2, NOW)) deliver(picker, a, piece, block);
  expect(picker.pick(b, BLOCKS, NOW)).toEqual([]);
  picker.pieces.release(a.link);
  expect(picker.pick(b, BLOCKS, NOW)).toHaveLength(BLOCKS);
});

test("pieces of high priority are started first and those of low priority last, however rare", () => {
  const picker = pickerFor("x.....", "919531");
  picker.pieces.setPriority(2 as PieceIndex, "high");
  picker.pieces.setPriority(5 as PieceIndex, "low");
  expect(pieces(picker.pick(peer(1, "xxxxxx"), 100, NOW))).toEqual([2, 1, 4, 3, 5]);
});

test("the bytes had and wanted are those of their pieces, whatever is chosen, stored and lost", () => {
  const bytes = BLOCKS * BLOCK_BYTES;
  const picker = pickerFor("x...");
  picker.pieces.setWanted(0 as PieceIndex, false);
  picker.pieces.setWanted(3 as PieceIndex, false);
  expect(picker.pieces.bytes).toEqual({ have: bytes, wanted: 2 * bytes, haveOfWanted: 0 });
  picker.pieces.onStored(1 as PieceIndex);
  picker.pieces.onStored(3 as PieceIndex);
  expect(picker.pieces.bytes).toEqual({ have: 3 * bytes, wanted: 2 * bytes, haveOfWanted: bytes });
  picker.pieces.onPieceLost(1 as PieceIndex);
  picker.pieces.setWanted(0 as PieceIndex, true);
  expect(picker.pieces.bytes).toEqual({ have: 2 * bytes, wanted: 3 * bytes, haveOfWanted: bytes });
});
