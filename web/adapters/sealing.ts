/**
 * Sealed signaling with WebCrypto: AES-256-GCM under a key that follows from the infohash by HKDF-SHA-256.
 *
 * Invariants
 *  1. Room and key come from the infohash by one-way functions under different names, so the room tells
 *     nothing about the key.
 *  2. The context goes in as additional data, each field with its length before it: no two contexts look alike.
 *  3. Text is padded to a multiple of 256 bytes: its length tells the server no more than a rough size.
 *  4. `open` is total: whatever arrives, it resolves.
 *
 * Source: RFC 5869 (HKDF), NIST SP 800-38D (GCM, 96-bit random nonces), docs/protocol.md "Sealed signaling".
 */
import { fromHex, invariant, toHex } from "../engine/units.ts";
import type { MakeSealer, SealContext, Sealer } from "../ports/sealing.ts";

/** Names under which HKDF derives; part of the protocol. */
const ROOM_INFO = "shoal/1 room";
const KEY_INFO = "shoal/1 sealing key";
const CONTEXT_LABEL = "shoal/1 sealed";

const ROOM_BYTES = 20;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PAD_BYTES = 256;

/** Closes the text, so that the zero bytes behind it can be told from it (ISO/IEC 7816-4). */
const TEXT_END = 0x80;

/** Longest sealed text worth decoding, characters; the server carries 16 KiB of candidates at most. */
const MAX_SEALED_CHARS = 64 * 1024;

const NO_PASSWORD = new Uint8Array(0);

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The sealer of a private share: who has the infohash, and the password's key if there is one, has the key. */
export const makeSealer: MakeSealer = async (infoHash, passwordKey = NO_PASSWORD): Promise<Sealer> => {
  const secret = fromHex(infoHash);
  invariant(secret, "an infohash is hexadecimal");
  const room = await crypto.subtle.deriveBits(hkdf(ROOM_INFO), await sourceOf(secret), 8 * ROOM_BYTES);
  const source = await sourceOf(Uint8Array.of(...secret, ...passwordKey));
  const key = await crypto.subtle.deriveKey(hkdf(KEY_INFO), source, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  const roomHex = toHex(new Uint8Array(room));
  return {
    room: roomHex,
    hasPassword: passwordKey.length > 0,
    seal: (text, context) => seal(key, text, additionalData(roomHex, context)),
    open: (sealed, context) => open(key, sealed, additionalData(roomHex, context)),
  };
};

/**
 * The sealer of a public share, which seals nothing: other BitTorrent programs must be able to read its offers.
 * @param room the 20-byte infohash as 40 hexadecimal digits.
 */
export function makePublicSealer(room: string): Sealer {
  return { room, hasPassword: false, seal: async (text) => text, open: async (text) => text };
}

function sourceOf(secret: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", Uint8Array.from(secret), "HKDF", false, ["deriveBits", "deriveKey"]);
}

function hkdf(info: string): HkdfParams {
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8.encode(info) };
}

async function seal(key: CryptoKey, text: string, bound: Uint8Array<ArrayBuffer>): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const ciphertext = await crypto.subtle.encrypt(gcm(nonce, bound), key, pad(utf8.encode(text)));
  const sealed = new Uint8Array(NONCE_BYTES + ciphertext.byteLength);
  sealed.set(nonce);
  sealed.set(new Uint8Array(ciphertext), NONCE_BYTES);
  return toBase64Url(sealed);
}

async function open(
  key: CryptoKey,
  text: string,
  bound: Uint8Array<ArrayBuffer>,
): Promise<string | undefined> {
  if (text.length > MAX_SEALED_CHARS) return undefined;
  const sealed = fromBase64Url(text);
  if (sealed === undefined || sealed.length < NONCE_BYTES + PAD_BYTES + TAG_BYTES) return undefined;
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const padded = await crypto.subtle.decrypt(gcm(nonce, bound), key, sealed.subarray(NONCE_BYTES));
    return unpad(new Uint8Array(padded));
  } catch {
    // Not made with this key for this context, or not text: GCM and the decoder say so by throwing.
    return undefined;
  }
}

function gcm(nonce: Uint8Array<ArrayBuffer>, additionalData: Uint8Array<ArrayBuffer>): AesGcmParams {
  return { name: "AES-GCM", iv: nonce, additionalData, tagLength: 8 * TAG_BYTES };
}

function additionalData(room: string, context: SealContext): Uint8Array<ArrayBuffer> {
  const texts = [CONTEXT_LABEL, context.kind, room, context.from, context.to, context.offerId];
  const fields = texts.map((text) => utf8.encode(text));
  const bytes = new Uint8Array(fields.reduce((length, field) => length + 4 + field.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const field of fields) {
    view.setUint32(at, field.length);
    bytes.set(field, at + 4);
    at += 4 + field.length;
  }
  return bytes;
}

function pad(text: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((text.length + 1) / PAD_BYTES) * PAD_BYTES);
  padded.set(text);
  padded[text.length] = TEXT_END;
  return padded;
}

function unpad(padded: Uint8Array): string | undefined {
  const end = padded.findLastIndex((byte) => byte !== 0);
  return padded[end] === TEXT_END ? strictUtf8.decode(padded.subarray(0, end)) : undefined;
}

/** Base64url without padding (RFC 4648 §5). */
function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 === 1 || !/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
