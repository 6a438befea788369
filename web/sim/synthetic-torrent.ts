/**
 * A torrent whose content is computed: every block begins with its own number and is zero otherwise, so no two
 * blocks are alike. What was computed once is kept and shared by all machines of a simulation.
 */
import { Geometry } from "../engine/geometry.ts";
import { BLOCK_BYTES, HASH_BYTES, PIECE_HEADER_BYTES } from "../engine/limits.ts";
import { createTorrent } from "../engine/metainfo/create.ts";
import { HashTree } from "../engine/metainfo/hash-tree.ts";
import type { Info } from "../engine/metainfo/info.ts";
import { type InfoHash, invariant, type PieceIndex, type Sha256 } from "../engine/units.ts";
import { encodePieceHeader } from "../engine/wire/encoder.ts";

export interface SyntheticFile {
  readonly path: readonly string[];
  readonly length: number;
}

export class SyntheticTorrent {
  readonly info: Info;
  readonly infoHash: InfoHash;
  readonly geometry: Geometry;
  /** Complete trees, as the creator of a share has them; none for empty files. */
  readonly trees: readonly (HashTree | undefined)[];
  readonly sha256: Sha256;

  constructor(files: readonly SyntheticFile[], pieceLength: number, sha256: Sha256) {
    this.sha256 = sha256;
    const hashed = files.map((file, index) => ({ ...file, leaves: leavesOf(index, file.length, sha256) }));
    const created = createTorrent({ name: "synthetic", pieceLength, files: hashed }, sha256);
    invariant(created.ok, "a synthetic torrent is a valid one");
    const { info, infoHash, layers, order } = created.value;
    this.info = info;
    this.infoHash = infoHash;
    this.geometry = new Geometry(
      pieceLength,
      info.files.map((file) => file.length),
    );
    this.trees = info.files.map((file, index) => {
      if (file.piecesRoot === undefined) return undefined;
      const tree = new HashTree(file.length, pieceLength, file.piecesRoot, sha256);
      const layer = layers[index];
      if (layer !== undefined) tree.setPieceLayer(layer);
      const leaves = hashed[order[index] ?? 0]?.leaves ?? new Uint8Array();
      const perPiece = (pieceLength / BLOCK_BYTES) * HASH_BYTES;
      for (let piece = 0; piece < tree.pieceCount; piece++) {
        tree.setPieceLeaves(piece, leaves.slice(piece * perPiece, (piece + 1) * perPiece));
      }
      return tree;
    });
    this.#sourceFile = order;
  }

  readonly #sourceFile: readonly number[];
  readonly #messages = new Map<number, Uint8Array>();
  readonly #pieces = new Map<PieceIndex, Uint8Array>();
  readonly #leaves = new Map<PieceIndex, Uint8Array>();

  /** A `piece` message with its header, the same array for everybody who asks: nobody may change it. */
  message(piece: PieceIndex, begin: number, length: number): Uint8Array {
    const key = piece * this.geometry.blocksPerPiece + begin / BLOCK_BYTES;
    const known = this.#messages.get(key);
    if (known?.length === PIECE_HEADER_BYTES + length) return known;
    const message = new Uint8Array(PIECE_HEADER_BYTES + length);
    encodePieceHeader(message, 0, piece, begin, length);
    this.fill(piece, begin, message.subarray(PIECE_HEADER_BYTES));
    this.#messages.set(key, message);
    return message;
  }

  isRight(piece: PieceIndex, bytes: Uint8Array): boolean {
    let expected = this.#pieces.get(piece);
    if (expected === undefined) {
      expected = new Uint8Array(this.geometry.pieceBytes(piece));
      this.fill(piece, 0, expected);
      this.#pieces.set(piece, expected);
    }
    return Buffer.compare(expected, bytes) === 0;
  }

  /** Writes the bytes of `piece` from `begin` on into `target`. */
  fill(piece: PieceIndex, begin: number, target: Uint8Array): void {
    const file = this.geometry.fileOf(piece);
    const offset = this.geometry.offsetInFile(piece) + begin;
    fillContent(this.#sourceFile[file] ?? 0, offset, target);
  }

  /** SHA-256 of each block of a piece that is right. */
  leaves(piece: PieceIndex): Uint8Array {
    const known = this.#leaves.get(piece);
    if (known !== undefined) return known;
    const file = this.geometry.fileOf(piece);
    const first = this.geometry.firstPieceOf(file);
    const leaves = new Uint8Array(this.geometry.blockCount(piece) * HASH_BYTES);
    for (let block = 0; block * HASH_BYTES < leaves.length; block++) {
      leaves.set(this.trees[file]?.leaf(piece - first, block) ?? [], block * HASH_BYTES);
    }
    this.#leaves.set(piece, leaves);
    return leaves;
  }
}

/** One file of `pieceCount` pieces, all of full length. */
export function singleFile(pieceCount: number, pieceLength: number, sha256: Sha256): SyntheticTorrent {
  return new SyntheticTorrent(
    [{ path: ["synthetic"], length: pieceCount * pieceLength }],
    pieceLength,
    sha256,
  );
}

function leavesOf(file: number, length: number, sha256: Sha256): Uint8Array {
  const leaves = new Uint8Array(Math.ceil(length / BLOCK_BYTES) * HASH_BYTES);
  for (let block = 0; block * HASH_BYTES < leaves.length; block++) {
    const bytes = new Uint8Array(Math.min(BLOCK_BYTES, length - block * BLOCK_BYTES));
    fillContent(file, block * BLOCK_BYTES, bytes);
    leaves.set(sha256(bytes), block * HASH_BYTES);
  }
  return leaves;
}

const MARK_BYTES = 8;

function fillContent(file: number, offset: number, target: Uint8Array): void {
  target.fill(0);
  const mark = new DataView(new ArrayBuffer(MARK_BYTES));
  const first = Math.floor(offset / BLOCK_BYTES);
  for (let block = first; block * BLOCK_BYTES < offset + target.length; block++) {
    mark.setUint32(0, file + 1);
    mark.setUint32(4, block + 1);
    for (let at = 0; at < MARK_BYTES; at++) {
      const place = block * BLOCK_BYTES + at - offset;
      if (place >= 0 && place < target.length) target[place] = mark.getUint8(at);
    }
  }
}
