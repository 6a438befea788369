/**
 * The 68 bytes that open a stream: 19, "BitTorrent protocol", 8 reserved bytes, infohash, peer id (BEP 3).
 *
 * The handshake proves nothing: whether infohash and peer id are the expected ones is the receiver's to check.
 */
import type { Handshake } from "./message.ts";

export const HANDSHAKE_BYTES = 68;

const PROTOCOL = Uint8Array.from("\x13BitTorrent protocol", (character) => character.charCodeAt(0));

const RESERVED_AT = PROTOCOL.length;
const EXTENSIONS_AT = RESERVED_AT + 5;
const FLAGS_AT = RESERVED_AT + 7;
const INFO_HASH_AT = RESERVED_AT + 8;
const PEER_ID_AT = INFO_HASH_AT + 20;

const EXTENSIONS_BIT = 0x10;
const FAST_BIT = 0x04;
const V2_UPGRADE_BIT = 0x10;

export function encodeHandshake(handshake: Handshake): Uint8Array {
  const bytes = new Uint8Array(HANDSHAKE_BYTES);
  bytes.set(PROTOCOL);
  if (handshake.extensions) bytes[EXTENSIONS_AT] = EXTENSIONS_BIT;
  bytes[FLAGS_AT] = (handshake.fast ? FAST_BIT : 0) | (handshake.v2Upgrade ? V2_UPGRADE_BIT : 0);
  bytes.set(handshake.infoHash, INFO_HASH_AT);
  bytes.set(handshake.peerId, PEER_ID_AT);
  return bytes;
}

/**
 * @param bytes exactly 68; infohash and peer id of the result are copies.
 * @returns undefined when it is not a BitTorrent handshake. Reserved bits that we do not know are ignored.
 */
export function decodeHandshake(bytes: Uint8Array): Handshake | undefined {
  if (bytes.length !== HANDSHAKE_BYTES) return undefined;
  if (!PROTOCOL.every((byte, at) => bytes[at] === byte)) return undefined;
  const flags = bytes[FLAGS_AT] ?? 0;
  return {
    infoHash: bytes.slice(INFO_HASH_AT, PEER_ID_AT),
    peerId: bytes.slice(PEER_ID_AT),
    extensions: ((bytes[EXTENSIONS_AT] ?? 0) & EXTENSIONS_BIT) !== 0,
    fast: (flags & FAST_BIT) !== 0,
    v2Upgrade: (flags & V2_UPGRADE_BIT) !== 0,
  };
}
