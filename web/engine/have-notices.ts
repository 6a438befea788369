/**
 * When peers are told which pieces we got, and which are gone.
 *
 * A `have` is nine bytes, but each message on its own costs both sides far more than that, and a swarm says them
 * more often than anything else. Who may be waiting for the piece hears of it at once: a peer that lacks it and has
 * found nothing with us yet, one that lacks it, may ask us and asks for nothing, one that gives only by what it hears
 * (BEP 16). The others have enough to ask for. They hear of it with the next request or unchoke that goes their way,
 * together with HAVES_TOGETHER others, or within HAVE_DELAY_MS if they may ask us. A leecher that has the piece itself or
 * must wait for a slot can do nothing with it now: it is only not to be far behind with how rare pieces are. A seed can do
 * nothing with it either, but somebody may sit there and watch how far we are.
 *
 * Invariants
 *  1. Every peer hears of every piece once, in the order in which we got them.
 *  2. Once we have everything, nobody waits to hear of it.
 */
import type { Bitfield } from "./bitfield.ts";
import type { SwarmContext } from "./context.ts";
import { HAVE_DELAY_MS, HAVES_TOGETHER, USELESS_HAVE_DELAY_MS } from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { PieceIndex } from "./units.ts";
import { encodeDontHave } from "./wire/dont-have.ts";

export class HaveNotices {
  readonly #have: Bitfield;
  /** The pieces that we got, in order; of them each peer was told the first `peer.toldHaves`. */
  readonly #got: PieceIndex[] = [];
  /** Before this time nobody is due. */
  #dueAt = Infinity;

  constructor(have: Bitfield) {
    this.#have = have;
  }

  /** The peer was told of everything that we have by now. */
  onAnnounced(peer: Peer): void {
    peer.toldHaves = this.#got.length;
  }

  /** To be followed by a `note` for each peer. */
  onGot(piece: PieceIndex): void {
    this.#got.push(piece);
  }

  /** Says that we got the piece or keeps it for later. */
  note(context: SwarmContext, peer: Peer, piece: PieceIndex, isComplete: boolean): void {
    if (!peer.isHandshakeDone) return;
    const owed = this.#got.length - peer.toldHaves;
    if (isComplete || owed >= HAVES_TOGETHER || mayWaitForIt(peer, piece)) {
      this.sayOwed(context, peer);
    } else {
      const isUseless = !peer.isSeed && (peer.amChoking || peer.have?.has(piece));
      const dueAt = context.now + (isUseless ? USELESS_HAVE_DELAY_MS : HAVE_DELAY_MS);
      peer.havesDueAt = Math.min(peer.havesDueAt, dueAt);
      this.#dueAt = Math.min(this.#dueAt, dueAt);
    }
  }

  /** To be called when another message goes to the peer anyway. */
  sayOwed(context: SwarmContext, peer: Peer): void {
    for (let at = peer.toldHaves; at < this.#got.length; at++) {
      const piece = this.#got[at];
      if (piece !== undefined && this.#have.has(piece))
        context.out.send(peer, { type: "have", piece }, context.now);
    }
    peer.toldHaves = this.#got.length;
    peer.havesDueAt = Infinity;
  }

  onTick(context: SwarmContext): void {
    if (context.now < this.#dueAt) return;
    this.#dueAt = Infinity;
    for (const peer of context.peers.values()) {
      if (context.now >= peer.havesDueAt) this.sayOwed(context, peer);
      else this.#dueAt = Math.min(this.#dueAt, peer.havesDueAt);
    }
  }
}

/** The peer can be told that a piece is gone (BEP 54). */
export function hearsOfLosses(peer: Peer): boolean {
  return peer.extensionIds.has("lt_donthave");
}

/** A piece that we said we have is gone, or is not for this peer now (BEP 54, BEP 16). */
export function sayDontHave(context: SwarmContext, peer: Peer, piece: PieceIndex): void {
  const id = peer.extensionIds.get("lt_donthave");
  if (id === undefined) return;
  context.out.send(peer, { type: "extended", id, payload: encodeDontHave(piece) }, context.now);
}

function mayWaitForIt(peer: Peer, piece: PieceIndex): boolean {
  if (peer.isUploadOnly && !peer.isSeed) return true;
  if (peer.isInterested && (peer.amChoking || peer.uploads.length > 0)) return false;
  return !peer.have?.has(piece);
}
