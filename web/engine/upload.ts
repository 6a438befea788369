/**
 * The giving half of a swarm: whom we unchoke, what we say that we have, which requests we serve when.
 *
 * Invariants
 *  1. Only an unchoked peer is served, only what we have and said so, no further ahead of its link than its credit.
 *  2. With BEP 6 every request gets exactly one answer: the block or a reject.
 *  3. Peers with waiting requests are served in turn, block by block, so that a limit is shared evenly. While a peer
 *     that earned its slot can be served, those that did not get OPTIMISTIC_SHARE of what leaves.
 */
import type { Bitfield } from "./bitfield.ts";
import type { ChokeChanges, Choker, ChokerPeer } from "./choker.ts";
import type { SwarmContext } from "./context.ts";
import type { Geometry } from "./geometry.ts";
import { type HaveNotices, hearsOfLosses, sayDontHave } from "./have-notices.ts";
import { reciprocity } from "./ledger.ts";
import {
  BLOCK_BYTES,
  LINK_CREDIT_MS,
  LINK_CREDIT_WINDOW_MS,
  MAX_LINK_CREDIT_BYTES,
  MAX_REQUEST_BYTES,
  MIN_LINK_CREDIT_BYTES,
  OPTIMISTIC_SHARE,
  PIECE_HEADER_BYTES,
  RECHOKE_INTERVAL_MS,
  REQUEST_QUEUE_LIMIT,
  SUPER_SEED_IDLE_MS,
  SUPER_SEED_PATIENCE_MS,
  SUPER_SEED_TURN_LIMIT_MS,
  SUPER_SEED_TURN_MS,
} from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { SuperSeed } from "./super-seed.ts";
import type { TokenBucket } from "./token-bucket.ts";
import type { LinkId, Millis, PieceIndex } from "./units.ts";
import type { BlockRequest } from "./wire/message.ts";

export class Upload {
  readonly #geometry: Geometry;
  readonly #have: Bitfield;
  readonly #choker: Choker;
  readonly #limit: TokenBucket;
  readonly #haves: HaveNotices;
  #superSeed: SuperSeed | undefined;
  #rechokeAt: Millis | undefined;
  /** Since when there has been nothing to send at every look. */
  #idleSince: Millis | undefined;
  /** Peers with waiting requests, the next to be served first. */
  readonly #waiting: Peer[] = [];
  /** Something happened since the last look that may let a waiting request be served. */
  #mayServe = false;
  /** When the limit lets the next request pass. */
  #serveAt: Millis | undefined;
  /** What those who earned no slot may be sent although others wait. */
  #optimisticBytes = 0;

  constructor(
    geometry: Geometry,
    have: Bitfield,
    choker: Choker,
    limit: TokenBucket,
    haves: HaveNotices,
    superSeed: SuperSeed | undefined,
  ) {
    this.#geometry = geometry;
    this.#have = have;
    this.#choker = choker;
    this.#limit = limit;
    this.#haves = haves;
    this.#superSeed = superSeed;
  }

  get isSuperSeeding(): boolean {
    return this.#superSeed !== undefined;
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
    const isTurnOver = mayFetchMs >= SUPER_SEED_TURN_MS && this.#isWaitedFor(context);
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

  onRequest(context: SwarmContext, peer: Peer, request: BlockRequest): void {
    const { piece, begin, length } = request;
    if (length > MAX_REQUEST_BYTES) {
      context.drop(peer, "request-too-long");
      return;
    }
    if (!this.#geometry.contains(piece, begin, length, peer.version)) {
      context.drop(peer, "index-out-of-range");
      return;
    }
    const isRefused = peer.amChoking || !this.#have.has(piece);
    if (isRefused || peer.uploads.length >= REQUEST_QUEUE_LIMIT) {
      this.#refuse(context, peer, request);
      return;
    }
    if (this.#superSeed?.onAsked(peer.link, piece as PieceIndex, context.now))
      context.out.send(peer, { type: "have", piece }, context.now);
    peer.uploads.push({ piece, begin, length });
    if (!this.#waiting.includes(peer)) this.#waiting.push(peer);
    this.#mayServe = true;
  }

  onCancel(context: SwarmContext, peer: Peer, { piece, begin, length }: BlockRequest): void {
    const at = peer.uploads.findIndex(
      (request) => request.piece === piece && request.begin === begin && request.length === length,
    );
    const [request] = at < 0 ? [] : peer.uploads.splice(at, 1);
    if (peer.uploads.length === 0) this.#stopWaiting(peer);
    if (request !== undefined) this.#reject(context, peer, request);
  }

  /** A block that was to be sent could not be read: it never left, and nothing else of its piece will. */
  onUnreadable(context: SwarmContext, peer: Peer | undefined, request: BlockRequest): void {
    if (peer !== undefined) {
      peer.unflushedBytes = Math.max(0, peer.unflushedBytes - PIECE_HEADER_BYTES - request.length);
      context.ledger.onUploaded(peer.id, -request.length);
      this.#reject(context, peer, request);
    }
    for (const other of context.peers.values()) {
      const lost = other.uploads.filter(({ piece }) => piece === request.piece);
      for (const one of lost) this.onCancel(context, other, one);
    }
    this.#mayServe = true;
  }

  onClosed(context: SwarmContext, peer: Peer, isSeeding: boolean): void {
    this.#stopWaiting(peer);
    this.#superSeed?.onClosed(peer.link);
    if (!peer.amChoking) this.fillSlots(context, isSeeding);
  }

  onTick(context: SwarmContext, isSeeding: boolean, copies: (piece: PieceIndex) => number): void {
    this.#rechokeAt ??= (context.now + RECHOKE_INTERVAL_MS) as Millis;
    if (context.now >= this.#rechokeAt) {
      this.#rechokeAt = (context.now + RECHOKE_INTERVAL_MS) as Millis;
      this.#apply(context, this.#choker.rechoke(this.#chokerPeers(context), isSeeding, context.now));
    }
    if (this.#superSeed === undefined) return;
    this.#idleSince = this.#isIdle(context) ? (this.#idleSince ?? context.now) : undefined;
    const idleMs = context.now - (this.#idleSince ?? context.now);
    if (idleMs >= SUPER_SEED_IDLE_MS && this.#superSeed.isFirstCopyOut) this.stopSuperSeeding(context);
    for (const peer of context.peers.values()) this.onPeerPieces(context, peer, copies);
  }

  /** Serves waiting requests as far as credit and limit allow. @returns when to try again, if the limit is why not. */
  serve(context: SwarmContext): Millis | undefined {
    if (!this.#mayServe && (this.#serveAt === undefined || context.now < this.#serveAt)) return this.#serveAt;
    this.#mayServe = false;
    this.#serveAt = undefined;
    // Who was served goes to the end of the line, where this loop comes by again.
    for (let at = 0; at < this.#waiting.length; ) {
      const peer = this.#waiting[at];
      const request = peer?.uploads[0];
      if (peer === undefined || request === undefined) {
        this.#waiting.splice(at, 1);
        continue;
      }
      if (!hasCredit(peer, context.now) || !this.#isDue(context, peer, request.length)) {
        at++;
        continue;
      }
      if (!this.#limit.take(request.length, context.now)) {
        this.#serveAt = (context.now + this.#limit.timeUntil(request.length, context.now)) as Millis;
        return this.#serveAt;
      }
      peer.uploads.shift();
      this.#serveOne(context, peer, request);
      this.#waiting.splice(at, 1);
      this.#waiting.push(peer);
    }
    return undefined;
  }

  /**
   * Who gives nothing is tried out with little, so that those who only take cost those who give little
   * (Cohen 2003 §3.1 gives them a slot like any other's, a quarter of all).
   */
  #isDue(context: SwarmContext, peer: Peer, length: number): boolean {
    if (this.#choker.earned.has(peer.link)) {
      this.#optimisticBytes = Math.min(this.#optimisticBytes + length * OPTIMISTIC_SHARE, 2 * BLOCK_BYTES);
      return true;
    }
    if (this.#optimisticBytes < length && this.#isEarnerServed(context)) return false;
    this.#optimisticBytes = Math.max(0, this.#optimisticBytes - length);
    return true;
  }

  #isEarnerServed(context: SwarmContext): boolean {
    for (const link of this.#choker.earned) {
      const peer = context.peers.get(link);
      if (peer === undefined) continue;
      if (peer.unflushedBytes >= BLOCK_BYTES || peer.uploads.length > 0) return true;
    }
    return false;
  }

  /** Something has left the link: it drains at some rate, and has room for more. */
  onFlushed(peer: Peer, now: Millis): void {
    peer.creditBytes = creditOf(peer, now);
    this.#mayServe = true;
  }

  /** The limit changed: who waits may be served. */
  onRoom(): void {
    this.#mayServe = true;
  }

  setSlots(slots: number): void {
    this.#choker.slots = slots;
  }

  #stopWaiting(peer: Peer): void {
    const at = this.#waiting.indexOf(peer);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  /** Nothing waits to be sent: no request, and no block in any link's queue. */
  #isIdle(context: SwarmContext): boolean {
    if (this.#waiting.length > 0) return false;
    for (const peer of context.peers.values()) if (peer.unflushedBytes >= BLOCK_BYTES) return false;
    return true;
  }

  #isWaitedFor(context: SwarmContext): boolean {
    for (const peer of context.peers.values()) if (peer.isInterested && peer.amChoking) return true;
    return false;
  }

  #hasFreeSlot(context: SwarmContext): boolean {
    let taken = 0;
    for (const peer of context.peers.values()) if (peer.isInterested && !peer.amChoking) taken++;
    return taken < this.#choker.slots;
  }

  #serveOne(context: SwarmContext, peer: Peer, { piece, begin, length }: BlockRequest): void {
    peer.unflushedBytes += PIECE_HEADER_BYTES + length;
    context.ledger.onUploaded(peer.id, length);
    peer.sent.add(length, context.now);
    peer.sentLately.add(length, context.now);
    peer.lastSentAt = context.now;
    const beyond = begin + length - this.#geometry.pieceBytes(piece as PieceIndex);
    const padding = Math.min(length, Math.max(0, beyond));
    context.out.push({ type: "serve", link: peer.link, piece: piece as PieceIndex, begin, length, padding });
  }

  #refuse(context: SwarmContext, peer: Peer, request: BlockRequest): void {
    peer.refusedRequests++;
    if (peer.refusedRequests > 2 * REQUEST_QUEUE_LIMIT) context.drop(peer, "request-flood", { ban: true });
    else this.#reject(context, peer, request);
  }

  #reject(context: SwarmContext, peer: Peer, { piece, begin, length }: BlockRequest): void {
    if (peer.isFast) context.out.send(peer, { type: "reject", piece, begin, length }, context.now);
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
        snubbed: peer.isSnubbing(context.now),
        ratio: reciprocity(context.ledger.of(peer.id)),
        isMidway: this.#isMidway(peer, context.now),
      });
    }
    return peers;
  }

  /** Bounded, so that one who never says that it has the piece does not keep its slot for good. */
  #isMidway(peer: Peer, now: Millis): boolean {
    if (this.#superSeed === undefined || peer.unchokedAt === undefined) return false;
    return now - peer.unchokedAt < SUPER_SEED_TURN_LIMIT_MS && this.#superSeed.isOwed(peer.link);
  }

  #choke(context: SwarmContext, link: LinkId): void {
    const peer = context.peers.get(link);
    if (peer === undefined) return;
    peer.unchokedAt = undefined;
    context.out.send(peer, { type: "choke" }, context.now);
    for (const request of peer.uploads.splice(0)) this.#reject(context, peer, request);
    this.#stopWaiting(peer);
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

/** Less waits for the link than it drains in LINK_CREDIT_MS, within bounds. The rate only fades until more is flushed. */
function hasCredit(peer: Peer, now: Millis): boolean {
  if (peer.unflushedBytes < MIN_LINK_CREDIT_BYTES) return true;
  return peer.unflushedBytes < peer.creditBytes && peer.unflushedBytes < creditOf(peer, now);
}

function creditOf({ flushed }: Peer, now: Millis): number {
  const drainedBytes = (flushed.bytesPerSecond(now) * LINK_CREDIT_MS) / 1000;
  return Math.max(MIN_LINK_CREDIT_BYTES, Math.min(drainedBytes, MAX_LINK_CREDIT_BYTES));
}
