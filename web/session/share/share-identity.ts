/**
 * Which torrent a share is, how it came to this tab, and by what others find it.
 *
 * Invariant: what an older share of the same torrent knew goes over to the one that takes its place.
 */
import type { Info } from "../../engine/metainfo/info.ts";
import { type InfoHashes, isSameTorrent, nameOf, onlyHashes } from "../../engine/metainfo/info-hashes.ts";
import type { Torrent } from "../../engine/metainfo/torrent.ts";
import type { SwarmIdentity } from "../membership/peer-discovery.ts";
import type { ShareSnapshot } from "../snapshot.ts";
import type { KnownTorrent } from "../torrents/publish.ts";
import type { World } from "../world.ts";
import { ShareLock } from "./share-lock.ts";
import {
  foreignTrackersOf,
  keptLinkOf,
  linkOf,
  type NamedShare,
  torrentFileOf,
  webSeedsOf,
} from "./share-names.ts";
import type { FilesOrLink, Legacy, ShareOrigin } from "./share-origin.ts";

export class ShareIdentity implements NamedShare {
  readonly origin: FilesOrLink;
  readonly role: ShareSnapshot["role"];
  readonly lock: ShareLock;
  readonly #world: World;
  #isPublic: boolean;
  #addedAt: number;
  #hashes: InfoHashes | undefined;
  #info: Info | undefined;

  constructor(origin: ShareOrigin, world: World) {
    const kept = origin.type === "kept" ? origin.record.share : undefined;
    const isOurs = origin.type === "files";
    const key = kept?.passwordKey ?? (origin.type === "link" ? origin.key : undefined);
    this.origin = origin.type === "kept" ? { type: "link", link: origin.link } : origin;
    this.role = kept?.role ?? (isOurs ? "sender" : "receiver");
    this.lock = new ShareLock(this.origin, key, world);
    this.#world = world;
    this.#isPublic = isOurs ? origin.options.public : origin.link.kind === "public";
    this.#addedAt = kept?.addedAt ?? world.wallClock();
  }

  /** Undefined until the torrent is made or the link was read. */
  get hashes(): InfoHashes | undefined {
    return this.#hashes;
  }

  /** Undefined until the info dictionary is known. */
  get info(): Info | undefined {
    return this.#info;
  }

  get isPublic(): boolean {
    return this.#isPublic;
  }

  /** Milliseconds since the epoch. */
  get addedAt(): number {
    return this.#addedAt;
  }

  /** Whether others need a password. */
  get hasPassword(): boolean {
    return this.lock.hasPassword(this.#isPublic);
  }

  /** The torrent, once its files are known. */
  get torrent(): KnownTorrent | undefined {
    const { infoHash, infoHashV1 } = this.#hashes ?? {};
    return infoHash && this.#info ? { infoHash, infoHashV1, info: this.#info } : undefined;
  }

  isTorrent(hashes: InfoHashes): boolean {
    return this.#hashes !== undefined && isSameTorrent(this.#hashes, hashes);
  }

  onNamed(named: InfoHashes): void {
    this.#hashes = onlyHashes(named);
  }

  onInfo(info: Info): void {
    this.#info = info;
  }

  inherit({ addedAt, isPublic, passwordKey }: Legacy): void {
    this.#addedAt = addedAt;
    this.#isPublic = isPublic;
    this.lock.inherit(passwordKey);
  }

  /** How this tab takes part in the swarm of `hashes`. */
  inSwarm(hashes: InfoHashes): SwarmIdentity {
    return {
      hashes,
      isPublic: this.#isPublic || hashes.infoHash === undefined,
      sealer: this.lock.sealer(hashes, this.#isPublic),
      trackers: foreignTrackersOf(this.origin, this.#isPublic),
      webSeeds: webSeedsOf(this.origin, this.#isPublic),
    };
  }

  /** Under which name the library has it, if it is written down for the first time. */
  libraryKey(hashes: InfoHashes): string {
    return `${this.role}-${nameOf(hashes)}`;
  }

  /** The whole link; empty until the infohash is known. */
  get link(): string {
    return linkOf(this, this.#world);
  }

  /** The link to be opened again in a later session. */
  get keptLink(): string {
    return keptLinkOf(this, this.#world);
  }

  /** A .torrent of it; undefined for a private share. */
  torrentFile(layers: Torrent["layers"]): Uint8Array | undefined {
    return torrentFileOf(this, layers, this.#world);
  }
}
