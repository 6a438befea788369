/**
 * Somebody who plays a file while a node downloads it: asks for the next pieces, goes on as long as they are there,
 * waits while they are not.
 */
import type { PieceIndex } from "../engine/units.ts";
import type { SimNode } from "./node.ts";
import type { World } from "./world.ts";

export interface PlayerOptions {
  readonly piecesPerSecond: number;
  /** Pieces asked for ahead of the one that plays. */
  readonly ahead: number;
  /** Piece at which playing ends. */
  readonly end: number;
}

/** How often the player looks, ms. */
const LOOK_MS = 100;

export class Player {
  /** Virtual milliseconds in which it wanted to play and could not, since the last seek. */
  waitedMs = 0;
  /** Where it plays, in pieces. */
  #at: number;
  readonly #node: SimNode;
  readonly #world: World;
  readonly #options: PlayerOptions;

  constructor(world: World, node: SimNode, options: PlayerOptions, at = 0) {
    this.#world = world;
    this.#node = node;
    this.#options = options;
    this.#at = at;
    this.seek(at);
    this.#look();
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#options.end;
  }

  seek(piece: number): void {
    this.#at = piece;
    this.waitedMs = 0;
    this.#ask();
  }

  #look(): void {
    if (this.isAtEnd) return;
    const before = Math.floor(this.#at);
    if (this.#node.stored.has(before)) this.#at += (this.#options.piecesPerSecond * LOOK_MS) / 1000;
    else this.waitedMs += LOOK_MS;
    if (Math.floor(this.#at) !== before) this.#ask();
    this.#world.heap.after(LOOK_MS, () => this.#look());
  }

  #ask(): void {
    const first = Math.floor(this.#at) as PieceIndex;
    const count = Math.min(this.#options.ahead, this.#options.end - first);
    this.#node.feed({ type: "window-set", first, count: Math.max(0, count) });
  }
}
