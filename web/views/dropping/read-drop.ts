/**
 * Turns what was dropped, pasted or chosen into files with their places in their folders.
 *
 * Invariants
 *  1. Every file in every folder is found: a directory reader gives at most 100 entries at a time (Chromium) and is
 *     asked until it gives none. Empty folders give nothing.
 *  2. The entries and handles are taken out of the transfer before anything is awaited, for it is emptied when its event ends.
 */
import type { ChosenFile } from "../../store/session.ts";

/** What is needed of a `FileSystemEntry`. */
export interface DroppedEntry {
  readonly name: string;
  readonly isFile: boolean;
  readonly isDirectory: boolean;
}

interface DroppedFile extends DroppedEntry {
  file(found: (file: File) => void, failed: (error: DOMException) => void): void;
}

interface DroppedFolder extends DroppedEntry {
  createReader(): {
    readEntries(
      found: (entries: readonly DroppedEntry[]) => void,
      failed: (error: DOMException) => void,
    ): void;
  };
}

/** What is needed of a `DataTransfer`. */
export interface Transfer {
  readonly items: Iterable<{
    readonly kind: string;
    webkitGetAsEntry?(): DroppedEntry | null;
    /** Chromium: what lets a later tab read it again. */
    getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
  }>;
  readonly files: Iterable<File>;
}

/** Rejects when something in it can't be read, for a share with a hole would not be what the person meant. */
export function readTransfer(transfer: Transfer): Promise<readonly ChosenFile[]> {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? undefined);
  // Without a handle the person drops it again next time; that is no reason to share nothing now.
  const roots = items.map((item) => item.getAsFileSystemHandle?.().catch(() => null) ?? null);
  if (entries.length > 0 && entries.every((entry) => entry !== undefined)) return readRoots(entries, roots);
  return Promise.resolve(fromInput(transfer.files));
}

async function readRoots(
  entries: readonly DroppedEntry[],
  roots: readonly (Promise<FileSystemHandle | null> | null)[],
): Promise<readonly ChosenFile[]> {
  const chosen: ChosenFile[] = [];
  for (const [index, entry] of entries.entries()) {
    const root = await roots[index];
    for (const found of await readEntries([entry], [])) chosen.push(root ? { ...found, root } : found);
  }
  return chosen;
}

/** Files of an `<input>`, which tells folders by `webkitRelativePath`. */
export function fromInput(files: Iterable<File>): readonly ChosenFile[] {
  return Array.from(files, (file) => ({
    file,
    path: file.webkitRelativePath === "" ? [file.name] : file.webkitRelativePath.split("/"),
  }));
}

async function readEntries(
  entries: readonly DroppedEntry[],
  folder: readonly string[],
): Promise<readonly ChosenFile[]> {
  const found: ChosenFile[] = [];
  for (const entry of entries) {
    const path = [...folder, entry.name];
    if (isDroppedFolder(entry)) found.push(...(await readEntries(await listFolder(entry), path)));
    else if (isDroppedFile(entry)) found.push({ file: await openFile(entry), path });
  }
  return found;
}

async function listFolder(folder: DroppedFolder): Promise<readonly DroppedEntry[]> {
  const reader = folder.createReader();
  const entries: DroppedEntry[] = [];
  for (;;) {
    const batch = await new Promise<readonly DroppedEntry[]>((found, failed) =>
      reader.readEntries(found, failed),
    );
    if (batch.length === 0) return entries;
    entries.push(...batch);
  }
}

function openFile(entry: DroppedFile): Promise<File> {
  return new Promise((found, failed) => entry.file(found, failed));
}

function isDroppedFile(entry: DroppedEntry): entry is DroppedFile {
  return entry.isFile;
}

function isDroppedFolder(entry: DroppedEntry): entry is DroppedFolder {
  return entry.isDirectory;
}
