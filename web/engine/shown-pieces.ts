/**
 * What we say that we have: everything; or, while super-seeding, to each peer the few pieces that it is to fetch and pass
 * on (super-seed.ts says which).
 *
 * Source: BEP 6 (exactly one of three messages after the handshake), BEP 16.
 */
import type { Bitfield } from "./bitfield.ts";
import type { SwarmContext } from "./context.ts";
import { hearsOfLosses, sayDontHave } from "./have-notices.ts";
import {
  BLOCK_BYTES,
  LINK_CREDIT_WINDOW_MS,
  SUPER_SEED_IDLE_MS,
  SUPER_SEED_PATIENCE_MS,
  SUPER_SEED_TURN_LIMIT_MS,
  SUPER_SEED_TURN_MS,
} from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { SuperSeed } from "./super-seed.ts";
import type { LinkId, Millis, PieceIndex } from "./units.ts";

export class ShownPieces {
  readonly #have: Bitfield;
  /** Nothing waits to be sent. */
  readonly #isIdle: (context: SwarmContext) => boolean;
  #superSeed: SuperSeed | undefined;
  /** Since when there has been nothing to send at every look. */
  #idleSince: Millis | undefined;

  constructor(have: Bitfield, superSeed: SuperSeed | undefined, isIdle: (context: SwarmContext) => boolean) {
    this.#have = have;
    this.#superSeed = superSeed;
    this.#isIdle = isIdle;
  }

  /** Says what we have, right after the handshake (BEP 6: exactly one of the three). */
  announce(context: SwarmContext, peer: Peer): void {
    const isHidden = this.#superSeed !== undefined;
    if (peer.isFast && (isHidden || this.#have.isEmpty))
      context.out.send(peer, { type: "have-none" }, context.now);
    else if (isHidden || this.#have.isEmpty) return;
    else if (peer.isFast && this.#have.isFull) context.out.send(peer, { type: "have-all" }, context.now);
    else context.out.send(peer, { type: "bitfield", bits: this.#have.toBytes() }, context.now);
  }

  /** Says `have` for every piece, to a peer that was told of none. */
  announceLate(context: SwarmContext, peer: Peer): void {
    for (const piece of this.#have) context.out.send(peer, { type: "have", piece }, context.now);
  }

  /** The peer's piece map came or grew: while super-seeding it may be shown more. */
  onPeerPieces(context: SwarmContext, peer: Peer, copies: (piece: PieceIndex) => number): void {
    if (this.#superSeed === undefined || peer.have === undefined || !peer.isHandshakeDone) return;
    if (peer.isSeed) {
      this.stopSuperSeeding(context);
      return;
    }
    const isUnchoked = !peer.amChoking;
    // What it was just sent may still be on its way to it.
    const isServed =
      peer.unflushedBytes >= BLOCK_BYTES ||
      peer.sentLately.bytesPerSecond(context.now) > 0 ||
      peer.flushed.bytesPerSecond(context.now) * LINK_CREDIT_WINDOW_MS >= BLOCK_BYTES * 1000;
    const isFetching = peer.uploads.length > 0 || isServed;
    const mayFetchMs = context.now - (peer.unchokedAt ?? context.now);
    const isIgnoring = mayFetchMs >= SUPER_SEED_PATIENCE_MS && peer.isInterested && !isFetching;
    const isTurnOver = mayFetchMs >= SUPER_SEED_TURN_MS && isSlotWaitedFor(context);
    const leecher = { link: peer.link, have: peer.have, isUnchoked, isIgnoring, isTurnOver };
    const canTakeBackFrom = (link: LinkId) => {
      const other = context.peers.get(link);
      return other?.amChoking === true && hearsOfLosses(other);
    };
    const view = { copies, isIdle: this.#isIdle(context), canTakeBackFrom };
    const { pieces, takenBack } = this.#superSeed.next(leecher, view, context.now);
    for (const piece of pieces) context.out.send(peer, { type: "have", piece }, context.now);
    for (const { link, piece } of takenBack) {
      const other = context.peers.get(link);
      if (other !== undefined) sayDontHave(context, other, piece);
    }
  }

  onPeerHave(
    context: SwarmContext,
    peer: Peer,
    piece: PieceIndex,
    copies: (piece: PieceIndex) => number,
  ): void {
    this.#superSeed?.onHave(peer.link, piece, this.#isIdle(context), context.now);
    this.onPeerPieces(context, peer, copies);
  }

  /** The peer will be served the piece, which it may not have been shown. */
  onAsked(context: SwarmContext, peer: Peer, piece: PieceIndex): void {
    if (this.#superSeed?.onAsked(peer.link, piece, context.now))
      context.out.send(peer, { type: "have", piece }, context.now);
  }

  onClosed(peer: Peer): void {
    this.#superSeed?.onClosed(peer.link);
  }

  onTick(context: SwarmContext, copies: (piece: PieceIndex) => number): void {
    if (this.#superSeed === undefined) return;
    this.#idleSince = this.#isIdle(context) ? (this.#idleSince ?? context.now) : undefined;
    const idleMs = context.now - (this.#idleSince ?? context.now);
    if (idleMs >= SUPER_SEED_IDLE_MS && this.#superSeed.isFirstCopyOut) this.stopSuperSeeding(context);
    for (const peer of context.peers.values()) this.onPeerPieces(context, peer, copies);
  }

  /**
   * It is being sent a piece that nobody else has. Bounded, so that one who never says that it has the piece does not
   * keep its slot for good.
   */
  isMidway(peer: Peer, now: Millis): boolean {
    if (this.#superSeed === undefined || peer.unchokedAt === undefined) return false;
    return now - peer.unchokedAt < SUPER_SEED_TURN_LIMIT_MS && this.#superSeed.isOwed(peer.link);
  }

  /**
   * A second full copy is here, at one peer or among all that keep us idle, or ours is not full any more: everyone may
   * know everything.
   */
  stopSuperSeeding(context: SwarmContext): void {
    const superSeed = this.#superSeed;
    if (superSeed === undefined) return;
    this.#superSeed = undefined;
    for (const peer of context.peers.values()) {
      if (!peer.isHandshakeDone || peer.isSeed) continue;
      for (const piece of this.#have) {
        if (peer.have?.has(piece) || superSeed.isShown(peer.link, piece as PieceIndex)) continue;
        context.out.send(peer, { type: "have", piece }, context.now);
      }
    }
  }
}

function isSlotWaitedFor(context: SwarmContext): boolean {
  for (const peer of context.peers.values()) if (peer.isInterested && peer.amChoking) return true;
  return false;
}
