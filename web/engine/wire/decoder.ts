/**
 * Turns a peer's byte stream into a handshake and then messages.
 *
 * Where the pushed arrays begin and end means nothing: a data channel carries a byte stream (BEP 3).
 *
 * Invariants
 *  1. Total: whatever the bytes, nothing throws and nothing is read out of bounds.
 *  2. At most one incomplete message is kept, never more than MAX_MESSAGE_BYTES, and only after its length
 *     and its id were found to agree.
 *  3. A message that lies wholly in one pushed array is not copied; of any other, each byte is copied once.
 *  4. After a failure the stream is over: the failure is told once, later bytes are ignored.
 */
import type { DropReason } from "../io.ts";
import { MAX_MESSAGE_BYTES } from "../limits.ts";
import { invariant } from "../units.ts";
import { decodeHandshake, HANDSHAKE_BYTES } from "./handshake.ts";
import type { Handshake, HashRange, Message } from "./message.ts";
import * as Id from "./message-id.ts";
import { readUint32 } from "./uint32.ts";

export type WireFailure = Extract<
  DropReason,
  "handshake-malformed" | "message-too-long" | "message-malformed"
>;

export type WireEvent =
  | { readonly type: "handshake"; readonly handshake: Handshake }
  | Message
  | { readonly type: "failed"; readonly reason: WireFailure };

const NOTHING = new Uint8Array(0);

export class WireDecoder {
  #input: Uint8Array = NOTHING;
  #at = 0;
  #stage: "handshake" | "prefix" | "body" | "failed" = "handshake";
  /** Bytes of the handshake or body that is being read. */
  #length = HANDSHAKE_BYTES;
  /** The length prefix as far as it was read. */
  #prefix = 0;
  #prefixBytes = 0;
  /** Collects a handshake or body that lies in several pushed arrays. */
  #partial: Uint8Array | undefined;
  #filled = 0;

  /**
   * Hands in the next bytes of the stream; what was pushed before must be drained by then. The decoder keeps
   * views into `bytes`, so the caller must not write to it again.
   */
  push(bytes: Uint8Array): void {
    if (this.#stage === "failed") return;
    invariant(this.#at === this.#input.length, "bytes were pushed before the earlier ones were decoded");
    this.#input = bytes;
    this.#at = 0;
  }

  /** The next handshake, message or failure; undefined when more bytes are needed. */
  next(): WireEvent | undefined {
    if (this.#stage === "handshake") return this.#nextHandshake();
    if (this.#stage === "prefix" && this.#readPrefix()) {
      if (this.#length === 0) return KEEP_ALIVE;
      if (this.#length > MAX_MESSAGE_BYTES) return this.#fail("message-too-long");
      this.#stage = "body";
    }
    return this.#stage === "body" ? this.#nextMessage() : undefined;
  }

  #nextHandshake(): WireEvent | undefined {
    const start = this.#at;
    const source = this.#collect();
    if (source === undefined) return undefined;
    const from = source === this.#input ? start : 0;
    const handshake = decodeHandshake(source.subarray(from, from + HANDSHAKE_BYTES));
    if (handshake === undefined) return this.#fail("handshake-malformed");
    this.#stage = "prefix";
    return { type: "handshake", handshake };
  }

  /** True once all four bytes are here; then the length is known and the next prefix may begin. */
  #readPrefix(): boolean {
    while (this.#prefixBytes < Id.PREFIX_BYTES && this.#at < this.#input.length) {
      this.#prefix = ((this.#prefix << 8) | (this.#input[this.#at++] ?? 0)) >>> 0;
      this.#prefixBytes++;
    }
    if (this.#prefixBytes < Id.PREFIX_BYTES) return this.#starve();
    this.#length = this.#prefix;
    this.#prefix = 0;
    this.#prefixBytes = 0;
    return true;
  }

  #nextMessage(): WireEvent | undefined {
    const start = this.#at;
    if (this.#partial === undefined && start < this.#input.length) {
      if (!Id.isLegalLength(this.#input[start] ?? 0, this.#length)) return this.#fail("message-malformed");
    }
    const source = this.#collect();
    if (source === undefined) return undefined;
    this.#stage = "prefix";
    return decodeBody(source, source === this.#input ? start : 0, this.#length);
  }

  /**
   * Moves past the handshake or body that is due and returns the array that holds it: the pushed one, where it
   * begins at the position before the call, or a collected one of just its length. Undefined until all is here.
   */
  #collect(): Uint8Array | undefined {
    const available = this.#input.length - this.#at;
    if (this.#partial === undefined) {
      if (available >= this.#length) {
        this.#at += this.#length;
        return this.#input;
      }
      if (available > 0) this.#partial = new Uint8Array(this.#length);
    }
    const partial = this.#partial;
    if (partial !== undefined) {
      const end = Math.min(this.#input.length, this.#at + this.#length - this.#filled);
      partial.set(this.#input.subarray(this.#at, end), this.#filled);
      this.#filled += end - this.#at;
      this.#at = end;
      if (this.#filled === this.#length) {
        this.#partial = undefined;
        this.#filled = 0;
        return partial;
      }
    }
    this.#starve();
    return undefined;
  }

  /** Lets go of the drained array, so that a waiting decoder does not keep 64 KiB alive. */
  #starve(): false {
    this.#input = NOTHING;
    this.#at = 0;
    return false;
  }

  #fail(reason: WireFailure): WireEvent {
    this.#stage = "failed";
    this.#starve();
    this.#partial = undefined;
    return { type: "failed", reason };
  }
}

// Messages without content are the same value each time.
const KEEP_ALIVE: Message = { type: "keep-alive" };
const CHOKE: Message = { type: "choke" };
const UNCHOKE: Message = { type: "unchoke" };
const INTERESTED: Message = { type: "interested" };
const NOT_INTERESTED: Message = { type: "not-interested" };
const HAVE_ALL: Message = { type: "have-all" };
const HAVE_NONE: Message = { type: "have-none" };

/** Decodes the `length` bytes from `at` on, of which the first is the id; the length is legal for it. */
function decodeBody(bytes: Uint8Array, at: number, length: number): Message {
  const id = bytes[at] ?? 0;
  const end = at + length;
  switch (id) {
    case Id.CHOKE:
      return CHOKE;
    case Id.UNCHOKE:
      return UNCHOKE;
    case Id.INTERESTED:
      return INTERESTED;
    case Id.NOT_INTERESTED:
      return NOT_INTERESTED;
    case Id.HAVE:
      return { type: "have", piece: readUint32(bytes, at + 1) };
    case Id.BITFIELD:
      return { type: "bitfield", bits: bytes.subarray(at + 1, end) };
    case Id.REQUEST:
      return blockMessage("request", bytes, at);
    case Id.PIECE:
      return {
        type: "piece",
        piece: readUint32(bytes, at + 1),
        begin: readUint32(bytes, at + 5),
        block: bytes.subarray(at + 9, end),
      };
    case Id.CANCEL:
      return blockMessage("cancel", bytes, at);
    case Id.SUGGEST:
      return { type: "suggest", piece: readUint32(bytes, at + 1) };
    case Id.HAVE_ALL:
      return HAVE_ALL;
    case Id.HAVE_NONE:
      return HAVE_NONE;
    case Id.REJECT:
      return blockMessage("reject", bytes, at);
    case Id.ALLOWED_FAST:
      return { type: "allowed-fast", piece: readUint32(bytes, at + 1) };
    case Id.EXTENDED:
      return { type: "extended", id: bytes[at + 1] ?? 0, payload: bytes.subarray(at + 2, end) };
    case Id.HASH_REQUEST:
      return { type: "hash-request", ...hashRange(bytes, at) };
    case Id.HASHES:
      return {
        type: "hashes",
        ...hashRange(bytes, at),
        hashes: bytes.subarray(at + Id.HASH_RANGE_BYTES, end),
      };
    case Id.HASH_REJECT:
      return { type: "hash-reject", ...hashRange(bytes, at) };
    default:
      return { type: "unknown", id };
  }
}

function blockMessage(type: "request" | "cancel" | "reject", bytes: Uint8Array, at: number): Message {
  return {
    type,
    piece: readUint32(bytes, at + 1),
    begin: readUint32(bytes, at + 5),
    length: readUint32(bytes, at + 9),
  };
}

function hashRange(bytes: Uint8Array, at: number): HashRange {
  return {
    piecesRoot: bytes.subarray(at + 1, at + 33),
    baseLayer: readUint32(bytes, at + 33),
    index: readUint32(bytes, at + 37),
    length: readUint32(bytes, at + 41),
    proofLayers: readUint32(bytes, at + 45),
  };
}
