/**
 * What names a torrent: its v2 infohash, its v1 infohash, or both when it is a hybrid and both are known.
 */
import { fromHex, type InfoHash, type InfoHashV1, invariant, toHex } from "../units.ts";
import type { Info } from "./info.ts";
import type { Digests } from "./torrent.ts";

export type InfoHashes =
  | { readonly infoHash: InfoHash; readonly infoHashV1?: InfoHashV1 }
  | { readonly infoHash?: never; readonly infoHashV1: InfoHashV1 };

/** Bytes of a v1 infohash, and of what stands for a v2 one in handshakes and at trackers (BEP 52). */
const SHORT_BYTES = 20;

/** All names that the torrent of this info dictionary has. */
export function hashesOf({ version, bytes }: Info, { sha256, sha1 }: Digests): InfoHashes {
  if (version === "v1") return { infoHashV1: toHex(sha1(bytes)) as InfoHashV1 };
  const infoHash = toHex(sha256(bytes)) as InfoHash;
  return version === "v2" ? { infoHash } : { infoHash, infoHashV1: toHex(sha1(bytes)) as InfoHashV1 };
}

/** The names alone, of something that has more to it. */
export function onlyHashes(named: InfoHashes): InfoHashes {
  const { infoHash, infoHashV1 } = named;
  if (infoHash === undefined) return { infoHashV1: named.infoHashV1 };
  return infoHashV1 === undefined ? { infoHash } : { infoHash, infoHashV1 };
}

/** The one name of the torrent that stays the same whatever else of it becomes known: for ids and keys. */
export function nameOf(hashes: InfoHashes): InfoHash | InfoHashV1 {
  return hashes.infoHash ?? hashes.infoHashV1;
}

/** One hash in common makes it one torrent. */
export function isSameTorrent(one: InfoHashes, other: InfoHashes): boolean {
  const isSameV2 = one.infoHash !== undefined && one.infoHash === other.infoHash;
  return isSameV2 || (one.infoHashV1 !== undefined && one.infoHashV1 === other.infoHashV1);
}

/** The v2 infohash as handshakes and trackers carry it: its first 20 bytes, as 40 hexadecimal digits. */
export function truncated(infoHash: InfoHash): string {
  return infoHash.slice(0, 2 * SHORT_BYTES);
}

/** The 20 bytes that 40 hexadecimal digits spell. */
export function shortBytes(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  invariant(bytes?.length === SHORT_BYTES, "a short infohash has 20 bytes");
  return bytes;
}
