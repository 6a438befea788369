/**
 * Fetches what is missing of the files' Merkle trees from peers, and gives it to them (BEP 52).
 *
 * The info dictionary holds only the roots: a piece of a longer file can be checked once its hash and the
 * proof that leads to the root are here. Ranges of up to 512 piece hashes are asked for, in file order, of
 * whoever is there; the 16 KiB leaves of one piece are asked for when that piece turned out corrupt.
 *
 * Who downloads a hybrid torrent from peers that speak v1 alone gets no hashes, but can compute them: the leaves of
 * pieces that SHA-1 found right are kept until they can be proven, at the latest when the whole file is here. If
 * they are wrong then, the torrent's two views name different bytes.
 *
 * Invariants
 *  1. A tree holds only hashes that are proven by its root.
 *  2. A range is asked of one peer at a time; who sends a forged proof is dropped and banned.
 */
import type { SwarmContext } from "./context.ts";
import type { Geometry } from "./geometry.ts";
import { HASH_BYTES, HASH_REQUESTS_PER_PEER, MAX_HASHES_PER_REQUEST, METADATA_TIMEOUT_MS } from "./limits.ts";
import { isBacklogged } from "./link-credit.ts";
import type { HashTree } from "./metainfo/hash-tree.ts";
import type { Peer } from "./peer.ts";
import { type LinkId, type Millis, type PieceIndex, toHex } from "./units.ts";
import type { HashRange } from "./wire/message.ts";

interface Asked {
  readonly link: LinkId;
  readonly at: Millis;
  readonly file: number;
  /** Whose leaves were asked for; undefined for piece hashes. */
  readonly piece: PieceIndex | undefined;
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
  /** Links that refused the leaves of a piece, or let the request lie. */
  readonly #refused = new Map<PieceIndex, Set<LinkId>>();
  /** Links that refused piece hashes or let the request lie, and when they may be asked again. */
  readonly #restingUntil = new Map<LinkId, number>();
  /** For each file, leaves of stored pieces that are not proven, by the piece's place in the file. */
  readonly #unproven = new Map<number, Map<number, Uint8Array>>();
  /** Somebody here may still give piece hashes that are missing. */
  #areComing = false;
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

  /** The piece belongs to a file that has a Merkle tree: it is not one of a v1 torrent. */
  hasTree(piece: PieceIndex): boolean {
    return this.#trees[this.#geometry.fileOf(piece)] !== undefined;
  }

  /** It is worth waiting for piece hashes that are missing. */
  get areComing(): boolean {
    return this.#areComing;
  }

  /** For each file the roots of all its pieces; undefined while one is missing, and for an empty file. */
  pieceLayers(): readonly (Uint8Array | undefined)[] {
    return this.#trees.map((tree) => tree?.pieceHashes());
  }

  hasPieceHash(piece: PieceIndex): boolean {
    const file = this.#geometry.fileOf(piece);
    return this.#trees[file]?.hasPieceHash(piece - this.#geometry.firstPieceOf(file)) ?? false;
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

  /**
   * Leaves that were computed from a stored piece, to be given to others.
   *
   * @param isProven its Merkle root was known when it was checked, and is theirs.
   */
  onLeaves(context: SwarmContext, piece: PieceIndex, leaves: Uint8Array, isProven: boolean): void {
    const file = this.#geometry.fileOf(piece);
    const tree = this.#trees[file];
    if (tree === undefined) return;
    const pieceInFile = piece - this.#geometry.firstPieceOf(file);
    if (tree.setPieceLeaves(pieceInFile, leaves, isProven)) return;
    const unproven = this.#unproven.get(file) ?? new Map<number, Uint8Array>();
    this.#unproven.set(file, unproven.set(pieceInFile, leaves));
    const isWhole = unproven.size === tree.missingPieceHashes;
    if (isWhole ? !prove(tree, unproven) : tree.hasPieceHash(pieceInFile)) {
      context.out.push({ type: "hashes-disagree" });
    } else if (isWhole) this.#settle(context, file);
  }

  /** Leaves whose piece hash is known by now are proven, or the torrent contradicts itself. */
  #settle(context: SwarmContext, file: number): void {
    const tree = this.#trees[file];
    const unproven = this.#unproven.get(file);
    if (tree === undefined || unproven === undefined) return;
    for (const [pieceInFile, leaves] of unproven) {
      if (!tree.hasPieceHash(pieceInFile)) continue;
      unproven.delete(pieceInFile);
      if (tree.setPieceLeaves(pieceInFile, leaves)) continue;
      context.out.push({ type: "hashes-disagree" });
      return;
    }
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
    const mayAnswer = range.length <= MAX_HASHES_PER_REQUEST && !isBacklogged(peer);
    const hashes = mayAnswer ? tree?.answer(range) : undefined;
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
    this.#settle(context, asked.file);
    this.request(context);
    return true;
  }

  onReject(context: SwarmContext, peer: Peer, range: HashRange): void {
    const asked = this.#take(peer, range);
    if (asked === undefined) return;
    this.#leaveAlone(asked, context.now);
    this.request(context);
  }

  /** Who refuses or says nothing comes after everybody else. */
  #leaveAlone({ link, piece }: Asked, now: Millis): void {
    if (piece === undefined) this.#restingUntil.set(link, now + METADATA_TIMEOUT_MS);
    else if (this.#wantedLeaves.has(piece))
      this.#refused.set(piece, (this.#refused.get(piece) ?? new Set()).add(link));
  }

  onClosed(context: SwarmContext, link: LinkId): void {
    for (const [key, asked] of this.#asked) if (asked.link === link) this.#asked.delete(key);
    this.#askedPerLink.delete(link);
    this.#restingUntil.delete(link);
    this.request(context);
  }

  onTick(context: SwarmContext): void {
    for (const [key, asked] of this.#asked) {
      if (context.now - asked.at <= METADATA_TIMEOUT_MS) continue;
      this.#forget(key, asked);
      this.#leaveAlone(asked, context.now);
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
      if (peer !== undefined) this.#ask(context, peer, file, range, piece);
    }
    while (this.#trees[this.#firstIncomplete]?.hasPieceLayer ?? this.#firstIncomplete < this.#trees.length) {
      this.#firstIncomplete++;
    }
    if (this.#firstIncomplete === this.#trees.length) return;
    this.#areComing = [...context.peers.values()].some((peer) => this.#hasHashes(peer, context.now));
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
    if (peer.version === "v1" || peer.have === undefined) return false;
    return (this.#restingUntil.get(peer.link) ?? now) <= now;
  }

  #canAsk(peer: Peer, piece: PieceIndex): boolean {
    return peer.version === "v2" && (peer.have?.has(piece) ?? false);
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

  #ask(context: SwarmContext, peer: Peer, file: number, range: HashRange, piece?: PieceIndex): void {
    this.#asked.set(keyOf(range), { link: peer.link, at: context.now, file, piece });
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

/** What is not known of the piece hashes follows from the leaves. @returns whether they are what the root names. */
function prove(tree: HashTree, leaves: ReadonlyMap<number, Uint8Array>): boolean {
  const layer = new Uint8Array(tree.pieceCount * HASH_BYTES);
  for (let pieceInFile = 0; pieceInFile < tree.pieceCount; pieceInFile++) {
    const own = leaves.get(pieceInFile);
    const hash = own === undefined ? tree.pieceHash(pieceInFile) : tree.rootOf(own);
    layer.set(hash ?? [], pieceInFile * HASH_BYTES);
  }
  return tree.setPieceLayer(layer);
}

function keyOf(range: HashRange): string {
  return `${toHex(range.piecesRoot)}:${range.baseLayer}:${range.index}:${range.length}`;
}

function copyOf({ piecesRoot, baseLayer, index, length, proofLayers }: HashRange): HashRange {
  return { piecesRoot, baseLayer, index, length, proofLayers };
}
