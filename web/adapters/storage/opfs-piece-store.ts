/**
 * Pieces in the origin private file system, for use in a dedicated worker: one file for each file of the
 * torrent, one write for each piece (256 KiB writes are seven times as fast as 16 KiB ones).
 *
 * Invariants
 *  1. A file has its full length before its first piece is written, so that lack of room shows early.
 *  2. `have` names the pieces that can be read; a hole in a file is never taken for bytes.
 */
import { Bitfield } from "../../engine/bitfield.ts";
import type { Geometry } from "../../engine/geometry.ts";
import { invariant, millis, type PieceIndex } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import { type PieceStore, PieceUnreadableError, StorageFullError } from "../../ports/piece-store.ts";
import { deleteOpfsShare, openShareDirectory } from "./opfs-shares.ts";
import { failStorage, failUnreadable, isNamed } from "./storage-failures.ts";
import { SyncFiles } from "./sync-files.ts";

/** Files kept open at most; each is a file descriptor of the browser. */
const OPEN_FILES = 64;

/** Files that get their length at once, the largest ones; each takes about 3 ms. */
const FILES_MADE_AT_ONCE = 16;

/** Pauses before asking again for a file that is locked: a worker that crashed keeps its locks for a while, ms. */
const LOCKED_RETRY_MS = [20, 100, 500, 1_500];

export interface OpfsPieceStoreOptions {
  /** Pieces that are there from an earlier time; none when left out. */
  readonly have?: Bitfield;
  /** One flag for each file, which only says whose room is taken at once; all when left out. */
  readonly wanted?: readonly boolean[];
}

/**
 * Opens the share's files, making those that are missing; bytes that are there stay.
 *
 * @param key hexadecimal digits that name the share.
 * @throws StorageFullError, StorageFailedError
 */
export async function openOpfsPieceStore(
  key: string,
  geometry: Geometry,
  clock: Clock,
  options: OpfsPieceStoreOptions = {},
): Promise<PieceStore> {
  const directory = await openShareDirectory(key);
  const have = options.have?.clone() ?? new Bitfield(geometry.pieceCount);
  const store = new OpfsPieceStore(key, directory, geometry, clock, have);
  try {
    await store.makeLargest(options.wanted);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

class OpfsPieceStore implements PieceStore {
  readonly kind = "opfs";
  readonly #key: string;
  readonly #directory: FileSystemDirectoryHandle;
  readonly #geometry: Geometry;
  readonly #clock: Clock;
  readonly #have: Bitfield;
  readonly #files: SyncFiles;

  constructor(
    key: string,
    directory: FileSystemDirectoryHandle,
    geometry: Geometry,
    clock: Clock,
    have: Bitfield,
  ) {
    this.#key = key;
    this.#directory = directory;
    this.#geometry = geometry;
    this.#clock = clock;
    this.#have = have;
    this.#files = new SyncFiles((file) => this.#openFile(file), OPEN_FILES);
  }

  async makeLargest(wanted: readonly boolean[] | undefined): Promise<void> {
    const lengths = this.#geometry.fileLengths;
    const largest = [...lengths.keys()]
      .filter((file) => wanted?.[file] ?? true)
      .sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0))
      .slice(0, FILES_MADE_AT_ONCE);
    for (const file of largest) await this.#files.touch(file).catch(failStorage);
  }

  async read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    this.#requireHave(piece);
    const bytes = new Uint8Array(length);
    for (const part of this.#geometry.parts(piece, begin, length)) {
      const at = part.offsetInPiece - begin;
      const into = bytes.subarray(at, at + part.length);
      const count = await this.#files.read(part.file, into, part.offsetInFile).catch(failUnreadable);
      // Opening the file may have shown that the browser had evicted it.
      this.#requireHave(piece);
      if (count !== part.length) throw new PieceUnreadableError(`Piece ${piece} ends early.`);
    }
    return bytes;
  }

  async write(piece: PieceIndex, bytes: Uint8Array): Promise<void> {
    invariant(bytes.length === this.#geometry.pieceBytes(piece), "a piece is written whole");
    this.#have.clear(piece);
    for (const { file, offsetInFile, offsetInPiece, length } of this.#geometry.parts(piece)) {
      const part = bytes.subarray(offsetInPiece, offsetInPiece + length);
      const count = await this.#files.write(file, part, offsetInFile).catch(failStorage);
      if (count !== length) throw new StorageFullError(`Only a part of piece ${piece} could be written.`);
    }
    this.#have.set(piece);
  }

  async flush(): Promise<void> {
    try {
      this.#files.flushAll();
    } catch (error) {
      failStorage(error);
    }
  }

  /** File-backed. It stays readable as long as nothing is written to this file afterwards. */
  async file(index: number): Promise<File> {
    const firstPiece = this.#geometry.firstPieceOf(index);
    for (let i = 0; i < this.#geometry.pieceCountOf(index); i++) {
      this.#requireHave((firstPiece + i) as PieceIndex);
    }
    try {
      await this.#files.touch(index);
      this.#files.flush(index);
      return await (await this.#directory.getFileHandle(String(index))).getFile();
    } catch (error) {
      failUnreadable(error);
    }
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#files.close();
  }

  async destroy(): Promise<void> {
    await this.#files.close();
    await deleteOpfsShare(this.#key);
  }

  #requireHave(piece: PieceIndex): void {
    if (!this.#have.has(piece)) throw new PieceUnreadableError(`Piece ${piece} is not stored.`);
  }

  async #openFile(file: number): Promise<FileSystemSyncAccessHandle> {
    const fileHandle = await this.#directory.getFileHandle(String(file), { create: true });
    const handle = await this.#lock(fileHandle);
    const length = this.#geometry.fileLengths[file] ?? 0;
    if (handle.getSize() === length) return handle;
    this.#forget(file);
    try {
      handle.truncate(length);
      return handle;
    } catch (error) {
      handle.close();
      throw error;
    }
  }

  async #lock(fileHandle: FileSystemFileHandle): Promise<FileSystemSyncAccessHandle> {
    for (const retryMs of LOCKED_RETRY_MS) {
      try {
        return await fileHandle.createSyncAccessHandle();
      } catch (error) {
        if (!isNamed(error, "NoModificationAllowedError")) throw error;
        await this.#pause(retryMs);
      }
    }
    return fileHandle.createSyncAccessHandle();
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.at(millis(this.#clock.now() + ms), resolve));
  }

  /** A file that does not have its length is not the one whose pieces we had. */
  #forget(file: number): void {
    const firstPiece = this.#geometry.firstPieceOf(file);
    for (let i = 0; i < this.#geometry.pieceCountOf(file); i++) this.#have.clear(firstPiece + i);
  }
}
