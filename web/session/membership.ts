/**
 * Our part in one swarm: the engine, its run loop, the room at the tracker and the links, from the moment that
 * the infohash is known.
 *
 * Invariants
 *  1. `leave` closes every link and forgets nothing: `join` goes on with the same engine and the same store.
 *  2. Nothing happens after `close`.
 */
import type { DropReason, Input } from "../engine/io.ts";
import type { Info } from "../engine/metainfo/info.ts";
import { Swarm } from "../engine/swarm.ts";
import type { InfoHash, LinkId, Millis, PeerId, PieceIndex } from "../engine/units.ts";
import type { LinkEvents, Links, Route, Signal } from "../ports/links.ts";
import type { PieceSource, PieceStore } from "../ports/piece-store.ts";
import type { Sealer } from "../ports/sealing.ts";
import type { AnnounceFigures, Tracker, TrackerPeer, TrackerSignal } from "../ports/tracker.ts";
import { Driver } from "./driver.ts";
import { Introductions } from "./introductions.ts";
import { DROPPED_KEPT } from "./limits.ts";
import type { LinkBudget } from "./link-budget.ts";
import { newPeerId, randomSeed } from "./peer-identity.ts";
import type { Publication } from "./publish.ts";
import type { SearchFacts } from "./search-record.ts";
import type { World } from "./world.ts";

export interface TrackerPresence {
  readonly online: boolean;
  /** Since when it has been there, or away. */
  readonly since: Millis;
}

export interface MembershipPorts {
  readonly world: World;
  readonly links: Links;
  readonly tracker: Tracker;
  readonly trackerPresence: () => TrackerPresence;
  readonly budget: LinkBudget;
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
  onStored(): void;
  onStoreFailed(error: unknown): void;
  onReadFailed(piece: PieceIndex, error: unknown): void;
  onMetadataInvalid(): void;
  onBug(error: unknown): void;
}

/** What a person wants of the engine. */
export type WishInput = Extract<
  Input,
  { type: "download-allowed" | "files-wanted" | "window-set" | "limits-set" }
>;

export interface SwarmIdentity {
  readonly infoHash: InfoHash;
  readonly sealer: Promise<Sealer>;
}

export class Membership implements LinkEvents {
  readonly swarm: Swarm;
  readonly routes = new Map<LinkId, Route>();
  readonly #self: PeerId;
  readonly #sealer: Promise<Sealer>;
  readonly #ports: MembershipPorts;
  readonly #events: MembershipEvents;
  readonly #driver: Driver;
  readonly #files: PieceSource | undefined;
  readonly #dropped: { readonly peer: string; readonly reason: DropReason }[] = [];
  #store: PieceStore | undefined;
  #info: Info | undefined;
  #introductions: Introductions | undefined;
  #room: string | undefined;
  #isComplete: boolean;
  #joined = false;
  #closed = false;

  /** @param publication what a sender has; who opened a link has nothing yet. */
  constructor(
    identity: SwarmIdentity,
    publication: Publication | undefined,
    accepted: boolean,
    ports: MembershipPorts,
    events: MembershipEvents,
  ) {
    const { world } = ports;
    this.#self = newPeerId(world.randomBytes);
    this.#sealer = identity.sealer;
    this.#ports = ports;
    this.#events = events;
    this.#isComplete = publication !== undefined;
    this.#info = publication?.info;
    this.#files = publication && world.openFiles(publication.info, publication.files);
    // The first read of a file is the slowest: let nobody wait for it. What fails here fails again when asked for.
    this.#files?.read(0 as PieceIndex, 0, 1).catch(() => {});
    this.swarm = new Swarm({
      self: this.#self,
      infoHash: identity.infoHash,
      sha256: world.sha256,
      seed: randomSeed(world.randomBytes),
      accepted,
      ...(publication && { seeding: publication }),
    });
    const { clock, hasher, sha256 } = world;
    const openStore = (info: Info) => world.openStore(identity.infoHash, info);
    const driverPorts = { clock, hasher, sha256, links: ports.links, openStore };
    this.#driver = new Driver(this.swarm, this.#files, driverPorts, {
      onMetadata: (info) => {
        this.#info = info;
        events.onMetadata(info);
      },
      onMetadataInvalid: () => events.onMetadataInvalid(),
      onComplete: () => this.#onComplete(),
      onDiscovered: (through, peers) => this.#introductions?.onDiscovered(through, peers),
      onIntroduction: (through, from, { offerId, kind, text }) =>
        this.#introductions?.onSignalThrough(through, from, offerId, { kind, text }),
      onIntroductionRefused: (through, to, offerId) =>
        this.#introductions?.onCarrierRefused(through, to, offerId),
      onDropped: (link, reason, ban) => this.#onDropped(link, reason, ban),
      onStoreOpened: (store) => {
        this.#store = store;
        events.onTurn();
      },
      onStored: () => events.onStored(),
      onStoreFailed: (error) => events.onStoreFailed(error),
      onReadFailed: (piece, error) => events.onReadFailed(piece, error),
      onBug: (error) => events.onBug(error),
    });
  }

  /** The room at the tracker; undefined until it is known, and while we are not in it. */
  get room(): string | undefined {
    return this.#joined ? this.#room : undefined;
  }

  get search(): SearchFacts | undefined {
    return this.#introductions?.facts;
  }

  /** Where pieces are read from: the chosen files, or the store; undefined until that is open. */
  get source(): PieceSource | undefined {
    return this.#files ?? this.#store;
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
    const room = this.room;
    this.#joined = false;
    this.#introductions?.close();
    this.#introductions = undefined;
    if (room !== undefined) this.#ports.tracker.leave(room);
  }

  /** Says something to the engine that the person wants. */
  feed(input: WishInput): void {
    this.#driver.feed(input);
  }

  /** Tries again to open a store that could not be opened. */
  retryStore(): void {
    const isMissing = this.#store === undefined && this.#files === undefined;
    if (isMissing && this.#info !== undefined) this.#driver.openStore(this.#info);
  }

  /** Leaves for good; nothing of what was stored remains. */
  async close(): Promise<void> {
    this.leave();
    this.#closed = true;
    this.#driver.close();
    try {
      await (this.#store?.destroy() ?? this.#files?.close());
    } catch {
      // The share is gone from the screen: what could not be deleted now is deleted when the app starts again.
    }
  }

  onTrackerOnline(online: boolean): void {
    this.#introductions?.onTrackerOnline(online);
  }

  onPeers(peers: readonly TrackerPeer[], swarmSize: number): void {
    this.#introductions?.onPeers(peers, swarmSize);
  }

  onTrackerSignal(from: PeerId, offerId: string, signal: TrackerSignal): void {
    this.#introductions?.onTrackerSignal(from, offerId, signal);
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
    const { world, links, tracker, budget, nextLink, trackerPresence } = this.#ports;
    const { clock, ice, randomBytes } = world;
    this.#room = sealer.room;
    this.#introductions = new Introductions(
      this.#self,
      {
        clock,
        links,
        tracker,
        sealer,
        ice,
        budget,
        randomBytes,
        nextLink: () => nextLink(this),
        handOver: (through, to, offerId, { kind, text }) =>
          this.#driver.feed({ type: "introduction-asked", through, to, note: { offerId, kind, text } }),
      },
      {
        onOpened: (link, peer) => {
          this.#driver.feed({
            type: "link-opened",
            link,
            peer,
            relayed: this.routes.get(link) === "relayed",
          });
        },
        onEnded: (link) => this.#driver.feed({ type: "link-closed", link }),
        onChanged: () => this.#events.onTurn(),
      },
      () => this.#isComplete,
    );
    this.#introductions.onTrackerOnline(trackerPresence().online);
    tracker.join(sealer.room, this.#self, () => this.#figures());
  }

  #figures(): AnnounceFigures {
    const { uploaded, downloaded, have } = this.swarm.snapshot(this.#now());
    return { uploaded, downloaded, left: this.#info === undefined ? null : sizeOf(this.#info) - have };
  }

  #onComplete(): void {
    const { have } = this.swarm.snapshot(this.#now());
    this.#isComplete = this.#info !== undefined && have === sizeOf(this.#info);
    const room = this.room;
    if (this.#isComplete && room !== undefined) this.#ports.tracker.announce(room, "completed", 0);
    this.#events.onComplete();
  }

  #onDropped(link: LinkId, reason: DropReason, ban: boolean): void {
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
export function sizeOf(info: Info): number {
  return info.files.reduce((sum, file) => sum + file.length, 0);
}
