/**
 * The tracker behind a WebSocket: the WebTorrent dialect with our extensions (docs/protocol.md).
 *
 * Invariants
 *  1. One socket carries all rooms. It is opened before it is needed, and kept open while a room is joined.
 *  2. A joined room is announced when the socket opens (`started`), whenever it is asked for, and at the
 *     tracker's interval, which is kept within bounds.
 *  3. Offers to a peer of our choosing and candidates are sent only after the tracker said that it takes them;
 *     before that they would reach nobody.
 *  4. Offers for peers of the tracker's choosing ride on an announce, as many as fit into one frame.
 *  5. What a tracker says of rooms that are not joined, or in a form that the dialect does not have, is ignored.
 */

import {
  type Announced,
  type AnnounceEvent,
  type Extensions,
  formatClientMessage,
  parseServerMessage,
  type RelayedSignal,
} from "../../../signaling/messages.ts";
import { millis, type PeerId, peerId } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type {
  AnnounceFigures,
  OpenOffer,
  Tracker,
  TrackerEvents,
  TrackerSignal,
} from "../../ports/tracker.ts";
import { LastingSocket, type SocketWorld } from "./lasting-socket.ts";
import {
  DEFAULT_INTERVAL_MS,
  FOREIGN_RETRY_MAX_MS,
  MAX_ANNOUNCE_BYTES,
  MAX_INTERVAL_MS,
  MIN_INTERVAL_MS,
  PEERS_WANTED,
  RETRY_MAX_MS,
  UNKNOWN_LEFT,
} from "./limits.ts";

export interface TrackerWorld extends SocketWorld {
  /** Says `online` when the machine has a network again. */
  readonly network: Pick<EventTarget, "addEventListener" | "removeEventListener">;
}

/**
 * Makes trackers at any URL ("ws:" or "wss:") on this thread's own WebSocket, network and randomness.
 * @param ownUrl that of our own server, which is asked again sooner than others.
 */
export function webSocketTrackers(
  ownUrl: string,
  clock: Clock,
): (url: string, events: TrackerEvents) => Tracker {
  return (url, events) =>
    new WebSocketTracker(events, {
      clock,
      openSocket: () => new WebSocket(url),
      random: Math.random,
      network: globalThis,
      retryMaxMs: url === ownUrl ? RETRY_MAX_MS : FOREIGN_RETRY_MAX_MS,
    });
}

const utf8 = new TextEncoder();

interface Room {
  readonly name: string;
  readonly self: PeerId;
  readonly figures: () => AnnounceFigures;
  intervalMs: number;
  cancelAnnounce: () => void;
}

export class WebSocketTracker implements Tracker {
  readonly #world: TrackerWorld;
  readonly #events: TrackerEvents;
  readonly #rooms = new Map<string, Room>();
  readonly #socket: LastingSocket;
  /** What the tracker takes, as it last said. */
  #extensions: Extensions | undefined;

  /** Connects at once, so that the first room finds the socket open. `onStatus` follows at every change. */
  constructor(events: TrackerEvents, world: TrackerWorld) {
    this.#world = world;
    this.#events = events;
    this.#socket = new LastingSocket(world, {
      isNeeded: () => this.#rooms.size > 0,
      onOpened: () => this.#onOpened(),
      onText: (text) => this.#onText(text),
      onStatus: (status) => events.onStatus(status),
    });
    world.network.addEventListener("online", this.#onNetwork);
    this.#socket.connect();
  }

  join(room: string, self: PeerId, figures: () => AnnounceFigures): void {
    this.leave(room);
    const joined: Room = {
      name: room,
      self,
      figures,
      intervalMs: DEFAULT_INTERVAL_MS,
      cancelAnnounce: () => {},
    };
    this.#rooms.set(room, joined);
    this.#socket.connect();
    this.#announce(joined, "started", PEERS_WANTED);
  }

  announce(
    room: string,
    event: "update" | "completed",
    want: number,
    offers: readonly OpenOffer[] = [],
  ): void {
    const joined = this.#rooms.get(room);
    if (joined !== undefined) this.#announce(joined, event, want, offers);
  }

  signal(room: string, to: PeerId, offerId: string, { kind, text }: TrackerSignal): void {
    const joined = this.#rooms.get(room);
    if (joined === undefined || !this.#carries(kind)) return;
    this.#socket.send(formatClientMessage({ kind, room, peer: joined.self, to, offerId, text }));
  }

  leave(room: string): void {
    const left = this.#rooms.get(room);
    if (left === undefined) return;
    left.cancelAnnounce();
    this.#rooms.delete(room);
    this.#say(left, "stopped", 0);
  }

  close(): void {
    for (const room of [...this.#rooms.keys()]) this.leave(room);
    this.#world.network.removeEventListener("online", this.#onNetwork);
    this.#socket.close();
  }

  #carries(kind: TrackerSignal["kind"]): boolean {
    if (kind === "answer") return true;
    return (kind === "offer" ? this.#extensions?.targeted : this.#extensions?.trickle) ?? false;
  }

  #announce(room: Room, event: AnnounceEvent, want: number, offers: readonly OpenOffer[] = []): void {
    this.#say(room, event, want, offers);
    this.#announceLater(room);
  }

  #announceLater(room: Room): void {
    const { clock } = this.#world;
    room.cancelAnnounce();
    // Whoever lacks links asks for peers before the interval is over.
    room.cancelAnnounce = clock.at(millis(clock.now() + room.intervalMs), () =>
      this.#announce(room, "update", 0),
    );
  }

  #say(room: Room, event: AnnounceEvent, numwant: number, offers: readonly OpenOffer[] = []): void {
    if (!this.#socket.isOpen) return;
    const { uploaded, downloaded, left } = room.figures();
    const text = formatClientMessage({
      kind: "announce",
      room: room.name,
      peer: room.self,
      event,
      numwant: offers.length > 0 ? offers.length : numwant,
      uploaded,
      downloaded,
      left: left ?? UNKNOWN_LEFT,
      offers,
      extended: true,
    });
    const fits = offers.length === 0 || utf8.encode(text).length <= MAX_ANNOUNCE_BYTES;
    if (fits) this.#socket.ask(text);
    else this.#say(room, event, numwant, offers.slice(0, -1));
  }

  readonly #onNetwork = (): void => {
    if (!this.#socket.isOpen) this.#socket.connect();
    // The socket may have died with the former network: a question finds out.
    else for (const room of this.#rooms.values()) this.#announce(room, "update", PEERS_WANTED);
  };

  #onOpened(): void {
    for (const room of this.#rooms.values()) this.#announce(room, "started", PEERS_WANTED);
  }

  #onText(text: string): void {
    const message = parseServerMessage(text);
    if (!message.ok || message.value.kind === "scraped" || message.value.room === undefined) return;
    const room = this.#rooms.get(message.value.room);
    if (room === undefined) return;
    switch (message.value.kind) {
      case "announced":
        this.#onAnnounced(room, message.value);
        break;
      case "failure":
        this.#events.onRefused(room.name, message.value.reason);
        break;
      default:
        this.#onSignal(room, message.value);
    }
  }

  #onAnnounced(room: Room, { intervalSeconds, extensions, peers, complete, incomplete }: Announced): void {
    this.#socket.proved();
    this.#extensions = extensions;
    if (intervalSeconds !== undefined) {
      room.intervalMs = Math.min(Math.max(1_000 * intervalSeconds, MIN_INTERVAL_MS), MAX_INTERVAL_MS);
      this.#announceLater(room);
    }
    if (extensions?.targeted !== true) {
      this.#events.onPeers(room.name, undefined, complete, incomplete);
      return;
    }
    const others = (peers ?? []).flatMap((listed) => {
      const peer = peerId(listed.peer);
      if (peer === undefined || peer === room.self) return [];
      return [{ peer, complete: listed.complete, trickle: listed.extended }];
    });
    this.#events.onPeers(room.name, others, complete, incomplete);
  }

  #onSignal(room: Room, { from, offerId, kind, text, extended }: RelayedSignal): void {
    const peer = peerId(from);
    if (peer === undefined || peer === room.self) return;
    this.#events.onSignal(room.name, peer, offerId, { kind, text, trickle: extended });
  }
}
