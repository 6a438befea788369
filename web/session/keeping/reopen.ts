/**
 * Files that were shared in an earlier session, taken up again by the handles that the browser kept: what has
 * another size is refused, what has another date is hashed, and everything is hashed before it is given away.
 */

import { geometryOf } from "../../engine/geometry-of.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { type KeptFile, type KeptRecord, type KeptShare, ReadRefusedError } from "../../ports/library.ts";
import { type PieceSource, PieceUnreadableError } from "../../ports/piece-store.ts";
import type { ChosenFile } from "../commands.ts";
import { intactTest, verifiedSource } from "../verifying/intact.ts";
import { setLeaves, treesOf } from "../verifying/trees.ts";
import type { World } from "../world.ts";

/** A file is not what was shared. */
export class FileChangedError extends PieceUnreadableError {
  readonly fileName: string;

  constructor(fileName: string, options?: ErrorOptions) {
    super(`${fileName} is not what was shared.`, options);
    this.fileName = fileName;
  }
}

/** What is written down of the files of a share, to know them again. */
export function keptFiles(chosen: readonly ChosenFile[]): Pick<KeptShare, "files" | "roots"> {
  const roots = [...new Set(chosen.flatMap(({ root }) => root ?? []))];
  const files = chosen.map(
    ({ file, path, root }): KeptFile => ({
      path,
      size: file.size,
      modifiedAt: file.lastModified,
      root: root && roots.indexOf(root),
    }),
  );
  return { files, roots };
}

/** Every file can be found again without the person's choosing it. */
export function canReopen({ files }: Pick<KeptShare, "files">): boolean {
  return files.length > 0 && files.every(({ root }) => root !== undefined);
}

export interface Reopened {
  /** In the torrent's order, as they would have been chosen. */
  readonly chosen: readonly ChosenFile[];
  /** Reads them, each piece once it was hashed. */
  readonly source: PieceSource;
}

/** @throws FileChangedError, ReadRefusedError, the signal's reason */
export async function reopen(
  { share, torrent }: KeptRecord,
  info: Info,
  world: Pick<World, "reopenFile" | "leafHashes" | "openFiles" | "hasher" | "sha256">,
  signal: AbortSignal,
): Promise<Reopened> {
  const trees = treesOf(info, torrent.layers, world.sha256);
  const chosen: ChosenFile[] = [];
  for (const [index, kept] of share.files.entries()) {
    const name = kept.path.at(-1) ?? "";
    const root = share.roots[kept.root ?? -1];
    const file = await world.reopenFile(root, kept.path).catch((cause: unknown) => {
      throw cause instanceof ReadRefusedError ? cause : new FileChangedError(name, { cause });
    });
    if (file.size !== kept.size) throw new FileChangedError(name);
    if (file.lastModified !== kept.modifiedAt) {
      const leaves = await world.leafHashes(file, () => {}, signal);
      const tree = trees[index];
      const isSame = tree ? setLeaves(tree, leaves, info.pieceLength) : leaves.length === 0;
      if (!isSame) throw new FileChangedError(name);
    }
    chosen.push({ file, path: kept.path, root: root as FileSystemHandle });
  }
  const geometry = geometryOf(info);
  const files = world.openFiles(
    info,
    chosen.map(({ file }) => file),
  );
  const pieceBytes = (piece: PieceIndex) => geometry.pieceBytes(piece);
  return { chosen, source: verifiedSource(files, pieceBytes, intactTest(info, trees, world)) };
}
