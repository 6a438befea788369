/**
 * The requests in flight: how many each peer is asked for, and what becomes of those that are not answered.
 *
 * Invariants
 *  1. Every block that `pieces` counts as asked of a link is in that peer's `requests`, or owed (taken-back.ts).
 *  2. Who is asked owes us a block (`owesSince`) until it sends one, refuses, chokes us, or is asked for none any more; one
 *     that is taken back because it is late is still owed.
 *  3. Nothing is asked while `isHeld` says so, of a peer that chokes us, or beyond its pipeline and the limit.
 */
import type { BlockRef } from "./asking.ts";
import type { SwarmContext } from "./context.ts";
import { takeInEndgame } from "./endgame.ts";
import type { Geometry } from "./geometry.ts";
import type { HaveNotices } from "./have-notices.ts";
import {
  BLOCK_BYTES,
  LINK_CREDIT_MS,
  MIN_PIPELINE,
  MIN_REQUEST_TIMEOUT_MS,
  REFILL_SHARE,
  REJECTED_REST_MS,
} from "./limits.ts";
import type { Peer, PendingRequest } from "./peer.ts";
import type { Picker } from "./picker.ts";
import type { Pieces } from "./pieces.ts";
import { asPickerPeer, isOneOfTheFastest, lateWithOldest, requestTarget } from "./request-pace.ts";
import type { TokenBucket } from "./token-bucket.ts";
import type { BlockIndex, Millis, PieceIndex } from "./units.ts";
import type { BlockRequest } from "./wire/message.ts";

export class Requests {
  readonly #geometry: Geometry;
  readonly #picker: Picker;
  readonly #pieces: Pieces;
  readonly #limit: TokenBucket;
  readonly #haves: HaveNotices;
  readonly #isHeld: () => boolean;
  /** Under a limit: who is asked next, first. */
  readonly #turns = new Set<Peer>();
  /** Before this time no peer is late with a block. */
  #lateAt = 0;
  /** Some peer may owe what was taken back of it. */
  #isOwed = false;

  /** @param isHeld nothing may be asked of anybody now. */
  constructor(
    geometry: Geometry,
    picker: Picker,
    limit: TokenBucket,
    haves: HaveNotices,
    isHeld: () => boolean,
  ) {
    this.#geometry = geometry;
    this.#picker = picker;
    this.#pieces = picker.pieces;
    this.#limit = limit;
    this.#haves = haves;
    this.#isHeld = isHeld;
  }

  /** Keeps as many requests in flight to `peer` as its pipeline asks for. */
  fill(context: SwarmContext, peer: Peer): void {
    if (this.#limit.isLimited) return;
    const target = this.#target(context, peer);
    if (target === 0) return;
    const room = target - peer.requests.length;
    if (room > 0 && room >= target * REFILL_SHARE) this.#ask(context, peer, room);
  }

  /**
   * Under a limit the peers are asked in turn, block by block, so that each may give as much as the others.
   *
   * @returns when to go on, if the limit is why nobody may be asked now.
   */
  fillInTurn(context: SwarmContext): Millis | undefined {
    if (!this.#limit.isLimited) return undefined;
    for (const peer of context.peers.values()) this.#turns.add(peer);
    for (let skipped = 0; skipped < this.#turns.size; skipped++) {
      const [peer] = this.#turns;
      if (peer === undefined) return undefined;
      if (this.#target(context, peer) > peer.requests.length) {
        if (this.#limit.available(context.now) < BLOCK_BYTES)
          return (context.now + this.#limit.timeUntil(BLOCK_BYTES, context.now)) as Millis;
        if (this.#ask(context, peer, 1)) skipped = -1;
      }
      this.#turns.delete(peer);
      this.#turns.add(peer);
    }
    return undefined;
  }

  #target(context: SwarmContext, peer: Peer): number {
    return this.#isHeld() ? 0 : requestTarget(peer, this.#pieces.hasWindow, context.now);
  }

  /** @returns whether anything was asked. */
  #ask(context: SwarmContext, peer: Peer, count: number): boolean {
    const isAmongFastest = !this.#pieces.hasWindow || isOneOfTheFastest(context, peer);
    const asker = asPickerPeer(peer, this.#geometry, context.now, isAmongFastest);
    const picked = this.#picker.pick(asker, count, context.now);
    const blocks = picked.length > 0 ? picked : takeInEndgame(context, peer, this.#pieces);
    for (const block of blocks) this.#request(context, peer, block);
    return blocks.length > 0;
  }

  #request(context: SwarmContext, peer: Peer, { piece, block }: BlockRef): void {
    const begin = block * BLOCK_BYTES;
    const length = this.#geometry.blockBytes(piece, block);
    peer.requests.push({ piece, block, askedAt: context.now });
    peer.owesSince ??= context.now;
    this.#limit.take(length, context.now);
    this.#haves.sayOwed(context, peer);
    context.out.send(peer, { type: "request", piece, begin, length }, context.now);
  }

  /** With BEP 6 each request is rejected explicitly; without it they are gone. */
  onChoke(peer: Peer): void {
    peer.pipeline.onChoke();
    peer.owesSince = undefined;
    if (!peer.isFast) this.#loseAll(peer);
    this.#pieces.release(peer.link);
  }

  /** With BEP 6 each request for the piece is rejected explicitly; without it they are gone (BEP 54). */
  onDontHave(peer: Peer, piece: PieceIndex): void {
    if (peer.isFast) return;
    for (const request of peer.requests.filter((one) => one.piece === piece)) {
      this.takeRequest(peer, piece, request.block);
      this.#lose(peer, request);
    }
  }

  /**
   * A peer that refuses although it unchoked us is left alone for a moment: asking again at once would go on for ever.
   *
   * @returns false when that was never asked of this peer.
   */
  onReject(context: SwarmContext, peer: Peer, request: BlockRequest): boolean {
    const block = this.#geometry.blockOf(request.piece, request.begin, request.length);
    if (block === undefined) return false;
    // It answers in order: what was taken back comes before what was asked again since.
    if (this.#onCancelled(peer, request.piece, block)) return true;
    const pending = this.takeRequest(peer, request.piece, block);
    if (pending === undefined) return false;
    this.#lose(peer, pending);
    if (peer.isChoking) return true;
    peer.restsUntil = (context.now + REJECTED_REST_MS) as Millis;
    if (!peer.have?.has(pending.piece)) peer.isKeepingToShown = true;
    return true;
  }

  /** The peer did not begin to send what was taken back. @returns false when nothing was. */
  #onCancelled(peer: Peer, piece: number, block: BlockIndex): boolean {
    const owed = peer.takenBack.owed(this.#key(piece, block));
    if (owed !== undefined) this.#lose(peer, owed);
    return this.takeCancelled(peer, piece, block);
  }

  onClosed(peer: Peer): void {
    this.#turns.delete(peer);
    this.#loseAll(peer);
    this.#giveUpOwed(peer, Infinity);
    this.#pieces.release(peer.link);
  }

  onTick(context: SwarmContext): void {
    this.#checkOwed(context);
    this.#checkRequests(context);
    this.#hurry(context);
  }

  /** What is not wanted any more is not asked for any more. */
  takeBackUnwanted(context: SwarmContext, peer: Peer): void {
    for (const request of [...peer.requests]) {
      if (!this.#pieces.isMissing(request.piece)) this.#withdraw(context, peer, request);
    }
  }

  /**
   * What is played next does not wait behind the rest: while the peer is not asked for all that it could give of that,
   * what else it is asked for is taken back, and comes only as far as it is on its way. Where the peer does not say how
   * far that is (without BEP 6), what it sends in LINK_CREDIT_MS is left alone.
   */
  makeRoom(context: SwarmContext, peer: Peer): void {
    if (!this.#pieces.isHeadOpenTo(asPickerPeer(peer, this.#geometry, context.now))) return;
    const onTheWayBytes = (peer.received.bytesPerSecond(context.now) * LINK_CREDIT_MS) / 1000;
    let onTheWay = peer.isFast ? 0 : Math.max(MIN_PIPELINE, Math.ceil(onTheWayBytes / BLOCK_BYTES));
    for (const request of [...peer.requests]) {
      if (onTheWay-- <= 0 && !this.#pieces.isInHead(request.piece)) this.#withdraw(context, peer, request);
    }
  }

  #checkOwed(context: SwarmContext): void {
    if (!this.#isOwed) return;
    this.#isOwed = false;
    for (const peer of context.peers.values()) {
      this.#giveUpOwed(peer, context.now - MIN_REQUEST_TIMEOUT_MS);
      this.#isOwed ||= peer.takenBack.isOwing(Infinity);
    }
  }

  /** What a late peer owes may be asked of others; it is asked for one block at a time until it answers. */
  #checkRequests(context: SwarmContext): void {
    if (context.now < this.#lateAt) return;
    // Whoever is asked or gives a block from now on is not late before that.
    this.#lateAt = context.now + MIN_REQUEST_TIMEOUT_MS;
    for (const peer of context.peers.values()) {
      if (peer.requests.length === 0) continue;
      const lateAt = lateWithOldest(peer);
      if (context.now >= lateAt) this.#onLate(context, peer);
      else this.#lateAt = Math.min(this.#lateAt, lateAt);
    }
  }

  #onLate(context: SwarmContext, peer: Peer): void {
    const { owesSince } = peer;
    peer.pipeline.onTimeout();
    for (const request of [...peer.requests]) this.#takeBack(context, peer, request);
    peer.owesSince = owesSince;
  }

  /** What is urgent is taken back from slow peers, all but the block that is on its way, and left to the fastest. */
  #hurry(context: SwarmContext): void {
    if (!this.#pieces.hasWindow) return;
    for (const peer of context.peers.values()) {
      if (peer.requests.length === 0 || isOneOfTheFastest(context, peer)) continue;
      for (const request of peer.requests.slice(1)) {
        if (this.#pieces.isUrgent(request.piece)) this.#takeBack(context, peer, request);
      }
    }
  }

  takeRequest(peer: Peer, piece: number, block: BlockIndex): PendingRequest | undefined {
    const { requests } = peer;
    // Nearly always it is the oldest one: peers answer in order.
    for (let at = 0; at < requests.length; at++) {
      const pending = requests[at];
      if (pending?.piece !== piece || pending.block !== block) continue;
      if (at === 0) requests.shift();
      else requests.splice(at, 1);
      if (requests.length === 0) peer.owesSince = undefined;
      return pending;
    }
    return undefined;
  }

  takeCancelled(peer: Peer, piece: number, block: BlockIndex): boolean {
    return peer.takenBack.onAnswer(this.#key(piece, block));
  }

  /** The peer answered what it was asked at `askedAt`: it has answered all that was taken back before. */
  onAnswer(peer: Peer, { askedAt }: PendingRequest): void {
    this.#giveUpOwed(peer, askedAt);
  }

  #giveUpOwed(peer: Peer, before: number): void {
    if (!peer.takenBack.isOwing(before)) return;
    for (const { piece, block } of peer.takenBack.giveUp(before))
      this.#pieces.onRequestLost(piece, block, peer.link);
  }

  /** The block is not wanted of the peer for now, and of nobody else before it has said whether it comes. */
  #withdraw(context: SwarmContext, peer: Peer, request: PendingRequest): void {
    if (!peer.isFast) {
      this.#takeBack(context, peer, request);
      return;
    }
    const key = this.#key(request.piece, request.block);
    this.takeRequest(peer, request.piece, request.block);
    peer.takenBack.addOwed(key, request, context.now);
    this.#isOwed = true;
    this.#sayCancel(context, peer, request);
  }

  /** The block will be asked of somebody else, or not at all. */
  #takeBack(context: SwarmContext, peer: Peer, request: PendingRequest): void {
    this.takeRequest(peer, request.piece, request.block);
    this.#sendCancel(context, peer, request);
    this.#pieces.onRequestLost(request.piece, request.block, peer.link);
  }

  cancel(context: SwarmContext, link: number, piece: PieceIndex, block: BlockIndex): void {
    for (const peer of context.peers.values()) {
      if (peer.link !== link) continue;
      const pending = this.takeRequest(peer, piece, block);
      if (pending !== undefined) this.#sendCancel(context, peer, pending);
    }
  }

  cancelAll(context: SwarmContext, peer: Peer): void {
    for (const request of peer.requests) this.#sendCancel(context, peer, request);
    this.#loseAll(peer);
  }

  #sendCancel(context: SwarmContext, peer: Peer, request: PendingRequest): void {
    peer.takenBack.add(this.#key(request.piece, request.block));
    this.#sayCancel(context, peer, request);
  }

  #sayCancel(context: SwarmContext, peer: Peer, { piece, block }: PendingRequest): void {
    const begin = block * BLOCK_BYTES;
    const length = this.#geometry.blockBytes(piece, block);
    context.out.send(peer, { type: "cancel", piece, begin, length }, context.now);
  }

  #loseAll(peer: Peer): void {
    peer.owesSince = undefined;
    for (const request of peer.requests.splice(0)) this.#lose(peer, request);
  }

  #lose(peer: Peer, { piece, block }: PendingRequest): void {
    this.#limit.giveBack(this.#geometry.blockBytes(piece, block));
    this.#pieces.onRequestLost(piece, block, peer.link);
  }

  #key(piece: number, block: number): number {
    return piece * this.#geometry.blocksPerPiece + block;
  }
}
