/**
 * A machine's way out: bytes leave one after another at its rate, and cross the network in the latency.
 *
 * Messages without a block are most of what happens and almost nothing of what is sent, so those of one step leave
 * together. They go behind the blocks of their own link, not behind those of others.
 */
import type { LinkEnd } from "./link-end.ts";
import type { Network, Parcel } from "./network.ts";

export class Uplink {
  /** All bytes that left or are to leave. */
  sentBytes = 0;
  readonly #network: Network;
  readonly #bytesPerSecond: number;
  readonly #latencyMs: number;
  /** Messages of the present step: those that overtake the blocks of other links, and those behind blocks of their own. */
  #ahead: Parcel[] | undefined;
  #behind: Parcel[] | undefined;
  #freeAt = 0;
  #aheadFreeAt = 0;

  constructor(network: Network, bytesPerSecond: number, latencyMs: number) {
    this.#network = network;
    this.#bytesPerSecond = bytesPerSecond;
    this.#latencyMs = latencyMs;
  }

  block(end: LinkEnd, message: Uint8Array): void {
    this.dispatch();
    end.blocksWaiting++;
    this.#network.heap.at(this.#pass(message.length), () => end.depart(message));
  }

  /** Leaves with the next `dispatch`. */
  message(end: LinkEnd, bytes: Uint8Array): void {
    const isBehind = end.blocksWaiting > 0 || end.behindUntil > this.#network.heap.now;
    if (isBehind) this.#behind = added(this.#behind, { end, bytes });
    else this.#ahead = added(this.#ahead, { end, bytes });
  }

  /** Sends the messages of this step. */
  dispatch(): void {
    const ahead = this.#ahead;
    const behind = this.#behind;
    if (ahead !== undefined) {
      this.#ahead = undefined;
      this.#network.sendTogether(this.#passAhead(sizeOf(ahead)) + this.#latencyMs, ahead);
    }
    if (behind !== undefined) {
      this.#behind = undefined;
      const leftAt = this.#pass(sizeOf(behind));
      for (const { end } of behind) end.behindUntil = leftAt;
      this.#network.sendTogether(leftAt + this.#latencyMs, behind);
    }
  }

  /** @returns when it has left, behind all that was to be sent before. */
  #pass(size: number): number {
    this.sentBytes += size;
    this.#freeAt = this.#after(this.#freeAt, size);
    return this.#freeAt;
  }

  /** What is small passes between the packets of a block that is being sent, and delays what waits. */
  #passAhead(size: number): number {
    this.#pass(size);
    this.#aheadFreeAt = this.#after(this.#aheadFreeAt, size);
    return this.#aheadFreeAt;
  }

  #after(freeAt: number, size: number): number {
    return Math.max(this.#network.heap.now, freeAt) + (size * 1000) / this.#bytesPerSecond;
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
