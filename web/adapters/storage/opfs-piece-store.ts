/**
 * Pieces in the origin private file system, for use in a dedicated worker: one file for each file of the
 * torrent, one write for each piece (256 KiB writes are seven times as fast as 16 KiB ones).
 *
 * Invariants
 *  1. The wanted files get their full length when they are reserved, the largest first, every other one before its
 *     first piece is written: lack of room shows early, and files that are not wanted take none.
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

/**
 * Opens the place of a share; bytes that are there stay, and nothing takes room yet.
 *
 * @param key names the share's directory.
 * @param have pieces that are there from an earlier time. Those whose file has gone or is too short are not
 *   counted on, as far as a look at OPEN_FILES files tells; the others show when they are read.
 * @throws StorageFullError, StorageFailedError
 */
export async function openOpfsPieceStore(
  key: string,
  geometry: Geometry,
  clock: Clock,
  have = new Bitfield(geometry.pieceCount),
): Promise<OpfsPieceStore> {
  const directory = await openShareDirectory(key);
  const store = new OpfsPieceStore(key, directory, geometry, clock, have.clone());
  try {
    await store.missEvicted();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

export class OpfsPieceStore implements PieceStore {
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

  /** Pieces that can be read, as far as is known. The caller only looks at it. */
  get have(): Bitfield {
    return this.#have;
  }

  /** Looks at the files that are said to hold pieces. */
  async missEvicted(): Promise<void> {
    const filled = [...this.#geometry.fileLengths.keys()].filter((file) => this.#filledBytes(file) > 0);
    for (const file of filled.slice(0, OPEN_FILES)) this.#keepOnly(file, await this.#sizeOf(file));
  }

  async reserve(wanted: readonly boolean[] | undefined): Promise<void> {
    const lengths = this.#geometry.fileLengths;
    const isWanted = (file: number) => wanted?.[file] ?? true;
    const files = [...lengths.keys()];
    const sizes = await this.#sizes().catch(failStorage);
    for (const [file, size] of sizes) if (!isWanted(file)) await this.#shrink(file, size).catch(failStorage);
    await this.#requireRoom(files.filter(isWanted), sizes);
    const largest = files
      .filter(isWanted)
      .sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0))
      .slice(0, FILES_MADE_AT_ONCE);
    for (const file of largest) {
      await this.#files.use(file, (handle) => this.#lengthen(file, handle)).catch(failStorage);
    }
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
      await this.#files.use(file, (handle) => this.#lengthen(file, handle)).catch(failStorage);
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
    this.#keepOnly(file, handle.getSize());
    return handle;
  }

  #lengthen(file: number, handle: FileSystemSyncAccessHandle): void {
    const length = this.#geometry.fileLengths[file] ?? 0;
    if (handle.getSize() < length) handle.truncate(length);
  }

  /** Gives back what lies behind the last piece of the file that is there. */
  async #shrink(file: number, size: number): Promise<void> {
    const filledBytes = this.#filledBytes(file);
    if (filledBytes > 0 && size <= filledBytes) return;
    if (filledBytes > 0) {
      await this.#files.use(file, (handle) => handle.truncate(filledBytes));
      return;
    }
    await this.#files.closeFile(file);
    await this.#directory.removeEntry(String(file));
  }

  /** @throws StorageFullError when the browser says that these files will not fit. */
  async #requireRoom(files: readonly number[], sizes: ReadonlyMap<number, number>): Promise<void> {
    const { quota, usage } = await navigator.storage.estimate().catch(failStorage);
    if (quota === undefined || usage === undefined) return;
    let missingBytes = 0;
    for (const file of files) {
      missingBytes += (this.#geometry.fileLengths[file] ?? 0) - (sizes.get(file) ?? 0);
    }
    if (missingBytes > quota - usage) throw new StorageFullError(`${missingBytes} more bytes do not fit.`);
  }

  /** Bytes of each file that there is. */
  async #sizes(): Promise<ReadonlyMap<number, number>> {
    const sizes = new Map<number, number>();
    for await (const entry of this.#directory.values()) {
      if (entry instanceof FileSystemFileHandle) sizes.set(Number(entry.name), (await entry.getFile()).size);
    }
    return sizes;
  }

  /** Bytes of the file as it is; 0 when there is none. */
  async #sizeOf(file: number): Promise<number> {
    try {
      return (await (await this.#directory.getFileHandle(String(file))).getFile()).size;
    } catch (error) {
      if (isNamed(error, "NotFoundError")) return 0;
      failStorage(error);
    }
  }

  /** Up to the end of the last piece of the file that is there. */
  #filledBytes(file: number): number {
    const first = this.#geometry.firstPieceOf(file);
    for (let i = this.#geometry.pieceCountOf(file) - 1; i >= 0; i--) {
      const piece = (first + i) as PieceIndex;
      if (this.#have.has(piece)) return this.#endIn(file, piece);
    }
    return 0;
  }

  /** Where the file's part of the piece ends in the file. */
  #endIn(file: number, piece: PieceIndex): number {
    const part = this.#geometry.parts(piece).find((candidate) => candidate.file === file);
    return part === undefined ? 0 : part.offsetInFile + part.length;
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

  /** What reaches beyond the end of a file is not there: the file was evicted, or made anew. */
  #keepOnly(file: number, size: number): void {
    const first = this.#geometry.firstPieceOf(file);
    for (let i = this.#geometry.pieceCountOf(file) - 1; i >= 0; i--) {
      const piece = (first + i) as PieceIndex;
      if (this.#endIn(file, piece) <= size) return;
      this.#have.clear(piece);
    }
  }
}
