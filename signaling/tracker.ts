/**
 * The tracker: what follows from announces, signals and scrapes.
 *
 * Invariants
 *  1. Nobody announces, leaves, offers or answers as a peer of another socket.
 *  2. Answers and candidates pass only as introductions.ts allows.
 *  3. Who did not show that it speaks the extensions is sent nothing that WebTorrent does not know, and no
 *     failure for a signal that found nobody: WebTorrent's peers come and go between its announces.
 *  4. Nobody learns of a swarm whose name they did not say.
 *
 * Source: BEP 3 (announce), BEP 48 (scrape), bittorrent-tracker 11.2.3 and aquatic_ws (the rest).
 */
import type { NodeId, Parcel, Question } from "./directory.ts";
import { Introductions } from "./introductions.ts";
import { ANNOUNCE_INTERVAL_SECONDS, type Limits } from "./limits.ts";
import type {
  Announce,
  Announced,
  Extensions,
  Offer,
  Scrape,
  ScrapedSwarm,
  SentSignal,
  ServerMessage,
  Signal,
} from "./messages.ts";
import { type LocalMember, type PresenceChanges, Presences, type SocketId } from "./presences.ts";
import type { Member, Random, SwarmView } from "./swarm.ts";

/** Where a peer can be reached: on a socket of ours, or in another process. */
type Home = SocketId | NodeId;

export interface TrackerOrders extends PresenceChanges {
  send(socket: SocketId, message: ServerMessage): void;
  forward(node: NodeId, parcel: Parcel): void;
}

const extensions: Extensions = { peers: true, targeted: true, trickle: true };

export class Tracker {
  readonly #random: Random;
  readonly #orders: TrackerOrders;
  readonly presences: Presences;
  readonly #introductions: Introductions;

  constructor(limits: Limits, random: Random, orders: TrackerOrders) {
    this.#random = random;
    this.#orders = orders;
    this.presences = new Presences(limits, orders);
    this.#introductions = new Introductions(limits.offersPerPeer);
  }

  get offerCount(): number {
    return this.#introductions.size;
  }

  /** What to ask other processes before an announce is answered. */
  questionOf(said: Announce): Question {
    const { room, peer } = said;
    return { kind: "swarm", room, peer, complete: isComplete(said), count: peersWanted(said) };
  }

  /**
   * `said.peer` must be nobody's yet, or this socket's. `elsewhere` is the swarm over all processes; without it
   * the swarm is what is here.
   */
  announce(socket: SocketId, said: Announce, elsewhere: SwarmView<NodeId> | undefined, now: number): void {
    const { room, peer } = said;
    const asker: LocalMember = {
      room,
      peer,
      home: socket,
      complete: isComplete(said),
      extended: said.extended,
      announcedAt: now,
    };
    if (said.event === "stopped") {
      this.presences.remove(room, peer);
      this.#orders.send(
        socket,
        announced(room, elsewhere ?? this.#viewHere(room, asker, said), undefined, undefined),
      );
      return;
    }
    const former = this.presences.get(room, peer);
    const refusal = former === undefined ? this.presences.refusalOfNewcomer(socket, room) : undefined;
    if (refusal !== undefined) {
      this.#orders.send(socket, { kind: "failure", room, reason: refusal });
      return;
    }
    this.presences.put(asker, said.event === "completed" && former?.complete === false);
    const view: SwarmView<Home> = elsewhere ?? this.#viewHere(room, asker, said);
    this.#orders.send(socket, announced(room, view, asker, said.extended ? said.numwant : undefined));
    this.#spread(room, view, asker, said.offers, now);
  }

  /** Whether only another process can know where the signal goes. */
  goesElsewhere({ room, peer, to }: SentSignal): boolean {
    return this.presences.get(room, peer) !== undefined && this.presences.get(room, to) === undefined;
  }

  /** `elsewhere` is whom it is for, if they are on no socket of ours. */
  signal(socket: SocketId, said: SentSignal, elsewhere: Member<NodeId> | undefined, now: number): void {
    const { room, offerId, to: peer } = said;
    const from = this.presences.get(room, said.peer);
    if (from?.home !== socket) {
      this.#orders.send(socket, {
        kind: "failure",
        room,
        reason: "announce before you signal",
        offerId,
        peer,
      });
      return;
    }
    const to = this.presences.get(room, peer) ?? elsewhere;
    const refusal = to === undefined || to === from ? "peer not found" : this.#refusalOf(said, from, to, now);
    if (to !== undefined && refusal === undefined) this.#relay(from, to, said);
    else if (from.extended)
      this.#orders.send(socket, { kind: "failure", room, reason: refusal ?? "", offerId, peer });
  }

  /** A signal of a peer of another process, which has checked that it is that peer's. */
  signalFromElsewhere(signal: SentSignal, extended: boolean, now: number): void {
    const to = this.presences.get(signal.room, signal.to);
    const from = { peer: signal.peer, extended };
    if (to === undefined || this.#refusalOf(signal, from, to, now) !== undefined) return;
    this.#relay(from, to, signal);
  }

  scrape(socket: SocketId, said: Scrape, elsewhere: readonly ScrapedSwarm[] | undefined): void {
    const swarms = elsewhere ?? said.rooms.map((room) => this.presences.scraped(room));
    this.#orders.send(socket, { kind: "scraped", swarms });
  }

  /** Forgets what was not renewed in time. */
  expire(now: number): void {
    this.#introductions.expire(now);
    this.presences.expire(now);
  }

  #viewHere(room: string, asker: LocalMember, said: Announce): SwarmView<SocketId> {
    return this.presences.viewFor(room, asker, peersWanted(said), this.#random);
  }

  #refusalOf(
    { kind, room, offerId }: SentSignal,
    { peer, extended }: Pick<LocalMember, "peer" | "extended">,
    to: Member<Home>,
    now: number,
  ): string | undefined {
    switch (kind) {
      case "offer":
        return this.#introductions.offered({ room, offerer: peer, offerId }, to.peer, now)
          ? undefined
          : "too many offers";
      case "answer":
        return this.#introductions.answered(
          { room, offerer: to.peer, offerId },
          peer,
          extended && to.extended,
          now,
        )
          ? undefined
          : "no such offer to answer";
      case "candidates":
        if (!to.extended) return "peer takes no candidates";
        return this.#introductions.connects(room, peer, to.peer, offerId) ? undefined : "no such offer";
    }
  }

  /** WebTorrent's speculative offers: each to another peer, at random. */
  #spread(
    room: string,
    view: SwarmView<Home>,
    from: LocalMember,
    offers: readonly Offer[],
    now: number,
  ): void {
    for (const [index, { offerId, sdp }] of offers.entries()) {
      const to = view.members[index];
      if (to === undefined) return;
      if (!this.#introductions.offered({ room, offerer: from.peer, offerId }, to.peer, now)) return;
      this.#relay(from, to, { kind: "offer", room, offerId, text: sdp });
    }
  }

  #relay(from: Pick<LocalMember, "peer" | "extended">, to: Member<Home>, signal: Signal): void {
    const { kind, room, offerId, text } = signal;
    const { home, extended } = this.presences.get(room, to.peer) ?? to;
    if (typeof home === "number") {
      const isExtended = from.extended && extended;
      this.#orders.send(home, { kind, room, from: from.peer, offerId, text, extended: isExtended });
    } else {
      const sent: SentSignal = { kind, room, peer: from.peer, to: to.peer, offerId, text };
      this.#orders.forward(home, { kind: "signal", signal: sent, extended: from.extended });
    }
  }
}

function isComplete(said: Announce): boolean {
  return said.left === 0 || said.event === "completed";
}

function peersWanted({ extended, numwant, offers }: Announce): number {
  return Math.max(extended ? numwant : 0, offers.length);
}

/** `asker` is counted if it stays; `listed` peers are listed if it asked for a list. */
function announced(
  room: string,
  view: SwarmView<Home>,
  asker: LocalMember | undefined,
  listed: number | undefined,
): Announced {
  return {
    kind: "announced",
    room,
    intervalSeconds: ANNOUNCE_INTERVAL_SECONDS,
    complete: view.complete + (asker?.complete === true ? 1 : 0),
    incomplete: view.incomplete + (asker?.complete === false ? 1 : 0),
    extensions,
    peers:
      listed === undefined
        ? undefined
        : view.members.slice(0, listed).map(({ peer, complete, extended }) => ({ peer, complete, extended })),
  };
}
