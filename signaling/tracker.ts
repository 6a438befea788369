/**
 * The tracker: who is in which swarm, on which socket, and what they say to each other.
 *
 * Invariants
 *  1. A peer id in a swarm belongs to one socket; nobody else announces, leaves, offers or answers as that peer.
 *  2. A swarm without peers does not exist. What a socket had goes with the socket.
 *  3. Answers and candidates pass only as introductions.ts allows.
 *  4. Who did not show that it speaks the extensions is sent nothing that WebTorrent does not know, and no
 *     failure for a signal that found nobody: WebTorrent's peers come and go between its announces.
 *  5. Nobody learns of a swarm whose name they did not say.
 *
 * Source: BEP 3 (announce), BEP 48 (scrape), bittorrent-tracker 11.2.3 and aquatic_ws (the rest).
 */
import { Introductions } from "./introductions.ts";
import { ANNOUNCE_INTERVAL_SECONDS, type Limits, PEER_TTL_MS } from "./limits.ts";
import type {
  Announce,
  Announced,
  Extensions,
  Offer,
  Scrape,
  SentSignal,
  ServerMessage,
  Signal,
} from "./messages.ts";
import { type Member, type Random, Swarm } from "./swarm.ts";

/** Names one socket for as long as the server runs. */
export type SocketId = number;

/** Hands a message to a socket. */
export type Send = (socket: SocketId, message: ServerMessage) => void;

type LocalMember = Member<SocketId>;

interface Presence {
  readonly room: string;
  readonly member: LocalMember;
  readonly announcedAt: number;
}

const extensions: Extensions = { peers: true, targeted: true, trickle: true };

export class Tracker {
  readonly #limits: Limits;
  readonly #random: Random;
  readonly #send: Send;
  readonly #swarms = new Map<string, Swarm<SocketId>>();
  readonly #introductions = new Introductions();
  /** By room and peer, in the order of their last announces. */
  readonly #presences = new Map<string, Presence>();
  readonly #keysOf = new Map<SocketId, Set<string>>();

  constructor(limits: Limits, random: Random, send: Send) {
    this.#limits = limits;
    this.#random = random;
    this.#send = send;
  }

  get swarmCount(): number {
    return this.#swarms.size;
  }

  get peerCount(): number {
    return this.#presences.size;
  }

  get offerCount(): number {
    return this.#introductions.size;
  }

  /** The socket that `peer` is on. */
  ownerOf(room: string, peer: string): SocketId | undefined {
    return this.#presences.get(room + peer)?.member.home;
  }

  isInSwarm(socket: SocketId): boolean {
    return this.#keysOf.has(socket);
  }

  /** `said.peer` must be nobody's yet, or this socket's. */
  announce(socket: SocketId, said: Announce, now: number): void {
    if (said.event === "stopped") {
      this.#remove(said.room + said.peer);
      this.#send(socket, this.#announced(said, undefined));
      return;
    }
    const former = this.#swarms.get(said.room)?.get(said.peer);
    const refusal = former === undefined ? this.#refusalOfNewcomer(socket, said.room) : undefined;
    if (refusal !== undefined) {
      this.#send(socket, { kind: "failure", room: said.room, reason: refusal });
      return;
    }
    const member = {
      peer: said.peer,
      home: socket,
      complete: said.left === 0 || said.event === "completed",
      extended: said.extended,
    };
    const swarm = this.#put(said.room, member, now);
    if (said.event === "completed" && former?.complete === false) swarm.downloaded++;
    this.#send(
      socket,
      this.#announced(said, said.extended ? this.#peersFor(swarm, member, said.numwant) : undefined),
    );
    this.#spread(said.room, swarm, member, said.offers, now);
  }

  signal(socket: SocketId, said: SentSignal, now: number): void {
    const { room, offerId, to: peer } = said;
    const swarm = this.#swarms.get(room);
    const from = swarm?.get(said.peer);
    if (swarm === undefined || from?.home !== socket) {
      this.#send(socket, { kind: "failure", room, reason: "announce before you signal", offerId, peer });
      return;
    }
    const to = swarm.get(peer);
    const refusal = to === undefined || to === from ? "peer not found" : this.#refusalOfSignal(said, to, now);
    if (to !== undefined && refusal === undefined) this.#relay(from, to, said);
    else if (from.extended)
      this.#send(socket, { kind: "failure", room, reason: refusal ?? "", offerId, peer });
  }

  scrape(socket: SocketId, said: Scrape): void {
    const swarms = said.rooms.map((room) => {
      const swarm = this.#swarms.get(room);
      return {
        room,
        complete: swarm?.seedCount ?? 0,
        incomplete: swarm?.leecherCount ?? 0,
        downloaded: swarm?.downloaded ?? 0,
      };
    });
    this.#send(socket, { kind: "scraped", swarms });
  }

  /** The socket is gone, and with it its peers. */
  leave(socket: SocketId): void {
    for (const key of this.#keysOf.get(socket) ?? []) this.#remove(key);
  }

  /** Forgets what was not renewed in time. */
  expire(now: number): void {
    this.#introductions.expire(now);
    for (const [key, { announcedAt }] of this.#presences) {
      if (announcedAt + PEER_TTL_MS > now) return;
      this.#remove(key);
    }
  }

  #refusalOfNewcomer(socket: SocketId, room: string): string | undefined {
    const keys = this.#keysOf.get(socket);
    if (keys === undefined) return this.#refusalOfSwarm(room);
    if (keys.size >= this.#limits.peersPerSocket) return "too many swarms on one socket";
    let inThisSwarm = 0;
    for (const key of keys) if (key.startsWith(room)) inThisSwarm++;
    if (inThisSwarm >= this.#limits.peersPerSocketAndSwarm)
      return "too many peers of one socket in this swarm";
    return this.#refusalOfSwarm(room);
  }

  #refusalOfSwarm(room: string): string | undefined {
    return (this.#swarms.get(room)?.size ?? 0) >= this.#limits.peersPerSwarm ? "swarm is full" : undefined;
  }

  #refusalOfSignal(said: SentSignal, to: LocalMember, now: number): string | undefined {
    const { room, peer, offerId } = said;
    switch (said.kind) {
      case "offer":
        if (!this.#mayOffer(room, peer)) return "too many offers";
        this.#introductions.offered({ room, offerer: peer, offerId }, to.peer, now);
        return undefined;
      case "answer":
        return this.#introductions.answered({ room, offerer: to.peer, offerId }, peer, now)
          ? undefined
          : "no such offer to answer";
      case "candidates":
        if (!to.extended) return "peer takes no candidates";
        return this.#introductions.connects(room, peer, to.peer, offerId) ? undefined : "no such offer";
    }
  }

  #mayOffer(room: string, peer: string): boolean {
    return this.#introductions.offersOf(room, peer) < this.#limits.offersPerPeer;
  }

  /** WebTorrent's speculative offers: each to another peer, at random. */
  #spread(
    room: string,
    swarm: Swarm<SocketId>,
    from: LocalMember,
    offers: readonly Offer[],
    now: number,
  ): void {
    const targets = swarm.sampleFor(from, offers.length, this.#random);
    for (const [index, to] of targets.entries()) {
      const offer = offers[index];
      if (offer === undefined || !this.#mayOffer(room, from.peer)) return;
      this.#introductions.offered({ room, offerer: from.peer, offerId: offer.offerId }, to.peer, now);
      this.#relay(from, to, { kind: "offer", room, offerId: offer.offerId, text: offer.sdp });
    }
  }

  #relay(from: LocalMember, to: LocalMember, { kind, room, offerId, text }: Signal): void {
    const extended = from.extended && to.extended;
    this.#send(to.home, { kind, room, from: from.peer, offerId, text, extended });
  }

  #announced({ room }: Announce, peers: Announced["peers"]): Announced {
    const swarm = this.#swarms.get(room);
    return {
      kind: "announced",
      room,
      intervalSeconds: ANNOUNCE_INTERVAL_SECONDS,
      complete: swarm?.seedCount ?? 0,
      incomplete: swarm?.leecherCount ?? 0,
      extensions,
      peers,
    };
  }

  #peersFor(swarm: Swarm<SocketId>, asker: LocalMember, numwant: number): Announced["peers"] {
    return swarm
      .sampleFor(asker, numwant, this.#random)
      .map(({ peer, complete, extended }) => ({ peer, complete, extended }));
  }

  #put(room: string, member: LocalMember, now: number): Swarm<SocketId> {
    const key = room + member.peer;
    const swarm = entry(this.#swarms, room, () => new Swarm<SocketId>());
    swarm.put(member);
    entry(this.#keysOf, member.home, () => new Set<string>()).add(key);
    this.#presences.delete(key);
    this.#presences.set(key, { room, member, announcedAt: now });
    return swarm;
  }

  #remove(key: string): void {
    const presence = this.#presences.get(key);
    if (presence === undefined) return;
    const { room, member } = presence;
    this.#presences.delete(key);
    const keys = this.#keysOf.get(member.home);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysOf.delete(member.home);
    const swarm = this.#swarms.get(room);
    swarm?.remove(member.peer);
    if (swarm?.size === 0) this.#swarms.delete(room);
  }
}

/** The value at `key`, made now if there is none. */
function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}
