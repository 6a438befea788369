/**
 * How one share finds its peers: the trackers that know of them, and the introductions that trackers and linked
 * peers carry.
 *
 * Invariant: `leave` ends every introduction and every seat; `join` begins anew under the same name.
 */
import type { InfoHashes } from "../../engine/metainfo/info-hashes.ts";
import type { LinkId, PeerId } from "../../engine/units.ts";
import type { Sealer } from "../../ports/sealing.ts";
import type { AnnounceFigures } from "../../ports/tracker.ts";
import {
  type IntroductionEvents,
  type IntroductionPorts,
  Introductions,
} from "../introductions/introductions.ts";
import type { SearchFacts } from "../introductions/search-record.ts";
import type { Settings } from "../settings.ts";
import { publicRooms } from "../trackers/public-rooms.ts";
import { ShareTrackers } from "../trackers/share-trackers.ts";
import type { Seat, TrackerPool } from "../trackers/tracker-pool.ts";
import { TrackerPresence } from "../trackers/tracker-presence.ts";
import type { World } from "../world.ts";

/** As whom, and with whom, we are in a swarm. */
export interface SwarmIdentity {
  readonly hashes: InfoHashes;
  readonly isPublic: boolean;
  readonly sealer: Promise<Sealer>;
  /** Trackers of others, tier by tier; none for a private share. */
  readonly trackers: readonly (readonly string[])[];
  /** HTTP servers that have the files; none for a private share. */
  readonly webSeeds: readonly string[];
}

export interface PeerDiscoveryPorts
  extends Pick<IntroductionPorts, "links" | "budget" | "nextLink" | "handOver"> {
  readonly world: World;
  readonly trackers: TrackerPool;
  readonly settings: () => Settings;
  /** As far as they are known by now. */
  readonly hashes: () => InfoHashes;
  readonly figures: () => AnnounceFigures;
  /** Whether we have everything, so that seeds are of no use to us. */
  readonly isComplete: () => boolean;
}

export interface PeerDiscoveryEvents extends Pick<IntroductionEvents, "onEnded"> {
  /** It has begun: what needs no introduction may begin too. */
  onJoined(): void;
  /** @param room in which it came about, where others know the torrent by it. */
  onOpened(link: LinkId, peer: PeerId, room: string | undefined, initiated: boolean): void;
  /** The search came to something. */
  onTurn(): void;
}

export class PeerDiscovery {
  readonly presence: TrackerPresence;
  readonly trackers: ShareTrackers;
  readonly #self: PeerId;
  readonly #identity: SwarmIdentity;
  readonly #ports: PeerDiscoveryPorts;
  readonly #events: PeerDiscoveryEvents;
  #introductions: Introductions | undefined;
  #joined = false;

  constructor(self: PeerId, identity: SwarmIdentity, ports: PeerDiscoveryPorts, events: PeerDiscoveryEvents) {
    const { clock, trackerUrl, linkBase } = ports.world;
    this.#self = self;
    this.#identity = identity;
    this.#ports = ports;
    this.#events = events;
    this.presence = new TrackerPresence(clock.now());
    this.trackers = new ShareTrackers(ports.trackers, clock, trackerUrl, linkBase, {
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
  }

  /** Undefined until our room is known, and after `leave`. */
  get introductions(): Introductions | undefined {
    return this.#introductions;
  }

  /** What the search has come to; undefined until our room is known, and after `leave`. */
  get search(): SearchFacts | undefined {
    return this.#introductions?.facts;
  }

  get isJoined(): boolean {
    return this.#joined;
  }

  join(): void {
    if (this.#joined) return;
    this.#joined = true;
    void this.#identity.sealer.then((sealer) => this.#enter(sealer));
  }

  leave(): void {
    this.#joined = false;
    this.#introductions?.close();
    this.#introductions = undefined;
    this.trackers.leave();
  }

  /** The info dictionary is known, and with it perhaps another name of the swarm. */
  onInfo({ isPrivate }: { readonly isPrivate: boolean }): void {
    this.trackers.setPrivate(isPrivate);
    for (const room of this.#publicRooms) this.trackers.addRoom(room);
  }

  #enter(sealer: Sealer): void {
    if (!this.#joined || this.#introductions !== undefined) return;
    const { world, links, budget, settings, nextLink, handOver, figures, isComplete } = this.#ports;
    const { clock, ice, randomBytes } = world;
    this.#introductions = new Introductions(
      this.#self,
      { clock, links, sealer, ice, budget, settings, randomBytes, nextLink, handOver },
      {
        onOpened: (link, peer, room, initiated) =>
          this.#events.onOpened(link, peer, this.#identity.isPublic ? room : undefined, initiated),
        onEnded: (link) => this.#events.onEnded(link),
        onChanged: () => this.#events.onTurn(),
      },
      isComplete,
    );
    this.#events.onJoined();
    // A tracker sees who asks: whoever hides asks nobody but the server that served the page.
    if (!settings().relayOnly) this.trackers.add(this.#identity.trackers);
    const rooms = this.#identity.isPublic ? this.#publicRooms : [sealer.room];
    this.trackers.join({ self: this.#self, rooms, figures });
  }

  get #publicRooms(): readonly string[] {
    return this.#identity.isPublic ? publicRooms(this.#ports.hashes()) : [];
  }

  #onSeat(seat: Seat, online: boolean): void {
    this.presence.onSeat(seat, online, this.#ports.world.clock.now());
    this.#introductions?.onSeatOnline(seat, online);
    this.#events.onTurn();
  }
}
