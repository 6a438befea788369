/**
 * Chooses which blocks to ask a peer for next.
 *
 * Order (Cohen 2003 §2.4; BEP 3 itself only asks for random order): finish a started piece first, the one
 * that this peer is already giving, then the one nearest to completion; else start a new piece, at random
 * until the first piece is complete, then the rarest one, ties at random, always within the highest priority that
 * the peer has something of. What is left when every missing block has been asked for is a matter of endgame.ts.
 *
 * Pieces of the deadline window come before all of that (window-picker.ts).
 *
 * A fast peer (one that can give a whole piece soon) leaves a piece that others work on to them while there
 * are pieces to start, so that blame is easy and reads at the other end are contiguous.
 *
 * Invariant: nothing is asked for that the peer lacks, that is not wanted, or whose hash is not known yet.
 */
import { Asking, type BlockRef, type PickerPeer } from "./asking.ts";
import type { Bitfield } from "./bitfield.ts";
import type { Geometry } from "./geometry.ts";
import { RANDOM_FIRST_PIECES } from "./limits.ts";
import type { MakePieceBuffer } from "./piece-buffer.ts";
import type { PieceProgress } from "./piece-progress.ts";
import { Pieces } from "./pieces.ts";
import type { Random } from "./random.ts";
import type { Millis, PieceIndex } from "./units.ts";
import { WindowPicker } from "./window-picker.ts";

export class Picker {
  readonly pieces: Pieces;
  readonly #window: WindowPicker;
  readonly #picksAtRandom: boolean;
  readonly #isHashKnown: (piece: PieceIndex) => boolean;
  readonly #accepts = (piece: PieceIndex) => !this.pieces.isDue(piece) && this.#isHashKnown(piece);

  /** @param picksAtRandom never rarest first: only to show in simulations what rarest first is good for. */
  constructor(
    geometry: Geometry,
    have: Bitfield,
    random: Random,
    isHashKnown: (piece: PieceIndex) => boolean = () => true,
    picksAtRandom = false,
    makeBuffer?: MakePieceBuffer,
  ) {
    this.#isHashKnown = isHashKnown;
    this.#picksAtRandom = picksAtRandom;
    this.pieces = new Pieces(geometry, have, random, makeBuffer);
    this.#window = new WindowPicker(this.pieces, random, isHashKnown);
  }

  /** Up to `count` blocks to ask `peer` for now; they count as asked from here on. */
  pick(peer: PickerPeer, count: number, now: Millis): readonly BlockRef[] {
    const asking = new Asking(peer, now);
    const { blocks } = asking;
    if (this.pieces.hasWindow) this.#window.first(asking, count);
    this.#takeFromStarted(asking, count, peer.isFast ? "own" : "any");
    while (blocks.length < count) {
      const piece = this.#pieceToStart(peer);
      if (piece === undefined || !this.pieces.canStart()) break;
      asking.takeFree(this.pieces.start(piece), count);
    }
    if (blocks.length < count) this.#takeFromStarted(asking, count, "any");
    if (this.pieces.hasWindow) this.#window.rest(asking, count);
    return blocks;
  }

  #takeFromStarted(asking: Asking, count: number, which: "own" | "any"): void {
    const { peer } = asking;
    while (asking.blocks.length < count) {
      let best: PieceProgress | undefined;
      for (const progress of this.pieces.started.values()) {
        const { piece, free } = progress;
        if (free === 0 || !peer.have.has(piece) || !this.pieces.isWanted(piece)) continue;
        if (this.pieces.isDue(piece) || progress.isClosedTo(peer.link)) continue;
        if (which === "own" && progress.isSharedWithOthers(peer.link)) continue;
        if (best === undefined || progress.held > best.held) best = progress;
      }
      if (best === undefined) return;
      asking.takeFree(best, count);
    }
  }

  #pieceToStart(peer: PickerPeer): PieceIndex | undefined {
    const { availability, have } = this.pieces;
    const isFirst = have.count < RANDOM_FIRST_PIECES;
    const unshown = peer.givesUnshown ? availability.findUrgent(this.#accepts) : undefined;
    return unshown ?? availability.find(peer.have, this.#accepts, isFirst || this.#picksAtRandom);
  }
}
