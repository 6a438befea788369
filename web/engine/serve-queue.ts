/**
 * The requests that wait to be served, and who comes next.
 *
 * Invariants
 *  1. With BEP 6 every request gets exactly one answer: the block or a reject.
 *  2. No peer is served further ahead of its link than its credit.
 *  3. Peers with waiting requests are served in turn, block by block, so that a limit is shared evenly. While a peer
 *     that earned its slot can be served, those that did not get OPTIMISTIC_SHARE of what leaves, and those that took
 *     more than they gave or snub us DEBTOR_SHARE: so those who only take cost those who give little. (Cohen 2003 §3.1 gives them a slot
 *     like any other's, a quarter of all.)
 */
import type { Bitfield } from "./bitfield.ts";
import type { Choker } from "./choker.ts";
import type { SwarmContext } from "./context.ts";
import type { Geometry } from "./geometry.ts";
import { isInDebt } from "./ledger.ts";
import {
  BLOCK_BYTES,
  DEBTOR_SHARE,
  LEFT_LINKS,
  MAX_REQUEST_BYTES,
  OPTIMISTIC_SHARE,
  PIECE_HEADER_BYTES,
  REQUEST_QUEUE_LIMIT,
} from "./limits.ts";
import { creditOf, hasCredit } from "./link-credit.ts";
import type { Peer } from "./peer.ts";
import { ServeShare } from "./serve-share.ts";
import type { TokenBucket } from "./token-bucket.ts";
import type { LinkId, Millis, PeerId, PieceIndex } from "./units.ts";
import type { BlockRequest } from "./wire/message.ts";

export class ServeQueue {
  readonly #geometry: Geometry;
  readonly #have: Bitfield;
  readonly #choker: Choker;
  readonly #limit: TokenBucket;
  /** Peers with waiting requests, the next to be served first. */
  readonly #waiting: Peer[] = [];
  /** Who was at the links that closed last while something was on its way to them, at most LEFT_LINKS. */
  readonly #left = new Map<LinkId, PeerId>();
  /** Something happened since the last look that may let a waiting request be served. */
  #mayServe = false;
  /** When the limit lets the next request pass. */
  #serveAt: Millis | undefined;
  readonly #optimistic = new ServeShare(OPTIMISTIC_SHARE);
  readonly #debtors = new ServeShare(DEBTOR_SHARE);

  constructor(geometry: Geometry, have: Bitfield, choker: Choker, limit: TokenBucket) {
    this.#geometry = geometry;
    this.#have = have;
    this.#choker = choker;
    this.#limit = limit;
  }

  /** @returns whether it will be served. */
  onRequest(context: SwarmContext, peer: Peer, request: BlockRequest): boolean {
    const { piece, begin, length } = request;
    if (length > MAX_REQUEST_BYTES) {
      context.drop(peer, "request-too-long");
      return false;
    }
    if (!this.#geometry.contains(piece, begin, length, peer.version)) {
      context.drop(peer, "index-out-of-range");
      return false;
    }
    const isRefused = peer.amChoking || !this.#have.has(piece);
    if (isRefused || peer.uploads.length >= REQUEST_QUEUE_LIMIT) {
      this.#refuse(context, peer, request);
      return false;
    }
    peer.uploads.push({ piece, begin, length });
    if (!this.#waiting.includes(peer)) this.#waiting.push(peer);
    this.#mayServe = true;
    return true;
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
  onUnreadable(context: SwarmContext, link: LinkId, request: BlockRequest): void {
    const peer = context.peers.get(link);
    const id = peer?.id ?? this.#left.get(link);
    if (id !== undefined) context.ledger.onUploaded(id, -request.length);
    if (peer !== undefined) {
      peer.unflushedBytes = Math.max(0, peer.unflushedBytes - PIECE_HEADER_BYTES - request.length);
      this.#reject(context, peer, request);
    }
    for (const other of context.peers.values()) {
      const lost = other.uploads.filter(({ piece }) => piece === request.piece);
      for (const one of lost) this.onCancel(context, other, one);
    }
    this.#mayServe = true;
  }

  onChoked(context: SwarmContext, peer: Peer): void {
    for (const request of peer.uploads.splice(0)) this.#reject(context, peer, request);
    this.#stopWaiting(peer);
  }

  onClosed(peer: Peer): void {
    this.#stopWaiting(peer);
    if (peer.unflushedBytes === 0) return;
    this.#left.set(peer.link, peer.id);
    const [oldest] = this.#left.keys();
    if (oldest !== undefined && this.#left.size > LEFT_LINKS) this.#left.delete(oldest);
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

  /** Nothing waits to be sent: no request, and no block in any link's queue. */
  isIdle(context: SwarmContext): boolean {
    if (this.#waiting.length > 0) return false;
    for (const peer of context.peers.values()) if (peer.unflushedBytes >= BLOCK_BYTES) return false;
    return true;
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
      this.#account(context, peer, request.length);
      peer.uploads.shift();
      this.#serveOne(context, peer, request);
      this.#waiting.splice(at, 1);
      this.#waiting.push(peer);
    }
    return undefined;
  }

  #isDue(context: SwarmContext, peer: Peer, length: number): boolean {
    if (this.#choker.earned.has(peer.link)) return true;
    return this.#shareOf(context, peer).covers(length) || !this.#isEarnerServed(context);
  }

  /** So many bytes to the peer may leave now. */
  #account(context: SwarmContext, peer: Peer, length: number): void {
    if (this.#choker.earned.has(peer.link)) {
      this.#optimistic.grow(length);
      this.#debtors.grow(length);
    } else {
      this.#shareOf(context, peer).use(length);
    }
  }

  #shareOf(context: SwarmContext, peer: Peer): ServeShare {
    return owes(context, peer) ? this.#debtors : this.#optimistic;
  }

  #isEarnerServed(context: SwarmContext): boolean {
    for (const link of this.#choker.earned) {
      const peer = context.peers.get(link);
      if (peer === undefined) continue;
      if (peer.unflushedBytes >= BLOCK_BYTES || peer.uploads.length > 0) return true;
    }
    return false;
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

  #stopWaiting(peer: Peer): void {
    const at = this.#waiting.indexOf(peer);
    if (at >= 0) this.#waiting.splice(at, 1);
  }
}

/** It took more than it gave, or snubs us, although it has what we want. A seed wants nothing: nobody owes it anything. */
export function owes(context: SwarmContext, peer: Peer): boolean {
  return peer.amInterested && (isInDebt(context.ledger.of(peer.id)) || peer.isSnubbing(context.now));
}
