/**
 * Chosen files become a torrent: one pass over their bytes, nothing copied, given up at any time.
 *
 * Invariants
 *  1. A private share has a random salt, so that its infohash cannot be guessed from its content; a public one
 *     has none, so that the same files are the same torrent everywhere, and is a hybrid of v1 and v2, so that
 *     other BitTorrent programs can join.
 *  2. Files are hashed one after another: memory holds their leaves, 32 bytes for each 16 KiB.
 */
import {
  type Created,
  choosePieceLength,
  createTorrent,
  type HashedFile,
} from "../../engine/metainfo/create.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import { type InfoHash, type InfoHashV1, invariant, type Sha256, toHex } from "../../engine/units.ts";
import type { ChosenFile, ShareOptions } from "../commands.ts";
import { isMostlyPlayed } from "../playing/playable.ts";
import { setLeaves, type Trees, treesOf } from "../verifying/trees.ts";
import type { World } from "../world.ts";

const SALT_BYTES = 16;

export interface Publication {
  readonly infoHash: InfoHash;
  /** Of a public share, which is a hybrid. */
  readonly infoHashV1?: InfoHashV1;
  readonly info: Info;
  /** For each file of `info`; undefined for an empty one. */
  readonly trees: Trees;
  /** The chosen files in the order of `info`. */
  readonly files: readonly File[];
  /** The same files as they were chosen. */
  readonly chosen: readonly ChosenFile[];
}

/** A torrent of an earlier session. */
export interface KnownTorrent {
  readonly infoHash: InfoHash;
  readonly infoHashV1: InfoHashV1 | undefined;
  readonly info: Info;
}

const NO_ROOT = new Uint8Array();

/** These files cannot be a torrent: none has a byte, or a file has the place of another's folder. */
export class NothingToShareError extends Error {
  override readonly name = "NothingToShareError";
}

/**
 * @param onProgress told how many bytes of all were hashed so far.
 * @param known torrents that are waiting for their files: the same files are the same torrent again.
 * @throws NothingToShareError, PieceUnreadableError, the signal's reason
 */
export async function publish(
  chosen: readonly ChosenFile[],
  options: ShareOptions,
  world: Pick<World, "leafHashes" | "hybridHashes" | "sha256" | "sha1" | "randomBytes">,
  onProgress: (bytesHashed: number) => void,
  signal: AbortSignal,
  known: readonly KnownTorrent[] = [],
): Promise<Publication> {
  const totalBytes = totalSize(chosen);
  if (totalBytes === 0) throw new NothingToShareError();
  const { name, paths } = nameAndPaths(chosen);
  const isPlayed = isMostlyPlayed(chosen.map(({ file, path }) => ({ path, length: file.size })));
  const pieceLength = choosePieceLength(totalBytes, isPlayed);
  // A v1 torrent of several files has padding after each of them, which its pieces cover (BEP 47).
  const isPadded = paths.length > 1 || paths[0]?.length !== 1;
  const hashed: HashedFile[] = [];
  let bytesBefore = 0;
  for (const [index, { file }] of chosen.entries()) {
    const before = bytesBefore;
    const onBytes = (bytes: number) => onProgress(before + bytes);
    const hashes = options.public
      ? await world.hybridHashes(file, pieceLength, isPadded, onBytes, signal)
      : { leaves: await world.leafHashes(file, onBytes, signal) };
    hashed.push({ path: paths[index] ?? [], length: file.size, ...hashes });
    bytesBefore += file.size;
  }
  const salt = options.public ? {} : { salt: world.randomBytes(SALT_BYTES) };
  const created = createTorrent({ name, pieceLength, files: hashed, ...salt }, world.sha256);
  if (!created.ok) throw new NothingToShareError(created.reason);
  const { info: made, order } = created.value;
  const again = known.find((torrent) => isSameContent(torrent.info, made));
  const info = again?.info ?? made;
  const infoHash = again?.infoHash ?? created.value.infoHash;
  const infoHashV1 =
    again?.infoHashV1 ?? (options.public ? (toHex(world.sha1(made.bytes)) as InfoHashV1) : undefined);
  return {
    infoHash,
    ...(infoHashV1 !== undefined && { infoHashV1 }),
    info,
    trees: wholeTrees(created.value, hashed, world.sha256),
    files: order.map((index) => fileAt(chosen, index).file),
    chosen: order.map((index) => fileAt(chosen, index)),
  };
}

/** The same names, lengths and contents, in pieces of the same length. */
function isSameContent(one: Info, other: Info): boolean {
  if (one.name !== other.name || one.pieceLength !== other.pieceLength) return false;
  if (one.files.length !== other.files.length) return false;
  return one.files.every(({ path, length, piecesRoot }, index) => {
    const same = other.files[index];
    if (same === undefined || same.length !== length || same.path.join("/") !== path.join("/")) return false;
    return toHex(piecesRoot ?? NO_ROOT) === toHex(same.piecesRoot ?? NO_ROOT);
  });
}

export function totalSize(chosen: readonly ChosenFile[]): number {
  return chosen.reduce((sum, { file }) => sum + file.size, 0);
}

/** The torrent's name: the file's, the folder's that holds everything, or how many files there are. */
export function shareName(chosen: readonly ChosenFile[]): string {
  return nameAndPaths(chosen).name;
}

function nameAndPaths(chosen: readonly ChosenFile[]): {
  name: string;
  paths: readonly (readonly string[])[];
} {
  const paths = chosen.map(({ path }) => path);
  const first = paths[0]?.[0] ?? "";
  if (paths.length === 1 && paths[0]?.length === 1) return { name: first, paths };
  const isFolder = paths.every((path) => path.length > 1 && path[0] === first);
  if (isFolder) return { name: first, paths: distinct(paths.map((path) => path.slice(1))) };
  return { name: `${paths.length} files`, paths: distinct(paths) };
}

/** Files of one name from different places get a number before their extension. */
function distinct(paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const taken = new Set<string>();
  return paths.map((path) => {
    let free = path;
    for (let copy = 2; taken.has(free.join("/")); copy++) {
      const name = path.at(-1) ?? "";
      free = [...path.slice(0, -1), name.replace(/(\.[^.]+)?$/, ` (${copy})$1`)];
    }
    taken.add(free.join("/"));
    return free;
  });
}

/** With the leaves: peers that got a corrupt piece ask for them, to find out which block was bad. */
function wholeTrees(created: Created, hashed: readonly HashedFile[], sha256: Sha256): Trees {
  const { info, layers, order } = created;
  const trees = treesOf(info, layers, sha256);
  for (const [at, tree] of trees.entries()) {
    const leaves = hashed[order[at] ?? -1]?.leaves ?? new Uint8Array();
    if (tree !== undefined) invariant(setLeaves(tree, leaves, info.pieceLength), "our own leaves are right");
  }
  return trees;
}

function fileAt(chosen: readonly ChosenFile[], index: number): ChosenFile {
  const file = chosen[index];
  invariant(file, "the order of the files names chosen ones");
  return file;
}
