/**
 * One started piece: its bytes as they arrive, and for each block who was asked for it and who gave it.
 *
 * Invariants
 *  1. A block is free, asked (of one link, a late one of ENDGAME_COPIES) or held; `free + asked + held = blockCount`.
 *  2. A held block's bytes are at their place in `bytes` and `givers` names the peer that sent them.
 *  3. A solo piece is all of one link: when that link gives no more, what it gave is forgotten, and another begins.
 */
import type { Geometry } from "./geometry.ts";
import { BLOCK_BYTES, ENDGAME_COPIES } from "./limits.ts";
import { type MakePieceBuffer, makeArrayBuffer, type PieceBuffer } from "./piece-buffer.ts";
import type { BlockIndex, LinkId, Millis, PeerId, PieceIndex } from "./units.ts";

const NOBODY: readonly LinkId[] = [];

export class PieceProgress {
  readonly piece: PieceIndex;
  readonly blockCount: number;
  /** For each held block, the peer that sent it. */
  readonly givers: (PeerId | undefined)[];
  /** Blocks that nobody is asked for and that are not here. */
  free: number;
  held = 0;
  readonly #buffer: PieceBuffer;
  readonly #asked: (readonly LinkId[])[];
  readonly #askedAt: number[];
  /** Blocks asked of each link, to know cheaply who works on this piece. */
  readonly #workers = new Map<LinkId, number>();
  readonly #isSolo: boolean;
  /** Whose piece it is while it is a solo one. */
  #owner: LinkId | undefined;

  constructor(
    piece: PieceIndex,
    geometry: Geometry,
    isSolo = false,
    makeBuffer: MakePieceBuffer = makeArrayBuffer,
  ) {
    this.#isSolo = isSolo;
    this.piece = piece;
    this.blockCount = geometry.blockCount(piece);
    this.#buffer = makeBuffer(piece, geometry.pieceBytes(piece));
    this.givers = new Array(this.blockCount).fill(undefined);
    this.free = this.blockCount;
    this.#asked = new Array(this.blockCount).fill(NOBODY);
    this.#askedAt = new Array(this.blockCount).fill(0);
  }

  get bytes(): Uint8Array {
    return this.#buffer.bytes;
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
    return this.#asked[block] ?? NOBODY;
  }

  /** True when some block is asked of a link other than `link`. */
  isSharedWithOthers(link: LinkId): boolean {
    return this.#workers.size > (this.#workers.has(link) ? 1 : 0);
  }

  /** Another link than this one gives all of it. */
  isClosedTo(link: LinkId): boolean {
    return this.#isSolo && this.#owner !== undefined && this.#owner !== link;
  }

  /** When a link was asked for the block last, ms. */
  askedAt(block: number): number {
    return this.#askedAt[block] ?? 0;
  }

  /** Others are asked for the block, and this link may be too. */
  mayDouble(block: number, link: LinkId): boolean {
    const asked = this.askedOf(block);
    if (asked.length === 0 || asked.length >= ENDGAME_COPIES) return false;
    return !asked.includes(link) && !this.isClosedTo(link);
  }

  onAsked(block: BlockIndex, link: LinkId, now: Millis): void {
    this.#askedAt[block] = now;
    this.#owner = link;
    if (this.isFree(block)) this.free--;
    const asked = this.askedOf(block);
    this.#asked[block] = asked.length === 0 ? [link] : [...asked, link];
    this.#workers.set(link, (this.#workers.get(link) ?? 0) + 1);
  }

  /** The link will not answer any more (choked us, rejected, closed, timed out). */
  onLost(block: BlockIndex, link: LinkId): void {
    const asked = this.askedOf(block);
    if (!asked.includes(link)) return;
    this.#asked[block] = asked.length === 1 ? NOBODY : asked.filter((other) => other !== link);
    this.#leave(link);
    if (this.isFree(block)) this.free++;
    this.release(link);
  }

  /** Nothing more is expected of the link: if the piece was its alone, another begins with it once all answers are here. */
  release(link: LinkId): void {
    if (this.#owner !== link || !this.#isSolo || this.#workers.size > 0) return;
    this.#owner = undefined;
    this.discard(this.givers.keys());
  }

  /** Copies the block in. @returns the other links that are still asked for it, to be told to cancel. */
  onBlock(block: BlockIndex, data: Uint8Array, from: PeerId, link: LinkId): readonly LinkId[] {
    if (this.isFree(block)) this.free--;
    const asked = this.askedOf(block);
    const isAlone = asked.length === 0 || (asked.length === 1 && asked[0] === link);
    const others = isAlone ? NOBODY : asked.filter((other) => other !== link);
    for (const worker of asked) this.#leave(worker);
    this.#asked[block] = NOBODY;
    this.#buffer.put(block * BLOCK_BYTES, data);
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
