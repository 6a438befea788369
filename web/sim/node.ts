/**
 * One simulated machine: the real engine, an uplink and a downlink of its own, a disk that takes a moment.
 *
 * The uplink sends one thing after another at its rate; what has left it is flushed, crosses the network in
 * the link's latency, and then passes the other machine's downlink. Orders of the engine are carried out here
 * as the session's driver does in a browser.
 */

import { Bitfield } from "../engine/bitfield.ts";
import { equalBytes } from "../engine/bytes.ts";
import type { DropReason, Input, Output } from "../engine/io.ts";
import { PIECE_HEADER_BYTES } from "../engine/limits.ts";
import { merkleRoot } from "../engine/metainfo/merkle.ts";
import type { SwarmSnapshot } from "../engine/snapshot.ts";
import { Swarm } from "../engine/swarm.ts";
import { type LinkId, linkId, type PeerId, type PieceIndex } from "../engine/units.ts";
import { encodePieceHeader } from "../engine/wire/encoder.ts";
import type { EventHeap } from "./event-heap.ts";
import type { SyntheticTorrent } from "./synthetic-torrent.ts";

export interface NodeOptions {
  readonly id: PeerId;
  readonly seed: number;
  /** It begins with everything. */
  readonly isSeed: boolean;
  /** Bytes per second. */
  readonly upBytesPerSecond: number;
  readonly downBytesPerSecond: number;
  /** Time to hash and store a piece, ms. */
  readonly commitMs: number;
  /** Changes blocks before they are sent: a liar. */
  readonly corrupt?: (piece: PieceIndex, begin: number, bytes: Uint8Array) => void;
}

/** The other end of a link, as this end knows it. */
interface End {
  readonly node: SimNode;
  readonly link: LinkId;
  readonly latencyMs: number;
}

/** What happens to a node that its world wants to know. */
export interface NodeEvents {
  onComplete(node: SimNode): void;
  onDropped(node: SimNode, other: PeerId, reason: DropReason, ban: boolean): void;
}

let nextLink = 1;

export class SimNode {
  readonly id: PeerId;
  readonly options: NodeOptions;
  readonly swarm: Swarm;
  readonly stored: Bitfield;
  completedAt: number | undefined;
  /** All bytes that left this machine, messages included. */
  sentBytes = 0;
  readonly #heap: EventHeap;
  readonly #torrent: SyntheticTorrent;
  readonly #events: NodeEvents;
  readonly #ends = new Map<LinkId, End>();
  #upFreeAt = 0;
  #downFreeAt = 0;
  #wakeOrder = 0;
  #isGone = false;

  constructor(options: NodeOptions, torrent: SyntheticTorrent, heap: EventHeap, events: NodeEvents) {
    this.id = options.id;
    this.options = options;
    this.#heap = heap;
    this.#torrent = torrent;
    this.#events = events;
    const { pieceCount } = torrent.geometry;
    this.stored = options.isSeed ? Bitfield.full(pieceCount) : new Bitfield(pieceCount);
    this.swarm = new Swarm({
      self: options.id,
      infoHash: torrent.infoHash,
      sha256: torrent.sha256,
      seed: options.seed,
      accepted: true,
      ...(options.isSeed && { seeding: { info: torrent.info, trees: torrent.trees } }),
    });
  }

  get links(): number {
    return this.#ends.size;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  isLinkedTo(other: SimNode): boolean {
    return [...this.#ends.values()].some((end) => end.node === other);
  }

  connect(other: SimNode, latencyMs: number): void {
    const here = linkId(nextLink++);
    const there = linkId(nextLink++);
    this.#ends.set(here, { node: other, link: there, latencyMs });
    other.#ends.set(there, { node: this, link: here, latencyMs });
    this.feed({ type: "link-opened", link: here, peer: other.id, relayed: false });
    other.feed({ type: "link-opened", link: there, peer: this.id, relayed: false });
  }

  /** Closes the tab: every link ends at once, what was on its way is lost. */
  leave(): void {
    this.#isGone = true;
    for (const link of [...this.#ends.keys()]) this.#cut(link);
  }

  snapshot(): SwarmSnapshot {
    return this.swarm.snapshot(this.#heap.now);
  }

  feed(input: Input): void {
    if (this.#isGone) return;
    for (const output of this.swarm.step(input, this.#heap.now)) this.#perform(output);
  }

  #perform(output: Output): void {
    switch (output.type) {
      case "send":
        this.#send(output.link, output.bytes);
        break;
      case "serve":
        this.#serve(output.link, output.piece, output.begin, output.length);
        break;
      case "commit":
        this.#commit(output.piece, output.bytes, output.root, output.leafWidth);
        break;
      case "drop": {
        const other = this.#ends.get(output.link)?.node.id;
        this.#cut(output.link);
        if (other !== undefined) this.#events.onDropped(this, other, output.reason, output.ban);
        break;
      }
      case "metadata-complete":
        this.#heap.after(0, () => this.feed({ type: "storage-opened", have: this.stored.clone() }));
        break;
      case "download-complete":
        this.completedAt = this.#heap.now;
        this.#events.onComplete(this);
        break;
      case "wake-at": {
        const order = ++this.#wakeOrder;
        this.#heap.at(output.at, () => {
          if (order === this.#wakeOrder) this.feed({ type: "woke" });
        });
        break;
      }
      case "peers-discovered":
      case "metadata-invalid":
        break;
    }
  }

  #serve(link: LinkId, piece: PieceIndex, begin: number, length: number): void {
    const message = new Uint8Array(PIECE_HEADER_BYTES + length);
    encodePieceHeader(message, 0, piece, begin, length);
    const block = message.subarray(PIECE_HEADER_BYTES);
    this.#torrent.fill(piece, begin, block);
    this.options.corrupt?.(piece, begin, block);
    this.#send(link, message);
  }

  #send(link: LinkId, bytes: Uint8Array): void {
    const end = this.#ends.get(link);
    if (end === undefined) return;
    const start = Math.max(this.#heap.now, this.#upFreeAt);
    this.#upFreeAt = start + (bytes.length * 1000) / this.options.upBytesPerSecond;
    this.sentBytes += bytes.length;
    this.#heap.at(this.#upFreeAt, () => {
      if (!this.#ends.has(link)) return;
      this.feed({ type: "bytes-flushed", link, count: bytes.length });
      this.#heap.after(end.latencyMs, () => end.node.#receive(end.link, bytes));
    });
  }

  #receive(link: LinkId, bytes: Uint8Array): void {
    const start = Math.max(this.#heap.now, this.#downFreeAt);
    this.#downFreeAt = start + (bytes.length * 1000) / this.options.downBytesPerSecond;
    this.#heap.at(this.#downFreeAt, () => {
      if (this.#ends.has(link)) this.feed({ type: "bytes-received", link, bytes });
    });
  }

  #cut(link: LinkId): void {
    const end = this.#ends.get(link);
    if (end === undefined) return;
    this.#ends.delete(link);
    this.#heap.after(end.latencyMs, () => {
      if (end.node.#ends.delete(end.link)) end.node.feed({ type: "link-closed", link: end.link });
    });
  }

  #commit(piece: PieceIndex, bytes: Uint8Array, root: Uint8Array, leafWidth: number): void {
    const leaves = this.#hashOf(piece, bytes);
    const isRight = equalBytes(merkleRoot(leaves, leafWidth, this.#torrent.sha256), root);
    this.#heap.after(this.options.commitMs, () => {
      if (isRight) this.stored.set(piece);
      this.feed({ type: "piece-committed", piece, result: isRight ? "stored" : "corrupt", leaves });
    });
  }

  /** Real hashes; those of right content are known and need not be computed again. */
  #hashOf(piece: PieceIndex, bytes: Uint8Array): Uint8Array {
    const expected = new Uint8Array(bytes.length);
    this.#torrent.fill(piece, 0, expected);
    if (equalBytes(expected, bytes)) return this.#torrent.leaves(piece);
    const blocks = Array.from({ length: Math.ceil(bytes.length / 16_384) }, (_, block) =>
      this.#torrent.sha256(bytes.subarray(block * 16_384, (block + 1) * 16_384)),
    );
    return Uint8Array.from(blocks.flatMap((hash) => [...hash]));
  }
}
