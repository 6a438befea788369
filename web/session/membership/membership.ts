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
import type { Info, InfoReason } from "../../engine/metainfo/info.ts";
import type { InfoHashes } from "../../engine/metainfo/info-hashes.ts";
import type { SwarmSnapshot } from "../../engine/snapshot.ts";
import { Swarm } from "../../engine/swarm.ts";
import type { Totals } from "../../engine/totals.ts";
import type { LinkId, Millis, PeerId, PieceIndex } from "../../engine/units.ts";
import type { LinkEvents, Links, Route, Signal } from "../../ports/links.ts";
import type { PieceSource, PieceStore } from "../../ports/piece-store.ts";
import type { Sealer } from "../../ports/sealing.ts";
import type { AnnounceFigures } from "../../ports/tracker.ts";
import { Introductions } from "../introductions/introductions.ts";
import type { LinkBudget } from "../introductions/link-budget.ts";
import { newPeerId, randomSeed } from "../introductions/peer-identity.ts";
import type { SearchFacts } from "../introductions/search-record.ts";
import { DROPPED_KEPT } from "../limits.ts";
import type { Settings } from "../settings.ts";
import type { TrackerSnapshot, WebSeedSnapshot } from "../snapshot.ts";
import { publicRooms, versionMetIn } from "../trackers/public-rooms.ts";
import { ShareTrackers } from "../trackers/share-trackers.ts";
import type { Seat, TrackerPool } from "../trackers/tracker-pool.ts";
import { TrackerPresence } from "../trackers/tracker-presence.ts";
import { WebSeeds } from "../web-seeds/web-seeds.ts";
import type { OpenedStore, World } from "../world.ts";
import type { Beginning } from "./beginning.ts";
import { Driver } from "./driver.ts";

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
export interface MembershipEvents {
  /** Bytes moved, or a count changed. */
  onFigures(): void;
  /** A link opened or ended, or the search came to something. */
  onTurn(): void;
  onMetadata(info: Info): void;
  onComplete(): void;
  /** A piece was verified and stored. */
  onStored(piece: PieceIndex): void;
  onStoreOpened(): void;
  onStoreFailed(error: unknown): void;
  onReadFailed(piece: PieceIndex, error: unknown): void;
  onMetadataInvalid(reason: InfoReason): void;
  /** The torrent's two hashes name different bytes. */
  onHashesDisagree(): void;
  onBug(error: unknown): void;
}

/** What a person wants of the engine. */
export type WishInput = Extract<Input, { type: "files-wanted" | "window-set" | "limits-set" }>;

export interface SwarmIdentity {
  readonly hashes: InfoHashes;
  readonly isPublic: boolean;
  readonly sealer: Promise<Sealer>;
  /** Trackers of others, tier by tier; none for a private share. */
  readonly trackers: readonly (readonly string[])[];
  /** HTTP servers that have the files; none for a private share. */
  readonly webSeeds: readonly string[];
}

export class Membership implements LinkEvents {
  readonly swarm: Swarm;
  readonly routes = new Map<LinkId, Route>();
  readonly #self: PeerId;
  readonly #sealer: Promise<Sealer>;
  readonly #isPublic: boolean;
  readonly #foreignTrackers: readonly (readonly string[])[];
  readonly #trackers: ShareTrackers;
  readonly #webSeeds: WebSeeds;
  readonly #ports: MembershipPorts;
  readonly #events: MembershipEvents;
  readonly #driver: Driver;
  readonly #dropped: { readonly peer: string; readonly reason: DropReason }[] = [];
  #files: PieceSource | undefined;
  #store: PieceStore | undefined;
  #source: PieceSource | undefined;
  #opening: Promise<boolean> | undefined;
  #isAllowed = false;
  #wanted: readonly boolean[] | undefined;
  #info: Info | undefined;
  #introductions: Introductions | undefined;
  readonly #presence: TrackerPresence;
  #isComplete: boolean;
  #joined = false;
  #isWanted = false;
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
    this.#self = newPeerId(world.randomBytes);
    this.#sealer = identity.sealer;
    this.#isPublic = identity.isPublic;
    this.#foreignTrackers = identity.trackers;
    this.#ports = ports;
    this.#presence = new TrackerPresence(world.clock.now());
    this.#trackers = new ShareTrackers(ports.trackers, world.clock, world.trackerUrl, world.linkBase, {
      onStatus: (seat, { state }) => this.#onSeat(seat, state === "online"),
      onPeers: (...found) => {
        this.#introductions?.onPeers(...found);
        events.onTurn();
      },
      onSignal: (...signal) => this.#introductions?.onTrackerSignal(...signal),
      // It says so again at every announce, and the links that there are go on without it.
      onRefused: () => events.onTurn(),
      onLeft: (seat) => {
        this.#onSeat(seat, false);
        this.#introductions?.onSeatLeft(seat);
      },
    });
    this.#events = events;
    const publication = beginning.type === "published" ? beginning.publication : undefined;
    const kept = beginning.type === "kept" || beginning.type === "known" ? beginning : undefined;
    this.#isComplete = publication !== undefined || (kept?.have.isFull ?? false);
    this.#info = publication?.info ?? kept?.info;
    this.#trackers.setPrivate(this.#info?.isPrivate ?? false);
    this.#files = publication && world.openFiles(publication.info, publication.files);
    // The first read of a file is the slowest: let nobody wait for it. What fails here fails again when asked for.
    this.#files?.read(0 as PieceIndex, 0, 1).catch(() => {});
    this.swarm = new Swarm({
      self: this.#self,
      hashes: identity.hashes,
      sha256: world.sha256,
      sha1: world.sha1,
      seed: randomSeed(world.randomBytes),
      accepted: false,
      earlier,
      ...(publication && { seeding: publication }),
      ...(kept && { resuming: kept }),
    });
    const { clock, hasher, sha256 } = world;
    this.#webSeeds = new WebSeeds(identity.webSeeds, world.linkBase, {
      clock,
      fetchRange: world.fetchRange,
      nextLink: () => ports.nextLink(this),
      newPeerId: () => newPeerId(world.randomBytes),
      feed: (input) => {
        this.#driver.feed(input);
        events.onFigures();
      },
      swarm: () => this.swarm.snapshot(this.#now()),
      // An HTTP server sees who asks.
      isWanted: () => this.#isWanted && !ports.settings().relayOnly,
    });
    const send: Links["send"] = (link, bytes) => {
      if (!this.#webSeeds.take(link, bytes)) ports.links.send(link, bytes);
    };
    const driverPorts = { clock, hasher, sha256, links: { send }, openStore };
    this.#driver = new Driver(this.swarm, this.#files, driverPorts, {
      onMetadata: (info) => {
        this.#info = info;
        this.#trackers.setPrivate(info.isPrivate);
        for (const room of this.#publicRooms) this.#trackers.addRoom(room);
        events.onMetadata(info);
      },
      onMetadataInvalid: (reason) => events.onMetadataInvalid(reason),
      onHashesDisagree: () => events.onHashesDisagree(),
      onComplete: () => this.#onComplete(),
      onDiscovered: (through, peers) => this.#introductions?.onDiscovered(through, peers),
      onIntroduction: (through, from, { offerId, kind, text }) =>
        this.#introductions?.onSignalThrough(through, from, offerId, { kind, text }),
      onIntroductionRefused: (through, to, offerId) =>
        this.#introductions?.onCarrierRefused(through, to, offerId),
      onDropped: (link, reason, ban) => this.#onDropped(link, reason, ban),
      onStoreOpened: (store, source) => {
        this.#store = store;
        this.#source = source;
        // Of a download of an earlier session some may be gone.
        this.#isComplete = this.swarm.isSeed;
        events.onStoreOpened();
        if (this.#isAllowed) void this.#makeRoom();
        this.#startWebSeeds();
        events.onTurn();
      },
      onStored: (piece) => events.onStored(piece),
      onStoreFailed: (error) => events.onStoreFailed(error),
      onReadFailed: (piece, error) => events.onReadFailed(piece, error),
      onBug: (error) => events.onBug(error),
    });
  }

  /** Undefined until the info dictionary is known. */
  get info(): Info | undefined {
    return this.#info;
  }

  get trackers(): readonly TrackerSnapshot[] {
    return this.#trackers.snapshots;
  }

  get webSeeds(): readonly WebSeedSnapshot[] {
    return this.#webSeeds.snapshots;
  }

  /** Web seeds that give right now. */
  get webSeedsGiving(): number {
    return this.#webSeeds.givingCount;
  }

  /** The swarm without web seeds, which are nobody. */
  people(now: Millis): SwarmSnapshot {
    const swarm = this.swarm.snapshot(now);
    const peers = swarm.peers.filter(({ link }) => !this.#webSeeds.has(link));
    return { ...swarm, peers, seeds: swarm.seeds - (swarm.peers.length - peers.length) };
  }

  get trackerPresence(): Readonly<Pick<TrackerPresence, "online" | "since">> {
    return this.#presence;
  }

  get search(): SearchFacts | undefined {
    return this.#introductions?.facts;
  }

  /** Links are made in another way from now on. */
  tryAnew(): void {
    this.#introductions?.tryAnew();
  }

  /** Where pieces are read from: the chosen files, or the store; undefined until that is open. */
  get source(): PieceSource | undefined {
    return this.#files ?? this.#source;
  }

  /** The store that pieces are written to; undefined while there is none. */
  get store(): PieceStore | undefined {
    return this.#store;
  }

  get storage(): "files" | PieceStore["kind"] | "none" {
    if (this.#files !== undefined) return "files";
    return this.#store?.kind ?? "none";
  }

  get dropped(): readonly { readonly peer: string; readonly reason: DropReason }[] {
    return this.#dropped;
  }

  join(): void {
    if (this.#joined || this.#closed) return;
    this.#joined = true;
    void this.#sealer.then((sealer) => this.#enter(sealer));
  }

  leave(): void {
    this.#joined = false;
    this.#introductions?.close();
    this.#introductions = undefined;
    this.#trackers.leave();
    this.#webSeeds.leave();
  }

  /** Says something to the engine that the person wants. */
  feed(input: WishInput): void {
    this.#driver.feed(input);
  }

  /**
   * Says whether the person wants it downloaded, and which files; the download begins once there is room for them.
   */
  allow(allowed: boolean, wanted: readonly boolean[] | undefined): void {
    this.#isAllowed = allowed;
    if (!allowed) this.#isWanted = false;
    this.#wanted = wanted;
    if (!allowed) this.#driver.feed({ type: "download-allowed", allowed: false });
    else if (this.#store !== undefined) void this.#makeRoom();
  }

  /** Tries again to open a store that could not be opened. */
  retryStore(): void {
    if (!this.#isComplete) void this.prepare();
  }

  /** Opens the store, so that pieces can be read. @returns whether there is somewhere to read them from. */
  prepare(): Promise<boolean> {
    const info = this.#info;
    if (this.source !== undefined) return Promise.resolve(true);
    if (info === undefined || this.#closed) return Promise.resolve(false);
    this.#opening ??= this.#driver.openStore(info).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** The files of a share of an earlier session are at hand again, in the torrent's order. */
  takeFiles(source: PieceSource): void {
    this.#files = source;
    this.#driver.takeSource(source);
  }

  /** Leaves for good. What was stored is deleted, or stays for a later session. */
  async close(stored: "delete" | "keep"): Promise<void> {
    this.leave();
    this.#closed = true;
    this.#driver.close();
    try {
      await this.#opening;
      await (stored === "delete" ? this.#store?.destroy() : this.#store?.close());
      await this.#files?.close();
    } catch {
      // The share is gone from the screen: what could not be deleted now is deleted when the app starts again.
    }
  }

  onSignal(link: LinkId, signal: Signal): void {
    this.#introductions?.onLinkSignal(link, signal);
  }

  onOpened(link: LinkId): void {
    this.#introductions?.onLinkOpened(link);
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
    this.#introductions?.onLinkClosed(link);
    this.routes.delete(link);
  }

  #enter(sealer: Sealer): void {
    if (!this.#joined || this.#introductions !== undefined) return;
    const { world, links, budget, nextLink } = this.#ports;
    const { clock, ice, randomBytes } = world;
    this.#introductions = new Introductions(
      this.#self,
      {
        clock,
        links,
        sealer,
        ice,
        budget,
        settings: this.#ports.settings,
        randomBytes,
        nextLink: () => nextLink(this),
        handOver: (through, to, offerId, { kind, text }) =>
          this.#driver.feed({ type: "introduction-asked", through, to, note: { offerId, kind, text } }),
      },
      {
        onOpened: (link, peer, room, initiated) => {
          const relayed = this.routes.get(link) === "relayed";
          const isRoomKnown = this.#isPublic && room !== undefined;
          this.#driver.feed({
            type: "link-opened",
            link,
            peer,
            relayed,
            initiated,
            ...(isRoomKnown && { metIn: versionMetIn(room, this.swarm.hashes) }),
          });
        },
        onEnded: (link) => this.#driver.feed({ type: "link-closed", link }),
        onChanged: () => this.#events.onTurn(),
      },
      () => this.#isComplete,
    );
    this.#startWebSeeds();
    // A tracker sees who asks: whoever hides asks nobody but the server that served the page.
    if (!this.#ports.settings().relayOnly) this.#trackers.add(this.#foreignTrackers);
    this.#trackers.join({
      self: this.#self,
      rooms: this.#isPublic ? this.#publicRooms : [sealer.room],
      figures: () => this.#figures(),
    });
  }

  #startWebSeeds(): void {
    if (!this.#joined || this.#store === undefined || this.#info === undefined) return;
    this.#webSeeds.begin(this.#info, geometryOf(this.#info));
  }

  get #publicRooms(): readonly string[] {
    return this.#isPublic ? publicRooms(this.swarm.hashes) : [];
  }

  async #makeRoom(): Promise<void> {
    try {
      await this.#store?.reserve(this.#wanted);
    } catch (error) {
      if (!this.#closed) this.#events.onStoreFailed(error);
      return;
    }
    this.#isWanted = this.#isAllowed;
    if (this.#isAllowed) this.#driver.feed({ type: "download-allowed", allowed: true });
  }

  #onSeat(seat: Seat, online: boolean): void {
    this.#presence.onSeat(seat, online, this.#now());
    this.#introductions?.onSeatOnline(seat, online);
    this.#events.onTurn();
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
    if (this.#isComplete) this.#trackers.completed();
    this.#events.onComplete();
  }

  #onDropped(link: LinkId, reason: DropReason, ban: boolean): void {
    if (this.#webSeeds.onDropped(link, reason, ban)) return;
    const peer = this.#introductions?.peerOf(link);
    if (peer !== undefined) this.#dropped.unshift({ peer, reason });
    this.#dropped.length = Math.min(this.#dropped.length, DROPPED_KEPT);
    this.#introductions?.drop(link, reason, ban);
  }

  #now(): Millis {
    return this.#ports.world.clock.now();
  }
}

/** Bytes of all files. */
function sizeOf(info: Info): number {
  return info.files.reduce((sum, file) => sum + file.length, 0);
}
