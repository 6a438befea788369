/**
 * Page side: saves the files of a share with their folders, into a place that the person picks where the browser
 * can do that, else as one download after another.
 */
import { saveBlob } from "../saving.ts";
import { safeFileName } from "./safe-file-name.ts";

/** A complete file, read when its turn comes. */
export interface FileToSave {
  /** Untrusted components below the share's own folder. */
  readonly path: readonly string[];
  read(): Promise<Blob>;
}

/** The folder picker that Chromium has; the DOM library does not know it. */
interface FolderPicker {
  showDirectoryPicker?(options: { id: string; mode: "readwrite" }): Promise<FileSystemDirectoryHandle>;
}

/** @returns false when the person called it off. */
export async function saveFiles(folder: string, files: readonly FileToSave[]): Promise<boolean> {
  const picker = window as FolderPicker;
  if (picker.showDirectoryPicker === undefined) {
    for (const file of files) saveBlob(await file.read(), file.path.at(-1) ?? folder);
    return true;
  }
  const place = await pickFolder(() => picker.showDirectoryPicker?.({ id: "shoal", mode: "readwrite" }));
  if (place === undefined) return false;
  const root = await place.getDirectoryHandle(safeFileName(folder), { create: true });
  for (const file of files) await writeInto(root, file);
  return true;
}

async function pickFolder(
  pick: () => Promise<FileSystemDirectoryHandle> | undefined,
): Promise<FileSystemDirectoryHandle | undefined> {
  try {
    return await pick();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return undefined;
    throw error;
  }
}

async function writeInto(root: FileSystemDirectoryHandle, { path, read }: FileToSave): Promise<void> {
  let directory = root;
  for (const name of path.slice(0, -1)) {
    directory = await directory.getDirectoryHandle(safeFileName(name), { create: true });
  }
  const handle = await directory.getFileHandle(safeFileName(path.at(-1) ?? ""), { create: true });
  const blob = await read();
  await blob.stream().pipeTo(await handle.createWritable());
}
