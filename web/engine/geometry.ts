/**
 * Piece, block and byte arithmetic of one torrent. Sole owner of "the last one is short".
 *
 * All files lie one behind the other in the piece space, with padding between them: in v2 and hybrid torrents each
 * file begins at a piece boundary (BEP 52), in a v1 torrent where the stream has it, so that a piece may hold
 * parts of several files (BEP 3). Empty files take no room.
 *
 * A piece ends with the last byte of a file in it: padding behind that is known to be zeros (BEP 47), so it is
 * never asked for, counted or stored. On links that speak v1 it can be asked of us, and SHA-1 covers it.
 *
 * Invariants
 *  1. 1 ≤ pieceBytes(p) ≤ v1PieceBytes(p) ≤ pieceLength; 1 ≤ blockBytes(p, b) ≤ 16 KiB.
 *  2. Σ fileLengths = totalBytes. Where no padding lies within a piece (v2, hybrid), Σ pieceBytes(p) is the same.
 *  3. The parts of a piece are in its order and do not overlap.
 */
import { BLOCK_BYTES } from "./limits.ts";
import type { BlockIndex, PieceIndex } from "./units.ts";

/** Where the files of a v1 torrent lie. */
export interface StreamLayout {
  /** Byte offset of each file in the stream, ascending. */
  readonly offsets: readonly number[];
  /** Bytes of the stream, padding included. */
  readonly streamLength: number;
}

/** A run of bytes that lies in one piece and in one file. */
export interface PiecePart {
  readonly file: number;
  readonly offsetInFile: number;
  readonly offsetInPiece: number;
  readonly length: number;
}

export class Geometry {
  readonly pieceLength: number;
  readonly pieceCount: number;
  readonly totalBytes: number;
  readonly fileLengths: readonly number[];
  /** Blocks in a piece of full length. */
  readonly blocksPerPiece: number;
  readonly #offsets: Float64Array;
  readonly #streamLength: number;
  /** Pieces at the beginning that the first file fills: in most torrents nearly all. */
  readonly #wholePieces: number;

  /**
   * @param pieceLength bytes; in a v2 or hybrid torrent a power of two ≥ 16 KiB.
   * @param fileLengths bytes of each file in the order of the piece space.
   * @param layout of a v1 torrent; of a hybrid only its `streamLength`, which says where its v1 view ends.
   */
  constructor(pieceLength: number, fileLengths: readonly number[], layout: Partial<StreamLayout> = {}) {
    this.pieceLength = pieceLength;
    this.blocksPerPiece = Math.ceil(pieceLength / BLOCK_BYTES);
    this.fileLengths = fileLengths;
    this.#offsets = Float64Array.from(layout.offsets ?? alignedOffsets(pieceLength, fileLengths));
    this.totalBytes = fileLengths.reduce((sum, length) => sum + length, 0);
    const last = fileLengths.length - 1;
    const contentEnd = (this.#offsets[last] ?? 0) + (fileLengths[last] ?? 0);
    this.#streamLength = layout.streamLength ?? contentEnd;
    this.pieceCount = Math.ceil(this.#streamLength / pieceLength);
    this.#wholePieces = this.#offsets[0] === 0 ? Math.floor((fileLengths[0] ?? 0) / pieceLength) : 0;
  }

  /** The first file that has bytes in the piece; in a v2 or hybrid torrent the only one. */
  fileOf(piece: PieceIndex): number {
    if (piece < this.#wholePieces) return 0;
    const start = piece * this.pieceLength;
    let low = 0;
    let high = this.fileLengths.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#endOf(middle) > start) high = middle;
      else low = middle + 1;
    }
    while (low < this.fileLengths.length - 1 && this.fileLengths[low] === 0) low++;
    return low;
  }

  /** Index of the first piece that holds bytes of the file; of an empty file, of the piece that would. */
  firstPieceOf(file: number): number {
    const offset = this.#offsets[file];
    return offset === undefined ? this.pieceCount : Math.floor(offset / this.pieceLength);
  }

  /** Pieces that hold bytes of the file. Neighbours in a v1 torrent may have one in common. */
  pieceCountOf(file: number): number {
    if ((this.fileLengths[file] ?? 0) === 0) return 0;
    return Math.floor((this.#endOf(file) - 1) / this.pieceLength) - this.firstPieceOf(file) + 1;
  }

  /** Where a byte of a file lies. */
  placeOf(file: number, offsetInFile: number): { readonly piece: PieceIndex; readonly begin: number } {
    const offset = (this.#offsets[file] ?? 0) + offsetInFile;
    return { piece: Math.floor(offset / this.pieceLength) as PieceIndex, begin: offset % this.pieceLength };
  }

  /** Bytes of the file that lie in the piece. */
  bytesOfFileIn(file: number, piece: PieceIndex): number {
    const start = piece * this.pieceLength;
    const from = Math.max(start, this.#offsets[file] ?? 0);
    return Math.max(0, Math.min(start + this.pieceLength, this.#endOf(file)) - from);
  }

  /** Which bytes of which files a range of a piece is. What lies between the parts is padding: zeros. */
  parts(piece: PieceIndex, begin = 0, length = this.pieceBytes(piece) - begin): PiecePart[] {
    const start = piece * this.pieceLength;
    const from = start + begin;
    const to = from + length;
    const parts: PiecePart[] = [];
    for (let file = this.fileOf(piece); file < this.fileLengths.length; file++) {
      const fileStart = this.#offsets[file] ?? 0;
      if (fileStart >= to) break;
      const partStart = Math.max(from, fileStart);
      const partEnd = Math.min(to, this.#endOf(file));
      if (partEnd <= partStart) continue;
      parts.push({
        file,
        offsetInFile: partStart - fileStart,
        offsetInPiece: partStart - start,
        length: partEnd - partStart,
      });
    }
    return parts;
  }

  /** Bytes of the piece up to the last one that belongs to a file. */
  pieceBytes(piece: PieceIndex): number {
    if (piece < this.#wholePieces) return this.pieceLength;
    const start = piece * this.pieceLength;
    const end = start + this.v1PieceBytes(piece);
    let low = this.fileOf(piece);
    let high = this.fileLengths.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#offsets[middle] ?? 0) < end) low = middle;
      else high = middle - 1;
    }
    while (low > 0 && this.fileLengths[low] === 0) low--;
    const contentEnd = Math.min(end, this.#endOf(low));
    // A piece of nothing but padding makes no sense, and is fetched like any other.
    return (contentEnd > start ? contentEnd : end) - start;
  }

  /** Bytes of the piece with its padding, as v1 peers see it and as SHA-1 is taken of it. */
  v1PieceBytes(piece: PieceIndex): number {
    return Math.min(this.pieceLength, this.#streamLength - piece * this.pieceLength);
  }

  blockCount(piece: PieceIndex): number {
    return Math.ceil(this.pieceBytes(piece) / BLOCK_BYTES);
  }

  /** The block of ours that is this range; undefined if none is, as no request of ours is for anything else. */
  blockOf(piece: number, begin: number, length: number): BlockIndex | undefined {
    const block = begin / BLOCK_BYTES;
    if (!Number.isInteger(block) || !this.contains(piece, begin, length)) return undefined;
    return length === this.blockBytes(piece as PieceIndex, block) ? (block as BlockIndex) : undefined;
  }

  blockBytes(piece: PieceIndex, block: number): number {
    return Math.min(BLOCK_BYTES, this.pieceBytes(piece) - block * BLOCK_BYTES);
  }

  /** True for any non-empty byte range that lies within one piece, as a link of this version sees it. */
  contains(piece: number, begin: number, length: number, version: "v1" | "v2" = "v2"): boolean {
    if (piece < 0 || piece >= this.pieceCount || length <= 0 || begin < 0) return false;
    const bytes =
      version === "v1" ? this.v1PieceBytes(piece as PieceIndex) : this.pieceBytes(piece as PieceIndex);
    return begin + length <= bytes;
  }

  #endOf(file: number): number {
    return (this.#offsets[file] ?? 0) + (this.fileLengths[file] ?? 0);
  }
}

function alignedOffsets(pieceLength: number, fileLengths: readonly number[]): number[] {
  let offset = 0;
  return fileLengths.map((length) => {
    const start = offset;
    offset += Math.ceil(length / pieceLength) * pieceLength;
    return start;
  });
}
