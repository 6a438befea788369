/**
 * Piece, block and byte arithmetic of one torrent. Sole owner of "the last one is short".
 *
 * Every non-empty file starts at a piece boundary and its last piece ends with the file (BEP 52), so a piece
 * belongs to exactly one file. Empty files take no piece.
 *
 * Invariants
 *  1. Σ pieceBytes(p) = Σ file lengths = totalBytes.
 *  2. 1 ≤ pieceBytes(p) ≤ pieceLength; 1 ≤ blockBytes(p, b) ≤ 16 KiB.
 */
import { BLOCK_BYTES } from "./limits.ts";
import type { PieceIndex } from "./units.ts";

export class Geometry {
  readonly pieceLength: number;
  readonly pieceCount: number;
  readonly totalBytes: number;
  readonly fileLengths: readonly number[];
  /** Blocks in a piece of full length. */
  readonly blocksPerPiece: number;
  /** First piece of each file; for an empty file, where it would be. */
  readonly #firstPieces: Uint32Array;

  /**
   * @param pieceLength bytes, a power of two ≥ 16 KiB.
   * @param fileLengths bytes of each file in piece order.
   */
  constructor(pieceLength: number, fileLengths: readonly number[]) {
    this.pieceLength = pieceLength;
    this.blocksPerPiece = pieceLength / BLOCK_BYTES;
    this.fileLengths = fileLengths;
    this.#firstPieces = new Uint32Array(fileLengths.length);
    let piece = 0;
    let bytes = 0;
    for (const [file, length] of fileLengths.entries()) {
      this.#firstPieces[file] = piece;
      piece += Math.ceil(length / pieceLength);
      bytes += length;
    }
    this.pieceCount = piece;
    this.totalBytes = bytes;
  }

  /** The file that holds the piece. */
  fileOf(piece: PieceIndex): number {
    let low = 0;
    let high = this.#firstPieces.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#firstPieces[middle] ?? 0) <= piece) low = middle;
      else high = middle - 1;
    }
    // Empty files share their first piece with the file after them: the last of equals is the one with bytes.
    while (low > 0 && this.fileLengths[low] === 0) low--;
    return low;
  }

  /** Index of the file's first piece. */
  firstPieceOf(file: number): number {
    return this.#firstPieces[file] ?? this.pieceCount;
  }

  pieceCountOf(file: number): number {
    return Math.ceil((this.fileLengths[file] ?? 0) / this.pieceLength);
  }

  /** Byte offset of the piece in its file. */
  offsetInFile(piece: PieceIndex): number {
    return (piece - this.firstPieceOf(this.fileOf(piece))) * this.pieceLength;
  }

  pieceBytes(piece: PieceIndex): number {
    const file = this.fileOf(piece);
    const offset = (piece - this.firstPieceOf(file)) * this.pieceLength;
    return Math.min(this.pieceLength, (this.fileLengths[file] ?? 0) - offset);
  }

  blockCount(piece: PieceIndex): number {
    return Math.ceil(this.pieceBytes(piece) / BLOCK_BYTES);
  }

  blockBytes(piece: PieceIndex, block: number): number {
    return Math.min(BLOCK_BYTES, this.pieceBytes(piece) - block * BLOCK_BYTES);
  }

  /** True for any non-empty byte range that lies within one piece. */
  contains(piece: number, begin: number, length: number): boolean {
    if (piece < 0 || piece >= this.pieceCount || length <= 0 || begin < 0) return false;
    return begin + length <= this.pieceBytes(piece as PieceIndex);
  }
}
