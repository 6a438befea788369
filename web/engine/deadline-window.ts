/**
 * The pieces that are about to be played, in the order of playing, and how far each of them is from being needed.
 *
 * A window may be as long as a file; what counts at any time are its first MAX_WINDOW_PIECES pieces from the first
 * one that is lacking. The first quarter of those, three pieces at most, is urgent: it is fetched in order and left to the fastest peers,
 * because a block that a slow one owes stops the playing. The rest is fetched rarest first, so that peers that play
 * the same have something to give to each other. One request in RAREST_FIRST_IN goes by the ordinary order
 * all the same, so that the copies of the whole stay even.
 *
 * Invariants
 *  1. A piece in the window is wanted while it is in it, whichever files were chosen.
 *  2. `span` never holds more than MAX_WINDOW_PIECES pieces: what a pick looks at does not grow with the torrent.
 *
 * Source: libtorrent's deadlines (in order, from the peers that answer soonest); BiToS (Vlavianos et al. 2006: rarest
 * first within a window before the player, the rest with a small probability).
 */
import type { Bitfield } from "./bitfield.ts";
import { MAX_URGENT_PIECES, MAX_WINDOW_PIECES, RAREST_FIRST_IN, URGENT_SHARE } from "./limits.ts";

export class DeadlineWindow {
  #first = 0;
  #end = 0;
  /** First piece of the window that is lacking. */
  #next = 0;
  /** Requests since one went by the ordinary order. */
  #inOrder = 0;

  /** Puts the window over `count` pieces from `first` on; 0 lifts it. Pieces beyond the torrent are cut off. */
  set(first: number, count: number, pieceCount: number): void {
    this.#first = clamp(first, pieceCount);
    this.#end = clamp(first + count, pieceCount);
    this.#next = this.#first;
  }

  get isOpen(): boolean {
    return this.#end > this.#first;
  }

  get first(): number {
    return this.#first;
  }

  /** One more than the last piece. */
  get end(): number {
    return this.#end;
  }

  contains(piece: number): boolean {
    return piece >= this.#first && piece < this.#end;
  }

  /** The pieces that count now: from the first one that `have` lacks. */
  span(have: Bitfield): { readonly from: number; readonly to: number; readonly urgentTo: number } {
    while (this.#next < this.#end && have.has(this.#next)) this.#next++;
    const from = this.#next;
    const to = Math.min(this.#end, from + MAX_WINDOW_PIECES);
    const urgent = Math.min(MAX_URGENT_PIECES, Math.ceil((to - from) * URGENT_SHARE));
    return { from, to, urgentTo: from + urgent };
  }

  /** A piece was lost again. */
  onLost(piece: number): void {
    if (this.contains(piece)) this.#next = Math.min(this.#next, piece);
  }

  /** Of the next `count` requests, those that go by the ordinary order. */
  rarestFirstAmong(count: number): number {
    this.#inOrder += count;
    const share = Math.floor(this.#inOrder / RAREST_FIRST_IN);
    this.#inOrder %= RAREST_FIRST_IN;
    return share;
  }
}

function clamp(piece: number, pieceCount: number): number {
  return Math.max(0, Math.min(pieceCount, Math.floor(piece) || 0));
}
