/**
 * Files straight into a place that a person picks, with real progress: what Chromium can (File System Access).
 *
 * Invariants
 *  1. The picker comes first, while the click still counts; whatever has to be fetched is fetched afterwards.
 *  2. Nothing that is there already is written over, except a file that the person picked to be.
 */
import { type FileToSave, type OnProgress, totalBytes } from "./file-to-save.ts";
import { safeFileName } from "./safe-file-name.ts";
import { safePaths } from "./safe-paths.ts";

/** The pickers that Chromium has; the DOM library does not know them. */
interface Pickers {
  showSaveFilePicker?(options: { id: string; suggestedName: string }): Promise<FileSystemFileHandle>;
  showDirectoryPicker?(options: { id: string; mode: "readwrite" }): Promise<FileSystemDirectoryHandle>;
}

/** The browser remembers by it where one saved last. */
const ID = "shoal";

const pickers = () => window as Pickers;

export function canPickFile(): boolean {
  return pickers().showSaveFilePicker !== undefined;
}

export function canPickFolder(): boolean {
  return pickers().showDirectoryPicker !== undefined;
}

/** @returns false when the person called it off. */
export async function saveToPickedFile(
  name: string,
  read: () => Promise<Blob>,
  onProgress: OnProgress,
): Promise<boolean> {
  const suggestedName = safeFileName(name);
  const handle = await unlessCalledOff(pickers().showSaveFilePicker?.({ id: ID, suggestedName }));
  if (handle === undefined) return false;
  const blob = await read();
  await write(handle, blob, (bytes) => onProgress(bytes / Math.max(1, blob.size)));
  return true;
}

/** Saves them below a new folder called `folder`. @returns false when the person called it off. */
export async function saveToPickedFolder(
  folder: string,
  list: () => Promise<readonly FileToSave[]>,
  onProgress: OnProgress,
): Promise<boolean> {
  const place = await unlessCalledOff(pickers().showDirectoryPicker?.({ id: ID, mode: "readwrite" }));
  if (place === undefined) return false;
  const files = await list();
  const paths = safePaths(files.map(({ path }) => path));
  const all = Math.max(1, totalBytes(files));
  const root = await newFolder(place, safeFileName(folder));
  let before = 0;
  for (const [index, file] of files.entries()) {
    const path = paths[index] ?? [];
    const blob = await file.read();
    let directory = root;
    for (const name of path.slice(0, -1)) {
      directory = await directory.getDirectoryHandle(name, { create: true });
    }
    const handle = await directory.getFileHandle(path.at(-1) ?? "", { create: true });
    const start = before;
    await write(handle, blob, (bytes) => onProgress((start + bytes) / all));
    before += file.size;
  }
  return true;
}

async function unlessCalledOff<Handle>(picking: Promise<Handle> | undefined): Promise<Handle | undefined> {
  try {
    return await picking;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return undefined;
    throw error;
  }
}

/** A folder that was not there before. */
async function newFolder(place: FileSystemDirectoryHandle, name: string): Promise<FileSystemDirectoryHandle> {
  for (let copy = 1; ; copy++) {
    const free = copy === 1 ? name : `${name} (${copy})`;
    if (!(await isThere(place, free))) return place.getDirectoryHandle(free, { create: true });
  }
}

async function isThere(place: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await place.getDirectoryHandle(name);
    return true;
  } catch (error) {
    if (error instanceof DOMException && error.name === "NotFoundError") return false;
    if (error instanceof DOMException && error.name === "TypeMismatchError") return true;
    throw error;
  }
}

/** What goes wrong leaves no half file behind: the browser puts it in place only once it is whole. */
async function write(
  handle: FileSystemFileHandle,
  blob: Blob,
  onBytes: (count: number) => void,
): Promise<void> {
  let bytes = 0;
  const counting = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      bytes += chunk.length;
      onBytes(bytes);
      controller.enqueue(chunk);
    },
  });
  await blob
    .stream()
    .pipeThrough(counting)
    .pipeTo(await handle.createWritable());
}
