/**
 * What is known and proven of one file's Merkle tree (BEP 52), and the hash requests that it asks and answers.
 *
 * Invariants
 *  1. Nothing is stored that does not hash to `pieces root`.
 *  2. Nodes from the piece layer up are kept in flat arrays, only real ones: the node at `index` of a layer
 *     with fewer nodes is padding and always known. Leaves are kept only for pieces that they were given for.
 *  3. A file of one piece has a piece layer of one node: its root (padded to its own blocks only).
 *
 * Where a request may ask less than a multiple of its length, or one hash alone, and where the padding inside
 * a layer belongs to the answer, this follows libtorrent: strict in asking, lenient in answering.
 */
import { Bitfield } from "../bitfield.ts";
import { equalBytes } from "../bytes.ts";
import { BLOCK_BYTES, HASH_BYTES, HASHES_PER_REQUEST, MAX_HASHES_PER_REQUEST } from "../limits.ts";
import type { Sha256 } from "../units.ts";
import type { HashRange } from "../wire/message.ts";
import {
  layersOver,
  leafWidth,
  merkleRoot,
  nextPowerOfTwo,
  padHash,
  parentHash,
  parentLayer,
} from "./merkle.ts";

/** A node by its layer above the leaves and its place in that layer. */
interface Node {
  readonly layer: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

export class HashTree {
  readonly piecesRoot: Uint8Array;
  readonly pieceCount: number;
  /** Leaves that a piece's root covers. */
  readonly leafWidth: number;
  /** Layers between the leaves and the roots of the pieces. */
  readonly pieceLayer: number;
  /** Layers between the leaves and the root of the file. */
  readonly height: number;
  readonly #blockCount: number;
  readonly #blocksPerPiece: number;
  readonly #sha256: Sha256;
  /** Real nodes from the piece layer up, layer after layer. */
  readonly #nodes: Uint8Array;
  readonly #known: Bitfield;
  #missingPieceHashes: number;
  /** Where each layer begins in `#nodes`, the piece layer first. */
  readonly #layerStarts: readonly number[];
  /** Leaves of a piece, without padding. */
  readonly #leaves = new Map<number, Uint8Array>();

  /**
   * @param fileLength bytes, at least 1.
   * @param pieceLength bytes, a power of two of at least 16 KiB.
   * @param piecesRoot 32 bytes, trusted.
   */
  constructor(fileLength: number, pieceLength: number, piecesRoot: Uint8Array, sha256: Sha256) {
    this.piecesRoot = piecesRoot.slice();
    this.pieceCount = Math.ceil(fileLength / pieceLength);
    this.leafWidth = leafWidth(fileLength, pieceLength);
    this.pieceLayer = layersOver(this.leafWidth);
    this.height = this.pieceLayer + layersOver(nextPowerOfTwo(this.pieceCount));
    this.#blockCount = Math.ceil(fileLength / BLOCK_BYTES);
    this.#blocksPerPiece = pieceLength / BLOCK_BYTES;
    this.#sha256 = sha256;

    const layerStarts: number[] = [];
    let nodeCount = 0;
    for (let layer = this.pieceLayer; layer <= this.height; layer++) {
      layerStarts.push(nodeCount);
      nodeCount += this.#realCount(layer);
    }
    this.#layerStarts = layerStarts;
    this.#nodes = new Uint8Array(nodeCount * HASH_BYTES);
    this.#known = new Bitfield(nodeCount);
    this.#missingPieceHashes = this.pieceCount;
    this.#store({ layer: this.height, index: 0, hash: this.piecesRoot });
  }

  /** True when the roots of all pieces are known. A node's ancestors always are, so then every node is. */
  get hasPieceLayer(): boolean {
    return this.#known.isFull;
  }

  hasPieceHash(pieceInFile: number): boolean {
    return pieceInFile >= 0 && pieceInFile < this.pieceCount && this.#known.has(pieceInFile);
  }

  /** Root of the piece's subtree, a copy; undefined while it is not proven. */
  pieceHash(pieceInFile: number): Uint8Array | undefined {
    if (pieceInFile < 0 || pieceInFile >= this.pieceCount) return undefined;
    return this.#stored(this.pieceLayer, pieceInFile)?.slice();
  }

  /** Pieces whose root is not proven. */
  get missingPieceHashes(): number {
    return this.#missingPieceHashes;
  }

  /** What the leaves of one piece hash to. */
  rootOf(leaves: Uint8Array): Uint8Array {
    return merkleRoot(leaves, this.leafWidth, this.#sha256);
  }

  /** Roots of all pieces, as `piece layers` of a .torrent holds them; undefined while one is missing. */
  pieceHashes(): Uint8Array | undefined {
    return this.hasPieceLayer ? this.#nodes.slice(0, this.pieceCount * HASH_BYTES) : undefined;
  }

  /** Takes the roots of all pieces if they hash to the file's root. @returns whether they do. */
  setPieceLayer(hashes: Uint8Array): boolean {
    if (hashes.length !== this.pieceCount * HASH_BYTES) return false;
    const layers = [hashes];
    let top = hashes;
    for (let layer = this.pieceLayer; layer < this.height; layer++) {
      top = parentLayer(top, layer, this.#sha256);
      layers.push(top);
    }
    if (!equalBytes(top, this.piecesRoot)) return false;
    for (const [layer, nodes] of layers.entries()) {
      this.#nodes.set(nodes, (this.#layerStarts[layer] ?? 0) * HASH_BYTES);
    }
    for (let node = 0; node < this.#known.length; node++) this.#known.set(node);
    this.#missingPieceHashes = 0;
    return true;
  }

  /** True when the leaves of the piece are known, so that its blocks can be told apart. */
  hasLeaves(pieceInFile: number): boolean {
    return this.leafWidth === 1 ? this.pieceHash(pieceInFile) !== undefined : this.#leaves.has(pieceInFile);
  }

  /** Leaf of one block, a copy; undefined while it is not proven. */
  leaf(pieceInFile: number, block: number): Uint8Array | undefined {
    if (block < 0 || block >= this.#blocksIn(pieceInFile)) return undefined;
    return this.#node(0, pieceInFile * this.#blocksPerPiece + block)?.slice();
  }

  /**
   * Takes the leaves of a piece whose root is proven, one for each of its blocks, if they hash to that root.
   * Keeps `leaves`. @param isProven they were found to hash to it. @returns whether they do.
   */
  setPieceLeaves(pieceInFile: number, leaves: Uint8Array, isProven = false): boolean {
    if (leaves.length !== this.#blocksIn(pieceInFile) * HASH_BYTES) return false;
    const root = this.#stored(this.pieceLayer, pieceInFile);
    if (root === undefined || !(isProven || equalBytes(this.rootOf(leaves), root))) return false;
    if (this.leafWidth > 1) this.#leaves.set(pieceInFile, leaves);
    return true;
  }

  /**
   * Takes an answer to a hash request: `range.length` hashes, then the uncles from the bottom up. It may cover
   * piece roots or the leaves of one whole piece. "forged": it contradicts the root. "malformed": it cannot be
   * an answer to a request that we make, or its proof ends before anything proven.
   */
  add(range: HashRange, hashes: Uint8Array): "accepted" | "forged" | "malformed" {
    const isLeaves = range.baseLayer === 0 && this.pieceLayer > 0;
    if (!this.#isAnswerable(range) || range.length !== subtreeWidth(range.length)) return "malformed";
    if (isLeaves ? range.length !== this.leafWidth : range.baseLayer < this.pieceLayer) return "malformed";
    if (hashes.length !== (range.length + uncleCount(range)) * HASH_BYTES) return "malformed";

    const found: Node[] = [];
    let nodes = hashes.subarray(0, range.length * HASH_BYTES);
    let layer = range.baseLayer;
    for (; nodes.length > HASH_BYTES; layer++) {
      if (layer >= this.pieceLayer)
        collect(found, layer, range.index / 2 ** (layer - range.baseLayer), nodes);
      nodes = parentLayer(nodes, layer, this.#sha256);
    }
    const proof = this.#climb(
      { layer, index: range.index / range.length, hash: nodes },
      found,
      hashes,
      range,
    );
    if (proof !== "accepted") return proof;
    for (const node of found) this.#store(node);
    if (isLeaves) {
      const piece = range.index / this.leafWidth;
      this.#leaves.set(piece, hashes.slice(0, this.#blocksIn(piece) * HASH_BYTES));
    }
    return "accepted";
  }

  /** Hashes and uncles for a peer's request, to be sent as they are; undefined: reject it. */
  answer(range: HashRange): Uint8Array | undefined {
    if (!this.#isAnswerable(range)) return undefined;
    // Nobody needs the layers between (BEP 52), and each of their nodes would have to be hashed anew.
    if (range.baseLayer > 0 && range.baseLayer < this.pieceLayer) return undefined;
    const answer = new Uint8Array((range.length + uncleCount(range)) * HASH_BYTES);
    let at = 0;
    for (; at < range.length; at++) {
      const hash = this.#node(range.baseLayer, range.index + at);
      if (hash === undefined) return undefined;
      answer.set(hash, at * HASH_BYTES);
    }
    let layer = range.baseLayer + layersOver(subtreeWidth(range.length));
    let index = range.index / subtreeWidth(range.length);
    for (; at * HASH_BYTES < answer.length; at++) {
      const uncle = this.#node(layer, siblingOf(index));
      if (uncle === undefined) return undefined;
      answer.set(uncle, at * HASH_BYTES);
      layer++;
      index = Math.floor(index / 2);
    }
    return answer;
  }

  /** A request for piece roots with a complete proof, for the first that is not known from this piece on, if there is one. */
  nextMissingRange(pieceInFile: number): HashRange | undefined {
    if (pieceInFile < 0 || this.#missingPieceHashes === 0) return undefined;
    let missing = pieceInFile;
    while (missing < this.pieceCount && this.#known.has(missing)) missing++;
    if (missing >= this.pieceCount) return undefined;
    const index = missing - (missing % HASHES_PER_REQUEST);
    const left = Math.max(2, nextPowerOfTwo(this.pieceCount - index));
    return this.#range(this.pieceLayer, index, Math.min(HASHES_PER_REQUEST, left), this.height);
  }

  /** A request for the leaves of one piece, proven up to its root if that is known; undefined when they are known or no peer would answer it. */
  leafRange(pieceInFile: number): HashRange | undefined {
    if (this.hasLeaves(pieceInFile) || this.#blocksIn(pieceInFile) === 0) return undefined;
    if (this.leafWidth === 1 || this.leafWidth > MAX_HASHES_PER_REQUEST) return undefined;
    const top = this.#stored(this.pieceLayer, pieceInFile) === undefined ? this.height : this.pieceLayer;
    return this.#range(0, pieceInFile * this.leafWidth, this.leafWidth, top);
  }

  /** A range whose proof reaches up to the proven layer `top`. */
  #range(baseLayer: number, index: number, length: number, top: number): HashRange {
    return { piecesRoot: this.piecesRoot, baseLayer, index, length, proofLayers: top - baseLayer - 1 };
  }

  /** The range lies in the tree, on a subtree of its own, and asks for no proof above the root. */
  #isAnswerable({ baseLayer, index, length, proofLayers }: HashRange): boolean {
    if (baseLayer < 0 || baseLayer >= this.height || proofLayers < 0) return false;
    if (length < 1 || length > MAX_HASHES_PER_REQUEST || index < 0) return false;
    if (index % subtreeWidth(length) !== 0 || index + length > 2 ** (this.height - baseLayer)) return false;
    return proofLayers < this.height - baseLayer;
  }

  /** Hashes upward from the subtree's root until something proven confirms or contradicts it. */
  #climb(
    root: Node,
    found: Node[],
    hashes: Uint8Array,
    range: HashRange,
  ): "accepted" | "forged" | "malformed" {
    let { layer, index, hash } = root;
    for (let at = range.length * HASH_BYTES; ; at += HASH_BYTES) {
      const proven = layer >= this.pieceLayer ? this.#node(layer, index) : undefined;
      if (proven !== undefined) return equalBytes(proven, hash) ? "accepted" : "forged";
      if (at === hashes.length) return "malformed";
      const uncle = hashes.subarray(at, at + HASH_BYTES);
      if (layer >= this.pieceLayer) {
        found.push({ layer, index, hash }, { layer, index: siblingOf(index), hash: uncle });
      }
      hash = index % 2 === 0 ? parentHash(hash, uncle, this.#sha256) : parentHash(uncle, hash, this.#sha256);
      index = Math.floor(index / 2);
      layer++;
    }
  }

  /** Any node that is known or follows from what is known. */
  #node(layer: number, index: number): Uint8Array | undefined {
    if (index >= this.#realCount(layer)) return padHash(layer, this.#sha256);
    if (layer >= this.pieceLayer) return this.#stored(layer, index);
    const first = index * 2 ** layer;
    const leaves = this.#leaves.get(Math.floor(first / this.leafWidth));
    if (leaves === undefined) return undefined;
    const begin = (first % this.leafWidth) * HASH_BYTES;
    return merkleRoot(leaves.subarray(begin, begin + 2 ** layer * HASH_BYTES), 2 ** layer, this.#sha256);
  }

  #stored(layer: number, index: number): Uint8Array | undefined {
    const node = (this.#layerStarts[layer - this.pieceLayer] ?? 0) + index;
    return this.#known.has(node)
      ? this.#nodes.subarray(node * HASH_BYTES, (node + 1) * HASH_BYTES)
      : undefined;
  }

  #store({ layer, index, hash }: Node): void {
    if (index >= this.#realCount(layer)) return;
    const node = (this.#layerStarts[layer - this.pieceLayer] ?? 0) + index;
    this.#nodes.set(hash, node * HASH_BYTES);
    if (this.#known.set(node) && layer === this.pieceLayer) this.#missingPieceHashes--;
  }

  /** Nodes of a layer that are not padding. */
  #realCount(layer: number): number {
    if (layer < this.pieceLayer) return Math.ceil(this.#blockCount / 2 ** layer);
    return Math.ceil(this.pieceCount / 2 ** (layer - this.pieceLayer));
  }

  #blocksIn(pieceInFile: number): number {
    if (pieceInFile < 0 || pieceInFile >= this.pieceCount) return 0;
    return Math.min(this.#blocksPerPiece, this.#blockCount - pieceInFile * this.#blocksPerPiece);
  }
}

/** Nodes of the subtree that a request of this length is proven by; one hash alone stands for a pair. */
function subtreeWidth(length: number): number {
  return Math.max(2, nextPowerOfTwo(length));
}

/** Proof layers inside the requested subtree are not sent: they follow from its hashes (BEP 52). */
function uncleCount({ length, proofLayers }: HashRange): number {
  return Math.max(0, proofLayers - (layersOver(subtreeWidth(length)) - 1));
}

function siblingOf(index: number): number {
  return index % 2 === 0 ? index + 1 : index - 1;
}

/** Adds every hash of `hashes`, which stand from `index` on in `layer`. */
function collect(found: Node[], layer: number, index: number, hashes: Uint8Array): void {
  for (let at = 0; at * HASH_BYTES < hashes.length; at++) {
    found.push({ layer, index: index + at, hash: hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES) });
  }
}
