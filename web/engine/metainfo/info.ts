/**
 * The info dictionary: what a torrent is, and what its infohash is the hash of (BEP 3, BEP 52).
 *
 * Invariants
 *  1. `bytes` are the original bytes; nothing is ever encoded again to be hashed.
 *  2. What is parsed is safe: paths can be shown and written, numbers are exact and within the limits.
 */
import { equalBytes } from "../bytes.ts";
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
import { type PathReason, safeName, safePaths } from "./paths.ts";
import {
  hasV1View,
  readV1Files,
  readV1View,
  type V1File,
  type V1Reason,
  type V1View,
  viewsAgree,
} from "./v1.ts";

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
  /** Bytes, a power of two of at least 16 KiB (BEP 52); any positive number in a v1 torrent. */
  readonly pieceLength: number;
  /**
   * In the order of the file tree, which is the order of the piece space; in a v1 torrent the order of its
   * stream, where a piece may span files. Neither padding nor symbolic links are among them.
   */
  readonly files: readonly TorrentFile[];
  /** True when the torrent is one file and its path is the name. */
  readonly isSingleFile: boolean;
  /** Peers come from the torrent's own trackers only: no peer exchange (BEP 27). */
  readonly isPrivate: boolean;
  /** The v1 view of a v1 or hybrid torrent. */
  readonly v1?: V1View;
  /** The original bytes that the infohash is the hash of. */
  readonly bytes: Uint8Array;
}

export type InfoReason =
  | BencodeReason
  | FileTreeReason
  | V1Reason
  | "not-a-dictionary"
  | "not-canonical"
  | "meta-version-unknown"
  | "name-missing"
  | "piece-length-invalid"
  | PathReason
  | "views-disagree";

/**
 * Parses an info dictionary of any version; `bytes` is exactly the dictionary and is kept.
 * @param decoded what these bytes say, if that is known already.
 */
export function parseInfo(
  bytes: Uint8Array,
  decoded: ReturnType<typeof decode> = decode(bytes),
): Result<Info, InfoReason> {
  if (!decoded.ok) return decoded;
  const { value: dictionary, isCanonical } = decoded.value;
  if (dictionary.type !== "dictionary") return fail("not-a-dictionary");
  const isV2 = dictionary.entries.has("meta version");
  if (isV2 && integerAt(dictionary, "meta version") !== 2) return fail("meta-version-unknown");
  if (isV2 && !isCanonical) return fail("not-canonical");
  const rawName = bytesAt(dictionary, "name");
  if (rawName === undefined) return fail("name-missing");
  const pieceLength = integerAt(dictionary, "piece length");
  if (pieceLength === undefined || !isPieceLength(pieceLength, isV2)) return fail("piece-length-invalid");

  const read = isV2 ? readV2(dictionary, rawName, pieceLength) : readV1(dictionary, rawName, pieceLength);
  if (!read.ok) return read;
  const { files, version, v1 } = read.value;
  const paths = safePaths(files.map((file) => file.rawPath));
  if (!paths.ok) return paths;
  return ok({
    version,
    name: safeName(rawName),
    pieceLength,
    files: files.map((file, index) => withPath(file, paths.value[index] ?? [])),
    isSingleFile: isV2 ? isSingleFile(files, rawName) : !dictionary.entries.has("files"),
    isPrivate: integerAt(dictionary, "private") === 1,
    ...(v1 !== undefined && { v1 }),
    bytes,
  });
}

/** What the versions have in common once it is read. */
interface Contents {
  readonly version: Info["version"];
  readonly files: readonly TreeFile[];
  readonly v1?: V1View;
}

function readV2(
  dictionary: BencodeDictionary,
  rawName: Uint8Array,
  pieceLength: number,
): Result<Contents, InfoReason> {
  const tree = dictionaryAt(dictionary, "file tree");
  if (tree === undefined) return fail("file-tree-malformed");
  const files = readFileTree(tree);
  if (!files.ok) return files;
  const pieceCount = files.value.reduce((sum, file) => sum + Math.ceil(file.length / pieceLength), 0);
  if (pieceCount > MAX_PIECES) return fail("too-many-pieces");
  if (pieceCount === 0) return fail("no-bytes");
  if (!hasV1View(dictionary)) return ok({ version: "v2", files: files.value });

  const v1 = readV1(dictionary, rawName, pieceLength);
  if (!v1.ok) return v1;
  const agree = viewsAgree(v1.value.stream, files.value, pieceLength);
  return agree ? ok({ version: "hybrid", files: files.value, v1: v1.value.v1 }) : fail("views-disagree");
}

function readV1(
  dictionary: BencodeDictionary,
  rawName: Uint8Array,
  pieceLength: number,
): Result<Contents & { readonly v1: V1View; readonly stream: readonly V1File[] }, InfoReason> {
  const stream = readV1Files(dictionary, rawName);
  if (!stream.ok) return stream;
  const v1 = readV1View(dictionary, stream.value, pieceLength);
  if (!v1.ok) return v1;
  const files = stream.value.filter((file) => !file.isPadding);
  if (files.length === 0) return fail("no-files");
  return ok({ version: "v1", files, v1: v1.value, stream: stream.value });
}

function isPieceLength(bytes: number, isV2: boolean): boolean {
  if (bytes <= 0 || bytes > MAX_PIECE_BYTES) return false;
  return !isV2 || (bytes >= BLOCK_BYTES && (bytes & (bytes - 1)) === 0);
}

function withPath({ length, piecesRoot }: TreeFile, path: readonly string[]): TorrentFile {
  return piecesRoot === undefined ? { path, length } : { path, length, piecesRoot };
}

function isSingleFile(files: readonly TreeFile[], rawName: Uint8Array): boolean {
  const [path, ...others] = files.map((file) => file.rawPath);
  const [name, ...rest] = path ?? [];
  return others.length === 0 && rest.length === 0 && name !== undefined && equalBytes(name, rawName);
}
