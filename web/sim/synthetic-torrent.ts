/**
 * A torrent whose content is computed: every block begins with its own number and is zero otherwise, so no two
 * blocks are alike. What was computed once is kept and shared by all machines of a simulation.
 */
import { concatBytes } from "../engine/bytes.ts";
import type { Geometry } from "../engine/geometry.ts";
import { geometryOf } from "../engine/geometry-of.ts";
import { BLOCK_BYTES, HASH_BYTES, PIECE_HEADER_BYTES } from "../engine/limits.ts";
import { encode } from "../engine/metainfo/bencode.ts";
import { createTorrent } from "../engine/metainfo/create.ts";
import { HashTree } from "../engine/metainfo/hash-tree.ts";
import { type Info, parseInfo } from "../engine/metainfo/info.ts";
import { hashesOf, type InfoHashes } from "../engine/metainfo/info-hashes.ts";
import type { PieceBuffer } from "../engine/piece-buffer.ts";
import { invariant, type PieceIndex, type Sha256 } from "../engine/units.ts";
import { encodePieceHeader } from "../engine/wire/encoder.ts";
import { digests } from "./digests.ts";

export interface SyntheticFile {
  readonly path: readonly string[];
  readonly length: number;
}

export class SyntheticTorrent {
  readonly info: Info;
  readonly hashes: InfoHashes;
  readonly geometry: Geometry;
  /** Complete trees, as the creator of a share has them; none for empty files. */
  readonly trees: readonly (HashTree | undefined)[];
  readonly sha256: Sha256;

  /** @param kind "contradictory" is a hybrid whose Merkle roots are those of other content. */
  constructor(
    files: readonly SyntheticFile[],
    pieceLength: number,
    sha256: Sha256,
    kind: Info["version"] | "contradictory" = "v2",
  ) {
    const hasV1View = kind === "hybrid" || kind === "contradictory";
    const otherContent = kind === "contradictory" ? files.length : 0;
    this.sha256 = sha256;
    const hashed = files.map((file, index) => ({
      ...file,
      leaves: leavesOf(index + otherContent, file.length, sha256),
      ...(hasV1View && { v1Pieces: v1PiecesOf(index, file.length, pieceLength) }),
    }));
    const created = createTorrent({ name: "synthetic", pieceLength, files: hashed }, sha256);
    invariant(created.ok, "a synthetic torrent is a valid one");
    const { layers } = created.value;
    const order = kind === "v1" ? files.map((_, index) => index) : created.value.order;
    const info = kind === "v1" ? v1Info(files, pieceLength) : created.value.info;
    this.info = info;
    this.hashes = hashesOf(info, { ...digests, sha256 });
    this.geometry = geometryOf(info);
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
  readonly #messages: Uint8Array[] = [];
  readonly #pieces = new Map<PieceIndex, Uint8Array>();
  readonly #leaves = new Map<PieceIndex, Uint8Array>();

  /** A `piece` message with its header, the same array for everybody who asks: nobody may change it. */
  message(piece: PieceIndex, begin: number, length: number): Uint8Array {
    const key = piece * this.geometry.blocksPerPiece + begin / BLOCK_BYTES;
    const known = this.#messages[key];
    if (known?.length === PIECE_HEADER_BYTES + length) return known;
    const message = new Uint8Array(PIECE_HEADER_BYTES + length);
    encodePieceHeader(message, 0, piece, begin, length);
    this.fill(piece, begin, message.subarray(PIECE_HEADER_BYTES));
    this.#messages[key] = message;
    return message;
  }

  /** The bytes of a piece, the same array for everybody who asks: nobody may change it. */
  piece(piece: PieceIndex): Uint8Array {
    const known = this.#pieces.get(piece);
    if (known !== undefined) return known;
    const bytes = new Uint8Array(this.geometry.pieceBytes(piece));
    this.fill(piece, 0, bytes);
    this.#pieces.set(piece, bytes);
    return bytes;
  }

  isRight(piece: PieceIndex, bytes: Uint8Array): boolean {
    const right = this.piece(piece);
    return bytes === right || Buffer.compare(right, bytes) === 0;
  }

  /** Keeps a copy only of a piece that somebody lied about. */
  readonly makePieceBuffer = (piece: PieceIndex): PieceBuffer => new SyntheticBuffer(this, piece);

  /** Writes the bytes of `piece` from `begin` on into `target`. */
  fill(piece: PieceIndex, begin: number, target: Uint8Array): void {
    target.fill(0);
    for (const part of this.geometry.parts(piece, begin, target.length)) {
      const at = part.offsetInPiece - begin;
      const source = this.#sourceFile[part.file] ?? 0;
      fillContent(source, part.offsetInFile, target.subarray(at, at + part.length));
    }
  }

  /** SHA-256 of each block of a piece that is right. */
  leaves(piece: PieceIndex): Uint8Array {
    const known = this.#leaves.get(piece);
    if (known !== undefined) return known;
    const file = this.geometry.fileOf(piece);
    const first = this.geometry.firstPieceOf(file);
    const leaves = new Uint8Array(this.geometry.blockCount(piece) * HASH_BYTES);
    for (let block = 0; block * HASH_BYTES < leaves.length; block++) {
      const leaf = this.trees[file]?.leaf(piece - first, block) ?? this.#hashOf(piece, block);
      leaves.set(leaf, block * HASH_BYTES);
    }
    this.#leaves.set(piece, leaves);
    return leaves;
  }

  #hashOf(piece: PieceIndex, block: number): Uint8Array {
    const bytes = new Uint8Array(this.geometry.blockBytes(piece, block));
    this.fill(piece, block * BLOCK_BYTES, bytes);
    return this.sha256(bytes);
  }
}

class SyntheticBuffer implements PieceBuffer {
  readonly #torrent: SyntheticTorrent;
  readonly #piece: PieceIndex;
  #putBytes = 0;
  #copy: Uint8Array | undefined;

  constructor(torrent: SyntheticTorrent, piece: PieceIndex) {
    this.#torrent = torrent;
    this.#piece = piece;
  }

  get bytes(): Uint8Array {
    const piece = this.#torrent.piece(this.#piece);
    invariant(this.#putBytes >= piece.length, "a piece was read before all of its blocks were put");
    return this.#copy ?? piece;
  }

  /** A block that is a view of the torrent's own message is right and need not be copied. */
  put(begin: number, block: Uint8Array): void {
    this.#putBytes += block.length;
    if (this.#copy === undefined && block.byteOffset === PIECE_HEADER_BYTES) {
      if (block.buffer === this.#torrent.message(this.#piece, begin, block.length).buffer) return;
    }
    this.#copy ??= this.#torrent.piece(this.#piece).slice();
    this.#copy.set(block, begin);
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

/** SHA-1 of each piece of a file that padding follows. */
function v1PiecesOf(file: number, length: number, pieceLength: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let offset = 0; offset < length; offset += pieceLength) {
    const bytes = new Uint8Array(pieceLength);
    fillContent(file, offset, bytes.subarray(0, Math.min(pieceLength, length - offset)));
    pieces.push(digests.sha1(bytes));
  }
  return concatBytes(pieces);
}

/** The files one behind the other, without padding (BEP 3). */
function v1Info(files: readonly SyntheticFile[], pieceLength: number): Info {
  const stream = concatBytes(
    files.map(({ length }, file) => {
      const bytes = new Uint8Array(length);
      fillContent(file, 0, bytes);
      return bytes;
    }),
  );
  const pieces: Uint8Array[] = [];
  for (let offset = 0; offset < stream.length; offset += pieceLength) {
    pieces.push(digests.sha1(stream.subarray(offset, offset + pieceLength)));
  }
  const dictionary = {
    files: files.map(({ length, path }) => ({ length, path })),
    name: "synthetic",
    "piece length": pieceLength,
    pieces: concatBytes(pieces),
  };
  const info = parseInfo(encode(dictionary));
  invariant(info.ok, "a synthetic torrent is a valid one");
  return info.value;
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
