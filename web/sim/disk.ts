/** A machine's disk: hashes a piece, compares and stores it. Content that is right has known hashes, a liar's is hashed. */
import { equalBytes } from "../engine/bytes.ts";
import type { Input, PieceCheck } from "../engine/io.ts";
import { BLOCK_BYTES, HASH_BYTES } from "../engine/limits.ts";
import { merkleRoot } from "../engine/metainfo/merkle.ts";
import type { PieceIndex } from "../engine/units.ts";
import type { SyntheticTorrent } from "./synthetic-torrent.ts";

export class Disk {
  readonly #torrent: SyntheticTorrent;
  readonly #isRefused: (count: number) => boolean;
  #commits = 0;

  /** @param isRefused whether it does not take the n-th piece, counted from 1. */
  constructor(torrent: SyntheticTorrent, isRefused: (count: number) => boolean = () => false) {
    this.#torrent = torrent;
    this.#isRefused = isRefused;
  }

  /** @returns what the engine is to be told. */
  commit(
    piece: PieceIndex,
    bytes: Uint8Array,
    check: PieceCheck,
  ): Extract<Input, { type: "piece-committed" }> {
    if (this.#isRefused(++this.#commits)) return { type: "piece-committed", piece, result: "failed" };
    const isWhole = this.#torrent.isRight(piece, bytes);
    const leaves = isWhole ? this.#torrent.leaves(piece) : this.#hashesOf(bytes);
    const isRight = isWhole || this.#isRoot(leaves, check);
    return { type: "piece-committed", piece, result: isRight ? "stored" : "corrupt", leaves };
  }

  #isRoot(leaves: Uint8Array, { merkle }: PieceCheck): boolean {
    if (merkle === undefined) return false;
    return equalBytes(merkleRoot(leaves, merkle.width, this.#torrent.sha256), merkle.root);
  }

  #hashesOf(bytes: Uint8Array): Uint8Array {
    const leaves = new Uint8Array(Math.ceil(bytes.length / BLOCK_BYTES) * HASH_BYTES);
    for (let block = 0; block * BLOCK_BYTES < bytes.length; block++) {
      const data = bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
      leaves.set(this.#torrent.sha256(data), block * HASH_BYTES);
    }
    return leaves;
  }
}
