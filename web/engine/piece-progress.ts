/**
 * One started piece: its bytes as they arrive, and for each block who was asked for it and who gave it.
 *
 * Invariants
 *  1. A block is free, asked (of one link, in endgame of several) or held; `free + asked + held = blockCount`.
 *  2. A held block's bytes are at their place in `bytes` and `givers` names the peer that sent them.
 *  3. A solo piece is all of one link: when that link gives no more, what it gave is forgotten, and another begins.
 */
import type { Geometry } from "./geometry.ts";
import { BLOCK_BYTES } from "./limits.ts";
import type { BlockIndex, LinkId, Millis, PeerId, PieceIndex } from "./units.ts";

export class PieceProgress {
  readonly piece: PieceIndex;
  readonly blockCount: number;
  readonly bytes: Uint8Array;
  /** For each held block, the peer that sent it. */
  readonly givers: (PeerId | undefined)[];
  /** Blocks that nobody is asked for and that are not here. */
  free: number;
  held = 0;
  readonly #asked: LinkId[][];
  readonly #lateAt: number[] = [];
  /** Blocks asked of each link, to know cheaply who works on this piece. */
  readonly #workers = new Map<LinkId, number>();
  readonly #isSolo: boolean;
  /** Whose piece it is while it is a solo one. */
  #owner: LinkId | undefined;

  constructor(piece: PieceIndex, geometry: Geometry, isSolo = false) {
    this.#isSolo = isSolo;
    this.piece = piece;
    this.blockCount = geometry.blockCount(piece);
    this.bytes = new Uint8Array(geometry.pieceBytes(piece));
    this.givers = new Array(this.blockCount).fill(undefined);
    this.free = this.blockCount;
    this.#asked = Array.from({ length: this.blockCount }, () => []);
  }

  get isComplete(): boolean {
    return this.held === this.blockCount;
  }

  isHeld(block: number): boolean {
    return this.givers[block] !== undefined;
  }

  isFree(block: number): boolean {
    return !this.isHeld(block) && this.askedOf(block).length === 0;
  }

  /** Links that are asked for the block. */
  askedOf(block: number): readonly LinkId[] {
    return this.#asked[block] ?? [];
  }

  /** True when some block is asked of a link other than `link`. */
  isSharedWithOthers(link: LinkId): boolean {
    return this.#workers.size > (this.#workers.has(link) ? 1 : 0);
  }

  /** Another link than this one gives all of it. */
  isClosedTo(link: LinkId): boolean {
    return this.#isSolo && this.#owner !== undefined && this.#owner !== link;
  }

  /** From when on whoever was asked for the block last is late with it. */
  lateAt(block: number): number {
    return this.#lateAt[block] ?? 0;
  }

  onAsked(block: BlockIndex, link: LinkId, lateAt: Millis): void {
    this.#lateAt[block] = lateAt;
    this.#owner = link;
    if (this.isFree(block)) this.free--;
    this.#asked[block]?.push(link);
    this.#workers.set(link, (this.#workers.get(link) ?? 0) + 1);
  }

  /** The link will not answer any more (choked us, rejected, closed, timed out). */
  onLost(block: BlockIndex, link: LinkId): void {
    const links = this.#asked[block];
    const at = links?.indexOf(link) ?? -1;
    if (links === undefined || at < 0) return;
    links.splice(at, 1);
    this.#leave(link);
    if (this.isFree(block)) this.free++;
    if (!this.#isSolo || this.#workers.size > 0) return;
    this.#owner = undefined;
    this.discard(this.givers.keys());
  }

  /** Copies the block in. @returns the other links that are still asked for it, to be told to cancel. */
  onBlock(block: BlockIndex, data: Uint8Array, from: PeerId, link: LinkId): readonly LinkId[] {
    if (this.isFree(block)) this.free--;
    const others = this.askedOf(block).filter((other) => other !== link);
    for (const asked of this.askedOf(block)) this.#leave(asked);
    this.#asked[block] = [];
    this.bytes.set(data, block * BLOCK_BYTES);
    this.givers[block] = from;
    this.held++;
    return others;
  }

  /** Forgets held blocks that turned out to be bad: they are free again. */
  discard(blocks: Iterable<number>): void {
    for (const block of blocks) {
      if (!this.isHeld(block)) continue;
      this.givers[block] = undefined;
      this.held--;
      this.free++;
    }
  }

  #leave(link: LinkId): void {
    const blocks = (this.#workers.get(link) ?? 0) - 1;
    if (blocks > 0) this.#workers.set(link, blocks);
    else this.#workers.delete(link);
  }
}
