/**
 * The `file tree` of a v2 info dictionary (BEP 52 "file tree").
 *
 * Invariants
 *  1. Files come in the order of the tree, which is the raw byte order of their paths and the order of the
 *     piece space.
 *  2. A file has bytes and a root, or neither. Symbolic links are left out (BEP 47: a browser has none).
 *  3. Depth needs no bound here: the bencode decoder has one.
 */
import { HASH_BYTES } from "../limits.ts";
import { fail, ok, type Result } from "../units.ts";
import { type BencodeDictionary, bytesAt, dictionaryAt, integerAt } from "./bencode.ts";
import { byteString, fromByteString } from "./text.ts";

export interface TreeFile {
  /** Components below the torrent's name, as the torrent has them. */
  readonly rawPath: readonly Uint8Array[];
  /** Bytes. */
  readonly length: number;
  /** 32 bytes; absent exactly for empty files. */
  readonly piecesRoot?: Uint8Array;
}

export type FileTreeReason =
  | "file-tree-malformed"
  | "length-invalid"
  | "pieces-root-invalid"
  | "pad-file-in-tree"
  | "no-files";

/** The entry of a directory that makes it a file. */
const FILE_KEY = "";

export function readFileTree(tree: BencodeDictionary): Result<TreeFile[], FileTreeReason> {
  if (tree.entries.has(FILE_KEY)) return fail("file-tree-malformed");
  const files: TreeFile[] = [];
  const reason = walk(tree, [], files);
  if (reason !== undefined) return fail(reason);
  return files.length === 0 ? fail("no-files") : ok(files);
}

function walk(
  directory: BencodeDictionary,
  path: readonly Uint8Array[],
  files: TreeFile[],
): FileTreeReason | undefined {
  for (const [name, node] of directory.entries) {
    if (node.type !== "dictionary") return "file-tree-malformed";
    const nodePath = [...path, fromByteString(name)];
    const reason = node.entries.has(FILE_KEY) ? readFile(node, nodePath, files) : walk(node, nodePath, files);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function readFile(
  node: BencodeDictionary,
  rawPath: readonly Uint8Array[],
  files: TreeFile[],
): FileTreeReason | undefined {
  const properties = dictionaryAt(node, FILE_KEY);
  if (properties === undefined || node.entries.size !== 1) return "file-tree-malformed";
  const length = integerAt(properties, "length");
  if (length === undefined || length < 0) return "length-invalid";
  const attributes = byteString(bytesAt(properties, "attr") ?? new Uint8Array());
  if (attributes.includes("p")) return "pad-file-in-tree";
  if (length === 0) {
    if (!attributes.includes("l")) files.push({ rawPath, length });
    return undefined;
  }
  const root = bytesAt(properties, "pieces root");
  if (root?.length !== HASH_BYTES || root.every((byte) => byte === 0)) return "pieces-root-invalid";
  files.push({ rawPath, length, piecesRoot: root.slice() });
  return undefined;
}
