/**
 * Byte arrays as a trace remembers them: what decides is kept, blocks are only counted.
 *
 * Invariants
 *  1. Kept parts are copies, so a trace keeps no large array alive and does not see later changes.
 *  2. Kept and omitted bytes together are as many as the original had, so that zeros can stand in for the
 *     omitted ones when the trace is replayed.
 */
import { fromHex, toHex } from "./units.ts";
import { HANDSHAKE_BYTES } from "./wire/handshake.ts";
import { PIECE, PREFIX_BYTES } from "./wire/message-id.ts";

/** In order: copied bytes, or how many bytes were left out. */
export type TracedPart = Uint8Array | number;

/** As JSON `{"$bytes": ["0a0b", 16384]}`: hexadecimal, or a number of omitted bytes. */
export class TracedBytes {
  readonly parts: readonly TracedPart[];

  constructor(parts: readonly TracedPart[]) {
    this.parts = parts;
  }

  /** The first `limit` bytes, and the number of those after them. */
  static head(bytes: Uint8Array, limit = Infinity): TracedBytes {
    if (bytes.length <= limit) return new TracedBytes([bytes.slice()]);
    return new TracedBytes([bytes.slice(0, limit), bytes.length - limit]);
  }

  get keptBytes(): number {
    return this.parts.reduce<number>((sum, part) => sum + (typeof part === "number" ? 0 : part.length), 0);
  }

  toJSON(): { $bytes: readonly (string | number)[] } {
    return { $bytes: this.parts.map((part) => (typeof part === "number" ? part : toHex(part))) };
  }
}

/** The bytes that a `$bytes` array describes, zeros for omitted ones; undefined when it is none. */
export function bytesOfParts(parts: unknown): Uint8Array | undefined {
  if (!Array.isArray(parts)) return undefined;
  const arrays: Uint8Array[] = [];
  let length = 0;
  for (const part of parts) {
    const bytes = typeof part === "string" ? fromHex(part) : Number.isInteger(part) && new Uint8Array(part);
    if (!bytes) return undefined;
    arrays.push(bytes);
    length += bytes.length;
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const bytes of arrays) {
    whole.set(bytes, offset);
    offset += bytes.length;
  }
  return whole;
}

/** Bytes of piece index and begin, which come before the block in a `piece` message. */
const BLOCK_POSITION_BYTES = 8;

/** Follows the stream of one peer across the arrays that it comes in, and leaves the blocks out of them. */
export class BlockOmitter {
  /** Bytes to keep, then bytes to omit, before the next message begins. */
  #keep = HANDSHAKE_BYTES;
  #omit = 0;
  /** The length prefix as far as it was read. */
  #length = 0;
  #lengthBytes = 0;

  omit(bytes: Uint8Array): TracedBytes {
    const parts: TracedPart[] = [];
    let keptFrom = 0;
    let at = 0;
    while (at < bytes.length) {
      if (this.#keep > 0) {
        const count = Math.min(this.#keep, bytes.length - at);
        this.#keep -= count;
        at += count;
      } else if (this.#omit > 0) {
        const count = Math.min(this.#omit, bytes.length - at);
        this.#omit -= count;
        if (at > keptFrom) parts.push(bytes.slice(keptFrom, at));
        parts.push(count);
        at += count;
        keptFrom = at;
      } else {
        this.#readHead(bytes[at++] ?? 0);
      }
    }
    if (at > keptFrom) parts.push(bytes.slice(keptFrom, at));
    return new TracedBytes(parts);
  }

  /** Reads a byte of the length prefix, or the id behind it. */
  #readHead(byte: number): void {
    if (this.#lengthBytes < PREFIX_BYTES) {
      this.#length = ((this.#length << 8) | byte) >>> 0;
      this.#lengthBytes++;
      const isKeepAlive = this.#lengthBytes === PREFIX_BYTES && this.#length === 0;
      if (isKeepAlive) this.#lengthBytes = 0;
      return;
    }
    const rest = this.#length - 1;
    this.#keep = byte === PIECE ? Math.min(BLOCK_POSITION_BYTES, rest) : rest;
    this.#omit = rest - this.#keep;
    this.#length = 0;
    this.#lengthBytes = 0;
  }
}
