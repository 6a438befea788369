/**
 * Where shares lie in the origin private file system: `/shares/<key>/<file index>`. Files go by their index,
 * never by their name, which comes from strangers.
 */

import { failStorage, isNamed } from "./storage-failures.ts";

const SHARES = "shares";

/**
 * The directory of one share; made if there is none.
 *
 * @throws StorageFullError, StorageFailedError
 */
export async function openShareDirectory(key: string): Promise<FileSystemDirectoryHandle> {
  try {
    return await (await sharesDirectory()).getDirectoryHandle(key, { create: true });
  } catch (error) {
    failStorage(error);
  }
}

/** The keys of all shares that have a directory, to find those that nobody knows any more. */
export async function listOpfsShares(): Promise<string[]> {
  const keys: string[] = [];
  try {
    for await (const key of (await sharesDirectory()).keys()) keys.push(key);
    return keys;
  } catch (error) {
    failStorage(error);
  }
}

/** Bytes in all files of a share, as long as they are; 0 when it has none. */
export async function usedByOpfsShare(key: string): Promise<number> {
  const directory = await (await sharesDirectory()).getDirectoryHandle(key);
  let bytes = 0;
  for await (const entry of directory.values()) {
    if (entry instanceof FileSystemFileHandle) bytes += (await entry.getFile()).size;
  }
  return bytes;
}

/**
 * Deletes all files of a share, if there are any.
 *
 * @throws StorageFailedError while one of them is open, in this tab or another.
 */
export async function deleteOpfsShare(key: string): Promise<void> {
  try {
    await (await sharesDirectory()).removeEntry(key, { recursive: true });
  } catch (error) {
    if (!isNamed(error, "NotFoundError")) failStorage(error);
  }
}

/**
 * Finds out by trying whether this worker can keep files: private windows have the API and refuse, older
 * browsers have it with methods that are not synchronous.
 */
export async function opfsAvailable(): Promise<boolean> {
  try {
    const root = await navigator.storage.getDirectory();
    const name = `trial-${crypto.randomUUID()}`;
    const trial = await (await root.getFileHandle(name, { create: true })).createSyncAccessHandle();
    try {
      return trial.write(new Uint8Array(1), { at: 0 }) === 1 && trial.getSize() === 1;
    } finally {
      trial.close();
      await root.removeEntry(name);
    }
  } catch {
    return false;
  }
}

async function sharesDirectory(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  return root.getDirectoryHandle(SHARES, { create: true });
}
