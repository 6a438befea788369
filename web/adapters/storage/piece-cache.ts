/**
 * Reads a slow source in windows and serves blocks from them, because what a read costs is the trip, not the
 * bytes: 16 KiB slices of a File come at 17 MB/s in Chromium, 1 MiB ones at 200 MB/s and more.
 *
 * A window is an aligned part of one piece, or the whole piece if that is shorter. When one is asked for and
 * the one before it is kept, someone is reading in order, and what comes after it is read ahead.
 *
 * Invariants
 *  1. No more than the capacity is kept. Windows that somebody waits for come on top.
 *  2. A window is read once, however many wait for it; one that could not be read is not kept.
 */
import type { Geometry } from "../../engine/geometry.ts";
import type { PieceIndex } from "../../engine/units.ts";
import { type PieceSource, PieceUnreadableError } from "../../ports/piece-store.ts";

const MIB = 1024 * 1024;

/** Longest window, bytes; longer ones make the first block of a piece wait. */
const WINDOW_BYTES = MIB;

/** How far ahead is read, bytes: one long window, or as many short ones at the same time. */
const AHEAD_BYTES = MIB;

/** Bytes kept: the windows of a dozen peers who are each in another piece. */
const CAPACITY_BYTES = 16 * MIB;

export class PieceCache implements PieceSource {
  readonly #source: PieceSource;
  readonly #geometry: Geometry;
  readonly #windowBytes: number;
  readonly #windowsPerPiece: number;
  readonly #capacity: number;
  /** By number in the order of the torrent. The one used last comes last. */
  readonly #windows = new Map<number, Promise<Uint8Array>>();

  constructor(source: PieceSource, geometry: Geometry) {
    this.#source = source;
    this.#geometry = geometry;
    this.#windowBytes = Math.min(WINDOW_BYTES, geometry.pieceLength);
    this.#windowsPerPiece = Math.ceil(geometry.pieceLength / this.#windowBytes);
    this.#capacity = Math.floor(CAPACITY_BYTES / this.#windowBytes);
  }

  async read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    const first = await this.#part(piece, begin, length);
    if (first.length === length) return first;
    const bytes = new Uint8Array(length);
    bytes.set(first);
    for (let copied = first.length; copied < length; ) {
      const part = await this.#part(piece, begin + copied, length - copied);
      bytes.set(part, copied);
      copied += part.length;
    }
    return bytes;
  }

  /** Up to `length` bytes from `begin` on, as far as one window goes: a view into it. */
  async #part(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    const indexInPiece = Math.floor(begin / this.#windowBytes);
    const window = await this.#window(piece * this.#windowsPerPiece + indexInPiece);
    const from = begin - indexInPiece * this.#windowBytes;
    const part = window.subarray(from, from + length);
    if (part.length === 0) throw new PieceUnreadableError(`Piece ${piece} ends before ${begin + length}.`);
    return part;
  }

  file(index: number): Promise<Blob> {
    return this.#source.file(index);
  }

  close(): Promise<void> {
    this.#windows.clear();
    return this.#source.close();
  }

  #window(number: number): Promise<Uint8Array> {
    const isSequential = this.#windows.has(number - 1);
    const window = this.#kept(number);
    const end = isSequential ? number + AHEAD_BYTES / this.#windowBytes : number;
    for (let ahead = number + 1; ahead <= end; ahead++) {
      if (!this.#exists(ahead) || this.#windows.has(ahead)) continue;
      // A failure to read ahead is told to whoever asks for that window.
      this.#kept(ahead).catch(() => {});
    }
    return window;
  }

  #kept(number: number): Promise<Uint8Array> {
    const window = this.#windows.get(number) ?? this.#readWindow(number);
    this.#windows.delete(number);
    this.#windows.set(number, window);
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= this.#capacity) break;
      this.#windows.delete(oldest);
    }
    return window;
  }

  #readWindow(number: number): Promise<Uint8Array> {
    const { piece, begin } = this.#place(number);
    const length = Math.min(this.#windowBytes, this.#geometry.pieceBytes(piece) - begin);
    const window = this.#source.read(piece, begin, length);
    window.catch(() => {
      if (this.#windows.get(number) === window) this.#windows.delete(number);
    });
    return window;
  }

  /** False after the last piece, and for numbers that a short piece leaves out. */
  #exists(number: number): boolean {
    const { piece, begin } = this.#place(number);
    return piece < this.#geometry.pieceCount && begin < this.#geometry.pieceBytes(piece);
  }

  #place(number: number): { piece: PieceIndex; begin: number } {
    const indexInPiece = number % this.#windowsPerPiece;
    return {
      piece: Math.floor(number / this.#windowsPerPiece) as PieceIndex,
      begin: indexInPiece * this.#windowBytes,
    };
  }
}
