/**
 * The trackers that the shares of this tab use, one connection for each URL, and a seat for each share in each
 * room.
 *
 * Invariants
 *  1. Our own tracker is connected from the start; any other only while somebody has a seat there.
 *  2. What a tracker says reaches the seat of its room alone, and nobody once that seat was left.
 */
import type { PeerId } from "../../engine/units.ts";
import type {
  AnnounceFigures,
  OpenOffer,
  Tracker,
  TrackerEvents,
  TrackerPeer,
  TrackerSignal,
  TrackerStatus,
} from "../../ports/tracker.ts";

export interface SeatEvents {
  onStatus(seat: Seat, status: TrackerStatus): void;
  /** @param peers undefined when the tracker carries only offers of an announce. */
  onPeers(seat: Seat, peers: readonly TrackerPeer[] | undefined, complete: number, incomplete: number): void;
  onSignal(seat: Seat, from: PeerId, offerId: string, signal: TrackerSignal): void;
  /** The tracker refused something, in its words. */
  onRefused(seat: Seat, reason: string): void;
}

/** One share's place in one room at one tracker. */
export interface Seat {
  readonly url: string;
  readonly room: string;
  /** At the server that this page came from. */
  readonly isOurs: boolean;
  readonly status: TrackerStatus["state"];
  announce(event: "update" | "completed", want: number, offers?: readonly OpenOffer[]): void;
  signal(to: PeerId, offerId: string, signal: TrackerSignal): void;
  leave(): void;
}

interface Occupied {
  readonly seat: Seat;
  readonly events: SeatEvents;
}

interface Connection {
  readonly tracker: Tracker;
  readonly rooms: Map<string, Occupied>;
  status: TrackerStatus;
}

export class TrackerPool {
  readonly #ownUrl: string;
  readonly #connect: (url: string, events: TrackerEvents) => Tracker;
  readonly #onOwnStatus: (status: TrackerStatus) => void;
  readonly #connections = new Map<string, Connection>();

  /** @param onOwnStatus told of our own tracker, before the seats there are. */
  constructor(
    ownUrl: string,
    connect: (url: string, events: TrackerEvents) => Tracker,
    onOwnStatus: (status: TrackerStatus) => void,
  ) {
    this.#ownUrl = ownUrl;
    this.#connect = connect;
    this.#onOwnStatus = onOwnStatus;
    this.#connection(ownUrl);
  }

  /** Joins the room. No event comes before this has returned. */
  join(url: string, room: string, self: PeerId, figures: () => AnnounceFigures, events: SeatEvents): Seat {
    const connection = this.#connection(url);
    const { tracker, rooms } = connection;
    const isHere = () => rooms.get(room)?.seat === seat;
    const seat: Seat = {
      url,
      room,
      isOurs: url === this.#ownUrl,
      get status() {
        return connection.status.state;
      },
      announce: (event, want, offers) => {
        if (isHere()) tracker.announce(room, event, want, offers);
      },
      signal: (to, offerId, signal) => {
        if (isHere()) tracker.signal(room, to, offerId, signal);
      },
      leave: () => {
        if (!isHere()) return;
        rooms.delete(room);
        tracker.leave(room);
        if (rooms.size > 0 || url === this.#ownUrl) return;
        tracker.close();
        this.#connections.delete(url);
      },
    };
    rooms.set(room, { seat, events });
    tracker.join(room, self, figures);
    return seat;
  }

  #connection(url: string): Connection {
    const existing = this.#connections.get(url);
    if (existing !== undefined) return existing;
    const rooms = new Map<string, Occupied>();
    const toSeat = (room: string, tell: (occupied: Occupied) => void) => {
      const occupied = rooms.get(room);
      if (occupied !== undefined) tell(occupied);
    };
    let status: TrackerStatus = { state: "connecting" };
    const tracker = this.#connect(url, {
      onStatus: (changed) => {
        status = changed;
        if (url === this.#ownUrl) this.#onOwnStatus(changed);
        for (const { seat, events } of [...rooms.values()]) events.onStatus(seat, changed);
      },
      onPeers: (room, ...found) => toSeat(room, ({ seat, events }) => events.onPeers(seat, ...found)),
      onSignal: (room, ...signal) => toSeat(room, ({ seat, events }) => events.onSignal(seat, ...signal)),
      onRefused: (room, reason) => toSeat(room, ({ seat, events }) => events.onRefused(seat, reason)),
    });
    const connection = {
      tracker,
      rooms,
      get status() {
        return status;
      },
    };
    this.#connections.set(url, connection);
    return connection;
  }
}
