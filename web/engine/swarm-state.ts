/**
 * What a swarm consists of, and how a peer leaves it.
 *
 * Invariants
 *  1. `torrent` exists from the moment that geometry and storage are known, and never goes again.
 *  2. A peer in `peers` has an open link; whoever is taken out has been taken out of every part.
 */
import type { Bitfield } from "./bitfield.ts";
import { Choker } from "./choker.ts";
import type { SwarmContext } from "./context.ts";
import { Download } from "./download.ts";
import type { Geometry } from "./geometry.ts";
import { geometryOf } from "./geometry-of.ts";
import { GoBetween } from "./go-between.ts";
import { HashExchange } from "./hash-exchange.ts";
import type { DropReason } from "./io.ts";
import { Ledger } from "./ledger.ts";
import { UPLOAD_SLOTS } from "./limits.ts";
import { MetadataExchange } from "./metadata-exchange.ts";
import type { HashTree } from "./metainfo/hash-tree.ts";
import type { Info } from "./metainfo/info.ts";
import { type InfoHashes, shortBytes, truncated } from "./metainfo/info-hashes.ts";
import type { Sha1 } from "./metainfo/v1.ts";
import { Outbox } from "./outbox.ts";
import type { Peer } from "./peer.ts";
import { PeerExchange } from "./peer-exchange.ts";
import type { MakePieceBuffer } from "./piece-buffer.ts";
import { PieceChecks } from "./piece-checks.ts";
import { Random } from "./random.ts";
import { SuperSeed } from "./super-seed.ts";
import { TokenBucket } from "./token-bucket.ts";
import { NO_TOTALS, type Totals } from "./totals.ts";
import { fromHex, type LinkId, millis, type PeerId, type PieceIndex, type Sha256 } from "./units.ts";
import { Upload } from "./upload.ts";

export interface SwarmOptions {
  readonly self: PeerId;
  /** What is known of the torrent's names; the info dictionary tells the others. */
  readonly hashes: InfoHashes;
  readonly sha256: Sha256;
  readonly sha1: Sha1;
  /** Seeds every random choice. */
  readonly seed: number;
  /** Downloading may begin without a `download-allowed`. */
  readonly accepted: boolean;
  /** Keeps the last steps for replay unless this is false (large simulations). */
  readonly isTraced?: boolean;
  /** Pieces are picked at random and never rarest first: for simulations that show what that is good for. */
  readonly picksAtRandom?: boolean;
  /** Where the blocks of started pieces wait: in one array for each piece unless this says otherwise. */
  readonly makePieceBuffer?: MakePieceBuffer;
  /** A share of our own, all of it here: its dictionary and the trees of its files (none for empty ones). */
  readonly seeding?: { readonly info: Info; readonly trees: readonly (HashTree | undefined)[] };
  /**
   * A torrent that was known before: what it is, the trees as far as they came, and what is had of it. The first
   * `storage-opened` says what of that is still there.
   */
  readonly resuming?: {
    readonly info: Info;
    readonly trees: readonly (HashTree | undefined)[];
    readonly have: Bitfield;
  };
  /** What was moved in earlier sessions of this share. */
  readonly earlier?: Totals;
}

/** What exists once the torrent's geometry and storage are known. */
export interface Torrent {
  readonly geometry: Geometry;
  readonly hashes: HashExchange;
  readonly download: Download;
  readonly upload: Upload;
}

export class SwarmState implements SwarmContext {
  readonly options: SwarmOptions;
  readonly selfBytes: Uint8Array;
  readonly peers = new Map<LinkId, Peer>();
  readonly out = new Outbox();
  readonly metadata: MetadataExchange;
  readonly exchange = new PeerExchange();
  readonly goBetween = new GoBetween();
  readonly uploadLimit = new TokenBucket(Infinity, millis(0));
  readonly downloadLimit = new TokenBucket(Infinity, millis(0));
  readonly ledger: Ledger;
  now = millis(0);
  torrent: Torrent | undefined;
  uploadSlots = UPLOAD_SLOTS;
  isAccepted: boolean;
  /** What handshakes carry, 20 bytes each: the v1 infohash, and the beginning of the v2 one (BEP 52). */
  shortHashes: { readonly v1?: Uint8Array; readonly v2?: Uint8Array } = {};
  readonly #random: Random;

  constructor(options: SwarmOptions) {
    this.options = options;
    this.isAccepted = options.accepted;
    this.#random = new Random(options.seed);
    this.selfBytes = fromHex(options.self) ?? new Uint8Array(20);
    this.metadata = new MetadataExchange(
      options.hashes,
      options,
      (options.seeding ?? options.resuming)?.info,
    );
    this.#learnShortHashes();
    this.ledger = new Ledger({ total: options.earlier ?? NO_TOTALS, peers: [] });
  }

  /** The info dictionary came: it is what all of its hashes name. */
  onMetadata(info: Info): void {
    this.#learnShortHashes();
    this.out.push({ type: "metadata-complete", info });
  }

  #learnShortHashes(): void {
    const { infoHash, infoHashV1 } = this.metadata.hashes;
    this.shortHashes = {
      ...(infoHashV1 !== undefined && { v1: shortBytes(infoHashV1) }),
      ...(infoHash !== undefined && { v2: shortBytes(truncated(infoHash)) }),
    };
  }

  /** Everything wanted is had. */
  get isSeeding(): boolean {
    return this.torrent?.download.pieces.isComplete ?? false;
  }

  /** The torrent forbids that peers tell each other of peers (BEP 27). */
  get peersFromTrackersOnly(): boolean {
    return this.metadata.info?.isPrivate ?? false;
  }

  /** Copies of the piece at the peers that we are linked to. */
  readonly copies = (piece: PieceIndex): number =>
    this.torrent?.download.pieces.availability.copies(piece) ?? 0;

  /** @param isFreshShare nobody else has any of it yet: the first copy goes out by super-seeding. */
  openTorrent(
    info: Info,
    trees: readonly (HashTree | undefined)[],
    have: Bitfield,
    isFreshShare: boolean,
  ): Torrent {
    const geometry = geometryOf(info);
    const hashes = new HashExchange(geometry, trees);
    const { picksAtRandom } = this.options;
    const download = new Download(
      geometry,
      have,
      new PieceChecks(geometry, hashes, info.v1),
      hashes,
      this.downloadLimit,
      this.#random,
      this.isAccepted,
      picksAtRandom,
      this.options.makePieceBuffer,
    );
    const superSeed = isFreshShare ? new SuperSeed(geometry.pieceCount, this.#random) : undefined;
    const choker = new Choker(this.#random, this.uploadSlots);
    const upload = new Upload(geometry, have, choker, this.uploadLimit, download.haves, superSeed);
    this.torrent = { geometry, hashes, download, upload };
    return this.torrent;
  }

  drop(peer: Peer, reason: DropReason, options = { ban: false }): void {
    if (this.peers.get(peer.link) !== peer) return;
    this.out.push({ type: "drop", link: peer.link, reason, ban: options.ban });
    this.forget(peer);
  }

  /** The peer's link is closed: every part lets go of it. */
  forget(peer: Peer): void {
    this.peers.delete(peer.link);
    this.exchange.onClosed(peer.link);
    this.goBetween.onClosed(peer.link);
    this.metadata.onClosed(this, peer.link);
    if (this.torrent === undefined) return;
    const { download, upload, hashes } = this.torrent;
    download.onClosed(peer);
    upload.onClosed(this, peer, this.isSeeding);
    hashes.onClosed(this, peer.link);
    this.fillAll();
  }

  /** Blocks or hashes came free: every peer may be asked for more. */
  fillAll(): void {
    for (const peer of this.peers.values()) this.torrent?.download.requests.fill(this, peer);
  }
}
