/**
 * The info dictionary: what a torrent is, and what its infohash is the hash of (BEP 3, BEP 52).
 *
 * Invariants
 *  1. `bytes` are the original bytes; nothing is ever encoded again to be hashed.
 *  2. What is parsed is safe: paths can be shown and written, numbers are exact and within the limits.
 */
import { BLOCK_BYTES, MAX_PIECE_BYTES, MAX_PIECES } from "../limits.ts";
import { fail, ok, type Result } from "../units.ts";
import {
  type BencodeDictionary,
  type BencodeReason,
  bytesAt,
  decode,
  dictionaryAt,
  integerAt,
} from "./bencode.ts";
import { type FileTreeReason, readFileTree, type TreeFile } from "./file-tree.ts";
import { safeName, safePaths } from "./paths.ts";

export interface TorrentFile {
  /** Components below the torrent's name, or just the name for a single-file torrent. Safe and unique. */
  readonly path: readonly string[];
  /** Bytes. */
  readonly length: number;
  /** Root of the file's Merkle tree, 32 bytes; absent exactly for empty files (BEP 52). */
  readonly piecesRoot?: Uint8Array;
}

/** A parsed and validated info dictionary. */
export interface Info {
  readonly version: "v1" | "v2" | "hybrid";
  /** Safe to show and to write. */
  readonly name: string;
  /** Bytes, a power of two of at least 16 KiB (BEP 52). */
  readonly pieceLength: number;
  /** In the order of the file tree, which is the order of the piece space. */
  readonly files: readonly TorrentFile[];
  /** True when the torrent is one file and its path is the name. */
  readonly isSingleFile: boolean;
  /** Peers come from the torrent's own trackers only: no peer exchange (BEP 27). */
  readonly isPrivate: boolean;
  /** The original bytes that the infohash is the hash of. */
  readonly bytes: Uint8Array;
}

export type InfoReason =
  | BencodeReason
  | FileTreeReason
  | "not-a-dictionary"
  | "not-canonical"
  | "meta-version-unknown"
  | "v1-unsupported"
  | "name-missing"
  | "piece-length-invalid"
  | "duplicate-path"
  | "too-many-pieces"
  | "no-bytes";

/** Parses an info dictionary, `bytes` being exactly that. Keeps `bytes`. */
export function parseInfo(bytes: Uint8Array): Result<Info, InfoReason> {
  const decoded = decode(bytes);
  if (!decoded.ok) return decoded;
  const dictionary = decoded.value.value;
  if (dictionary.type !== "dictionary") return fail("not-a-dictionary");
  if (!dictionary.entries.has("meta version")) return fail("v1-unsupported");
  if (integerAt(dictionary, "meta version") !== 2) return fail("meta-version-unknown");
  if (!decoded.value.isCanonical) return fail("not-canonical");
  return readV2(dictionary, bytes);
}

function readV2(dictionary: BencodeDictionary, bytes: Uint8Array): Result<Info, InfoReason> {
  const rawName = bytesAt(dictionary, "name");
  if (rawName === undefined) return fail("name-missing");
  const pieceLength = integerAt(dictionary, "piece length");
  if (pieceLength === undefined || !isPieceLength(pieceLength)) return fail("piece-length-invalid");
  const tree = dictionaryAt(dictionary, "file tree");
  if (tree === undefined) return fail("file-tree-malformed");
  const files = readFileTree(tree);
  if (!files.ok) return files;
  const pieceCount = files.value.reduce((sum, file) => sum + Math.ceil(file.length / pieceLength), 0);
  if (pieceCount > MAX_PIECES) return fail("too-many-pieces");
  if (pieceCount === 0) return fail("no-bytes");
  const paths = safePaths(files.value.map((file) => file.rawPath));
  if (!paths.ok) return paths;
  return ok({
    version: "v2",
    name: safeName(rawName),
    pieceLength,
    files: files.value.map((file, index) => withPath(file, paths.value[index] ?? [])),
    isSingleFile: isSingleFile(files.value, rawName),
    isPrivate: integerAt(dictionary, "private") === 1,
    bytes,
  });
}

function isPieceLength(bytes: number): boolean {
  return bytes >= BLOCK_BYTES && bytes <= MAX_PIECE_BYTES && (bytes & (bytes - 1)) === 0;
}

function withPath({ length, piecesRoot }: TreeFile, path: readonly string[]): TorrentFile {
  return piecesRoot === undefined ? { path, length } : { path, length, piecesRoot };
}

function isSingleFile(files: readonly TreeFile[], rawName: Uint8Array): boolean {
  const [path, ...others] = files.map((file) => file.rawPath);
  const [name, ...rest] = path ?? [];
  return others.length === 0 && rest.length === 0 && name !== undefined && sameBytes(name, rawName);
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
