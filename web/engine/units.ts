/**
 * The engine's units and names as types.
 *
 * A branded value is made only by its checked constructor (or, inside a loop whose bounds are already
 * known, by the constructor's `unsafe` twin), so whoever holds one need not check it again.
 */

declare const brand: unique symbol;
type Branded<Value, Name extends string> = Value & { readonly [brand]: Name };

/** Index of a piece in the torrent, 0 … pieceCount − 1. */
export type PieceIndex = Branded<number, "PieceIndex">;

/** Index of a 16 KiB block within its piece. */
export type BlockIndex = Branded<number, "BlockIndex">;

/** 20-byte BitTorrent peer id as 40 lower-case hexadecimal digits. */
export type PeerId = Branded<string, "PeerId">;

/** 32-byte v2 infohash (SHA-256 of the info dictionary) as 64 lower-case hexadecimal digits (BEP 52). */
export type InfoHash = Branded<string, "InfoHash">;

/** 20-byte v1 infohash (SHA-1 of the info dictionary) as 40 lower-case hexadecimal digits (BEP 3). */
export type InfoHashV1 = Branded<string, "InfoHashV1">;

/** Milliseconds on a monotonic clock that the caller of the engine owns. Only differences mean something. */
export type Millis = Branded<number, "Millis">;

/** Names one link (a live channel to a peer) for as long as it lives; never reused within a session. */
export type LinkId = Branded<number, "LinkId">;

/** SHA-256 of `bytes`, computed synchronously; the result is a fresh 32-byte array that the caller owns. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** A value, or the reason why there is none. Everything that reads untrusted bytes returns one. */
export type Result<Value, Reason> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: Reason };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function fail<Reason>(reason: Reason): { readonly ok: false; readonly reason: Reason } {
  return { ok: false, reason };
}

export function pieceIndex(index: number, pieceCount: number): PieceIndex | undefined {
  return Number.isInteger(index) && index >= 0 && index < pieceCount ? (index as PieceIndex) : undefined;
}

const hex40 = /^[0-9a-f]{40}$/;
const hex64 = /^[0-9a-f]{64}$/;

export function peerId(text: string): PeerId | undefined {
  return hex40.test(text) ? (text as PeerId) : undefined;
}

export function infoHash(text: string): InfoHash | undefined {
  return hex64.test(text) ? (text as InfoHash) : undefined;
}

export function infoHashV1(text: string): InfoHashV1 | undefined {
  return hex40.test(text) ? (text as InfoHashV1) : undefined;
}

export function millis(value: number): Millis {
  return value as Millis;
}

export function linkId(value: number): LinkId {
  return value as LinkId;
}

/** How each byte reads. */
const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Lower-case hexadecimal of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += hexPairs[byte];
  return text;
}

/** The bytes that `text` spells in hexadecimal (either case), or undefined if it is not hexadecimal. */
export function fromHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (digitOf(text.charCodeAt(2 * i)) << 4) | digitOf(text.charCodeAt(2 * i + 1));
  }
  return bytes;
}

/** The value of a hexadecimal digit by its character code: letters lie 9 behind their last four bits. */
function digitOf(code: number): number {
  return (code & 15) + 9 * (code >> 6);
}

/** A bug of ours, never a peer's or the environment's fault: the driver stops the share that it happened in. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantError(message);
}
