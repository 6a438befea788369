import type { Geometry } from "../../engine/geometry.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { type PieceSource, PieceUnreadableError } from "../../ports/piece-store.ts";
import { failUnreadable } from "./storage-failures.ts";

/**
 * The pieces of files that a person chose, read where they lie: nothing is copied.
 *
 * A file that changes after it was chosen becomes unreadable: some browsers refuse to read it, others show its
 * new length or date, and those are compared before each read. Each read is a trip to another process, so
 * many small ones are slow: put a `PieceCache` before it.
 */
export class FileSource implements PieceSource {
  readonly #files: readonly File[];
  readonly #modifiedAt: readonly number[];
  readonly #geometry: Geometry;

  /** @param files in the order of the geometry's files, which is that of the torrent. */
  constructor(files: readonly File[], geometry: Geometry) {
    this.#files = files;
    this.#modifiedAt = files.map((file) => file.lastModified);
    this.#geometry = geometry;
  }

  async read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    const file = this.#unchanged(this.#geometry.fileOf(piece));
    const at = this.#geometry.offsetInFile(piece) + begin;
    const bytes = await file
      .slice(at, at + length)
      .arrayBuffer()
      .catch(failUnreadable);
    if (bytes.byteLength !== length) throw new PieceUnreadableError(`${file.name} ends early.`);
    return new Uint8Array(bytes);
  }

  async file(index: number): Promise<File> {
    return this.#unchanged(index);
  }

  async close(): Promise<void> {}

  #unchanged(index: number): File {
    const file = this.#files[index];
    if (file === undefined) throw new PieceUnreadableError(`File ${index} was not chosen.`);
    if (file.size !== this.#geometry.fileLengths[index] || file.lastModified !== this.#modifiedAt[index]) {
      throw new PieceUnreadableError(`${file.name} has changed.`);
    }
    return file;
  }
}
