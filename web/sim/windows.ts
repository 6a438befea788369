/// <reference lib="es2024.sharedmemory" />
/**
 * Several parts of one world, each in a thread of its own, under one virtual time: parallel simulation with lookahead
 * (Chandy and Misra 1979), in windows (Nicol 1993).
 *
 * Whatever one part sends another arrives `lookaheadMs` later at the earliest. A window is a SLACK-th of that, and what was
 * sent in a window is handed over SLACK windows later: until then a part need not wait for the others.
 *
 * Invariants
 *  1. A part begins window k when all others have finished window k − SLACK, and takes what they sent in that window, part
 *     after part, in the order of sending: how fast the threads are changes nothing.
 *  2. All parts end at the same time: they hear of the last who had anything to do in the same window.
 */
import { invariant, millis, type PieceIndex } from "../engine/units.ts";
import type { Letter } from "./letter.ts";
import { type BlockOf, LetterWriter, readLetters } from "./letter-codec.ts";
import type { Abroad } from "./network.ts";
import type { World } from "./world.ts";

const SLACK = 2;
/** A slot is written again only after everybody has read it. */
const SLOTS = 2 * SLACK;
/** Looks at how far another part is before it sleeps. */
const LOOKS = 2000;
/** Most bytes that one part sends another in one window. */
const MOST_BYTES = 2 ** 28;

/** How many bytes there are in a box stands before them. */
const HEAD_BYTES = 4;

/** What all threads see. */
export interface SharedWindows {
  readonly parts: number;
  readonly lookaheadMs: number;
  /** Windows that each part has finished. */
  readonly finished: SharedArrayBuffer;
  /** For each part and slot, what it had left to do after that window. */
  readonly toDo: SharedArrayBuffer;
  /** For each part that sends, each that receives and each slot, the bytes, behind their number (uint32). */
  readonly boxes: readonly SharedArrayBuffer[];
}

export function sharedWindows(parts: number, lookaheadMs: number): SharedWindows {
  return {
    parts,
    lookaheadMs,
    finished: new SharedArrayBuffer(4 * parts),
    toDo: new SharedArrayBuffer(4 * parts * SLOTS),
    boxes: Array.from(
      { length: parts * parts * SLOTS },
      () => new SharedArrayBuffer(HEAD_BYTES, { maxByteLength: MOST_BYTES }),
    ),
  };
}

export class Windows implements Abroad {
  readonly #shared: SharedWindows;
  readonly #own: number;
  readonly #others: readonly number[];
  readonly #finished: Int32Array;
  readonly #toDo: Int32Array;
  /** What goes to each part in this window. */
  readonly #writers: readonly LetterWriter[];

  constructor(shared: SharedWindows, own: number) {
    this.#shared = shared;
    this.#own = own;
    this.#others = Array.from({ length: shared.parts }, (_, part) => part).filter((part) => part !== own);
    this.#finished = new Int32Array(shared.finished);
    this.#toDo = new Int32Array(shared.toDo);
    this.#writers = Array.from({ length: shared.parts }, () => new LetterWriter());
  }

  send(part: number, at: number, letter: Letter): void {
    this.#writers[part]?.write(at, letter);
  }

  /** Lets time pass until no part has anything to do, and for `restMs` after that, or until `untilMs`. */
  run(world: World, toDo: () => number, untilMs: number, restMs = 0): void {
    const { torrent } = world;
    const blockOf: BlockOf = (piece, begin, length) => torrent.message(piece as PieceIndex, begin, length);
    const lengthMs = this.#shared.lookaheadMs / SLACK;
    let lastMs = untilMs;
    for (let window = 0; window * lengthMs < lastMs; window++) {
      if (window >= SLACK) {
        this.#wait(window - SLACK);
        if (lastMs === untilMs && this.#isOver(window - SLACK))
          lastMs = Math.min(untilMs, window * lengthMs + restMs);
        this.#receive(window - SLACK, world, blockOf);
      }
      const end = millis(Math.min(lastMs, (window + 1) * lengthMs));
      while (world.heap.next(end));
      this.#finish(window, toDo());
    }
  }

  /** Until all others have finished `window`. */
  #wait(window: number): void {
    for (const part of this.#others) {
      for (let looks = 0; Atomics.load(this.#finished, part) <= window; looks++) {
        if (looks < LOOKS) continue;
        const seen = Atomics.load(this.#finished, part);
        if (seen <= window) Atomics.wait(this.#finished, part, seen);
      }
    }
  }

  #isOver(window: number): boolean {
    const first = (window % SLOTS) * this.#shared.parts;
    return this.#toDo.subarray(first, first + this.#shared.parts).every((count) => count === 0);
  }

  #receive(window: number, world: World, blockOf: BlockOf): void {
    for (const part of this.#others) {
      const box = this.#box(part, this.#own, window);
      const [size = 0] = new Uint32Array(box, 0, 1);
      if (size === 0) continue;
      const bytes = new Uint8Array(size);
      bytes.set(new Uint8Array(box, HEAD_BYTES, size));
      world.receive((take) => readLetters(bytes, blockOf, take));
    }
  }

  #finish(window: number, toDo: number): void {
    this.#toDo[(window % SLOTS) * this.#shared.parts + this.#own] = toDo;
    for (const part of this.#others) {
      const written = this.#writers[part]?.take() ?? new Uint8Array();
      const box = this.#box(this.#own, part, window);
      if (box.byteLength < HEAD_BYTES + written.length) box.grow(2 * (HEAD_BYTES + written.length));
      new Uint32Array(box, 0, 1)[0] = written.length;
      new Uint8Array(box, HEAD_BYTES).set(written);
    }
    Atomics.store(this.#finished, this.#own, window + 1);
    Atomics.notify(this.#finished, this.#own);
  }

  #box(from: number, to: number, window: number): SharedArrayBuffer {
    const { boxes, parts } = this.#shared;
    const box = boxes[(from * parts + to) * SLOTS + (window % SLOTS)];
    invariant(box !== undefined, "there is a box for each pair of parts and each slot");
    return box;
  }
}
