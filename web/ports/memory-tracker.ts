/**
 * A tracker without a network: every client of one `MemoryTracker` meets the others by their rooms. A plain one
 * lists nobody, and hands offers of an announce to those who have been there longest.
 *
 * Invariants
 *  1. Keeps the port's contract; nothing is reported from within a call into it.
 *  2. While it is away nothing is carried, and everybody is in their rooms again once it is back.
 */
import type { PeerId } from "../engine/units.ts";
import type { Deliver } from "./memory-links.ts";
import type {
  AnnounceFigures,
  OpenOffer,
  Tracker,
  TrackerEvents,
  TrackerPeer,
  TrackerSignal,
} from "./tracker.ts";

interface Member {
  readonly peer: PeerId;
  readonly events: TrackerEvents;
  readonly figures: () => AnnounceFigures;
}

export class MemoryTracker {
  readonly #deliver: Deliver;
  readonly #isPlain: boolean;
  readonly #rooms = new Map<string, Map<PeerId, Member>>();
  readonly #clients = new Set<TrackerEvents>();
  /** Signals carried so far. */
  carried = 0;
  #isOnline = true;

  constructor(deliver: Deliver = queueMicrotask, isPlain = false) {
    this.#deliver = deliver;
    this.#isPlain = isPlain;
  }

  /** Goes away, or comes back. */
  setOnline(online: boolean): void {
    this.#isOnline = online;
    for (const events of this.#clients) this.#tellStatus(events);
    if (online)
      for (const room of this.#rooms.keys()) for (const member of this.#in(room)) this.#answer(room, member);
  }

  /** Peers in the room, in the order in which they came. */
  peersIn(room: string): readonly PeerId[] {
    return [...(this.#rooms.get(room)?.keys() ?? [])];
  }

  /** Rooms with somebody in them. */
  get rooms(): readonly string[] {
    return [...this.#rooms].filter(([, members]) => members.size > 0).map(([room]) => room);
  }

  connect(events: TrackerEvents): Tracker {
    const joined = new Map<string, Member>();
    this.#clients.add(events);
    this.#tellStatus(events);
    const leave = (room: string) => {
      const member = joined.get(room);
      if (member !== undefined) this.#rooms.get(room)?.delete(member.peer);
      joined.delete(room);
    };
    return {
      join: (room, peer, figures) => {
        const member = { peer, events, figures };
        joined.set(room, member);
        const members = this.#rooms.get(room) ?? new Map<PeerId, Member>();
        this.#rooms.set(room, members.set(peer, member));
        this.#answer(room, member);
      },
      announce: (room, _event, _want, offers = []) => {
        const member = joined.get(room);
        if (member === undefined) return;
        this.#answer(room, member);
        this.#spread(room, member, offers);
      },
      signal: (room, to, offerId, signal) => {
        const from = joined.get(room)?.peer;
        const other = this.#rooms.get(room)?.get(to);
        if (!this.#isOnline || from === undefined || other === undefined) return;
        if (this.#isPlain && signal.kind !== "answer") return;
        this.#carry(room, from, other, offerId, signal);
      },
      leave,
      close: () => {
        for (const room of [...joined.keys()]) leave(room);
        this.#clients.delete(events);
      },
    };
  }

  #in(room: string): readonly Member[] {
    return [...(this.#rooms.get(room)?.values() ?? [])];
  }

  #answer(room: string, member: Member): void {
    if (!this.#isOnline) return;
    const members = this.#in(room);
    const complete = members.filter(isComplete).length;
    const others: TrackerPeer[] = members
      .filter(({ peer }) => peer !== member.peer)
      .map((other) => ({ peer: other.peer, complete: isComplete(other) }));
    const listed = this.#isPlain ? undefined : others;
    this.#deliver(() => member.events.onPeers(room, listed, complete, members.length - complete));
  }

  #spread(room: string, member: Member, offers: readonly OpenOffer[]): void {
    if (!this.#isOnline) return;
    const others = this.#in(room).filter(({ peer }) => peer !== member.peer);
    for (const [index, { offerId, sdp }] of offers.entries()) {
      const other = others[index];
      if (other !== undefined) this.#carry(room, member.peer, other, offerId, { kind: "offer", text: sdp });
    }
  }

  #carry(room: string, from: PeerId, to: Member, offerId: string, signal: TrackerSignal): void {
    this.carried++;
    const relayed = this.#isPlain ? { ...signal, trickle: false } : signal;
    this.#deliver(() => to.events.onSignal(room, from, offerId, relayed));
  }

  #tellStatus(events: TrackerEvents): void {
    const online = this.#isOnline;
    this.#deliver(() =>
      events.onStatus(online ? { state: "online" } : { state: "offline", retryInMs: 1_000 }),
    );
  }
}

function isComplete({ figures }: Member): boolean {
  return figures().left === 0;
}
