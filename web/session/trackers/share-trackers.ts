/**
 * The trackers of one share: ours, and of a public share those that its link or torrent names.
 *
 * Invariants
 *  1. Ours comes first and is never left while the share is joined.
 *  2. One tracker of each tier is used at a time; when it cannot be reached, or refuses, the next of its tier
 *     takes its place, and after the last, a while later, the first again (BEP 12).
 *  3. A torrent that says so is announced to its own trackers alone, and ours is none of them (BEP 27).
 *  4. A tracker that this page cannot use is named and never contacted.
 */
import { millis, type PeerId } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { AnnounceFigures, TrackerStatus } from "../../ports/tracker.ts";
import {
  FOREIGN_TRACKERS,
  MAX_REASON_LENGTH,
  MAX_TRACKERS,
  TIER_AGAIN_FIRST_MS,
  TIER_AGAIN_LONGEST_MS,
} from "../limits.ts";
import type { TrackerSnapshot, UrlReason } from "../snapshot.ts";
import { judgeTrackerUrl } from "./foreign-url.ts";
import type { Seat, SeatEvents, TrackerPool } from "./tracker-pool.ts";

/** Who announces to these trackers, and under which names the swarm is known there. */
export interface Announcer {
  readonly self: PeerId;
  readonly rooms: readonly string[];
  readonly figures: () => AnnounceFigures;
}

export interface ShareTrackerEvents extends SeatEvents {
  /** Nothing comes from this seat any more. */
  onLeft(seat: Seat): void;
}

interface Entry {
  readonly url: string;
  readonly unusable?: UrlReason;
  /** While it is used: one for each room. */
  seats: readonly Seat[];
  /** Who hears of these seats. */
  events: SeatEvents | undefined;
  status: TrackerStatus["state"] | "spare";
  peers: number | undefined;
  reason: string | undefined;
}

interface Tier {
  readonly entries: readonly Entry[];
  current: number;
  /** Trackers in a row that were of no use. */
  failures: number;
  cancelNext: () => void;
}

export class ShareTrackers {
  readonly #pool: TrackerPool;
  readonly #clock: Clock;
  readonly #events: ShareTrackerEvents;
  readonly #own: Entry;
  readonly #page: string;
  readonly #tiers: Tier[] = [];
  readonly #unusable: Entry[] = [];
  readonly #known = new Set<string>();
  #announcer: Announcer | undefined;
  #isPrivate = false;

  /** @param page the address of this page, which decides what may be contacted from it. */
  constructor(pool: TrackerPool, clock: Clock, ownUrl: string, page: string, events: ShareTrackerEvents) {
    this.#pool = pool;
    this.#clock = clock;
    this.#events = events;
    this.#page = page;
    this.#own = entryOf(ownUrl);
    this.#known.add(ownUrl);
  }

  /** Every tracker, in the order in which they are used. */
  get snapshots(): readonly TrackerSnapshot[] {
    const entries = [...this.#usable, ...this.#unusable];
    return entries.map(({ url, unusable, status, peers, reason }) => ({
      url,
      state: unusable === undefined ? status : "unusable",
      ...(unusable !== undefined && { unusable }),
      ...(peers !== undefined && { peers }),
      ...(reason !== undefined && { reason }),
    }));
  }

  /** Adds what a link or a torrent names; what is there already stays where it is. */
  add(tiers: readonly (readonly string[])[]): void {
    for (const urls of tiers) {
      const entries = urls.flatMap((text) => this.#newEntry(text));
      if (entries.length === 0) continue;
      const tier: Tier = { entries, current: 0, failures: 0, cancelNext: () => {} };
      this.#tiers.push(tier);
      if (this.#announcer !== undefined && this.#tiers.length <= FOREIGN_TRACKERS) this.#use(tier);
    }
  }

  /** Whether the torrent asks for its own trackers alone. */
  setPrivate(isPrivate: boolean): void {
    this.#isPrivate = isPrivate;
    if (isPrivate) this.#quit(this.#own);
  }

  join(announcer: Announcer): void {
    this.#announcer = announcer;
    if (!this.#isPrivate) this.#enter(this.#own, this.#events);
    for (const tier of this.#tiers.slice(0, FOREIGN_TRACKERS)) this.#use(tier);
  }

  leave(): void {
    this.#announcer = undefined;
    for (const tier of this.#tiers) tier.cancelNext();
    for (const entry of this.#usable) this.#quit(entry);
  }

  /** The swarm is known under one more name. */
  addRoom(room: string): void {
    const announcer = this.#announcer;
    if (announcer === undefined || announcer.rooms.includes(room)) return;
    this.#announcer = { ...announcer, rooms: [...announcer.rooms, room] };
    for (const entry of this.#usable) {
      if (entry.events !== undefined) this.#sit(entry, entry.events, [room]);
    }
  }

  /** Tells every tracker that we have everything now. */
  completed(): void {
    for (const entry of this.#usable) {
      for (const seat of entry.seats) seat.announce("completed", 0);
    }
  }

  /** Ours, and those of others, tier by tier. */
  get #usable(): readonly Entry[] {
    return [this.#own, ...this.#tiers.flatMap((tier) => tier.entries)];
  }

  #newEntry(text: string): Entry[] {
    if (this.#known.size >= MAX_TRACKERS) return [];
    const verdict = judgeTrackerUrl(text, this.#page);
    const url = verdict.usable ? verdict.url : text.slice(0, MAX_REASON_LENGTH);
    if (this.#known.has(url)) return [];
    this.#known.add(url);
    if (verdict.usable) return [entryOf(url)];
    this.#unusable.push({ ...entryOf(url), unusable: verdict.reason });
    return [];
  }

  #use(tier: Tier): void {
    const entry = tier.entries[tier.current];
    if (entry === undefined) return;
    this.#enter(entry, {
      ...this.#events,
      onPeers: (...found) => {
        tier.failures = 0;
        this.#events.onPeers(...found);
      },
      onStatus: (seat, status) => {
        this.#events.onStatus(seat, status);
        if (status.state === "offline") this.#next(tier, entry);
      },
      onRefused: (seat, reason) => {
        this.#events.onRefused(seat, reason);
        this.#next(tier, entry);
      },
    });
  }

  /** The tracker has failed us: on to the next of its tier. One that is alone goes on by itself. */
  #next(tier: Tier, failed: Entry): void {
    if (tier.entries.length < 2 || tier.entries[tier.current] !== failed) return;
    this.#quit(failed, "offline");
    tier.current = (tier.current + 1) % tier.entries.length;
    tier.failures++;
    if (tier.failures % tier.entries.length !== 0) {
      this.#use(tier);
      return;
    }
    const rounds = tier.failures / tier.entries.length;
    const waitMs = Math.min(TIER_AGAIN_FIRST_MS * 2 ** (rounds - 1), TIER_AGAIN_LONGEST_MS);
    tier.cancelNext = this.#clock.at(millis(this.#clock.now() + waitMs), () => this.#use(tier));
  }

  #enter(entry: Entry, events: SeatEvents): void {
    const announcer = this.#announcer;
    if (announcer === undefined) return;
    const heard: SeatEvents = {
      onStatus: (seat, status) => {
        entry.status = status.state;
        events.onStatus(seat, status);
      },
      onPeers: (seat, peers, complete, incomplete) => {
        entry.peers = Math.max(0, complete + incomplete - 1);
        entry.reason = undefined;
        events.onPeers(seat, peers, complete, incomplete);
      },
      onSignal: events.onSignal,
      onRefused: (seat, reason) => {
        entry.reason = reason.slice(0, MAX_REASON_LENGTH);
        events.onRefused(seat, reason);
      },
    };
    entry.events = heard;
    this.#sit(entry, heard, announcer.rooms);
  }

  #sit(entry: Entry, heard: SeatEvents, rooms: readonly string[]): void {
    const announcer = this.#announcer;
    if (announcer === undefined) return;
    const { self, figures } = announcer;
    const seats = rooms.map((room) => this.#pool.join(entry.url, room, self, figures, heard));
    entry.seats = [...entry.seats, ...seats];
    for (const seat of seats) heard.onStatus(seat, { state: "connecting" });
    for (const seat of seats) if (seat.status === "online") heard.onStatus(seat, { state: "online" });
  }

  #quit(entry: Entry, status: Entry["status"] = "spare"): void {
    for (const seat of entry.seats) {
      seat.leave();
      this.#events.onLeft(seat);
    }
    entry.seats = [];
    entry.events = undefined;
    entry.status = status;
    entry.peers = undefined;
  }
}

function entryOf(url: string): Entry {
  return { url, seats: [], events: undefined, status: "spare", peers: undefined, reason: undefined };
}
