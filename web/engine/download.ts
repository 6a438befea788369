/**
 * The receiving half of a swarm: what we want, and what becomes of what arrives. Whom we ask for it is a matter of
 * interest.ts and requests.ts.
 *
 * Invariants
 *  1. Bytes leave here only inside a `commit`; `have` grows only by a `piece-committed` that says stored.
 *  2. Requests stop while COMMIT_BACKLOG_BYTES wait for the disk, while paused, and after the disk failed.
 */

import type { BlockRef } from "./asking.ts";
import type { Priority } from "./availability.ts";
import type { Bitfield } from "./bitfield.ts";
import type { SwarmContext } from "./context.ts";
import type { Geometry } from "./geometry.ts";
import type { HashExchange } from "./hash-exchange.ts";
import { HaveNotices } from "./have-notices.ts";
import { Interest } from "./interest.ts";
import { COMMIT_BACKLOG_BYTES } from "./limits.ts";
import type { Peer } from "./peer.ts";
import { Picker } from "./picker.ts";
import type { MakePieceBuffer } from "./piece-buffer.ts";
import type { PieceChecks } from "./piece-checks.ts";
import type { PieceProgress } from "./piece-progress.ts";
import { PieceSources } from "./piece-sources.ts";
import type { Pieces } from "./pieces.ts";
import { piecesWanted } from "./pieces-wanted.ts";
import type { Random } from "./random.ts";
import { Requests } from "./requests.ts";
import { Suspicion, type Verdict } from "./suspicion.ts";
import type { TokenBucket } from "./token-bucket.ts";
import { type BlockIndex, invariant, type PeerId, type PieceIndex } from "./units.ts";

/** How a commit ended, as the driver says it. */
export type CommitResult =
  | { readonly result: "stored" | "corrupt"; readonly leaves: Uint8Array }
  | { readonly result: "contradictory" | "failed" };

interface Committing {
  readonly progress: PieceProgress;
  /** Once it is stored, its leaves are known to hash to its Merkle root. */
  readonly isProvenByRoot: boolean;
}

export class Download {
  readonly pieces: Pieces;
  readonly sources: PieceSources;
  readonly haves: HaveNotices;
  readonly interest: Interest;
  readonly requests: Requests;
  readonly #geometry: Geometry;
  readonly #checks: PieceChecks;
  readonly #hashes: HashExchange;
  readonly #committing = new Map<PieceIndex, Committing>();
  readonly #suspicion = new Suspicion();
  #committingBytes = 0;
  /** A disk that failed stops the download until the person resumes it. */
  #isStopped = false;
  /** There is no room yet for what we may download. */
  #awaitsRoom = false;

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
    const canCheck = (piece: PieceIndex) => checks.canCheck(piece);
    this.sources = new PieceSources(geometry.pieceCount);
    this.haves = new HaveNotices(have);
    const picker = new Picker(geometry, have, random, canCheck, picksAtRandom, makeBuffer);
    this.pieces = picker.pieces;
    this.interest = new Interest(geometry, this.pieces, isAllowed);
    this.requests = new Requests(geometry, picker, limit, this.haves, () => this.#isHeld);
  }

  get have(): Bitfield {
    return this.pieces.have;
  }

  get committingCount(): number {
    return this.#committing.size;
  }

  get #isHeld(): boolean {
    if (!this.interest.isAllowed || this.#awaitsRoom) return true;
    return this.#isStopped || this.#committingBytes >= COMMIT_BACKLOG_BYTES;
  }

  /** @param awaitsRoom nothing may be asked for yet; slots may be had meanwhile. */
  allow(context: SwarmContext, allowed: boolean, awaitsRoom = false): void {
    this.interest.isAllowed = allowed;
    this.#awaitsRoom = awaitsRoom;
    this.#isStopped = false;
    if (!allowed) for (const peer of context.peers.values()) this.requests.cancelAll(context, peer);
    for (const peer of context.peers.values()) this.interest.update(context, peer);
  }

  setWanted(
    context: SwarmContext,
    wantedFiles: readonly boolean[],
    priorities: readonly Priority[] = [],
  ): void {
    this.interest.isSelective = wantedFiles.includes(false);
    for (const { piece, isWanted, priority } of piecesWanted(this.#geometry, wantedFiles, priorities)) {
      this.pieces.setPriority(piece, priority);
      this.pieces.setWanted(piece, isWanted);
    }
    this.#onWantsChanged(context);
  }

  /** Pieces about to be played. What was asked before and is not among them makes room. */
  setWindow(context: SwarmContext, first: PieceIndex, count: number): void {
    if (this.pieces.setWindow(first, count)) this.#onWantsChanged(context);
    for (const peer of context.peers.values()) {
      if (peer.have === undefined) continue;
      this.interest.update(context, peer);
      this.requests.makeRoom(context, peer);
    }
  }

  #onWantsChanged(context: SwarmContext): void {
    for (const peer of context.peers.values()) {
      this.requests.takeBackUnwanted(context, peer);
      this.interest.look(context, peer);
    }
  }

  /** @returns false when the block was never asked of this peer, which closes its link (BEP 6). */
  onBlock(context: SwarmContext, peer: Peer, piece: number, begin: number, data: Uint8Array): boolean {
    const block = this.#geometry.blockOf(piece, begin, data.length);
    if (block === undefined) return false;
    const pending = this.requests.takeRequest(peer, piece, block);
    if (pending !== undefined) {
      peer.pipeline.onBlock(data.length, pending.askedAt, context.now);
      this.requests.onAnswer(peer, pending);
    } else if (this.requests.takeCancelled(peer, piece, block)) {
      // It was taken back too late: it is as good as any if it is still lacking.
      peer.pipeline.onLateBlock(context.now);
    } else {
      return false;
    }
    this.#take(context, peer, { piece: piece as PieceIndex, block }, data);
    return true;
  }

  onCommitted(context: SwarmContext, piece: PieceIndex, result: CommitResult): void {
    const committing = this.#committing.get(piece);
    invariant(committing !== undefined, "a piece was committed that was not being committed");
    const { progress, isProvenByRoot } = committing;
    this.#committing.delete(piece);
    this.#committingBytes -= this.#geometry.pieceBytes(piece);
    switch (result.result) {
      case "stored":
        this.sources.onStored(piece, progress.givers);
        this.#onStored(context, piece, this.pieces.isMissing(piece));
        this.#hashes.onLeaves(context, piece, result.leaves, isProvenByRoot);
        this.#ban(context, this.#suspicion.compare(piece, result.leaves));
        break;
      case "corrupt":
        this.#onCorrupt(context, progress, result.leaves);
        break;
      case "contradictory":
        this.#onContradiction(context, progress);
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
    if (pieces.length > 0) for (const peer of context.peers.values()) this.interest.look(context, peer);
  }

  /** The peer lost a piece (BEP 54). */
  onDontHave(context: SwarmContext, peer: Peer, piece: PieceIndex): void {
    this.requests.onDontHave(peer, piece);
    this.interest.onDontHave(context, peer, piece);
  }

  onClosed(peer: Peer): void {
    this.requests.onClosed(peer);
    this.interest.onClosed(peer);
  }

  onTick(context: SwarmContext): void {
    this.haves.onTick(context);
    this.requests.onTick(context);
    this.judge(context);
  }

  #commit(context: SwarmContext, progress: PieceProgress): void {
    const { piece, bytes } = progress;
    const check = this.#checks.of(piece, this.#suspicion.isUnsettled(piece));
    this.#committing.set(piece, { progress, isProvenByRoot: check.merkle !== undefined });
    this.#committingBytes += bytes.length;
    context.out.push({ type: "commit", piece, bytes, check });
  }

  #onStored(context: SwarmContext, piece: PieceIndex, wasWanted: boolean): void {
    this.pieces.onStored(piece);
    this.haves.onGot(piece);
    for (const peer of context.peers.values()) {
      this.haves.note(context, peer, piece, this.pieces.isComplete);
      this.interest.onStored(context, peer, piece);
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
    if (badBlocks.length === 0) {
      // Every block is what the root names, and yet their SHA-1 was wrong.
      this.#onContradiction(context, progress);
      return;
    }
    for (const block of badBlocks) {
      const giver = progress.givers[block];
      const bytes = this.#geometry.blockBytes(progress.piece, block as BlockIndex);
      if (giver !== undefined) context.ledger.onSpoiled(giver, bytes);
    }
    this.pieces.onCorrupt(progress, badBlocks);
    this.#ban(context, liars);
  }

  /** The piece is right by one of its hashes and wrong by the other: nothing more of this torrent is asked for. */
  #onContradiction(context: SwarmContext, progress: PieceProgress): void {
    context.out.push({ type: "hashes-disagree" });
    this.#isStopped = true;
    this.pieces.onCorrupt(progress, progress.givers.keys());
  }

  #ban(context: SwarmContext, liars: ReadonlySet<PeerId>): void {
    if (liars.size === 0) return;
    for (const peer of [...context.peers.values()]) {
      if (liars.has(peer.id)) context.drop(peer, "data-corrupt", { ban: true });
    }
  }

  #take(context: SwarmContext, peer: Peer, { piece, block }: BlockRef, data: Uint8Array): void {
    peer.received.add(data.length, context.now);
    peer.receivedLately.add(data.length, context.now);
    peer.lastBlockAt = context.now;
    peer.owesSince = peer.requests.length > 0 ? context.now : undefined;
    const outcome = this.pieces.onBlock(piece, block, data, { peer: peer.id, link: peer.link });
    if (outcome.type === "duplicate") {
      context.ledger.onWasted(peer.id, data.length);
      return;
    }
    context.ledger.onDownloaded(peer.id, data.length);
    for (const link of outcome.cancel) this.requests.cancel(context, link, piece, block);
    if (outcome.type === "complete") this.#commit(context, outcome.progress);
  }
}
