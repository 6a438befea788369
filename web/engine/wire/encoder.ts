/** Turns messages into the bytes of the wire protocol (BEP 3, 6, 10, 52). Knows nothing of what may be sent when. */
import { PIECE_HEADER_BYTES } from "../limits.ts";
import type { BlockRequest, HashRange, Message } from "./message.ts";
import * as Id from "./message-id.ts";
import { writeUint32 } from "./uint32.ts";

/** Every message that we can say: all but those that we do not know. */
export type SendableMessage = Exclude<Message, { type: "unknown" }>;

/** A fresh array that the caller owns. */
export function encodeMessage(message: SendableMessage): Uint8Array {
  const bytes = new Uint8Array(encodedBytes(message));
  writeMessage(bytes, 0, message);
  return bytes;
}

/** Bytes of the message on the wire, length prefix included. */
export function encodedBytes(message: SendableMessage): number {
  return Id.PREFIX_BYTES + bodyBytes(message);
}

/**
 * Writes the PIECE_HEADER_BYTES bytes that come before a block of `length` bytes in a `piece` message; the
 * block itself follows at the returned offset.
 */
export function encodePieceHeader(
  target: Uint8Array,
  offset: number,
  piece: number,
  begin: number,
  length: number,
): number {
  writeUint32(target, offset, PIECE_HEADER_BYTES - Id.PREFIX_BYTES + length);
  target[offset + 4] = Id.PIECE;
  writeUint32(target, offset + 5, piece);
  writeUint32(target, offset + 9, begin);
  return offset + PIECE_HEADER_BYTES;
}

/** Bytes after the length prefix, id included. */
function bodyBytes(message: SendableMessage): number {
  switch (message.type) {
    case "keep-alive":
      return 0;
    case "choke":
    case "unchoke":
    case "interested":
    case "not-interested":
    case "have-all":
    case "have-none":
      return 1;
    case "have":
    case "suggest":
    case "allowed-fast":
      return 5;
    case "bitfield":
      return 1 + message.bits.length;
    case "request":
    case "cancel":
    case "reject":
      return 13;
    case "piece":
      return 9 + message.block.length;
    case "extended":
      return 2 + message.payload.length;
    case "hash-request":
    case "hash-reject":
      return Id.HASH_RANGE_BYTES;
    case "hashes":
      return Id.HASH_RANGE_BYTES + message.hashes.length;
  }
}

/**
 * Writes the message at `offset`, where `encodedBytes(message)` bytes must be free.
 * @returns the offset behind it.
 */
export function writeMessage(target: Uint8Array, offset: number, message: SendableMessage): number {
  if (message.type === "piece") {
    const { piece, begin, block } = message;
    const blockAt = encodePieceHeader(target, offset, piece, begin, block.length);
    target.set(block, blockAt);
    return blockAt + block.length;
  }
  const length = bodyBytes(message);
  writeUint32(target, offset, length);
  writeBody(target, offset + Id.PREFIX_BYTES, message);
  return offset + Id.PREFIX_BYTES + length;
}

function writeBody(
  target: Uint8Array,
  at: number,
  message: Exclude<SendableMessage, { type: "piece" }>,
): void {
  switch (message.type) {
    case "keep-alive":
      return;
    case "choke":
      target[at] = Id.CHOKE;
      return;
    case "unchoke":
      target[at] = Id.UNCHOKE;
      return;
    case "interested":
      target[at] = Id.INTERESTED;
      return;
    case "not-interested":
      target[at] = Id.NOT_INTERESTED;
      return;
    case "have":
      writeIndex(target, at, Id.HAVE, message.piece);
      return;
    case "bitfield":
      target[at] = Id.BITFIELD;
      target.set(message.bits, at + 1);
      return;
    case "request":
      writeBlockRequest(target, at, Id.REQUEST, message);
      return;
    case "cancel":
      writeBlockRequest(target, at, Id.CANCEL, message);
      return;
    case "suggest":
      writeIndex(target, at, Id.SUGGEST, message.piece);
      return;
    case "have-all":
      target[at] = Id.HAVE_ALL;
      return;
    case "have-none":
      target[at] = Id.HAVE_NONE;
      return;
    case "reject":
      writeBlockRequest(target, at, Id.REJECT, message);
      return;
    case "allowed-fast":
      writeIndex(target, at, Id.ALLOWED_FAST, message.piece);
      return;
    case "extended":
      target[at] = Id.EXTENDED;
      target[at + 1] = message.id;
      target.set(message.payload, at + 2);
      return;
    case "hash-request":
      writeHashRange(target, at, Id.HASH_REQUEST, message);
      return;
    case "hashes":
      writeHashRange(target, at, Id.HASHES, message);
      target.set(message.hashes, at + Id.HASH_RANGE_BYTES);
      return;
    case "hash-reject":
      writeHashRange(target, at, Id.HASH_REJECT, message);
      return;
  }
}

function writeIndex(target: Uint8Array, at: number, id: number, index: number): void {
  target[at] = id;
  writeUint32(target, at + 1, index);
}

function writeBlockRequest(target: Uint8Array, at: number, id: number, request: BlockRequest): void {
  target[at] = id;
  writeUint32(target, at + 1, request.piece);
  writeUint32(target, at + 5, request.begin);
  writeUint32(target, at + 9, request.length);
}

function writeHashRange(target: Uint8Array, at: number, id: number, range: HashRange): void {
  target[at] = id;
  target.set(range.piecesRoot, at + 1);
  writeUint32(target, at + 33, range.baseLayer);
  writeUint32(target, at + 37, range.index);
  writeUint32(target, at + 41, range.length);
  writeUint32(target, at + 45, range.proofLayers);
}
