import type { Geometry, PiecePart } from "../../engine/geometry.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { type IsUnchanged, type PieceSource, PieceUnreadableError } from "../../ports/piece-store.ts";
import { failUnreadable } from "./storage-failures.ts";

/**
 * The pieces of files that a person chose, read where they lie: nothing is copied.
 *
 * A file may change while it is shared. Chromium then refuses to read what was chosen, by its size and date; Firefox
 * reads whatever is there, and a program that sets the date back deceives both. So every read is tested by its
 * hashes, where these are known, before a byte of it is given away.
 *
 * Asking a `File` for a slice costs Chromium a trip to another process, more than reading does. So files are wrapped:
 * slices of a `Blob` cost nothing. Reading costs a trip too: put a `PieceCache` before this.
 */
export class FileSource implements PieceSource {
  readonly #files: readonly File[];
  readonly #geometry: Geometry;
  readonly #isUnchanged: IsUnchanged | undefined;
  readonly #blobs = new Map<number, Blob>();

  /** @param files in the order of the geometry's files, which is that of the torrent. */
  constructor(files: readonly File[], geometry: Geometry, isUnchanged?: IsUnchanged) {
    this.#files = files;
    this.#geometry = geometry;
    this.#isUnchanged = isUnchanged;
  }

  async read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    const bytes = await this.#read(piece, begin, length);
    if ((await this.#isUnchanged?.(piece, begin, bytes)) === false)
      throw new PieceUnreadableError(`Piece ${piece} is not what was shared.`);
    return bytes;
  }

  async #read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    const parts = this.#geometry.parts(piece, begin, length);
    const [only] = parts;
    if (only?.length === length) return this.#readPart(only);
    const bytes = new Uint8Array(length);
    for (const part of parts) bytes.set(await this.#readPart(part), part.offsetInPiece - begin);
    return bytes;
  }

  async #readPart({ file, offsetInFile, length }: PiecePart): Promise<Uint8Array> {
    const bytes = await this.#blob(file)
      .slice(offsetInFile, offsetInFile + length)
      .arrayBuffer()
      .catch(failUnreadable);
    if (bytes.byteLength !== length) throw new PieceUnreadableError(`File ${file} ends early.`);
    return new Uint8Array(bytes);
  }

  async file(index: number): Promise<File> {
    return this.#chosen(index);
  }

  async close(): Promise<void> {}

  #blob(index: number): Blob {
    const blob = this.#blobs.get(index) ?? new Blob([this.#chosen(index)]);
    this.#blobs.set(index, blob);
    return blob;
  }

  #chosen(index: number): File {
    const file = this.#files[index];
    if (file === undefined) throw new PieceUnreadableError(`File ${index} was not chosen.`);
    if (file.size !== this.#geometry.fileLengths[index])
      throw new PieceUnreadableError(`${file.name} has changed.`);
    return file;
  }
}
