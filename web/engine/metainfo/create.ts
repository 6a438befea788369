/**
 * Makes an info dictionary from files whose leaves were hashed elsewhere (BEP 52).
 *
 * Invariants
 *  1. The bytes are canonical: the same content, names, piece length and salt give the same infohash everywhere.
 *  2. What is made is parsed by our own parser before anybody sees it.
 */
import { concatBytes } from "../bytes.ts";
import { BLOCK_BYTES, HASH_BYTES, SHA1_BYTES } from "../limits.ts";
import { fail, type InfoHash, invariant, ok, type Result, type Sha256, toHex } from "../units.ts";
import { type Bencodable, encode } from "./bencode.ts";
import { type Info, type InfoReason, parseInfo } from "./info.ts";
import { leafWidth, pieceLayer, piecesRoot } from "./merkle.ts";
import { byteString, toUtf8 } from "./text.ts";

const KIB = 1024;
const SMALLEST_PIECE_BYTES = 256 * KIB;
const LARGEST_PIECE_BYTES = 16 * KIB * KIB;
const PIECES_AIMED_AT = 2048;

export interface HashedFile {
  /** Components below the torrent's name; just the name for a single-file torrent. */
  readonly path: readonly string[];
  /** Bytes. */
  readonly length: number;
  /** SHA-256 of each 16 KiB block, the last one short, 32 bytes each; empty for an empty file. */
  readonly leaves: Uint8Array;
  /**
   * For a hybrid torrent, which all or none of the files make: SHA-1 of each piece, 20 bytes each. The last
   * piece is hashed with zeros up to the piece length, unless the torrent is a single file.
   */
  readonly v1Pieces?: Uint8Array;
}

export interface TorrentSource {
  readonly name: string;
  /** Bytes, a power of two of at least 16 KiB. */
  readonly pieceLength: number;
  /** In any order. */
  readonly files: readonly HashedFile[];
  /** Random bytes that make the infohash of a private share impossible to guess from its content. */
  readonly salt?: Uint8Array;
}

export interface Created {
  readonly info: Info;
  readonly infoBytes: Uint8Array;
  readonly infoHash: InfoHash;
  /** For each file of `info`, its roots of pieces if it is longer than a piece (`piece layers`, BEP 52). */
  readonly layers: readonly (Uint8Array | undefined)[];
  /** For each file of `info`, its place in the source: the order of the piece space is not the source's. */
  readonly order: readonly number[];
}

export type CreateReason = InfoReason | "path-conflict";

/**
 * 256 KiB up to 512 MiB of content, then doubling to stay near 2,048 pieces, at most 16 MiB. A quarter of that for what
 * is played: a jump waits for whole pieces (docs/adr/0013).
 */
export function choosePieceLength(totalBytes: number, isPlayed = false): number {
  let pieceLength = SMALLEST_PIECE_BYTES;
  while (pieceLength < LARGEST_PIECE_BYTES && totalBytes / pieceLength > PIECES_AIMED_AT) pieceLength *= 2;
  return isPlayed ? pieceLength / 4 : pieceLength;
}

/** Fails when two files have one path, a file is also a folder, or the result is not a torrent that we open. */
export function createTorrent(source: TorrentSource, sha256: Sha256): Result<Created, CreateReason> {
  const { name, pieceLength, salt } = source;
  const order = fileOrder(source.files);
  const tree: Directory = new Map();
  const layers: (Uint8Array | undefined)[] = [];
  for (const index of order) {
    const file = source.files[index];
    invariant(file?.leaves.length === leafBytes(file?.length ?? 0), "one leaf for each block of a file");
    const width = leafWidth(file.length, pieceLength);
    const layer = pieceLayer(file.leaves, width, sha256);
    const properties =
      file.length === 0
        ? { length: 0 }
        : { length: file.length, "pieces root": piecesRoot(layer, width, sha256) };
    if (!insert(tree, file.path, properties)) return fail("path-conflict");
    layers.push(file.length > pieceLength ? layer : undefined);
  }
  const v1 = v1Entries(source, order);
  const v2 = { name, "meta version": 2, "piece length": pieceLength, "file tree": tree, salt };
  const infoBytes = encode({ ...v2, ...v1 });
  const info = parseInfo(infoBytes);
  if (!info.ok) return info;
  const infoHash = toHex(sha256(infoBytes)) as InfoHash;
  return ok({ info: info.value, infoBytes, infoHash, layers, order });
}

/** The v1 keys of a hybrid: the same files in the same order, each padded to whole pieces (BEP 47, BEP 52). */
function v1Entries(
  { name, pieceLength, files }: TorrentSource,
  order: readonly number[],
): V1Entries | undefined {
  if (files.every((file) => file.v1Pieces === undefined)) return undefined;
  const sorted = order.flatMap((index) => files[index] ?? []);
  const pieces = sorted.map(({ length, v1Pieces }) => {
    const count = Math.ceil(length / pieceLength);
    invariant((v1Pieces?.length ?? 0) === count * SHA1_BYTES, "one SHA-1 for each piece of a file");
    return v1Pieces ?? new Uint8Array();
  });
  const [only] = sorted;
  if (only && sorted.length === 1 && only.path.length === 1 && only.path[0] === name) {
    return { length: only.length, pieces: concatBytes(pieces) };
  }
  const list = sorted.flatMap(({ path, length }): V1Entry[] => {
    const padding = Math.ceil(length / pieceLength) * pieceLength - length;
    const file = { length, path };
    return padding === 0 ? [file] : [file, { attr: "p", length: padding, path: [".pad", `${padding}`] }];
  });
  return { files: list, pieces: concatBytes(pieces) };
}

type V1Entry = { attr?: string; length: number; path: readonly string[] };
type V1Entries = { files?: V1Entry[]; length?: number; pieces: Uint8Array };

function leafBytes(length: number): number {
  return Math.ceil(length / BLOCK_BYTES) * HASH_BYTES;
}

type Directory = Map<string, Bencodable>;

/** False when the place is taken by a file before it; in the order of the tree no folder comes before that file. */
function insert(tree: Directory, path: readonly string[], properties: Bencodable): boolean {
  let directory = tree;
  for (const component of path) {
    const key = byteString(toUtf8(component));
    const entry = directory.get(key) ?? new Map<string, Bencodable>();
    if (!(entry instanceof Map) || entry.has("")) return false;
    directory.set(key, entry);
    directory = entry;
  }
  if (path.length === 0) return false;
  directory.set("", properties);
  return true;
}

/** Indices of the files in raw byte order of their paths, component by component, as the tree has them. */
function fileOrder(files: readonly HashedFile[]): number[] {
  const paths = files.map((file) => file.path.map((component) => byteString(toUtf8(component))));
  const order = files.map((_, index) => index);
  return order.sort((left, right) => comparePaths(paths[left] ?? [], paths[right] ?? []));
}

function comparePaths(left: readonly string[], right: readonly string[]): number {
  for (const [depth, component] of left.entries()) {
    const other = right[depth];
    if (other === undefined) return 1;
    if (component !== other) return component < other ? -1 : 1;
  }
  return left.length - right.length;
}
