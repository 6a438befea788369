/**
 * Fetches what is missing of the files' Merkle trees from peers, and gives it to them (BEP 52).
 *
 * The info dictionary holds only the roots: a piece of a longer file can be checked once its hash and the
 * proof that leads to the root are here. Ranges of up to 512 piece hashes are asked for, in file order, of
 * whoever is there; the 16 KiB leaves of one piece are asked for when that piece turned out corrupt.
 *
 * Invariants
 *  1. A tree holds only hashes that are proven by its root.
 *  2. A range is asked of one peer at a time; who sends a forged proof is dropped and banned.
 */
import type { SwarmContext } from "./context.ts";
import type { Geometry } from "./geometry.ts";
import { HASH_BYTES, HASH_REQUESTS_PER_PEER, MAX_HASHES_PER_REQUEST, METADATA_TIMEOUT_MS } from "./limits.ts";
import type { HashTree } from "./metainfo/hash-tree.ts";
import type { Peer } from "./peer.ts";
import { type LinkId, type Millis, type PieceIndex, toHex } from "./units.ts";
import type { HashRange } from "./wire/message.ts";

interface Asked {
  readonly link: LinkId;
  readonly at: Millis;
  readonly file: number;
}

export class HashExchange {
  readonly #geometry: Geometry;
  /** One for each file; none for empty files. */
  readonly #trees: readonly (HashTree | undefined)[];
  readonly #fileByRoot = new Map<string, number>();
  readonly #asked = new Map<string, Asked>();
  readonly #askedPerLink = new Map<LinkId, number>();
  /** Pieces whose leaves are needed to find the bad blocks. */
  readonly #wantedLeaves = new Set<PieceIndex>();
  /** Links that refused the leaves of a piece. */
  readonly #refused = new Map<PieceIndex, Set<LinkId>>();
  /** Links that refused piece hashes, and when they may be asked again. */
  readonly #restingUntil = new Map<LinkId, number>();
  /** Files before this one have all their piece hashes. */
  #firstIncomplete = 0;

  constructor(geometry: Geometry, trees: readonly (HashTree | undefined)[]) {
    this.#geometry = geometry;
    this.#trees = trees;
    for (const [file, tree] of trees.entries()) {
      if (tree !== undefined) this.#fileByRoot.set(toHex(tree.piecesRoot), file);
    }
  }

  /** The hash that the piece must have, once it is proven. */
  pieceHash(piece: PieceIndex): Uint8Array | undefined {
    const file = this.#geometry.fileOf(piece);
    return this.#trees[file]?.pieceHash(piece - this.#geometry.firstPieceOf(file));
  }

  /** For each file the roots of all its pieces; undefined while one is missing, and for an empty file. */
  pieceLayers(): readonly (Uint8Array | undefined)[] {
    return this.#trees.map((tree) => tree?.pieceHashes());
  }

  /** Leaves that the piece's hash covers, padding included. */
  leafWidth(piece: PieceIndex): number {
    return this.#trees[this.#geometry.fileOf(piece)]?.leafWidth ?? 1;
  }

  /** Proven leaf hashes of the piece, 32 bytes a block, if they are here. */
  leaves(piece: PieceIndex): Uint8Array | undefined {
    const file = this.#geometry.fileOf(piece);
    const pieceInFile = piece - this.#geometry.firstPieceOf(file);
    const tree = this.#trees[file];
    if (tree === undefined || !tree.hasLeaves(pieceInFile)) return undefined;
    const leaves = new Uint8Array(this.#geometry.blockCount(piece) * HASH_BYTES);
    for (let block = 0; block * HASH_BYTES < leaves.length; block++) {
      leaves.set(tree.leaf(pieceInFile, block) ?? [], block * HASH_BYTES);
    }
    return leaves;
  }

  /** Leaves that were computed from a stored piece, to be given to others. */
  onLeaves(piece: PieceIndex, leaves: Uint8Array): void {
    const file = this.#geometry.fileOf(piece);
    this.#trees[file]?.setPieceLeaves(piece - this.#geometry.firstPieceOf(file), leaves);
  }

  /** Fetches the piece's leaves; `leaves` gives them when they came. */
  wantLeaves(context: SwarmContext, piece: PieceIndex): void {
    this.#wantedLeaves.add(piece);
    this.request(context);
  }

  /** The piece's leaves cannot be had from anyone here: all that have it refused. */
  areLeavesRefused(context: SwarmContext, piece: PieceIndex): boolean {
    const refused = this.#refused.get(piece);
    return [...context.peers.values()].every((peer) => !this.#canAsk(peer, piece) || refused?.has(peer.link));
  }

  stopWantingLeaves(piece: PieceIndex): void {
    this.#wantedLeaves.delete(piece);
    this.#refused.delete(piece);
  }

  onRequest(context: SwarmContext, peer: Peer, range: HashRange): void {
    const file = this.#fileByRoot.get(toHex(range.piecesRoot));
    const tree = file === undefined ? undefined : this.#trees[file];
    const hashes = range.length <= MAX_HASHES_PER_REQUEST ? tree?.answer(range) : undefined;
    const fields = copyOf(range);
    if (hashes === undefined) context.out.send(peer, { type: "hash-reject", ...fields }, context.now);
    else context.out.send(peer, { type: "hashes", ...fields, hashes }, context.now);
  }

  /** @returns the pieces whose hashes (or whose wanted leaves) may have become known, or undefined for none. */
  onHashes(context: SwarmContext, peer: Peer, range: HashRange, hashes: Uint8Array): boolean {
    const asked = this.#take(peer, range);
    if (asked === undefined) return false;
    const outcome = this.#trees[asked.file]?.add(range, hashes);
    if (outcome !== "accepted") {
      context.drop(peer, "hashes-forged", { ban: true });
      return false;
    }
    this.request(context);
    return true;
  }

  onReject(context: SwarmContext, peer: Peer, range: HashRange): void {
    const asked = this.#take(peer, range);
    if (asked === undefined) return;
    if (range.baseLayer > 0) this.#restingUntil.set(peer.link, context.now + METADATA_TIMEOUT_MS);
    for (const piece of this.#wantedLeaves) {
      if (range.baseLayer > 0 || this.#geometry.fileOf(piece) !== asked.file) continue;
      const refused = this.#refused.get(piece) ?? new Set();
      this.#refused.set(piece, refused.add(peer.link));
    }
    this.request(context);
  }

  onClosed(context: SwarmContext, link: LinkId): void {
    for (const [key, asked] of this.#asked) if (asked.link === link) this.#asked.delete(key);
    this.#askedPerLink.delete(link);
    this.#restingUntil.delete(link);
    this.request(context);
  }

  onTick(context: SwarmContext): void {
    for (const [key, asked] of this.#asked) {
      if (context.now - asked.at > METADATA_TIMEOUT_MS) this.#forget(key, asked);
    }
    this.request(context);
  }

  /** Asks for whatever is missing and not asked for, as far as the peers' queues allow. */
  request(context: SwarmContext): void {
    for (const piece of this.#wantedLeaves) {
      const file = this.#geometry.fileOf(piece);
      const range = this.#trees[file]?.leafRange(piece - this.#geometry.firstPieceOf(file));
      if (range === undefined || this.#asked.has(keyOf(range))) continue;
      const refused = this.#refused.get(piece);
      const peer = this.#idlest(context, (peer) => this.#canAsk(peer, piece) && !refused?.has(peer.link));
      if (peer !== undefined) this.#ask(context, peer, file, range);
    }
    while (this.#trees[this.#firstIncomplete]?.hasPieceLayer ?? this.#firstIncomplete < this.#trees.length) {
      this.#firstIncomplete++;
    }
    for (let file = this.#firstIncomplete; file < this.#trees.length; file++) {
      if (!this.#requestPieceLayer(context, file)) return;
    }
  }

  /** @returns false when nobody has room for another request. */
  #requestPieceLayer(context: SwarmContext, file: number): boolean {
    const tree = this.#trees[file];
    const pieceCount = this.#geometry.pieceCountOf(file);
    for (let piece = 0; tree !== undefined && piece < pieceCount; ) {
      const range = tree.nextMissingRange(piece);
      if (range === undefined) return true;
      if (!this.#asked.has(keyOf(range))) {
        const peer = this.#idlest(context, (peer) => this.#hasHashes(peer, context.now));
        if (peer === undefined) return false;
        this.#ask(context, peer, file, range);
      }
      piece = range.index + range.length;
    }
    return true;
  }

  #hasHashes(peer: Peer, now: Millis): boolean {
    return peer.have !== undefined && (this.#restingUntil.get(peer.link) ?? now) <= now;
  }

  #canAsk(peer: Peer, piece: PieceIndex): boolean {
    return peer.have?.has(piece) ?? false;
  }

  #idlest(context: SwarmContext, canAsk: (peer: Peer) => boolean): Peer | undefined {
    let idlest: Peer | undefined;
    let fewest = HASH_REQUESTS_PER_PEER;
    for (const peer of context.peers.values()) {
      const asked = this.#askedPerLink.get(peer.link) ?? 0;
      if (asked >= fewest || !canAsk(peer)) continue;
      idlest = peer;
      fewest = asked;
    }
    return idlest;
  }

  #ask(context: SwarmContext, peer: Peer, file: number, range: HashRange): void {
    this.#asked.set(keyOf(range), { link: peer.link, at: context.now, file });
    this.#askedPerLink.set(peer.link, (this.#askedPerLink.get(peer.link) ?? 0) + 1);
    context.out.send(peer, { type: "hash-request", ...copyOf(range) }, context.now);
  }

  #take(peer: Peer, range: HashRange): Asked | undefined {
    const key = keyOf(range);
    const asked = this.#asked.get(key);
    if (asked?.link !== peer.link) return undefined;
    this.#forget(key, asked);
    return asked;
  }

  #forget(key: string, asked: Asked): void {
    this.#asked.delete(key);
    this.#askedPerLink.set(asked.link, Math.max(0, (this.#askedPerLink.get(asked.link) ?? 0) - 1));
  }
}

function keyOf(range: HashRange): string {
  return `${toHex(range.piecesRoot)}:${range.baseLayer}:${range.index}:${range.length}`;
}

function copyOf({ piecesRoot, baseLayer, index, length, proofLayers }: HashRange): HashRange {
  return { piecesRoot, baseLayer, index, length, proofLayers };
}
