/**
 * The paths of a share's files, made safe for whatever they are saved into. Names that a file system may take for
 * the same (case, accents, forbidden characters) are told apart within their folder, folders from files too.
 */
import { distinctFileNames } from "./safe-file-name.ts";

interface Folder {
  /** By the name that is shared. A name may stand for a folder and, from a malformed share, for files too. */
  readonly folders: Map<string, Folder>;
  /** Places in the list of paths, by name. */
  readonly files: [name: string, place: number][];
}

/** @param paths untrusted components, at least one each. @returns safe ones in the same order, no two alike. */
export function safePaths(paths: readonly (readonly string[])[]): string[][] {
  const root = newFolder();
  for (const [place, path] of paths.entries()) {
    let folder = root;
    for (const name of path.slice(0, -1)) {
      const inner = folder.folders.get(name) ?? newFolder();
      folder.folders.set(name, inner);
      folder = inner;
    }
    folder.files.push([path.at(-1) ?? "", place]);
  }
  const safe: string[][] = paths.map(() => []);
  nameAll(root, [], safe);
  return safe;
}

function nameAll(folder: Folder, above: readonly string[], safe: string[][]): void {
  const folders = [...folder.folders];
  const names = distinctFileNames([...folders.map(([name]) => name), ...folder.files.map(([name]) => name)]);
  for (const [index, [, inner]] of folders.entries()) nameAll(inner, [...above, names[index] ?? ""], safe);
  for (const [index, [, place]] of folder.files.entries()) {
    safe[place] = [...above, names[folders.length + index] ?? ""];
  }
}

function newFolder(): Folder {
  return { folders: new Map(), files: [] };
}
