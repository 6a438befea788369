import type { Geometry, PiecePart } from "../../engine/geometry.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { type PieceSource, PieceUnreadableError } from "../../ports/piece-store.ts";
import { failUnreadable } from "./storage-failures.ts";

/**
 * The pieces of files that a person chose, read where they lie: nothing is copied.
 *
 * Asking a `File` for its size, its date or a slice costs Chromium a trip to another process each, more than
 * reading does. So files are wrapped: slices of a `Blob` cost nothing, and one that was made from a file fails
 * to read once that file has changed. Not every browser promises that, so size and date are looked at as well,
 * at every CHECKED_READS-th read. Reading costs a trip too: put a `PieceCache` before this.
 */
const CHECKED_READS = 16;

export class FileSource implements PieceSource {
  readonly #files: readonly File[];
  readonly #modifiedAt: readonly number[];
  readonly #geometry: Geometry;
  readonly #blobs = new Map<number, Blob>();
  #reads = 0;

  /** @param files in the order of the geometry's files, which is that of the torrent. */
  constructor(files: readonly File[], geometry: Geometry) {
    this.#files = files;
    this.#modifiedAt = files.map((file) => file.lastModified);
    this.#geometry = geometry;
  }

  async read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    const isChecked = this.#reads++ % CHECKED_READS === 0;
    const parts = this.#geometry.parts(piece, begin, length);
    const [only] = parts;
    if (only?.length === length) return this.#readPart(only, isChecked);
    const bytes = new Uint8Array(length);
    for (const part of parts) {
      bytes.set(await this.#readPart(part, isChecked), part.offsetInPiece - begin);
    }
    return bytes;
  }

  async #readPart({ file, offsetInFile, length }: PiecePart, isChecked: boolean): Promise<Uint8Array> {
    if (isChecked) this.#unchanged(file);
    const bytes = await this.#blob(file)
      .slice(offsetInFile, offsetInFile + length)
      .arrayBuffer()
      .catch(failUnreadable);
    if (bytes.byteLength !== length) throw new PieceUnreadableError(`File ${file} ends early.`);
    return new Uint8Array(bytes);
  }

  async file(index: number): Promise<File> {
    return this.#unchanged(index);
  }

  async close(): Promise<void> {}

  #blob(index: number): Blob {
    const blob = this.#blobs.get(index) ?? new Blob([this.#unchanged(index)]);
    this.#blobs.set(index, blob);
    return blob;
  }

  #unchanged(index: number): File {
    const file = this.#files[index];
    if (file === undefined) throw new PieceUnreadableError(`File ${index} was not chosen.`);
    if (file.size !== this.#geometry.fileLengths[index] || file.lastModified !== this.#modifiedAt[index]) {
      throw new PieceUnreadableError(`${file.name} has changed.`);
    }
    return file;
  }
}
