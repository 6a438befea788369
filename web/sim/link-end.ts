/**
 * One end of a link: a stream to another machine, on which nothing overtakes. Messages do not wait for the blocks of
 * other links.
 *
 * What has left the uplink is flushed. Only when more is on its way than NETWORK_BUFFER_MS of the other's downlink,
 * a block counts as flushed when it should have come through (back-pressure). This end knows the other's rate, what it sent
 * there itself, and of what others sent there as much as it was told.
 */
import type { Input } from "../engine/io.ts";
import type { LinkId } from "../engine/units.ts";
import type { Downlink } from "./downlink.ts";
import type { MachineNumber } from "./letter.ts";
import type { Network } from "./network.ts";

/** What the network holds for a downlink. */
const NETWORK_BUFFER_MS = 200;

/** Messages wait this long for others before their flush is told, bytes. */
const FLUSH_BYTES = 4096;

/** The machine at this end. */
export interface LinkOwner {
  readonly number: MachineNumber;
  readonly latencyMs: number;
  readonly downlink: Downlink;
  feed(input: Input): void;
  onAccepted(end: LinkEnd): void;
  onRefused(end: LinkEnd): void;
  onClosed(end: LinkEnd): void;
}

export class LinkEnd {
  readonly owner: LinkOwner;
  readonly here: LinkId;
  /** The machine at the other end. */
  readonly other: MachineNumber;
  isOpen = false;
  /** Blocks that have not left the uplink. */
  blocksWaiting = 0;
  /** When the messages behind them have left. */
  behindUntil = 0;
  readonly #network: Network;
  #there: LinkId | undefined;
  #farBytesPerSecond = Infinity;
  /** When all that this end knows to be on its way to the other will have come through its downlink. */
  #farClearAt = 0;
  /** When the last block that arrived here will have come through the downlink. */
  #clearAt = 0;
  /** Bytes of messages that left and that the engine was not told of yet. */
  #flushedBytes = 0;

  constructor(network: Network, owner: LinkOwner, here: LinkId, other: MachineNumber) {
    this.#network = network;
    this.owner = owner;
    this.here = here;
    this.other = other;
  }

  get there(): LinkId | undefined {
    return this.#there;
  }

  /** What the other end calls the link, and the rate of its downlink. */
  agree(there: LinkId, farBytesPerSecond: number): void {
    this.#there = there;
    this.#farBytesPerSecond = farBytesPerSecond;
  }

  /** A block has left the uplink. */
  depart(message: Uint8Array): void {
    this.blocksWaiting--;
    if (!this.isOpen || this.#there === undefined) return;
    const arrivesAt = this.#network.heap.now + this.owner.latencyMs;
    this.#network.send(arrivesAt, { type: "block", to: this.#there, message });
    const size = message.length;
    this.#farClearAt = Math.max(arrivesAt, this.#farClearAt) + (size * 1000) / this.#farBytesPerSecond;
    if (this.#farClearAt <= arrivesAt + NETWORK_BUFFER_MS) this.flush(size);
    else this.#network.heap.at(this.#farClearAt, () => this.flush(size));
  }

  flush(size: number): void {
    if (!this.isOpen) return;
    this.#flushedBytes += size;
    if (this.#flushedBytes < FLUSH_BYTES) return;
    const count = this.#flushedBytes;
    this.#flushedBytes = 0;
    this.owner.feed({ type: "bytes-flushed", link: this.here, count });
  }

  onBlock(message: Uint8Array): void {
    if (!this.isOpen) return;
    const { heap } = this.#network;
    const { downlink, latencyMs } = this.owner;
    this.#clearAt = downlink.pass(message.length, heap.now);
    if (this.#there !== undefined && this.#clearAt > heap.now + NETWORK_BUFFER_MS)
      this.#network.send(heap.now + latencyMs, { type: "backlog", to: this.#there, until: this.#clearAt });
    heap.at(this.#clearAt, () => this.#hear(message));
  }

  /** What is small arrives at once, but does not overtake a block of its own link. */
  onMessages(bytes: Uint8Array): void {
    if (!this.isOpen) return;
    const { heap } = this.#network;
    this.owner.downlink.pass(bytes.length, heap.now);
    if (this.#clearAt <= heap.now) this.#hear(bytes);
    else heap.at(this.#clearAt, () => this.#hear(bytes));
  }

  onBacklog(until: number): void {
    this.#farClearAt = Math.max(this.#farClearAt, until);
  }

  #hear(bytes: Uint8Array): void {
    if (this.isOpen) this.owner.feed({ type: "bytes-received", link: this.here, bytes });
  }
}
