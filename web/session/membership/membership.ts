/**
 * Our part in one swarm: the engine, its run loop, the trackers and the links, from the moment that
 * the infohash is known.
 *
 * Invariants
 *  1. `leave` closes every link and forgets nothing: `join` goes on with the same engine and the same store.
 *  2. Nothing happens after `close`.
 */
import { geometryOf } from "../../engine/geometry-of.ts";
import type { DropReason, Input } from "../../engine/io.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { SwarmSnapshot } from "../../engine/snapshot.ts";
import { Swarm } from "../../engine/swarm.ts";
import type { Totals } from "../../engine/totals.ts";
import type { LinkId, Millis, PeerId, PieceIndex } from "../../engine/units.ts";
import type { LinkEvents, Links, Route, Signal } from "../../ports/links.ts";
import type { PieceSource, PieceStore } from "../../ports/piece-store.ts";
import type { AnnounceFigures } from "../../ports/tracker.ts";
import type { LinkBudget } from "../introductions/link-budget.ts";
import { newPeerId, randomSeed } from "../introductions/peer-identity.ts";
import { DROPPED_KEPT } from "../limits.ts";
import type { Settings } from "../settings.ts";
import type { Publication } from "../torrents/publish.ts";
import { versionMetIn } from "../trackers/public-rooms.ts";
import type { TrackerPool } from "../trackers/tracker-pool.ts";
import { intactTest, leafTest, recheck } from "../verifying/intact.ts";
import { treesOf } from "../verifying/trees.ts";
import { WebSeeds } from "../web-seeds/web-seeds.ts";
import type { OpenedStore, World } from "../world.ts";
import { type Beginning, infoOf } from "./beginning.ts";
import { DownloadPermission } from "./download-permission.ts";
import { Driver, type DriverEvents } from "./driver.ts";
import { PeerDiscovery, type SwarmIdentity } from "./peer-discovery.ts";
import type { PieceStorage } from "./piece-storage.ts";

export interface MembershipPorts {
  readonly world: World;
  readonly links: Links;
  readonly trackers: TrackerPool;
  readonly budget: LinkBudget;
  readonly settings: () => Settings;
  /** A new name for a link whose events are to come to this membership. */
  readonly nextLink: (membership: Membership) => LinkId;
}

/** None of these may throw. */
export interface MembershipEvents
  extends Pick<
    DriverEvents,
    | "onMetadata"
    | "onMetadataInvalid"
    | "onHashesDisagree"
    | "onComplete"
    | "onStored"
    | "onStoreOpened"
    | "onStoreFailed"
    | "onReadFailed"
    | "onBug"
  > {
  /** Bytes moved, or a count changed. */
  onFigures(): void;
  /** A link opened or ended, or the search came to something. */
  onTurn(): void;
}

/** What a person wants of the engine. */
export type WishInput = Extract<Input, { type: "files-wanted" | "window-set" | "limits-set" }>;

export class Membership implements LinkEvents {
  readonly swarm: Swarm;
  readonly discovery: PeerDiscovery;
  readonly webSeeds: WebSeeds;
  readonly routes = new Map<LinkId, Route>();
  readonly #ports: MembershipPorts;
  readonly #events: MembershipEvents;
  readonly #driver: Driver;
  readonly #dropped: { readonly peer: string; readonly reason: DropReason }[] = [];
  readonly #permission: DownloadPermission;
  #info: Info | undefined;
  #isComplete: boolean;
  #isTakingStock = false;
  #closed = false;

  /**
   * @param earlier what was moved in earlier sessions.
   * @param openStore opens the store for what is downloaded.
   */
  constructor(
    identity: SwarmIdentity,
    beginning: Beginning,
    earlier: Totals,
    openStore: (info: Info) => Promise<OpenedStore>,
    ports: MembershipPorts,
    events: MembershipEvents,
  ) {
    const { world } = ports;
    const { clock, hasher, sha256, sha1, randomBytes } = world;
    const self = newPeerId(randomBytes);
    this.#ports = ports;
    this.#events = events;
    const publication = beginning.type === "published" ? beginning.publication : undefined;
    const kept = beginning.type === "kept" || beginning.type === "known" ? beginning : undefined;
    this.#isComplete = publication !== undefined || (kept?.have.isFull ?? false);
    this.#info = infoOf(beginning);
    this.swarm = new Swarm({
      self,
      hashes: identity.hashes,
      sha256,
      sha1,
      seed: randomSeed(randomBytes),
      accepted: false,
      earlier,
      ...(publication && { seeding: publication }),
      ...(kept && { resuming: kept }),
    });
    this.#permission = new DownloadPermission({
      store: () => this.store,
      tellSwarm: (allowed, awaitsRoom) =>
        this.#driver.feed({ type: "download-allowed", allowed, ...(awaitsRoom && { awaitsRoom }) }),
      onNoRoom: (error) => {
        if (!this.#closed) events.onStoreFailed(error);
      },
    });
    this.discovery = this.#makeDiscovery(identity, self);
    this.webSeeds = this.#makeWebSeeds(identity.webSeeds);
    const files = publication && openFiles(publication, world);
    // The first read of a file is the slowest: let nobody wait for it. What fails here fails again when asked for.
    files?.read(0 as PieceIndex, 0, 1).catch(() => {});
    const send: Links["send"] = (link, bytes) => {
      if (!this.webSeeds.take(link, bytes)) ports.links.send(link, bytes);
    };
    const driverPorts = { clock, hasher, sha256, links: { send }, openStore };
    this.#driver = new Driver(this.swarm, files, driverPorts, this.#driverEvents());
  }

  /** Undefined until the info dictionary is known. */
  get info(): Info | undefined {
    return this.#info;
  }

  /** The swarm without web seeds, which are nobody. */
  people(now: Millis): SwarmSnapshot {
    const swarm = this.swarm.snapshot(now);
    const peers = swarm.peers.filter(({ link }) => !this.webSeeds.has(link));
    return { ...swarm, peers, seeds: swarm.seeds - (swarm.peers.length - peers.length) };
  }

  /** Where pieces are read from: the chosen files, or the store; undefined until that is open. */
  get source(): PieceSource | undefined {
    return this.#driver.storage.source;
  }

  /** The store that pieces are written to; undefined while there is none. */
  get store(): PieceStore | undefined {
    return this.#driver.storage.store;
  }

  get storage(): PieceStorage["kind"] {
    return this.#driver.storage.kind;
  }

  get dropped(): readonly { readonly peer: string; readonly reason: DropReason }[] {
    return this.#dropped;
  }

  join(): void {
    if (!this.#closed) this.discovery.join();
  }

  leave(): void {
    this.discovery.leave();
    this.webSeeds.leave();
  }

  /** Says something to the engine that the person wants. */
  feed(input: WishInput): void {
    this.#driver.feed(input);
  }

  /**
   * Says whether the person wants it downloaded, and which files; the download begins once there is room for them.
   */
  allow(allowed: boolean, wanted: readonly boolean[] | undefined): void {
    this.#permission.set(allowed, wanted);
  }

  /** Tries again to open a store that could not be opened. */
  retryStore(): void {
    if (!this.#isComplete) void this.prepare();
  }

  /** Opens the store, so that pieces can be read. @returns whether there is somewhere to read them from. */
  prepare(): Promise<boolean> {
    if (this.source !== undefined) return Promise.resolve(true);
    return this.#info === undefined ? Promise.resolve(false) : this.#driver.openStore(this.#info);
  }

  /** The files of a share of an earlier session are at hand again, in the torrent's order. */
  takeFiles(source: PieceSource): void {
    this.#driver.storage.takeFiles(source);
  }

  /** Leaves for good. What was stored is deleted, or stays for a later session. Never rejects. */
  async close(stored: "delete" | "keep"): Promise<void> {
    this.leave();
    this.#closed = true;
    this.#driver.close();
    await this.#driver.storage.close(stored);
  }

  onSignal(link: LinkId, signal: Signal): void {
    this.discovery.introductions?.onLinkSignal(link, signal);
  }

  onOpened(link: LinkId): void {
    this.discovery.introductions?.onLinkOpened(link);
  }

  onRoute(link: LinkId, route: Route): void {
    this.routes.set(link, route);
    this.#events.onFigures();
  }

  onBytes(link: LinkId, bytes: Uint8Array): void {
    this.#driver.feed({ type: "bytes-received", link, bytes });
    this.#events.onFigures();
  }

  onFlushed(link: LinkId, count: number): void {
    this.#driver.feed({ type: "bytes-flushed", link, count });
    this.#events.onFigures();
  }

  onClosed(link: LinkId): void {
    this.discovery.introductions?.onLinkClosed(link);
    this.routes.delete(link);
  }

  #makeDiscovery(identity: SwarmIdentity, self: PeerId): PeerDiscovery {
    const { nextLink, ...ports } = this.#ports;
    const discovery = new PeerDiscovery(
      self,
      identity,
      {
        ...ports,
        nextLink: () => nextLink(this),
        handOver: (through, to, offerId, { kind, text }) =>
          this.#driver.feed({ type: "introduction-asked", through, to, note: { offerId, kind, text } }),
        hashes: () => this.swarm.hashes,
        figures: () => this.#figures(),
        isComplete: () => this.#isComplete,
      },
      {
        onJoined: () => this.#startWebSeeds(),
        onOpened: (link, peer, room, initiated) => {
          const relayed = this.routes.get(link) === "relayed";
          const metIn = room === undefined ? {} : { metIn: versionMetIn(room, this.swarm.hashes) };
          this.#driver.feed({ type: "link-opened", link, peer, relayed, initiated, ...metIn });
        },
        onEnded: (link) => this.#driver.feed({ type: "link-closed", link }),
        onTurn: () => this.#events.onTurn(),
      },
    );
    if (this.#info !== undefined) discovery.onInfo(this.#info);
    return discovery;
  }

  #makeWebSeeds(urls: readonly string[]): WebSeeds {
    const { world, nextLink, settings } = this.#ports;
    const { clock, fetchRange, linkBase, randomBytes } = world;
    return new WebSeeds(urls, linkBase, {
      clock,
      fetchRange,
      nextLink: () => nextLink(this),
      newPeerId: () => newPeerId(randomBytes),
      feed: (input) => {
        this.#driver.feed(input);
        this.#events.onFigures();
      },
      swarm: () => this.swarm.snapshot(this.#now()),
      // An HTTP server sees who asks.
      isWanted: () => this.#permission.isGiven && !settings().relayOnly,
    });
  }

  #driverEvents(): DriverEvents {
    const events = this.#events;
    const introductions = () => this.discovery.introductions;
    return {
      onMetadata: (info) => {
        this.#info = info;
        this.discovery.onInfo(info);
        events.onMetadata(info);
      },
      onMetadataInvalid: (reason) => events.onMetadataInvalid(reason),
      onHashesDisagree: () => events.onHashesDisagree(),
      onComplete: () => this.#onComplete(),
      onDiscovered: (through, peers) => introductions()?.onDiscovered(through, peers),
      onIntroduction: (through, from, { offerId, kind, text }) =>
        introductions()?.onSignalThrough(through, from, offerId, { kind, text }),
      onIntroductionRefused: (through, to, offerId) =>
        introductions()?.onCarrierRefused(through, to, offerId),
      onDropped: (link, reason, ban) => this.#onDropped(link, reason, ban),
      onStoreOpened: () => this.#onStoreOpened(),
      onStored: (piece) => events.onStored(piece),
      onStoreFailed: (error) => events.onStoreFailed(error),
      onReadFailed: (piece, error) => {
        if (this.storage === "files") this.#loseFileOf(piece);
        else void this.#takeStock();
        events.onReadFailed(piece, error);
      },
      onBug: (error) => events.onBug(error),
    };
  }

  #onStoreOpened(): void {
    // Of a download of an earlier session some may be gone.
    this.#isComplete = this.swarm.isSeed;
    this.#events.onStoreOpened();
    this.#permission.onStoreOpened();
    this.#startWebSeeds();
    this.#events.onTurn();
  }

  /** Nothing of a file that changed is given any more: whoever asks for more of it hears that at once. */
  #loseFileOf(piece: PieceIndex): void {
    if (this.#info === undefined) return;
    const geometry = geometryOf(this.#info);
    const file = geometry.fileOf(piece);
    const first = geometry.firstPieceOf(file);
    this.#lose(Array.from({ length: geometry.pieceCountOf(file) }, (_, index) => first + index));
  }

  /** A disk that lost one piece may have lost more: all that it kept is read anew. */
  async #takeStock(): Promise<void> {
    const { swarm, store } = this;
    const kept = swarm.kept();
    if (this.#isTakingStock || this.#info === undefined || store === undefined || kept === undefined) return;
    this.#isTakingStock = true;
    const { world } = this.#ports;
    const geometry = geometryOf(this.#info);
    const trees = treesOf(this.#info, kept.layers, world.sha256);
    const isIntact = intactTest(this.#info, trees, world);
    this.#lose(await recheck(store, kept.have, (piece) => geometry.pieceBytes(piece), isIntact));
    this.#isTakingStock = false;
  }

  #lose(pieces: readonly number[]): void {
    const have = this.swarm.kept()?.have;
    if (have === undefined) return;
    for (const piece of pieces) have.clear(piece);
    this.#driver.feed({ type: "storage-opened", have });
    this.#isComplete = this.swarm.isSeed;
    this.#events.onTurn();
  }

  #startWebSeeds(): void {
    if (!this.discovery.isJoined || this.store === undefined || this.#info === undefined) return;
    this.webSeeds.begin(this.#info, geometryOf(this.#info));
  }

  #figures(): AnnounceFigures {
    const { uploaded, downloaded, have } = this.swarm.snapshot(this.#now());
    return {
      uploaded,
      downloaded,
      left: this.#info === undefined ? null : Math.max(0, sizeOf(this.#info) - have),
    };
  }

  #onComplete(): void {
    this.#isComplete = this.swarm.isSeed;
    if (this.#isComplete) this.discovery.trackers.completed();
    this.#events.onComplete();
  }

  #onDropped(link: LinkId, reason: DropReason, ban: boolean): void {
    if (this.webSeeds.onDropped(link, reason, ban)) return;
    const peer = this.discovery.introductions?.peerOf(link);
    if (peer !== undefined) this.#dropped.unshift({ peer, reason });
    this.#dropped.length = Math.min(this.#dropped.length, DROPPED_KEPT);
    this.discovery.introductions?.drop(link, reason, ban);
  }

  #now(): Millis {
    return this.#ports.world.clock.now();
  }
}

/** What was hashed when it was shared is hashed again as it is read. */
function openFiles({ info, trees, files }: Publication, world: World): PieceSource {
  return world.openFiles(info, files, leafTest(info, trees, world.hasher));
}

/** Bytes of all files. */
function sizeOf(info: Info): number {
  return info.files.reduce((sum, file) => sum + file.length, 0);
}
