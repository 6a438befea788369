/**
 * The v1 view of a torrent: one stream of bytes cut into pieces that SHA-1 names (BEP 3), with padding between
 * files so that they begin at piece boundaries (BEP 47).
 *
 * A hybrid torrent has this view and the v2 one (BEP 52 "upgrade path"); whoever trusts either must get the
 * same files, so they are compared file by file here. Padding after the last file may be there or not: the
 * creators in use disagree.
 */
import { MAX_PIECES, SHA1_BYTES } from "../limits.ts";
import { fail, ok, type Result } from "../units.ts";
import { type Bencode, type BencodeDictionary, bytesAt, integerAt, listAt } from "./bencode.ts";
import type { TreeFile } from "./file-tree.ts";
import { byteString } from "./text.ts";

/** SHA-1 of `bytes`, computed synchronously; the result is a fresh 20-byte array that the caller owns. */
export type Sha1 = (bytes: Uint8Array) => Uint8Array;

export interface V1View {
  /** SHA-1 of each piece of the stream, 20 bytes each, in order. */
  readonly pieces: Uint8Array;
  /** Bytes of the stream, padding included: the last piece ends with it. */
  readonly streamLength: number;
  /** Where each file that is not padding begins in the stream, bytes, in its order. */
  readonly offsets: readonly number[];
  /** The place of each of these files in the torrent's own list, in which padding and links count too (BEP 53). */
  readonly numbers: readonly number[];
}

/** A file or padding of the stream; symbolic links are left out. */
export interface V1File {
  /** Components below the torrent's name (the name itself in a single-file torrent), as the torrent has them. */
  readonly rawPath: readonly Uint8Array[];
  /** Bytes. */
  readonly length: number;
  readonly isPadding: boolean;
  /** Its place in the torrent's own list. */
  readonly number: number;
}

export type V1Reason =
  | "length-invalid"
  | "path-malformed"
  | "pieces-invalid"
  | "too-many-pieces"
  | "no-files"
  | "no-bytes";

/** True when the info dictionary has the v1 keys. */
export function hasV1View(info: BencodeDictionary): boolean {
  return info.entries.has("pieces");
}

/** Reads the files of the stream, padding among them. */
export function readV1Files(info: BencodeDictionary, rawName: Uint8Array): Result<V1File[], V1Reason> {
  if (!info.entries.has("files")) {
    const length = integerAt(info, "length");
    if (length === undefined || length < 0) return fail("length-invalid");
    return ok([{ rawPath: [rawName], length, isPadding: false, number: 0 }]);
  }
  const list = listAt(info, "files");
  if (list === undefined || list.items.length === 0) return fail("no-files");
  const files: V1File[] = [];
  for (const [number, item] of list.items.entries()) {
    const file = readFile(item, number);
    if (!file.ok) return file;
    if (file.value !== undefined) files.push(file.value);
  }
  return ok(files);
}

/** Reads the piece hashes, of which there must be one for each piece of the stream. */
export function readV1View(
  info: BencodeDictionary,
  files: readonly V1File[],
  pieceLength: number,
): Result<V1View, V1Reason> {
  const streamLength = files.reduce((sum, file) => sum + file.length, 0);
  const pieceCount = Math.ceil(streamLength / pieceLength);
  if (pieceCount > MAX_PIECES) return fail("too-many-pieces");
  if (pieceCount === 0) return fail("no-bytes");
  const pieces = bytesAt(info, "pieces");
  if (pieces?.length !== pieceCount * SHA1_BYTES) return fail("pieces-invalid");
  const numbers = files.flatMap(({ isPadding, number }) => (isPadding ? [] : [number]));
  return ok({ pieces: pieces.slice(), streamLength, offsets: offsetsOf(files), numbers });
}

function offsetsOf(files: readonly V1File[]): number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const { length, isPadding } of files) {
    if (!isPadding) offsets.push(offset);
    offset += length;
  }
  return offsets;
}

/** The v1 and v2 views name the same bytes: same files, order, sizes and places in the piece space (BEP 52). */
export function viewsAgree(
  v1Files: readonly V1File[],
  v2Files: readonly TreeFile[],
  pieceLength: number,
): boolean {
  const expected = v2Files.filter((file) => file.length > 0);
  let found = 0;
  let v1Offset = 0;
  let v2Offset = 0;
  for (const file of v1Files) {
    if (!file.isPadding && file.length > 0) {
      const other = expected[found++];
      if (v1Offset !== v2Offset || other?.length !== file.length) return false;
      if (!samePath(file.rawPath, other.rawPath)) return false;
      v2Offset += Math.ceil(file.length / pieceLength) * pieceLength;
    }
    v1Offset += file.length;
  }
  return found === expected.length && v1Offset <= v2Offset;
}

function samePath(left: readonly Uint8Array[], right: readonly Uint8Array[]): boolean {
  const text = (path: readonly Uint8Array[]) => path.map(byteString);
  const other = text(right);
  return left.length === right.length && text(left).every((component, depth) => component === other[depth]);
}

/** @returns undefined for a symbolic link, which has no bytes whatever it says (BEP 47). */
function readFile(item: Bencode, number: number): Result<V1File | undefined, V1Reason> {
  if (item.type !== "dictionary") return fail("path-malformed");
  const attributes = byteString(bytesAt(item, "attr") ?? new Uint8Array());
  const isLink = attributes.includes("l");
  const rawPath = readPath(item, "path");
  if (isLink) {
    return rawPath && readPath(item, "symlink path") ? ok(undefined) : fail("path-malformed");
  }
  const length = integerAt(item, "length");
  if (length === undefined || length < 0) return fail("length-invalid");
  const isPadding = attributes.includes("p");
  if (isPadding && !item.entries.has("path")) return ok({ rawPath: [], length, isPadding, number });
  return rawPath ? ok({ rawPath, length, isPadding, number }) : fail("path-malformed");
}

function readPath(file: BencodeDictionary, key: string): Uint8Array[] | undefined {
  const components = listAt(file, key)?.items ?? [];
  const path = components.flatMap((component) => (component.type === "bytes" ? [component.value] : []));
  return path.length > 0 && path.length === components.length ? path : undefined;
}
