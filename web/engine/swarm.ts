/**
 * One torrent's swarm as a machine: facts in, orders out.
 *
 * This file only sorts: each input goes to the part that decides about it; afterwards download asks, upload
 * serves, and once a second everything that depends on time is looked at.
 *
 * Invariants
 *  1. Same options, same inputs, same times: same outputs. No clock, no chance, no I/O.
 *  2. Until `storage-opened` only metadata flows; what peers say about pieces by then is kept and checked later.
 */
import { Bitfield } from "./bitfield.ts";
import { geometryOf } from "./geometry-of.ts";
import { sayDontHave } from "./have-notices.ts";
import type { Input, Output } from "./io.ts";
import { TICK_MS } from "./limits.ts";
import { HashTree } from "./metainfo/hash-tree.ts";
import type { InfoHashes } from "./metainfo/info-hashes.ts";
import { sendExtensionHandshake } from "./on-extended.ts";
import { greet } from "./on-handshake.ts";
import { onEarlyPieces, onWireEvent } from "./on-message.ts";
import { type LinkOpened, Peer } from "./peer.ts";
import { SignsOfLife } from "./signs-of-life.ts";
import { type SwarmSnapshot, takeSnapshot } from "./snapshot.ts";
import { type SwarmOptions, SwarmState } from "./swarm-state.ts";
import type { Totals } from "./totals.ts";
import { Trace } from "./trace.ts";
import { traceSetup } from "./trace-setup.ts";
import { type LinkId, type Millis, millis, type PieceIndex } from "./units.ts";
import { slotsWithin } from "./upload-slots.ts";

export type { SwarmOptions } from "./swarm-state.ts";

/** What a later session resumes with, besides the info dictionary. */
export interface KeptTorrent {
  readonly have: Bitfield;
  /** Roots of all pieces of each file, as far as they are known. */
  readonly layers: readonly (Uint8Array | undefined)[];
}

export class Swarm {
  readonly #state: SwarmState;
  readonly #trace: Trace | undefined;
  #choice: Extract<Input, { type: "files-wanted" }> | undefined;
  #window: Extract<Input, { type: "window-set" }> | undefined;
  #tickAt: Millis | undefined;
  readonly #signsOfLife = new SignsOfLife();
  #wakeAt: Millis | undefined;

  constructor(options: SwarmOptions) {
    this.#state = new SwarmState(options);
    const { seeding, resuming } = options;
    this.#trace = options.isTraced === false ? undefined : new Trace(traceSetup(options));
    if (seeding !== undefined) {
      const { pieceCount } = geometryOf(seeding.info);
      this.#state.openTorrent(seeding.info, seeding.trees, Bitfield.full(pieceCount), true);
    } else if (resuming !== undefined) {
      this.#state.openTorrent(resuming.info, resuming.trees, resuming.have.clone(), false);
    }
  }

  /** Takes one fact; returns all orders that follow from it, to be carried out in order before the next fact. */
  step(input: Input, now: Millis): readonly Output[] {
    this.#trace?.onInput(input, now);
    this.#state.now = now;
    this.#onInput(input);
    this.#settle();
    const outputs = this.#state.out.take();
    this.#trace?.onOutputs(outputs);
    return outputs;
  }

  snapshot(now: Millis): SwarmSnapshot {
    const { peers, ledger, metadata, torrent } = this.#state;
    return takeSnapshot({
      now,
      peers: peers.values(),
      ledger,
      metadata,
      geometry: torrent?.geometry,
      pieces: torrent?.download.pieces,
      sources: torrent?.download.sources,
      committing: torrent?.download.committingCount ?? 0,
    });
  }

  /** All names of the torrent that are known by now. */
  get hashes(): InfoHashes {
    return this.#state.metadata.hashes;
  }

  /** Every piece is verified and stored, of files that are not wanted too. */
  get isSeed(): boolean {
    return this.#state.torrent?.download.have.isFull ?? false;
  }

  /** The piece is verified and stored. */
  has(piece: PieceIndex): boolean {
    return this.#state.torrent?.download.pieces.have.has(piece) ?? false;
  }

  /** What was moved, in earlier sessions too. */
  get totals(): Totals {
    return this.#state.ledger.total;
  }

  /** What is to be kept of the torrent for a later session; undefined until storage is open. */
  kept(): KeptTorrent | undefined {
    const { torrent } = this.#state;
    if (torrent === undefined) return undefined;
    const { download, hashes } = torrent;
    return { have: download.have.clone(), layers: hashes.pieceLayers() };
  }

  /** The last steps as JSON lines, for replay. */
  trace(): string {
    return this.#trace?.toLines() ?? "";
  }

  #onInput(input: Input): void {
    const { torrent } = this.#state;
    switch (input.type) {
      case "link-opened":
        this.#onLinkOpened(input);
        break;
      case "bytes-received":
        this.#onBytes(input.link, input.bytes);
        break;
      case "bytes-flushed":
        this.#onFlushed(input.link, input.count);
        break;
      case "link-closed":
        this.#onLinkClosed(input.link);
        break;
      case "storage-opened":
        this.#onStorageOpened(input.have);
        break;
      case "piece-committed":
        torrent?.download.onCommitted(this.#state, input.piece, input);
        break;
      case "serve-failed":
        torrent?.upload.queue.onUnreadable(this.#state, input.link, input);
        this.#losePieces([input.piece]);
        break;
      case "download-allowed":
        this.#state.isAccepted = input.allowed && input.awaitsRoom !== true;
        torrent?.download.allow(this.#state, input.allowed, input.awaitsRoom);
        this.#state.fillAll();
        break;
      case "files-wanted":
        this.#choice = input;
        torrent?.download.setWanted(this.#state, input.wanted, input.priorities);
        break;
      case "window-set":
        this.#window = input;
        torrent?.download.setWindow(this.#state, input.first, input.count);
        this.#state.fillAll();
        break;
      case "limits-set":
        this.#onLimits(input.uploadBytesPerSecond, input.downloadBytesPerSecond, input.uploadSlots);
        break;
      case "introduction-asked":
        this.#state.goBetween.send(this.#state, input.through, input.to, input.note);
        break;
      case "woke":
        this.#wakeAt = undefined;
        break;
    }
  }

  #onLinkOpened(opened: LinkOpened): void {
    const state = this.#state;
    const isLinked = [...state.peers.values()].some((other) => other.id === opened.peer);
    const peer = new Peer(opened, state.now);
    state.peers.set(opened.link, peer);
    this.#signsOfLife.onOpened(state.now);
    if (opened.peer === state.options.self) {
      state.drop(peer, "peer-is-self");
    } else if (isLinked) {
      state.drop(peer, "peer-already-linked");
    } else {
      greet(state, peer);
    }
  }

  #onBytes(link: LinkId, bytes: Uint8Array): void {
    const state = this.#state;
    const peer = state.peers.get(link);
    if (peer === undefined) return;
    peer.lastReceivedAt = state.now;
    peer.decoder.push(bytes);
    for (let event = peer.decoder.next(); event !== undefined; event = peer.decoder.next()) {
      onWireEvent(state, peer, event);
      if (state.peers.get(link) !== peer) return;
    }
    state.torrent?.download.requests.fill(state, peer);
  }

  #onFlushed(link: LinkId, count: number): void {
    const peer = this.#state.peers.get(link);
    if (peer === undefined) return;
    peer.unflushedBytes = Math.max(0, peer.unflushedBytes - count);
    peer.flushed.add(count, this.#state.now);
    this.#state.torrent?.upload.queue.onFlushed(peer, this.#state.now);
  }

  #onLinkClosed(link: LinkId): void {
    const peer = this.#state.peers.get(link);
    if (peer !== undefined) this.#state.forget(peer);
  }

  #onStorageOpened(have: Bitfield): void {
    const state = this.#state;
    const { info } = state.metadata;
    if (state.torrent !== undefined)
      this.#losePieces([...state.torrent.download.have].filter((piece) => !have.has(piece)));
    if (info === undefined || state.torrent !== undefined) return;
    const trees = info.files.map((file) =>
      file.piecesRoot === undefined
        ? undefined
        : new HashTree(file.length, info.pieceLength, file.piecesRoot, state.options.sha256),
    );
    const torrent = state.openTorrent(info, trees, have, false);
    const choice = this.#choice;
    const window = this.#window;
    if (choice !== undefined) torrent.download.setWanted(state, choice.wanted, choice.priorities);
    if (window !== undefined) torrent.download.setWindow(state, window.first, window.count);
    for (const peer of [...state.peers.values()]) {
      if (!peer.isHandshakeDone) continue;
      sendExtensionHandshake(state, peer);
      torrent.upload.shown.announceLate(state, peer);
      onEarlyPieces(state, torrent, peer);
    }
    if (torrent.download.pieces.isComplete) state.out.push({ type: "download-complete" });
  }

  /** What was had is not there any more: everybody who was told of it is told. */
  #losePieces(pieces: readonly number[]): void {
    const state = this.#state;
    const { isSeed } = this;
    state.torrent?.download.onLost(state, pieces as readonly PieceIndex[]);
    if (isSeed && !this.isSeed) state.torrent?.upload.shown.stopSuperSeeding(state);
    for (const peer of state.peers.values()) {
      for (const piece of pieces) sayDontHave(state, peer, piece as PieceIndex);
      // That we upload only is true of who has everything (BEP 21).
      if (isSeed && peer.isHandshakeDone) sendExtensionHandshake(state, peer);
    }
  }

  #onLimits(uploadBytesPerSecond: number, downloadBytesPerSecond: number, uploadSlots: number): void {
    const state = this.#state;
    state.uploadLimit.setRate(uploadBytesPerSecond, state.now);
    state.downloadLimit.setRate(downloadBytesPerSecond, state.now);
    state.uploadSlots = slotsWithin(uploadBytesPerSecond, uploadSlots);
    state.torrent?.upload.setSlots(state.uploadSlots);
    state.torrent?.upload.queue.onRoom();
  }

  /** After every input: serve, and see when to wake. */
  #settle(): void {
    const state = this.#state;
    this.#tickAt ??= state.now;
    if (state.now >= this.#tickAt) {
      this.#tickAt = millis(state.now + TICK_MS);
      this.#onTick();
    }
    const askAt = state.torrent?.download.requests.fillInTurn(state) ?? this.#tickAt;
    const serveAt = state.torrent?.upload.queue.serve(state) ?? this.#tickAt;
    if (state.peers.size === 0) return;
    const wakeAt = millis(Math.min(this.#tickAt, askAt, serveAt));
    if (wakeAt === this.#wakeAt) return;
    this.#wakeAt = wakeAt;
    state.out.push({ type: "wake-at", at: wakeAt });
  }

  #onTick(): void {
    const state = this.#state;
    this.#signsOfLife.onTick(state);
    state.metadata.onTick(state);
    if (!state.peersFromTrackersOnly) state.exchange.onTick(state);
    if (state.torrent === undefined) return;
    const { hashes, download, upload } = state.torrent;
    hashes.onTick(state);
    download.onTick(state);
    upload.onTick(state, state.isSeeding, state.copies);
    state.fillAll();
  }
}
