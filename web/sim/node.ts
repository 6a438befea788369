/**
 * One simulated machine: the real engine, an uplink and a downlink of its own, a disk that takes a moment.
 *
 * Orders of the engine are carried out here as the session's driver does in a browser. Blocks are not copied on their
 * way: all machines pass on the same arrays.
 */

import { Bitfield } from "../engine/bitfield.ts";
import type { DropReason, Input, Output, PieceCheck } from "../engine/io.ts";
import { PIECE_HEADER_BYTES } from "../engine/limits.ts";
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
import { Disk } from "./disk.ts";
import { Downlink } from "./downlink.ts";
import type { Letter, MachineNumber } from "./letter.ts";
import type { LinkEnd, LinkOwner } from "./link-end.ts";
import type { Network, Offered } from "./network.ts";
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
  readonly #disk: Disk;
  readonly #uplink: Uplink;
  readonly #network: Network;
  readonly #torrent: SyntheticTorrent;
  readonly #events: NodeEvents;
  readonly #dialling: Dialling;
  #wakeOrder = 0;
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
    this.#disk = new Disk(torrent, options.isRefused);
    this.#uplink = new Uplink(network, options.upBytesPerSecond, options.latencyMs);
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
    this.#uplink.dispatch();
  }

  /** Whole milliseconds: times are kept in millions of places, and whole numbers need no box. */
  get #engineNow(): Millis {
    return millis(Math.floor(this.#network.heap.now));
  }

  #perform(output: Output): void {
    switch (output.type) {
      case "send":
        this.#say(output.link, output.bytes);
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

  #say(link: LinkId, bytes: Uint8Array): void {
    const end = this.#network.endOf(link);
    if (end !== undefined) this.#uplink.message(end, bytes);
  }

  #serve(link: LinkId, piece: PieceIndex, begin: number, length: number): void {
    const end = this.#network.endOf(link);
    if (end === undefined) return;
    let message = this.#torrent.message(piece, begin, length);
    if (this.options.corrupt !== undefined) {
      message = message.slice();
      this.options.corrupt(piece, begin, message.subarray(PIECE_HEADER_BYTES));
    }
    this.sentBlockBytes += length;
    this.#uplink.block(end, message);
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

  #commit(piece: PieceIndex, bytes: Uint8Array, check: PieceCheck): void {
    const committed = this.#disk.commit(piece, bytes, check);
    this.#network.heap.after(this.options.commitMs, () => {
      if (this.#isGone) return;
      if (committed.result === "stored" && this.stored.set(piece)) this.#events.onStored(this, piece);
      this.feed(committed);
    });
  }
}
