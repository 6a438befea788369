/**
 * A .torrent file: an info dictionary with piece layers, trackers and web seeds around it (BEP 3, BEP 12, BEP 19,
 * BEP 52).
 *
 * Invariants
 *  1. The infohash is taken over the bytes of `info` as they stand in the file.
 *  2. A piece layer that is given hashes to its file's root, and belongs to a file that needs one. A missing
 *     one is accepted, as libtorrent does: peers are asked for it like after a magnet (BEP 52 would refuse).
 */
import { equalBytes } from "../bytes.ts";
import { HASH_BYTES } from "../limits.ts";
import { fail, type InfoHash, type InfoHashV1, ok, type Result, type Sha256, toHex } from "../units.ts";
import {
  type Bencodable,
  type Bencode,
  type BencodeBytes,
  type BencodeDictionary,
  type BencodeReason,
  decodePrefix,
  dictionaryAt,
  Encoded,
  encode,
  listAt,
  textAt,
} from "./bencode.ts";
import { type Info, type InfoReason, parseInfo } from "./info.ts";
import { leafWidth, piecesRoot } from "./merkle.ts";
import { byteString, fromUtf8 } from "./text.ts";
import type { Sha1 } from "./v1.ts";

export interface Torrent {
  readonly info: Info;
  /** SHA-256 of the info dictionary, unless the torrent is v1 only. */
  readonly infoHash?: InfoHash;
  /** SHA-1 of the info dictionary of a v1 or hybrid torrent. */
  readonly infoHashV1?: InfoHashV1;
  /** URLs of trackers, tier by tier. Untrusted text. */
  readonly tiers: readonly (readonly string[])[];
  /** URLs of web seeds. Untrusted text. */
  readonly webSeeds: readonly string[];
  /** For each file longer than a piece, the roots of its pieces; undefined for others and where it is missing. */
  readonly layers: readonly (Uint8Array | undefined)[];
}

export type TorrentReason =
  | BencodeReason
  | InfoReason
  | "info-missing"
  | "piece-layer-invalid"
  | "piece-layer-unknown";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export interface Digests {
  readonly sha256: Sha256;
  readonly sha1: Sha1;
}

/** Parses a .torrent of any version. */
export function parseTorrent(bytes: Uint8Array, { sha256, sha1 }: Digests): Result<Torrent, TorrentReason> {
  const decoded = decodePrefix(bytes);
  if (!decoded.ok) return decoded;
  const { value: root } = decoded.value;
  // Text editors and tools leave a line end behind; anything else after the dictionary is damage.
  const rest = bytes.subarray(root.end);
  if (rest.some((byte) => byte !== LINE_FEED && byte !== CARRIAGE_RETURN)) return fail("trailing-bytes");
  if (root.type !== "dictionary") return fail("not-a-dictionary");
  const infoSpan = dictionaryAt(root, "info");
  if (infoSpan === undefined) return fail("info-missing");
  const { start, end, isCanonical } = infoSpan;
  const info = parseInfo(bytes.slice(start, end), ok({ value: infoSpan, isCanonical }));
  if (!info.ok) return info;
  const layers = readLayers(root, info.value, sha256);
  if (!layers.ok) return layers;
  return ok({
    info: info.value,
    ...(info.value.version !== "v1" && { infoHash: toHex(sha256(info.value.bytes)) as InfoHash }),
    ...(info.value.v1 !== undefined && { infoHashV1: toHex(sha1(info.value.bytes)) as InfoHashV1 }),
    tiers: readTiers(root),
    webSeeds: readWebSeeds(root),
    layers: layers.value,
  });
}

/** Writes a .torrent around the info dictionary's original bytes. Layers that are missing or not needed are left out. */
export function encodeTorrent({
  info,
  tiers,
  webSeeds,
  layers,
}: Omit<Torrent, "infoHash" | "infoHashV1">): Uint8Array {
  const pieceLayers = new Map<string, Bencodable>();
  for (const [index, file] of info.files.entries()) {
    const layer = layers[index];
    if (file.piecesRoot && layer && file.length > info.pieceLength)
      pieceLayers.set(byteString(file.piecesRoot), layer);
  }
  return encode({
    announce: tiers[0]?.[0],
    "announce-list": tiers.flat().length > 1 ? tiers : undefined,
    info: new Encoded(info.bytes),
    "piece layers": info.version === "v1" ? undefined : pieceLayers,
    "url-list": webSeeds.length > 0 ? webSeeds : undefined,
  });
}

function readLayers(
  root: BencodeDictionary,
  info: Info,
  sha256: Sha256,
): Result<(Uint8Array | undefined)[], "piece-layer-invalid" | "piece-layer-unknown"> {
  if (root.entries.has("piece layers") && given(root) === undefined) return fail("piece-layer-invalid");
  const layers: (Uint8Array | undefined)[] = [];
  const known = new Set<string>();
  for (const { length, piecesRoot } of info.files) {
    if (piecesRoot === undefined || length <= info.pieceLength) {
      layers.push(undefined);
      continue;
    }
    const key = byteString(piecesRoot);
    known.add(key);
    const layer = given(root)?.get(key);
    if (layer !== undefined && !isLayer(layer, length, piecesRoot, info.pieceLength, sha256)) {
      return fail("piece-layer-invalid");
    }
    layers.push(layer?.value.slice());
  }
  for (const key of given(root)?.keys() ?? []) if (!known.has(key)) return fail("piece-layer-unknown");
  return ok(layers);
}

function given(root: BencodeDictionary): ReadonlyMap<string, Bencode> | undefined {
  return dictionaryAt(root, "piece layers")?.entries;
}

function isLayer(
  layer: Bencode,
  fileLength: number,
  root: Uint8Array,
  pieceLength: number,
  sha256: Sha256,
): layer is BencodeBytes {
  if (layer.type !== "bytes" || layer.value.length !== Math.ceil(fileLength / pieceLength) * HASH_BYTES) {
    return false;
  }
  return equalBytes(piecesRoot(layer.value, leafWidth(fileLength, pieceLength), sha256), root);
}

/** `announce-list` where there is one, else `announce` (BEP 12); an empty list counts as none. */
function readTiers(root: BencodeDictionary): string[][] {
  const known = new Set([""]);
  const isNew = (url: string) => !known.has(url) && known.add(url);
  const tiers = (listAt(root, "announce-list")?.items ?? []).map((tier) => textsOf(tier).filter(isNew));
  const listed = tiers.filter((tier) => tier.length > 0);
  if (listed.length > 0) return listed;
  const announce = (textAt(root, "announce") ?? "").trim();
  return announce === "" ? [] : [[announce]];
}

/** `url-list`, which is one URL or a list of them (BEP 19). */
function readWebSeeds(root: BencodeDictionary): string[] {
  const given = root.entries.get("url-list");
  const urls = given?.type === "bytes" ? [fromUtf8(given.value).trim()] : textsOf(given);
  return [...new Set(urls)].filter((url) => url !== "");
}

function textsOf(list: Bencode | undefined): string[] {
  if (list?.type !== "list") return [];
  return list.items.flatMap((item) => (item.type === "bytes" ? [fromUtf8(item.value).trim()] : []));
}
