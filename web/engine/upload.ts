/**
 * The giving half of a swarm: whom we unchoke (choker.ts), what we say that we have (`shown`), which requests we serve
 * when (`queue`).
 *
 * Invariants
 *  1. Only an unchoked peer is served, and only what we have.
 */
import type { Bitfield } from "./bitfield.ts";
import type { ChokeChanges, Choker, ChokerPeer } from "./choker.ts";
import type { SwarmContext } from "./context.ts";
import type { Geometry } from "./geometry.ts";
import type { HaveNotices } from "./have-notices.ts";
import { reciprocity } from "./ledger.ts";
import { RECHOKE_INTERVAL_MS } from "./limits.ts";
import type { Peer } from "./peer.ts";
import { owes, ServeQueue } from "./serve-queue.ts";
import { ShownPieces } from "./shown-pieces.ts";
import type { SuperSeed } from "./super-seed.ts";
import type { TokenBucket } from "./token-bucket.ts";
import type { LinkId, Millis, PieceIndex } from "./units.ts";
import type { BlockRequest } from "./wire/message.ts";

export class Upload {
  readonly shown: ShownPieces;
  readonly queue: ServeQueue;
  readonly #choker: Choker;
  readonly #haves: HaveNotices;
  #rechokeAt: Millis | undefined;

  constructor(
    geometry: Geometry,
    have: Bitfield,
    choker: Choker,
    limit: TokenBucket,
    haves: HaveNotices,
    superSeed: SuperSeed | undefined,
  ) {
    this.#choker = choker;
    this.#haves = haves;
    const queue = new ServeQueue(geometry, have, choker, limit);
    this.queue = queue;
    this.shown = new ShownPieces(have, superSeed, (context) => queue.isIdle(context));
  }

  onRequest(context: SwarmContext, peer: Peer, request: BlockRequest): void {
    if (this.queue.onRequest(context, peer, request))
      this.shown.onAsked(context, peer, request.piece as PieceIndex);
  }

  /** A peer began or ceased to be interested. */
  onInterest(context: SwarmContext, peer: Peer, isSeeding: boolean): void {
    // Who waits while all slots are taken joins the line at the next round: nothing can change before.
    if (!peer.isInterested) this.#haves.sayOwed(context, peer);
    if (!peer.amChoking || (peer.isInterested && this.#hasFreeSlot(context)))
      this.fillSlots(context, isSeeding);
  }

  /** Gives free slots to who waits. */
  fillSlots(context: SwarmContext, isSeeding: boolean): void {
    this.#apply(context, this.#choker.fill(this.#chokerPeers(context), isSeeding));
  }

  onClosed(context: SwarmContext, peer: Peer, isSeeding: boolean): void {
    this.queue.onClosed(peer);
    this.shown.onClosed(peer);
    if (!peer.amChoking) this.fillSlots(context, isSeeding);
  }

  onTick(context: SwarmContext, isSeeding: boolean, copies: (piece: PieceIndex) => number): void {
    this.#rechokeAt ??= (context.now + RECHOKE_INTERVAL_MS) as Millis;
    if (context.now >= this.#rechokeAt) {
      this.#rechokeAt = (context.now + RECHOKE_INTERVAL_MS) as Millis;
      this.#apply(context, this.#choker.rechoke(this.#chokerPeers(context), isSeeding, context.now));
    }
    this.shown.onTick(context, copies);
  }

  setSlots(slots: number): void {
    this.#choker.slots = slots;
  }

  #hasFreeSlot(context: SwarmContext): boolean {
    let taken = 0;
    for (const peer of context.peers.values()) if (peer.isInterested && !peer.amChoking) taken++;
    return taken < this.#choker.slots;
  }

  #apply(context: SwarmContext, changes: ChokeChanges): void {
    for (const link of changes.choke) this.#choke(context, link);
    for (const link of changes.unchoke) {
      const peer = context.peers.get(link);
      if (peer === undefined) continue;
      peer.unchokedAt = context.now;
      peer.refusedRequests = 0;
      this.#haves.sayOwed(context, peer);
      context.out.send(peer, { type: "unchoke" }, context.now);
    }
  }

  #choke(context: SwarmContext, link: LinkId): void {
    const peer = context.peers.get(link);
    if (peer === undefined) return;
    peer.unchokedAt = undefined;
    context.out.send(peer, { type: "choke" }, context.now);
    this.queue.onChoked(context, peer);
  }

  #chokerPeers(context: SwarmContext): ChokerPeer[] {
    const peers: ChokerPeer[] = [];
    for (const peer of context.peers.values()) {
      if (!peer.isHandshakeDone) continue;
      peers.push({
        link: peer.link,
        interested: peer.isInterested,
        unchokedAt: peer.unchokedAt,
        receivedRate: peer.received.bytesPerSecond(context.now),
        sentRate: peer.sent.bytesPerSecond(context.now),
        ratio: reciprocity(context.ledger.of(peer.id)),
        owes: owes(context, peer),
        isMidway: this.shown.isMidway(peer, context.now),
      });
    }
    return peers;
  }
}
