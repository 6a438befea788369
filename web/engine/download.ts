/**
 * The receiving half of a swarm: what we want, whom we ask for it, what becomes of what arrives.
 *
 * Invariants
 *  1. Bytes leave here only inside a `commit`; `have` grows only by a `piece-committed` that says stored.
 *  2. We are interested in a peer exactly while it has a piece that we want and lack.
 *  3. Requests stop while COMMIT_BACKLOG_BYTES wait for the disk, while paused, and while the limit is reached.
 */

import type { BlockRef, PickerPeer } from "./asking.ts";
import type { Priority } from "./availability.ts";
import { Bitfield } from "./bitfield.ts";
import type { SwarmContext } from "./context.ts";
import type { Geometry } from "./geometry.ts";
import type { HashExchange } from "./hash-exchange.ts";
import { HaveNotices } from "./have-notices.ts";
import {
  BLOCK_BYTES,
  COMMIT_BACKLOG_BYTES,
  FASTEST_SHARE,
  LINK_CREDIT_MS,
  MIN_PIPELINE,
  MIN_REQUEST_TIMEOUT_MS,
  PLAYING_QUEUE_MS,
  REFILL_SHARE,
  REJECTED_REST_MS,
  REQUEST_QUEUE_MS,
} from "./limits.ts";
import type { Peer, PendingRequest } from "./peer.ts";
import { Picker } from "./picker.ts";
import type { MakePieceBuffer } from "./piece-buffer.ts";
import type { PieceChecks } from "./piece-checks.ts";
import type { PieceProgress } from "./piece-progress.ts";
import { PieceSources } from "./piece-sources.ts";
import type { Pieces } from "./pieces.ts";
import { piecesWanted } from "./pieces-wanted.ts";
import type { Random } from "./random.ts";
import { Suspicion, type Verdict } from "./suspicion.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { type BlockIndex, invariant, type Millis, type PeerId, type PieceIndex } from "./units.ts";
import type { BlockRequest } from "./wire/message.ts";

/** How a commit ended, as the driver says it. */
export type CommitResult =
  | { readonly result: "stored" | "corrupt"; readonly leaves: Uint8Array }
  | { readonly result: "contradictory" | "failed" };

export class Download {
  readonly pieces: Pieces;
  readonly #picker: Picker;
  readonly sources: PieceSources;
  readonly haves: HaveNotices;
  readonly #geometry: Geometry;
  readonly #checks: PieceChecks;
  readonly #hashes: HashExchange;
  readonly #limit: TokenBucket;
  readonly #committing = new Map<PieceIndex, PieceProgress>();
  readonly #suspicion = new Suspicion();
  #committingBytes = 0;
  /** Before this time no peer is late with a block. */
  #lateAt = 0;
  /** Under a limit: who is asked next, first. */
  readonly #turns = new Set<Peer>();
  /** Some files are not wanted. */
  #isSelective = false;
  /** A disk that failed stops the download until the person resumes it. */
  #isStopped = false;
  isAllowed: boolean;

  constructor(
    geometry: Geometry,
    have: Bitfield,
    checks: PieceChecks,
    hashes: HashExchange,
    limit: TokenBucket,
    random: Random,
    isAllowed: boolean,
    picksAtRandom = false,
    makeBuffer?: MakePieceBuffer,
  ) {
    this.#geometry = geometry;
    this.#checks = checks;
    this.#hashes = hashes;
    this.#limit = limit;
    this.isAllowed = isAllowed;
    const canCheck = (piece: PieceIndex) => checks.canCheck(piece);
    this.sources = new PieceSources(geometry.pieceCount);
    this.haves = new HaveNotices(have);
    this.#picker = new Picker(geometry, have, random, canCheck, picksAtRandom, makeBuffer);
    this.pieces = this.#picker.pieces;
  }

  get have(): Bitfield {
    return this.pieces.have;
  }

  get committingCount(): number {
    return this.#committing.size;
  }

  allow(context: SwarmContext, allowed: boolean): void {
    this.isAllowed = allowed;
    this.#isStopped = false;
    if (!allowed) for (const peer of context.peers.values()) this.#cancelAll(context, peer);
    for (const peer of context.peers.values()) this.updateInterest(context, peer);
  }

  setWanted(
    context: SwarmContext,
    wantedFiles: readonly boolean[],
    priorities: readonly Priority[] = [],
  ): void {
    this.#isSelective = wantedFiles.includes(false);
    for (const { piece, isWanted, priority } of piecesWanted(this.#geometry, wantedFiles, priorities)) {
      this.pieces.setPriority(piece, priority);
      this.pieces.setWanted(piece, isWanted);
    }
    this.#onWantsChanged(context);
  }

  /** Pieces about to be played. What was asked before and is not among them makes room, as far as it is not on its way. */
  setWindow(context: SwarmContext, first: PieceIndex, count: number): void {
    if (this.pieces.setWindow(first, count)) this.#onWantsChanged(context);
    for (const peer of context.peers.values()) {
      if (peer.have === undefined) continue;
      this.updateInterest(context, peer);
      if (this.pieces.canGiveOfWindow({ have: peer.have, givesUnshown: peer.givesUnshown }))
        this.#makeRoom(context, peer);
    }
  }

  #onWantsChanged(context: SwarmContext): void {
    for (const peer of context.peers.values()) {
      for (const request of peer.requests.values()) {
        if (!this.pieces.isMissing(request.piece)) this.#takeBack(context, peer, request);
      }
      this.#recountInterest(context, peer);
    }
  }

  #makeRoom(context: SwarmContext, peer: Peer): void {
    const onTheWayBytes = (peer.received.bytesPerSecond(context.now) * LINK_CREDIT_MS) / 1000;
    let onTheWay = Math.max(MIN_PIPELINE, Math.ceil(onTheWayBytes / BLOCK_BYTES));
    for (const request of peer.requests.values()) {
      if (onTheWay-- <= 0 && !this.pieces.isInWindow(request.piece)) this.#takeBack(context, peer, request);
    }
  }

  /** The peer's piece map is known (or, with an empty one, begins). */
  onPieces(context: SwarmContext, peer: Peer, have: Bitfield): void {
    this.#uncount(peer);
    peer.have = have;
    peer.haveBytes = this.#bytesOf(have);
    if (have.isFull) this.pieces.availability.seeds++;
    else this.pieces.availability.add(have);
    this.#recountInterest(context, peer);
  }

  onHave(context: SwarmContext, peer: Peer, piece: PieceIndex): void {
    if (peer.have === undefined || !peer.have.set(piece)) return;
    peer.haveBytes += this.#geometry.pieceBytes(piece);
    if (peer.have.isFull) {
      for (const other of peer.have)
        if (other !== piece) this.pieces.availability.onLost(other as PieceIndex);
      this.pieces.availability.seeds++;
    } else {
      this.pieces.availability.onHave(piece);
    }
    if (!this.pieces.isMissing(piece)) return;
    peer.interestingCount++;
    this.updateInterest(context, peer);
  }

  /** The peer lost a piece (BEP 54). */
  onDontHave(context: SwarmContext, peer: Peer, piece: PieceIndex): void {
    if (peer.have === undefined || !peer.have.has(piece)) return;
    const have = peer.have.clone();
    have.clear(piece);
    this.onPieces(context, peer, have);
  }

  /** The last piece of each file is short: a folder of small files has hardly another. */
  #bytesOf(have: Bitfield): number {
    let bytes = 0;
    for (const piece of have) bytes += this.#geometry.pieceBytes(piece as PieceIndex);
    return bytes;
  }

  /** With BEP 6 each request is rejected explicitly; without it they are gone. */
  onChoke(peer: Peer): void {
    peer.pipeline.onChoke();
    if (!peer.isFast) this.#loseAll(peer);
  }

  /**
   * A peer that refuses although it unchoked us is left alone for a moment: asking again at once would go on for ever.
   *
   * @returns false when that was never asked of this peer.
   */
  onReject(context: SwarmContext, peer: Peer, request: BlockRequest): boolean {
    const pending = this.#takeRequest(peer, request.piece, request.begin);
    if (pending === undefined) return this.#takeCancelled(peer, request.piece, request.begin);
    this.#limit.giveBack(this.#geometry.blockBytes(pending.piece, pending.block));
    this.pieces.onRequestLost(pending.piece, pending.block, peer.link);
    if (peer.isChoking) return true;
    peer.restsUntil = (context.now + REJECTED_REST_MS) as Millis;
    if (!peer.have?.has(pending.piece)) peer.isKeepingToShown = true;
    return true;
  }

  /** @returns false when the block was never asked of this peer, which closes its link (BEP 6). */
  onBlock(context: SwarmContext, peer: Peer, piece: number, begin: number, data: Uint8Array): boolean {
    const pending = this.#takeRequest(peer, piece, begin);
    if (pending === undefined) return this.#onLateBlock(context, peer, piece, begin, data);
    if (data.length !== this.#geometry.blockBytes(pending.piece, pending.block)) return false;
    peer.pipeline.onBlock(data.length, pending.askedAt, context.now);
    this.#take(context, peer, pending, data);
    return true;
  }

  onCommitted(context: SwarmContext, piece: PieceIndex, result: CommitResult): void {
    const progress = this.#committing.get(piece);
    invariant(progress !== undefined, "a piece was committed that was not being committed");
    this.#committing.delete(piece);
    this.#committingBytes -= this.#geometry.pieceBytes(piece);
    switch (result.result) {
      case "stored":
        this.sources.onStored(piece, progress.givers);
        this.#onStored(context, piece, this.pieces.isMissing(piece));
        this.#hashes.onLeaves(context, piece, result.leaves);
        this.#ban(context, this.#suspicion.compare(piece, result.leaves));
        break;
      case "corrupt":
        this.#onCorrupt(context, progress, result.leaves);
        break;
      case "contradictory":
        context.out.push({ type: "hashes-disagree" });
        this.#isStopped = true;
        this.pieces.onCorrupt(progress, progress.givers.keys());
        break;
      case "failed":
        this.#isStopped = true;
        this.pieces.onCorrupt(progress, progress.givers.keys());
        break;
    }
  }

  /** Hashes came or were refused: suspected pieces may be judged now. */
  judge(context: SwarmContext): void {
    if (this.#suspicion.isEmpty) return;
    for (const piece of [...this.#suspicion.pieces]) {
      const leaves = this.#hashes.leaves(piece);
      if (leaves !== undefined) this.#convict(context, this.#suspicion.judge(piece, leaves));
      else if (this.#hashes.areLeavesRefused(context, piece)) {
        this.pieces.fetchAlone(piece);
        this.#convict(context, this.#suspicion.giveUp(piece));
      }
    }
  }

  /** Pieces that were had cannot be read any more (evicted, file changed): they are wanted again. */
  onLost(context: SwarmContext, pieces: readonly PieceIndex[]): void {
    for (const piece of pieces) this.pieces.onPieceLost(piece);
    if (pieces.length > 0) for (const peer of context.peers.values()) this.#recountInterest(context, peer);
  }

  onClosed(peer: Peer): void {
    this.#turns.delete(peer);
    this.#loseAll(peer);
    this.#uncount(peer);
    peer.have = undefined;
    peer.haveBytes = 0;
  }

  onTick(context: SwarmContext): void {
    this.haves.onTick(context);
    this.#checkRequests(context);
    this.#hurry(context);
    this.judge(context);
  }

  /** What a late peer owes may be asked of others; it is asked for one block at a time until it answers. */
  #checkRequests(context: SwarmContext): void {
    if (context.now < this.#lateAt) return;
    // Whoever is asked or gives a block from now on is not late before that.
    this.#lateAt = context.now + MIN_REQUEST_TIMEOUT_MS;
    for (const peer of context.peers.values()) {
      if (peer.requests.size === 0) continue;
      const lateAt = lateWithOldest(peer);
      if (context.now >= lateAt) this.#onLate(context, peer);
      else this.#lateAt = Math.min(this.#lateAt, lateAt);
    }
  }

  #onLate(context: SwarmContext, peer: Peer): void {
    peer.pipeline.onTimeout();
    for (const request of peer.requests.values()) this.#takeBack(context, peer, request);
  }

  /** What is urgent is taken back from slow peers, all but the block that is on its way, and left to the fastest. */
  #hurry(context: SwarmContext): void {
    if (!this.pieces.hasWindow) return;
    for (const peer of context.peers.values()) {
      if (peer.requests.size === 0 || isOneOfTheFastest(context, peer)) continue;
      for (const request of [...peer.requests.values()].slice(1)) {
        if (this.pieces.isUrgent(request.piece)) this.#takeBack(context, peer, request);
      }
    }
  }

  /** Keeps as many requests in flight to `peer` as its pipeline asks for. */
  fill(context: SwarmContext, peer: Peer): void {
    if (this.#limit.isLimited) return;
    const target = this.#target(context, peer);
    if (target === 0) return;
    const room = target - peer.requests.size;
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
      if (this.#target(context, peer) > peer.requests.size) {
        if (this.#limit.available(context.now) < BLOCK_BYTES)
          return (context.now + this.#limit.timeUntil(BLOCK_BYTES, context.now)) as Millis;
        if (this.#ask(context, peer, 1)) skipped = -1;
      }
      this.#turns.delete(peer);
      this.#turns.add(peer);
    }
    return undefined;
  }

  /** Requests to keep in flight to the peer now. */
  #target(context: SwarmContext, peer: Peer): number {
    if (!this.isAllowed || this.#isStopped || peer.isChoking || !peer.amInterested) return 0;
    if (peer.have === undefined || this.#committingBytes >= COMMIT_BACKLOG_BYTES) return 0;
    if (peer.restsUntil !== undefined && context.now < peer.restsUntil) return 0;
    return Math.min(peer.pipeline.target(peer.reqq), this.#playingTarget(context, peer));
  }

  /** @returns whether anything was asked. */
  #ask(context: SwarmContext, peer: Peer, count: number): boolean {
    const isAmongFastest = !this.pieces.hasWindow || isOneOfTheFastest(context, peer);
    const asker = this.#asPickerPeer(peer, context.now, isAmongFastest);
    const blocks = this.#picker.pick(asker, count, context.now);
    for (const block of blocks) this.#request(context, peer, block);
    return blocks.length > 0;
  }

  /** While something is played queues are short, so that what is needed at once does not wait behind the rest. */
  #playingTarget(context: SwarmContext, peer: Peer): number {
    if (!this.pieces.hasWindow) return Infinity;
    const bytes = (peer.receivedLately.bytesPerSecond(context.now) * PLAYING_QUEUE_MS) / 1000;
    return Math.max(2 * MIN_PIPELINE, Math.ceil(bytes / BLOCK_BYTES));
  }

  #request(context: SwarmContext, peer: Peer, { piece, block }: BlockRef): void {
    const begin = block * BLOCK_BYTES;
    const length = this.#geometry.blockBytes(piece, block);
    peer.requests.set(this.#key(piece, begin), { piece, block, askedAt: context.now });
    this.#limit.take(length, context.now);
    this.haves.sayOwed(context, peer);
    context.out.send(peer, { type: "request", piece, begin, length }, context.now);
  }

  #commit(context: SwarmContext, progress: PieceProgress): void {
    const { piece, bytes } = progress;
    const check = this.#checks.of(piece, this.#suspicion.isUnsettled(piece));
    this.#committing.set(piece, progress);
    this.#committingBytes += bytes.length;
    context.out.push({ type: "commit", piece, bytes, check });
  }

  #onStored(context: SwarmContext, piece: PieceIndex, wasWanted: boolean): void {
    this.pieces.onStored(piece);
    this.haves.onGot(piece);
    for (const peer of context.peers.values()) {
      this.haves.note(context, peer, this.pieces.isComplete);
      if (wasWanted && peer.have?.has(piece)) peer.interestingCount--;
      this.updateInterest(context, peer);
    }
    if (wasWanted && this.pieces.isComplete) context.out.push({ type: "download-complete" });
  }

  #onCorrupt(context: SwarmContext, progress: PieceProgress, leaves: Uint8Array): void {
    const verdict = this.#suspicion.open(progress, leaves);
    if (verdict !== undefined) this.#convict(context, verdict);
    else {
      this.#hashes.wantLeaves(context, progress.piece);
      this.judge(context);
    }
  }

  #convict(context: SwarmContext, verdict: Verdict | undefined): void {
    if (verdict === undefined) return;
    const { progress, badBlocks, liars } = verdict;
    this.#hashes.stopWantingLeaves(progress.piece);
    for (const block of badBlocks) {
      const giver = progress.givers[block];
      const bytes = this.#geometry.blockBytes(progress.piece, block as BlockIndex);
      if (giver !== undefined) context.ledger.onSpoiled(giver, bytes);
    }
    this.pieces.onCorrupt(progress, badBlocks);
    this.#ban(context, liars);
  }

  #ban(context: SwarmContext, liars: ReadonlySet<PeerId>): void {
    if (liars.size === 0) return;
    for (const peer of [...context.peers.values()]) {
      if (liars.has(peer.id)) context.drop(peer, "data-corrupt", { ban: true });
    }
  }

  #takeRequest(peer: Peer, piece: number, begin: number): PendingRequest | undefined {
    const key = this.#key(piece, begin);
    const pending = peer.requests.get(key);
    if (pending !== undefined) peer.requests.delete(key);
    return pending;
  }

  #takeCancelled(peer: Peer, piece: number, begin: number): boolean {
    const key = this.#key(piece, begin);
    const times = peer.cancelled.get(key);
    if (times === undefined) return false;
    if (times > 1) peer.cancelled.set(key, times - 1);
    else peer.cancelled.delete(key);
    return true;
  }

  /** A block that was taken back too late: as good as any if it is still lacking. */
  #onLateBlock(context: SwarmContext, peer: Peer, piece: number, begin: number, data: Uint8Array): boolean {
    if (!this.#takeCancelled(peer, piece, begin)) return false;
    const ref = { piece: piece as PieceIndex, block: Math.floor(begin / BLOCK_BYTES) as BlockIndex };
    if (data.length !== this.#geometry.blockBytes(ref.piece, ref.block)) return false;
    peer.pipeline.onLateBlock(context.now);
    this.#take(context, peer, ref, data);
    return true;
  }

  #take(context: SwarmContext, peer: Peer, { piece, block }: BlockRef, data: Uint8Array): void {
    peer.received.add(data.length, context.now);
    peer.receivedLately.add(data.length, context.now);
    peer.lastBlockAt = context.now;
    const outcome = this.pieces.onBlock(piece, block, data, { peer: peer.id, link: peer.link });
    if (outcome.type === "duplicate") {
      context.ledger.onWasted(peer.id, data.length);
      return;
    }
    context.ledger.onDownloaded(peer.id, data.length);
    for (const link of outcome.cancel) this.#cancel(context, link, piece, block);
    if (outcome.type === "complete") this.#commit(context, outcome.progress);
  }

  /** The block will be asked of somebody else, or not at all. */
  #takeBack(context: SwarmContext, peer: Peer, request: PendingRequest): void {
    peer.requests.delete(this.#key(request.piece, request.block * BLOCK_BYTES));
    this.#sendCancel(context, peer, request);
    this.pieces.onRequestLost(request.piece, request.block, peer.link);
  }

  #cancel(context: SwarmContext, link: number, piece: PieceIndex, block: BlockIndex): void {
    for (const peer of context.peers.values()) {
      if (peer.link !== link) continue;
      const pending = this.#takeRequest(peer, piece, block * BLOCK_BYTES);
      if (pending !== undefined) this.#sendCancel(context, peer, pending);
    }
  }

  #cancelAll(context: SwarmContext, peer: Peer): void {
    for (const request of peer.requests.values()) this.#sendCancel(context, peer, request);
    this.#loseAll(peer);
  }

  #sendCancel(context: SwarmContext, peer: Peer, { piece, block }: PendingRequest): void {
    const begin = block * BLOCK_BYTES;
    const key = this.#key(piece, begin);
    peer.cancelled.set(key, (peer.cancelled.get(key) ?? 0) + 1);
    const length = this.#geometry.blockBytes(piece, block);
    context.out.send(peer, { type: "cancel", piece, begin, length }, context.now);
  }

  #loseAll(peer: Peer): void {
    for (const { piece, block } of peer.requests.values()) {
      this.#limit.giveBack(this.#geometry.blockBytes(piece, block));
      this.pieces.onRequestLost(piece, block, peer.link);
    }
    peer.requests.clear();
  }

  #uncount(peer: Peer): void {
    if (peer.have === undefined) return;
    if (peer.have.isFull) this.pieces.availability.seeds--;
    else this.pieces.availability.remove(peer.have);
  }

  #recountInterest(context: SwarmContext, peer: Peer): void {
    peer.interestingCount = 0;
    for (const piece of peer.have ?? []) {
      if (this.pieces.isMissing(piece as PieceIndex)) peer.interestingCount++;
    }
    this.updateInterest(context, peer);
  }

  /**
   * A peer that downloads nothing may have more than it shows (BEP 16). Who wants only some files is interested
   * all the same, so that it is shown others.
   */
  updateInterest(context: SwarmContext, peer: Peer): void {
    const isPlaying = this.pieces.hasWindow && peer.givesUnshown;
    const mayHaveMore = (isPlaying || (this.#isSelective && peer.isUploadOnly)) && !this.pieces.isComplete;
    const interested = this.isAllowed && (peer.interestingCount > 0 || mayHaveMore);
    if (interested === peer.amInterested || !peer.isHandshakeDone) return;
    peer.amInterested = interested;
    context.out.send(peer, { type: interested ? "interested" : "not-interested" }, context.now);
  }

  #asPickerPeer(peer: Peer, now: Millis, isAmongFastest = true): PickerPeer {
    const rate = peer.received.bytesPerSecond(now);
    return {
      link: peer.link,
      peer: peer.id,
      have: peer.have ?? new Bitfield(this.#geometry.pieceCount),
      isFast: (rate * REQUEST_QUEUE_MS) / 1000 >= this.#geometry.pieceLength,
      isAmongFastest,
      givesUnshown: peer.givesUnshown,
      outstanding: peer.requests.size,
      responseMs: peer.pipeline.responseMs,
    };
  }

  #key(piece: number, begin: number): number {
    return piece * this.#geometry.blocksPerPiece + Math.floor(begin / BLOCK_BYTES);
  }
}

/** When the peer is late with its oldest request, if nothing comes until then. */
function lateWithOldest({ requests, lastBlockAt, pipeline }: Peer): number {
  const [oldest] = requests.values();
  return Math.max(oldest?.askedAt ?? 0, lastBlockAt ?? 0) + pipeline.timeoutMs;
}

/** By what they gave in the last moments; while nobody gave anything, everybody is. */
function isOneOfTheFastest(context: SwarmContext, peer: Peer): boolean {
  const rateOf = (one: Peer) => one.receivedLately.bytesPerSecond(context.now);
  const fastest = Math.max(0, ...Array.from(context.peers.values(), rateOf));
  return rateOf(peer) >= fastest * FASTEST_SHARE;
}
