/**
 * One simulated machine: the real engine, an uplink and a downlink of its own, a disk that takes a moment.
 *
 * Orders of the engine are carried out here as the session's driver does in a browser. Blocks are not copied on their
 * way: all machines pass on the same arrays.
 */

import { Bitfield } from "../engine/bitfield.ts";
import { equalBytes } from "../engine/bytes.ts";
import type { DropReason, Input, Output, PieceCheck } from "../engine/io.ts";
import { BLOCK_BYTES, HASH_BYTES, PIECE_HEADER_BYTES } from "../engine/limits.ts";
import { merkleRoot } from "../engine/metainfo/merkle.ts";
import type { SwarmSnapshot } from "../engine/snapshot.ts";
import { Swarm } from "../engine/swarm.ts";
import {
  invariant,
  type LinkId,
  type Millis,
  millis,
  type PeerId,
  type PieceIndex,
  peerId,
} from "../engine/units.ts";
import { Dialling, type DiallingOptions } from "./dialling.ts";
import { digests } from "./digests.ts";
import { Downlink } from "./downlink.ts";
import type { Letter, MachineNumber } from "./letter.ts";
import type { LinkEnd, LinkOwner } from "./link-end.ts";
import type { Network, Offered, Parcel } from "./network.ts";
import type { SyntheticTorrent } from "./synthetic-torrent.ts";
import { Uplink } from "./uplink.ts";

export interface NodeOptions {
  readonly number: MachineNumber;
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

/** What happens to a node that its world wants to know. */
export interface NodeEvents {
  onComplete(node: SimNode): void;
  onStored(node: SimNode, piece: PieceIndex): void;
  onLeft(node: SimNode): void;
  onDropped(node: SimNode, other: PeerId, reason: DropReason, ban: boolean): void;
}

/** What a machine is called in the swarm. */
export function idOf(machine: MachineNumber): PeerId {
  const id = peerId(machine.toString(16).padStart(40, "0"));
  invariant(id !== undefined, "a counter makes a peer id");
  return id;
}

export class SimNode implements LinkOwner, Offered {
  readonly id: PeerId;
  readonly number: MachineNumber;
  readonly options: NodeOptions;
  readonly swarm: Swarm;
  readonly stored: Bitfield;
  readonly downlink: Downlink;
  readonly latencyMs: number;
  completedAt: number | undefined;
  /** Bytes of blocks among all that it sent. */
  sentBlockBytes = 0;
  readonly #uplink: Uplink;
  readonly #network: Network;
  readonly #torrent: SyntheticTorrent;
  readonly #events: NodeEvents;
  readonly #dialling: Dialling;
  /** Messages of the present step: those that overtake the blocks of other links, and those behind blocks of their own. */
  #ahead: Parcel[] | undefined;
  #behind: Parcel[] | undefined;
  #wakeOrder = 0;
  #commits = 0;
  #isGone = false;

  constructor(
    options: NodeOptions,
    torrent: SyntheticTorrent,
    network: Network,
    dialling: DiallingOptions,
    events: NodeEvents,
  ) {
    this.id = idOf(options.number);
    this.number = options.number;
    this.options = options;
    this.latencyMs = options.latencyMs;
    this.#uplink = new Uplink(options.upBytesPerSecond);
    this.downlink = new Downlink(options.downBytesPerSecond);
    this.#network = network;
    this.#dialling = new Dialling(network, this, dialling);
    this.#torrent = torrent;
    this.#events = events;
    const { pieceCount } = torrent.geometry;
    const { holds = options.isSeed ? "everything" : new Bitfield(pieceCount) } = options;
    this.stored = holds === "everything" ? Bitfield.full(pieceCount) : holds.clone();
    const { info, trees } = torrent;
    const isResuming = options.holds !== undefined;
    if (isResuming && this.stored.isFull) this.completedAt = network.heap.now;
    this.swarm = new Swarm({
      self: this.id,
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
    network.add(this.number, this);
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** All bytes that this machine sent or has in its uplink, messages included. */
  get sentBytes(): number {
    return this.#uplink.sentBytes;
  }

  get wantsLinks(): boolean {
    return this.#dialling.wantsLinks;
  }

  /** Offers links to these in turn, until it has as many as it wants. */
  dial(machines: readonly MachineNumber[]): void {
    if (!this.#isGone) this.#dialling.dial(machines);
  }

  onOffer(offer: Extract<Letter, { type: "offer" }>): void {
    const end = this.#isGone ? undefined : this.#dialling.accept(offer);
    const at = this.#dialling.answerAt;
    if (end === undefined) {
      this.#network.send(at, { type: "refused", to: offer.link });
      return;
    }
    const { bytesPerSecond: downBytesPerSecond } = this.downlink;
    this.#network.send(at, { type: "accepted", to: offer.link, link: end.here, downBytesPerSecond });
    this.#network.heap.at(at, () => this.onAccepted(end));
  }

  onAccepted(end: LinkEnd): void {
    if (this.#network.endOf(end.here) !== end) return;
    if (this.#isGone) {
      this.#close(end);
      return;
    }
    end.isOpen = true;
    this.feed({ type: "link-opened", link: end.here, peer: idOf(end.other), relayed: false });
  }

  onRefused(end: LinkEnd): void {
    this.#dialling.onRefused(end);
  }

  onClosed(end: LinkEnd): void {
    this.#forget(end);
    this.feed({ type: "link-closed", link: end.here });
  }

  /** Closes the tab: every link ends at once, what was on its way is lost. */
  leave(): void {
    this.#isGone = true;
    this.#dialling.stop();
    for (const end of this.#dialling.agreedEnds) this.#close(end);
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
    return millis(Math.floor(this.#network.heap.now));
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
        const end = this.#network.endOf(output.link);
        if (end === undefined) break;
        this.#close(end);
        if (output.ban) this.#dialling.ban(end.other);
        this.#events.onDropped(this, idOf(end.other), output.reason, output.ban);
        break;
      }
      case "metadata-complete":
        this.#network.heap.after(0, () => this.feed({ type: "storage-opened", have: this.stored.clone() }));
        break;
      case "download-complete":
        this.completedAt = this.#network.heap.now;
        this.#events.onComplete(this);
        break;
      case "wake-at": {
        const order = ++this.#wakeOrder;
        this.#network.heap.at(output.at, () => {
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
    const end = this.#network.endOf(link);
    if (end === undefined) return;
    let message = this.#torrent.message(piece, begin, length);
    if (this.options.corrupt !== undefined) {
      message = message.slice();
      this.options.corrupt(piece, begin, message.subarray(PIECE_HEADER_BYTES));
    }
    this.sentBlockBytes += length;
    end.blocksWaiting++;
    const { heap } = this.#network;
    heap.at(this.#uplink.send(message.length, heap.now), () => end.depart(message));
  }

  #gather(link: LinkId, bytes: Uint8Array): void {
    const end = this.#network.endOf(link);
    if (end === undefined) return;
    if (end.blocksWaiting === 0) this.#ahead = added(this.#ahead, { end, bytes });
    else this.#behind = added(this.#behind, { end, bytes });
  }

  /** Sends the messages of this step: behind the blocks of their own link, not behind those of others. */
  #dispatch(): void {
    const ahead = this.#ahead;
    const behind = this.#behind;
    const { now } = this.#network.heap;
    if (ahead !== undefined) {
      this.#ahead = undefined;
      const leftAt = this.#uplink.sendAhead(sizeOf(ahead), now);
      this.#network.sendTogether(leftAt + this.latencyMs, ahead);
    }
    if (behind !== undefined) {
      this.#behind = undefined;
      const leftAt = this.#uplink.send(sizeOf(behind), now);
      this.#network.sendTogether(leftAt + this.latencyMs, behind);
    }
  }

  #close(end: LinkEnd): void {
    this.#forget(end);
    if (end.there === undefined) return;
    const at = this.#network.heap.now + this.latencyMs;
    this.#network.send(at, { type: "closed", to: end.there });
  }

  #forget(end: LinkEnd): void {
    this.#network.forget(end);
    this.#dialling.forget(end);
  }

  #commit(piece: PieceIndex, bytes: Uint8Array, { merkle }: PieceCheck): void {
    const isWhole = this.#torrent.isRight(piece, bytes);
    const leaves = isWhole ? this.#torrent.leaves(piece) : this.#hashesOf(bytes);
    const isRight = isWhole || (merkle !== undefined && this.#isRootOf(leaves, merkle));
    this.#network.heap.after(this.options.commitMs, () => {
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
