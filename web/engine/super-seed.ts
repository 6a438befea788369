/**
 * Super-seeding (BEP 16): the only seed of a fresh share shows each leecher other pieces, few at a time, so
 * that it uploads little more than one copy before the leechers hold everything among them.
 *
 * A leecher that is choked is shown one piece, to be interested; one that is unchoked SUPER_SEED_WINDOW at
 * first, and one more for each piece that it fetched while our uplink had nothing else to send: a slow seed shows
 * little, a fast one as much as keeps it busy. Pieces that were shown to nobody come first, then those that
 * nobody has yet; of those, first the ones that were shown to leechers that still wait for a slot: they are taken
 * back from there (BEP 54), so that no piece waits and none is sent twice; then those that went to leechers which
 * pass them on to nobody. A piece counts as delivered when the
 * leecher says `have`, and as passed on when another one does. Once every piece was shown, a leecher earns another for some that it passed on: leechers that
 * keep each other busy are left to it. One that got nothing for a while is shown a piece all the same.
 *
 * A leecher that needs a certain piece now may ask for it without having been shown it: that shows it.
 *
 * Invariants
 *  1. A piece is shown to a link at most once, unless it was taken back from it.
 *  2. Pieces shown only to links that closed, or let them lie, without delivering count as never shown.
 */
import type { Bitfield } from "./bitfield.ts";
import {
  SUPER_SEED_IDLE_MS,
  SUPER_SEED_KEPT_MS,
  SUPER_SEED_PATIENCE_MS,
  SUPER_SEED_STALL_MS,
  SUPER_SEED_WINDOW,
} from "./limits.ts";
import type { Random } from "./random.ts";
import type { LinkId, Millis, PieceIndex } from "./units.ts";

/** What the seed knows of a leecher. */
export interface SuperSeedPeer {
  readonly link: LinkId;
  readonly have: Bitfield;
  readonly isUnchoked: boolean;
  /** It could ask for what it was shown, and did not. */
  readonly isIgnoring: boolean;
  /** Others wait for its slot: it finishes what it was shown, and is shown no more until its next turn. */
  readonly isTurnOver: boolean;
}

/** What the seed sees besides. */
export interface SuperSeedView {
  copies(piece: PieceIndex): number;
  /** Our uplink has nothing to send. */
  readonly isIdle: boolean;
  /** The leecher waits for a slot, and can be told that a piece which it was shown is gone. */
  canTakeBackFrom(link: LinkId): boolean;
}

/** What is to be said: `have` to the leecher that was looked at, and that it is gone (BEP 54) to others. */
export interface Showing {
  readonly pieces: readonly PieceIndex[];
  readonly takenBack: readonly { readonly link: LinkId; readonly piece: PieceIndex }[];
}

interface Shown {
  /** And when. */
  readonly pieces: Map<PieceIndex, Millis>;
  /** Shown and not delivered. */
  readonly open: Set<PieceIndex>;
  /** Delivered and not seen at anyone else, and when that has been so for too long. */
  readonly kept: Map<PieceIndex, Millis>;
  /** More pieces that it may be shown for those that it passed on. */
  earned: number;
  /** Pieces that may be open while it is unchoked. */
  window: number;
  lastHaveAt: Millis;
  lastShownAt: Millis;
}

/** A piece that its leecher passed on to nobody in so many times what it took to get it is kept from the others. */
const PASSING_FACTOR = 4;

/** Pieces that a leecher earns by passing one on: leechers that keep each other busy need little of the seed. */
const EARNED_PER_PIECE = 1 / 4;

export class SuperSeed {
  readonly #times: Uint16Array;
  readonly #shown = new Map<LinkId, Shown>();
  /** Pieces that nobody was shown yet, in random order; taken from the end. */
  readonly #fresh: PieceIndex[];
  /** Those of them that were shown before and let lie. */
  readonly #takenBack = new Set<PieceIndex>();

  constructor(pieceCount: number, random: Random) {
    this.#times = new Uint16Array(pieceCount);
    this.#fresh = Array.from({ length: pieceCount }, (_, piece) => piece as PieceIndex);
    random.shuffle(this.#fresh);
  }

  /** It was shown a piece that nobody else has been shown, and does not have it yet. */
  isOwed(link: LinkId): boolean {
    for (const piece of this.#shown.get(link)?.open ?? []) if (this.#times[piece] === 1) return true;
    return false;
  }

  isShown(link: LinkId, piece: PieceIndex): boolean {
    return this.#shown.get(link)?.pieces.has(piece) ?? false;
  }

  /**
   * The leecher asked for a piece: it may know that we have everything, and need this one now.
   *
   * @returns whether it was not shown it before; it counts as shown from here on.
   */
  onAsked(link: LinkId, piece: PieceIndex, now: Millis): boolean {
    const shown = this.#of(link, now);
    if (shown.pieces.has(piece)) return false;
    const at = this.#fresh.indexOf(piece);
    if (at >= 0) this.#fresh.splice(at, 1);
    this.#takenBack.delete(piece);
    this.#show(shown, piece, now);
    return true;
  }

  /** @param isIdle our uplink has nothing to send. */
  onHave(link: LinkId, piece: PieceIndex, isIdle: boolean, now: Millis): void {
    for (const [other, shown] of this.#shown) {
      if (other !== link && shown.kept.delete(piece)) shown.earned += EARNED_PER_PIECE;
    }
    // It came all the same, later or from somebody else: showing it again is no first copy.
    if (this.#takenBack.delete(piece)) this.#fresh.splice(this.#fresh.indexOf(piece), 1);
    const shown = this.#shown.get(link);
    if (shown === undefined) return;
    if (shown.open.delete(piece)) {
      const tookMs = now - (shown.pieces.get(piece) ?? now);
      shown.kept.set(piece, (now + Math.max(SUPER_SEED_KEPT_MS, PASSING_FACTOR * tookMs)) as Millis);
      if (isIdle) shown.window++;
    }
    shown.lastHaveAt = now;
  }

  onClosed(link: LinkId): void {
    const shown = this.#shown.get(link);
    this.#shown.delete(link);
    if (shown === undefined) return;
    this.#takeBack(shown, shown.open);
    this.#takeBack(shown, [...shown.kept.keys()]);
  }

  /** The pieces to show `peer` now; they count as shown from here on. */
  next(peer: SuperSeedPeer, view: SuperSeedView, now: Millis): Showing {
    const { isIdle } = view;
    const copies = (piece: PieceIndex) => view.copies(piece);
    const takenBack: { link: LinkId; piece: PieceIndex }[] = [];
    const shown = this.#of(peer.link, now);
    const window = peer.isUnchoked ? shown.window : 1;
    const pieces: PieceIndex[] = [];
    for (const piece of shown.open) if (peer.have.has(piece)) shown.open.delete(piece);
    if (peer.isIgnoring && shown.open.size > 0 && now - shown.lastShownAt >= SUPER_SEED_PATIENCE_MS) {
      // It does not want these (a file that was not chosen): others may have them, and it is shown more at once.
      this.#takeBack(shown, shown.open);
      shown.window *= 2;
    }
    let hasFresh = true;
    while (!peer.isTurnOver && shown.open.size < (peer.isUnchoked ? shown.window : 1)) {
      const piece =
        this.#nextFresh(peer, shown) ??
        this.#nextWaiting(peer, shown, view, takenBack) ??
        this.#nextKept(peer, shown, now);
      hasFresh = piece !== undefined;
      if (piece === undefined) break;
      pieces.push(this.#show(shown, piece, now));
      shown.lastShownAt = now;
    }
    if (!this.isFirstCopyOut) shown.earned = 0;
    if (!hasFresh || this.#fresh.length === 0) {
      while (isIdle && peer.isUnchoked && shown.open.size < window) {
        const piece = this.#rarest(peer, shown, copies);
        if (piece === undefined || copies(piece) > 0) break;
        pieces.push(this.#show(shown, piece, now));
      }
      // While the first copy is on its way a second one of anything only delays it, unless there is nothing else to send.
      const quietMs = shown.open.size === 0 ? now - shown.lastHaveAt : 0;
      const mayRepeat = isIdle || this.isFirstCopyOut || (peer.isUnchoked && quietMs >= SUPER_SEED_IDLE_MS);
      const isStalled = quietMs >= SUPER_SEED_STALL_MS && mayRepeat;
      while (shown.open.size < window && (shown.earned >= 1 || (isStalled && pieces.length === 0))) {
        const piece = this.#rarest(peer, shown, copies);
        if (piece === undefined) break;
        shown.earned = Math.max(0, shown.earned - 1);
        pieces.push(this.#show(shown, piece, now));
      }
    }
    return { pieces, takenBack };
  }

  /** Every piece was shown, and none waits to be delivered for the first time. */
  get isFirstCopyOut(): boolean {
    return this.#fresh.length === 0 && !this.#isFirstCopyUnderWay();
  }

  #isFirstCopyUnderWay(): boolean {
    for (const { open } of this.#shown.values()) {
      for (const piece of open) if (this.#times[piece] === 1) return true;
    }
    return false;
  }

  #takeBack(shown: Shown, pieces: Iterable<PieceIndex>): void {
    for (const piece of pieces) {
      const times = (this.#times[piece] ?? 1) - 1;
      this.#times[piece] = times;
      if (times !== 0) continue;
      this.#fresh.push(piece);
      this.#takenBack.add(piece);
    }
    shown.open.clear();
  }

  #of(link: LinkId, now: Millis): Shown {
    let shown = this.#shown.get(link);
    if (shown === undefined) {
      shown = {
        pieces: new Map(),
        open: new Set(),
        kept: new Map(),
        earned: 0,
        window: SUPER_SEED_WINDOW,
        lastHaveAt: now,
        lastShownAt: now,
      };
      this.#shown.set(link, shown);
    }
    return shown;
  }

  #show(shown: Shown, piece: PieceIndex, now: Millis): PieceIndex {
    shown.pieces.set(piece, now);
    shown.open.add(piece);
    this.#times[piece] = (this.#times[piece] ?? 0) + 1;
    return piece;
  }

  #nextFresh(peer: SuperSeedPeer, shown: Shown): PieceIndex | undefined {
    for (let i = this.#fresh.length - 1; i >= 0; i--) {
      const piece = this.#fresh[i];
      if (piece === undefined || peer.have.has(piece) || shown.pieces.has(piece)) continue;
      this.#fresh.splice(i, 1);
      this.#takenBack.delete(piece);
      return piece;
    }
    return undefined;
  }

  /** A piece that only one leecher was shown, which cannot fetch it now. */
  #nextWaiting(
    peer: SuperSeedPeer,
    shown: Shown,
    view: SuperSeedView,
    takenBack: { link: LinkId; piece: PieceIndex }[],
  ): PieceIndex | undefined {
    if (!peer.isUnchoked) return undefined;
    for (const [link, other] of this.#shown) {
      if (link === peer.link || other.open.size === 0 || !view.canTakeBackFrom(link)) continue;
      for (const piece of other.open) {
        if (this.#times[piece] !== 1 || peer.have.has(piece) || shown.pieces.has(piece)) continue;
        other.open.delete(piece);
        other.pieces.delete(piece);
        this.#times[piece] = 0;
        takenBack.push({ link, piece });
        return piece;
      }
    }
    return undefined;
  }

  /** A piece that others got and passed on to nobody for too long: as good as never sent. */
  #nextKept(peer: SuperSeedPeer, shown: Shown, now: Millis): PieceIndex | undefined {
    if (!peer.isUnchoked) return undefined;
    for (const other of this.#shown.values()) {
      for (const [piece, staleAt] of other.kept) {
        if (staleAt > now) break;
        if (peer.have.has(piece) || shown.pieces.has(piece)) continue;
        other.kept.delete(piece);
        return piece;
      }
    }
    return undefined;
  }

  /** To how many leechers each piece was shown that they do not have yet. */
  #underWay(): ReadonlyMap<PieceIndex, number> {
    const counts = new Map<PieceIndex, number>();
    for (const { open } of this.#shown.values())
      for (const piece of open) counts.set(piece, (counts.get(piece) ?? 0) + 1);
    return counts;
  }

  /** Of pieces that as many have or are to have, the first one. */
  #rarest(peer: SuperSeedPeer, shown: Shown, copies: (piece: PieceIndex) => number): PieceIndex | undefined {
    let rarest: PieceIndex | undefined;
    let fewest = Number.POSITIVE_INFINITY;
    const underWay = this.#underWay();
    for (let index = 0; index < this.#times.length; index++) {
      const piece = index as PieceIndex;
      if (peer.have.has(piece) || shown.pieces.has(piece)) continue;
      const count = copies(piece) + (underWay.get(piece) ?? 0);
      if (count >= fewest) continue;
      rarest = piece;
      fewest = count;
    }
    return rarest;
  }
}
