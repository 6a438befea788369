/**
 * One simulated machine: the real engine, an uplink and a downlink of its own, a disk that takes a moment.
 *
 * The uplink sends blocks one after another at its rate; what has left it is flushed, crosses the network in
 * the latency, and then passes the other machine's downlink, in the order in which it was sent. Each link is a
 * stream: nothing overtakes on it, but messages do not wait for the blocks of other links. Orders of the engine
 * are carried out here as the session's driver does in a browser.
 *
 * Blocks are not copied on their way: all machines pass on the same arrays.
 * Messages without a block are most of what happens and almost nothing of what is sent, so those of one step
 * travel together: one event for all of them, their bytes counted on both links. Their flushes are told to the
 * engine FLUSH_BYTES at a time.
 */

import { Bitfield } from "../engine/bitfield.ts";
import { equalBytes } from "../engine/bytes.ts";
import type { DropReason, Input, Output, PieceCheck } from "../engine/io.ts";
import { BLOCK_BYTES, HASH_BYTES, PIECE_HEADER_BYTES } from "../engine/limits.ts";
import { merkleRoot } from "../engine/metainfo/merkle.ts";
import type { SwarmSnapshot } from "../engine/snapshot.ts";
import { Swarm } from "../engine/swarm.ts";
import { type LinkId, linkId, type Millis, millis, type PeerId, type PieceIndex } from "../engine/units.ts";
import { digests } from "./digests.ts";
import type { EventHeap } from "./event-heap.ts";
import type { SyntheticTorrent } from "./synthetic-torrent.ts";

export interface NodeOptions {
  readonly id: PeerId;
  /** Seeds its engine's random choices. */
  readonly seed: number;
  /** It begins with everything. */
  readonly isSeed: boolean;
  /** What it has from an earlier session. */
  readonly holds?: "everything" | Bitfield;
  /** Picks pieces at random and never rarest first. */
  readonly picksAtRandom?: boolean;
  /** Bytes per second. */
  readonly upBytesPerSecond: number;
  readonly downBytesPerSecond: number;
  /** One way, from here to anyone, ms. */
  readonly latencyMs: number;
  /** Time to hash and store a piece, ms. */
  readonly commitMs: number;
  /** Gives nothing: it never unchokes anybody. */
  readonly isFreeRider?: boolean;
  /** Whether its disk refuses the n-th piece, counted from 1. */
  readonly isRefused?: (count: number) => boolean;
  /** Keeps the last steps of its engine for `swarm.trace()`. */
  readonly isTraced?: boolean;
  /** Changes blocks before they are sent: a liar. */
  readonly corrupt?: (piece: PieceIndex, begin: number, bytes: Uint8Array) => void;
}

/** What the network holds for a downlink; beyond that, blocks count as flushed when they arrive (back-pressure). */
const NETWORK_BUFFER_MS = 200;

/** Messages wait this long for others before their flush is told, bytes. */
const FLUSH_BYTES = 4096;

/** The other end of a link, as this end knows it. */
interface End {
  readonly node: SimNode;
  /** Its own number of the link. */
  readonly here: LinkId;
  /** The same link as the other side knows it. */
  far: End | undefined;
  isOpen: boolean;
  /** When the last block that is on its way to here will have come through the downlink. */
  clearAt: number;
  /** Blocks to it that have not left the uplink. */
  blocksWaiting: number;
  /** Bytes of messages that left and that the engine was not told of yet. */
  flushedBytes: number;
}

interface Parcel {
  readonly end: End;
  readonly bytes: Uint8Array;
}

/** What happens to a node that its world wants to know. */
export interface NodeEvents {
  onComplete(node: SimNode): void;
  onStored(node: SimNode, piece: PieceIndex): void;
  onLeft(node: SimNode): void;
  onDropped(node: SimNode, other: PeerId, reason: DropReason, ban: boolean): void;
}

let nextLink = 1;

export class SimNode {
  readonly id: PeerId;
  readonly options: NodeOptions;
  readonly swarm: Swarm;
  readonly stored: Bitfield;
  completedAt: number | undefined;
  /** All bytes that this machine sent or has in its uplink, messages included. */
  sentBytes = 0;
  /** Bytes of blocks among them. */
  sentBlockBytes = 0;
  readonly #heap: EventHeap;
  readonly #torrent: SyntheticTorrent;
  readonly #events: NodeEvents;
  readonly #ends = new Map<LinkId, End>();
  readonly #neighbours = new Set<SimNode>();
  /** Messages of the present step: those that overtake the blocks of other links, and those behind blocks of their own. */
  #ahead: Parcel[] | undefined;
  #behind: Parcel[] | undefined;
  #upFreeAt = 0;
  #aheadFreeAt = 0;
  #downFreeAt = 0;
  #wakeOrder = 0;
  #commits = 0;
  #isGone = false;

  constructor(options: NodeOptions, torrent: SyntheticTorrent, heap: EventHeap, events: NodeEvents) {
    this.id = options.id;
    this.options = options;
    this.#heap = heap;
    this.#torrent = torrent;
    this.#events = events;
    const { pieceCount } = torrent.geometry;
    const { holds = options.isSeed ? "everything" : new Bitfield(pieceCount) } = options;
    this.stored = holds === "everything" ? Bitfield.full(pieceCount) : holds.clone();
    const { info, trees } = torrent;
    const isResuming = options.holds !== undefined;
    if (isResuming && this.stored.isFull) this.completedAt = heap.now;
    this.swarm = new Swarm({
      self: options.id,
      hashes: torrent.hashes,
      sha256: torrent.sha256,
      sha1: digests.sha1,
      seed: options.seed,
      accepted: true,
      isTraced: options.isTraced ?? false,
      picksAtRandom: options.picksAtRandom ?? false,
      ...(isResuming && { resuming: { info, trees, have: this.stored } }),
      ...(options.isSeed && { seeding: { info, trees } }),
      makePieceBuffer: torrent.makePieceBuffer,
    });
    if (options.isFreeRider) {
      const [uploadBytesPerSecond, downloadBytesPerSecond, uploadSlots] = [0, Infinity, 0];
      this.feed({ type: "limits-set", uploadBytesPerSecond, downloadBytesPerSecond, uploadSlots });
    }
  }

  get links(): number {
    return this.#ends.size;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  isLinkedTo(other: SimNode): boolean {
    return this.#neighbours.has(other);
  }

  connect(other: SimNode): void {
    const here = this.#open(other);
    const there = other.#open(this);
    here.far = there;
    there.far = here;
    this.feed({ type: "link-opened", link: here.here, peer: other.id, relayed: false });
    other.feed({ type: "link-opened", link: there.here, peer: this.id, relayed: false });
  }

  #open(node: SimNode): End {
    const here = linkId(nextLink++);
    const end = { node, here, far: undefined, isOpen: true, clearAt: 0, blocksWaiting: 0, flushedBytes: 0 };
    this.#ends.set(here, end);
    this.#neighbours.add(node);
    return end;
  }

  /** Closes the tab: every link ends at once, what was on its way is lost. */
  leave(): void {
    this.#isGone = true;
    for (const link of [...this.#ends.keys()]) this.#cut(link);
    this.#events.onLeft(this);
  }

  snapshot(): SwarmSnapshot {
    return this.swarm.snapshot(this.#engineNow);
  }

  feed(input: Input): void {
    if (this.#isGone) return;
    for (const output of this.swarm.step(input, this.#engineNow)) this.#perform(output);
    this.#dispatch();
  }

  /** Whole milliseconds: times are kept in millions of places, and whole numbers need no box. */
  get #engineNow(): Millis {
    return millis(Math.floor(this.#heap.now));
  }

  #perform(output: Output): void {
    switch (output.type) {
      case "send":
        this.#gather(output.link, output.bytes);
        break;
      case "serve":
        this.#serve(output.link, output.piece, output.begin, output.length);
        break;
      case "commit":
        this.#commit(output.piece, output.bytes, output.check);
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
      case "introduction-heard":
      case "introduction-refused":
      case "metadata-invalid":
      case "hashes-disagree":
        break;
    }
  }

  #serve(link: LinkId, piece: PieceIndex, begin: number, length: number): void {
    this.#dispatch();
    const end = this.#ends.get(link);
    if (end === undefined) return;
    let message = this.#torrent.message(piece, begin, length);
    if (this.options.corrupt !== undefined) {
      message = message.slice();
      this.options.corrupt(piece, begin, message.subarray(PIECE_HEADER_BYTES));
    }
    this.sentBlockBytes += length;
    end.blocksWaiting++;
    this.#heap.at(this.#transmit(message.length), () => this.#departed(end, message));
  }

  #departed(end: End, message: Uint8Array): void {
    end.blocksWaiting--;
    if (!end.isOpen) return;
    const { node, far } = end;
    const heardAt = node.#passDownlink(this.#heap.now + this.options.latencyMs, message.length);
    const isHeldUp = heardAt > this.#heap.now + this.options.latencyMs + NETWORK_BUFFER_MS;
    if (far !== undefined) {
      far.clearAt = heardAt;
      this.#heap.at(heardAt, () => {
        node.#hear(far, message);
        if (isHeldUp && end.isOpen) this.#flush(end, message.length);
      });
    }
    if (!isHeldUp) this.#flush(end, message.length);
  }

  #gather(link: LinkId, bytes: Uint8Array): void {
    const end = this.#ends.get(link);
    if (end === undefined) return;
    if (end.blocksWaiting === 0) this.#ahead = added(this.#ahead, { end, bytes });
    else this.#behind = added(this.#behind, { end, bytes });
  }

  /** Sends the messages of this step: behind the blocks of their own link, not behind those of others. */
  #dispatch(): void {
    const ahead = this.#ahead;
    const behind = this.#behind;
    const { latencyMs } = this.options;
    if (ahead !== undefined) {
      this.#ahead = undefined;
      this.#heap.at(this.#transmitAhead(sizeOf(ahead)) + latencyMs, () => this.#deliver(ahead));
    }
    if (behind !== undefined) {
      this.#behind = undefined;
      this.#heap.at(this.#transmit(sizeOf(behind)) + latencyMs, () => this.#deliver(behind));
    }
  }

  #deliver(parcels: readonly Parcel[]): void {
    for (const { end, bytes } of parcels) {
      const { node, far } = end;
      if (far?.isOpen) node.#receive(far, bytes);
      if (end.isOpen) this.#flush(end, bytes.length);
    }
  }

  /** What is small passes between the packets of a block that is being sent, and delays what waits. */
  #transmitAhead(size: number): number {
    const durationMs = (size * 1000) / this.options.upBytesPerSecond;
    this.sentBytes += size;
    this.#upFreeAt = Math.max(this.#heap.now, this.#upFreeAt) + durationMs;
    this.#aheadFreeAt = Math.max(this.#heap.now, this.#aheadFreeAt) + durationMs;
    return this.#aheadFreeAt;
  }

  /** @returns when it has left the uplink, behind all that was to be sent before. */
  #transmit(size: number): number {
    this.sentBytes += size;
    this.#upFreeAt = Math.max(this.#heap.now, this.#upFreeAt) + (size * 1000) / this.options.upBytesPerSecond;
    return this.#upFreeAt;
  }

  #flush(end: End, size: number): void {
    end.flushedBytes += size;
    if (end.flushedBytes < FLUSH_BYTES) return;
    const count = end.flushedBytes;
    end.flushedBytes = 0;
    this.feed({ type: "bytes-flushed", link: end.here, count });
  }

  /** What is small arrives at once, but does not overtake a block of its own link. */
  #receive(end: End, bytes: Uint8Array): void {
    this.#passDownlink(this.#heap.now, bytes.length);
    if (end.clearAt <= this.#heap.now) this.#hear(end, bytes);
    else this.#heap.at(end.clearAt, () => this.#hear(end, bytes));
  }

  /** @returns when bytes that arrive at `at` have come through. */
  #passDownlink(at: number, size: number): number {
    this.#downFreeAt = Math.max(at, this.#downFreeAt) + (size * 1000) / this.options.downBytesPerSecond;
    return this.#downFreeAt;
  }

  #hear(end: End, bytes: Uint8Array): void {
    if (end.isOpen) this.feed({ type: "bytes-received", link: end.here, bytes });
  }

  #cut(link: LinkId): void {
    const end = this.#ends.get(link);
    if (end === undefined) return;
    this.#forget(end);
    this.#heap.after(this.options.latencyMs, () => {
      const { node, far } = end;
      if (far === undefined || !far.isOpen) return;
      node.#forget(far);
      node.feed({ type: "link-closed", link: far.here });
    });
  }

  #forget(end: End): void {
    end.isOpen = false;
    this.#ends.delete(end.here);
    this.#neighbours.delete(end.node);
  }

  #commit(piece: PieceIndex, bytes: Uint8Array, { merkle }: PieceCheck): void {
    const isWhole = this.#torrent.isRight(piece, bytes);
    const leaves = isWhole ? this.#torrent.leaves(piece) : this.#hashesOf(bytes);
    const isRight = isWhole || (merkle !== undefined && this.#isRootOf(leaves, merkle));
    this.#heap.after(this.options.commitMs, () => {
      if (this.#isGone) return;
      if (this.options.isRefused?.(++this.#commits)) {
        this.feed({ type: "piece-committed", piece, result: "failed" });
        return;
      }
      if (isRight && this.stored.set(piece)) this.#events.onStored(this, piece);
      this.feed({ type: "piece-committed", piece, result: isRight ? "stored" : "corrupt", leaves });
    });
  }

  #isRootOf(leaves: Uint8Array, { root, width }: NonNullable<PieceCheck["merkle"]>): boolean {
    return equalBytes(merkleRoot(leaves, width, this.#torrent.sha256), root);
  }

  /** Content that is right has known hashes; what a liar sent is really hashed. */
  #hashesOf(bytes: Uint8Array): Uint8Array {
    const leaves = new Uint8Array(Math.ceil(bytes.length / BLOCK_BYTES) * HASH_BYTES);
    for (let block = 0; block * BLOCK_BYTES < bytes.length; block++) {
      const data = bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
      leaves.set(this.#torrent.sha256(data), block * HASH_BYTES);
    }
    return leaves;
  }
}

/** Most steps send to one link: an array of one is made as such, as one that grows begins with room for many. */
function added(parcels: Parcel[] | undefined, parcel: Parcel): Parcel[] {
  if (parcels === undefined) return [parcel];
  parcels.push(parcel);
  return parcels;
}

function sizeOf(parcels: readonly Parcel[]): number {
  let size = 0;
  for (const { bytes } of parcels) size += bytes.length;
  return size;
}
