/**
 * Fetches the info dictionary from peers, and gives it to them (BEP 9).
 *
 * The size that peers name is a claim: blocks are collected per claimed size, every missing block is asked of
 * one peer at a time, a few at once, and only bytes that hash to every infohash that is known are ever parsed: SHA-256 to the v2
 * one, SHA-1 to the v1 one. When a complete set fails that and one peer sent all of it, that peer lied; otherwise it
 * is fetched again from a single peer.
 *
 * Invariants
 *  1. At most MAX_METADATA_BYTES are allocated, and only for a size that a handshake named.
 *  2. Once known, the dictionary never changes.
 *  3. Who is late is given up only while somebody else can be asked: a slow peer is better than none.
 */
import type { SwarmContext } from "./context.ts";
import {
  METADATA_BLOCK_BYTES,
  METADATA_REQUESTS_PER_PEER,
  METADATA_REST_MS,
  METADATA_TIMEOUT_MS,
} from "./limits.ts";
import { isBacklogged } from "./link-credit.ts";
import { type Info, type InfoReason, parseInfo } from "./metainfo/info.ts";
import { hashesOf, type InfoHashes } from "./metainfo/info-hashes.ts";
import type { Digests } from "./metainfo/torrent.ts";
import type { Peer } from "./peer.ts";
import { type LinkId, type Millis, type Result, toHex } from "./units.ts";
import { encodeMetadataMessage, type MetadataMessage } from "./wire/metadata.ts";

type Parsed = Result<Info, InfoReason>;

interface Asked {
  readonly link: LinkId;
  readonly at: Millis;
}

export class MetadataExchange {
  readonly #digests: Digests;
  #hashes: InfoHashes;
  #info: Info | undefined;
  /** Sizes that peers named in their extension handshakes. */
  readonly #sizes = new Map<LinkId, number>();
  /** Who refused or was late, and until when it is left alone. */
  readonly #restingUntil = new Map<LinkId, number>();
  #bytes: Uint8Array | undefined;
  #givers: (LinkId | undefined)[] = [];
  #asked: (Asked | undefined)[] = [];
  /** After mixed blocks failed the hash, all of them come from this link. */
  #only: LinkId | undefined;

  constructor(hashes: InfoHashes, digests: Digests, info?: Info) {
    this.#hashes = hashes;
    this.#digests = digests;
    this.#info = info;
    if (info !== undefined) this.#hashes = hashesOf(info, digests);
  }

  /** The infohashes that we came with; once the dictionary is here, all that it has. */
  get hashes(): InfoHashes {
    return this.#hashes;
  }

  get info(): Info | undefined {
    return this.#info;
  }

  /** Bytes of the dictionary, as far as known. */
  get size(): number {
    return this.#info?.bytes.length ?? this.#bytes?.length ?? 0;
  }

  get received(): number {
    if (this.#info !== undefined) return this.size;
    return Math.min(
      this.size,
      this.#givers.filter((link) => link !== undefined).length * METADATA_BLOCK_BYTES,
    );
  }

  /** The peer named a size in its extension handshake, which is read only if it is a possible one. */
  onSize(context: SwarmContext, peer: Peer, size: number): void {
    if (this.#info !== undefined) return;
    this.#sizes.set(peer.link, size);
    this.request(context);
  }

  /** @returns the parsed dictionary (or why it is none) when this message completed it. */
  onMessage(context: SwarmContext, peer: Peer, message: MetadataMessage): Parsed | undefined {
    switch (message.type) {
      case "request":
        this.#serve(context, peer, message.piece);
        return undefined;
      case "reject":
        this.#rest(peer.link, context.now);
        this.request(context);
        return undefined;
      case "data":
        return this.#onData(context, peer, message.piece, message.data);
    }
  }

  onClosed(context: SwarmContext, link: LinkId): void {
    if (this.#info !== undefined) return;
    this.#giveUp(link);
    this.#sizes.delete(link);
    this.#restingUntil.delete(link);
    this.request(context);
  }

  onTick(context: SwarmContext): void {
    if (this.#info !== undefined) return;
    const late = new Set<LinkId>();
    for (const asked of this.#asked) {
      if (asked !== undefined && context.now - asked.at > METADATA_TIMEOUT_MS) late.add(asked.link);
    }
    const isElsewhere = [...this.#sizes.keys()].some(
      (link) => !late.has(link) && !this.#isResting(link, context.now),
    );
    if (isElsewhere) for (const link of late) this.#rest(link, context.now);
    this.request(context);
  }

  /** Asks for blocks that are neither here nor asked for, of those who named this size. */
  request(context: SwarmContext): void {
    if (this.#info !== undefined) return;
    const peers = this.#sources(context);
    const [first] = peers;
    if (first === undefined) return;
    const size = this.#sizes.get(first.link) ?? 0;
    if (this.#bytes?.length !== size) this.#reset(size);
    const counts = new Map<LinkId, number>();
    const countOf = ({ link }: Peer) => counts.get(link) ?? 0;
    for (const asked of this.#asked)
      if (asked !== undefined) counts.set(asked.link, (counts.get(asked.link) ?? 0) + 1);
    for (const [piece, asked] of this.#asked.entries()) {
      if (asked !== undefined || this.#givers[piece] !== undefined) continue;
      const peer = peers.reduce(
        (idlest, other) => (countOf(other) < countOf(idlest) ? other : idlest),
        first,
      );
      if (countOf(peer) >= METADATA_REQUESTS_PER_PEER) return;
      counts.set(peer.link, countOf(peer) + 1);
      this.#asked[piece] = { link: peer.link, at: context.now };
      this.#send(context, peer, { type: "request", piece });
    }
  }

  /** The peers to fetch from: those who name the same size as the block set under way, or as the first. */
  #sources(context: SwarmContext): Peer[] {
    const named = [...this.#sizes].filter(
      ([link]) => (this.#only === undefined || link === this.#only) && !this.#isResting(link, context.now),
    );
    const inProgress = named.some(([, size]) => size === this.#bytes?.length);
    const size = inProgress ? this.#bytes?.length : named[0]?.[1];
    return named.flatMap(([link, named]) => (named === size ? (context.peers.get(link) ?? []) : []));
  }

  #onData(context: SwarmContext, peer: Peer, piece: number, data: Uint8Array): Parsed | undefined {
    if (this.#info !== undefined || this.#bytes === undefined) return undefined;
    if (this.#asked[piece]?.link !== peer.link) return undefined;
    const begin = piece * METADATA_BLOCK_BYTES;
    if (data.length !== Math.min(METADATA_BLOCK_BYTES, this.#bytes.length - begin)) {
      context.drop(peer, "extension-malformed");
      return undefined;
    }
    this.#bytes.set(data, begin);
    this.#givers[piece] = peer.link;
    this.#asked[piece] = undefined;
    if (!this.#givers.includes(undefined)) return this.#complete(context, peer);
    this.request(context);
    return undefined;
  }

  #complete(context: SwarmContext, last: Peer): Parsed | undefined {
    const bytes = this.#bytes ?? new Uint8Array();
    const givers = new Set(this.#givers);
    this.#reset(0);
    if (!this.#isNamed(bytes)) {
      if (givers.size === 1) {
        this.#only = undefined;
        this.#sizes.delete(last.link);
        context.drop(last, "metadata-corrupt", { ban: true });
      } else {
        this.#only = last.link;
      }
      this.request(context);
      return undefined;
    }
    const parsed = parseInfo(bytes);
    if (parsed.ok) {
      this.#info = parsed.value;
      this.#hashes = hashesOf(parsed.value, this.#digests);
    }
    this.#sizes.clear();
    return parsed;
  }

  /** The bytes are what every infohash that we know names. */
  #isNamed(bytes: Uint8Array): boolean {
    const { infoHash, infoHashV1 } = this.#hashes;
    const { sha256, sha1 } = this.#digests;
    if (infoHash !== undefined && toHex(sha256(bytes)) !== infoHash) return false;
    return infoHashV1 === undefined || toHex(sha1(bytes)) === infoHashV1;
  }

  #serve(context: SwarmContext, peer: Peer, piece: number): void {
    const bytes = this.#info?.bytes;
    const begin = piece * METADATA_BLOCK_BYTES;
    if (bytes === undefined || begin >= bytes.length || isBacklogged(peer)) {
      this.#send(context, peer, { type: "reject", piece });
      return;
    }
    const data = bytes.subarray(begin, begin + METADATA_BLOCK_BYTES);
    this.#send(context, peer, { type: "data", piece, totalSize: bytes.length, data });
  }

  #send(context: SwarmContext, peer: Peer, message: MetadataMessage): void {
    const id = peer.extensionIds.get("ut_metadata");
    if (id === undefined) return;
    context.out.send(peer, { type: "extended", id, payload: encodeMetadataMessage(message) }, context.now);
  }

  #isResting(link: LinkId, now: Millis): boolean {
    return (this.#restingUntil.get(link) ?? now) > now;
  }

  #rest(link: LinkId, now: Millis): void {
    this.#restingUntil.set(link, now + METADATA_REST_MS);
    this.#giveUp(link);
  }

  /** What it was asked for may be asked of others. */
  #giveUp(link: LinkId): void {
    if (this.#only === link) this.#only = undefined;
    this.#asked = this.#asked.map((asked) => (asked?.link === link ? undefined : asked));
  }

  #reset(size: number): void {
    const pieces = Math.ceil(size / METADATA_BLOCK_BYTES);
    this.#bytes = size > 0 ? new Uint8Array(size) : undefined;
    this.#givers = new Array(pieces).fill(undefined);
    this.#asked = new Array(pieces).fill(undefined);
  }
}
