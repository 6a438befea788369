/**
 * Which peers are on the sockets of this process, and in which swarms.
 *
 * Invariants
 *  1. A peer id in a swarm belongs to one socket.
 *  2. A swarm without peers does not exist. What a socket had goes with the socket.
 *  3. A peer that does not announce for `PEER_TTL_MS` is gone at the next `expire`.
 *  4. A peer is one record, listed in its swarm and at its socket: with thousands of idle sockets every further
 *     map, string and list would weigh more than all else here.
 */
import { type Limits, PEER_TTL_MS } from "./limits.ts";
import type { ScrapedSwarm } from "./messages.ts";
import { type Member, type Random, Swarm, type SwarmView } from "./swarm.ts";

/** Names one socket for as long as the server runs. */
export type SocketId = number;

export interface LocalMember extends Member<SocketId> {
  readonly room: string;
  readonly announcedAt: number;
}

/** Told of every change. */
export interface PresenceChanges {
  entered(room: string, member: LocalMember, hasCompleted: boolean): void;
  left(room: string, peer: string): void;
}

export class Presences {
  readonly #limits: Limits;
  readonly #changes: PresenceChanges;
  readonly #swarms = new Map<string, Swarm<SocketId, LocalMember>>();
  /** By socket. Lists are replaced instead of grown: one of one, as nearly all are, then has room for one. */
  readonly #members = new Map<SocketId, readonly LocalMember[]>();
  #peerCount = 0;

  constructor(limits: Limits, changes: PresenceChanges) {
    this.#limits = limits;
    this.#changes = changes;
  }

  get swarmCount(): number {
    return this.#swarms.size;
  }

  get peerCount(): number {
    return this.#peerCount;
  }

  get(room: string, peer: string): LocalMember | undefined {
    return this.#swarms.get(room)?.get(peer);
  }

  isInSwarm(socket: SocketId): boolean {
    return this.#members.has(socket);
  }

  *all(): Iterable<LocalMember> {
    for (const members of this.#members.values()) yield* members;
  }

  viewFor(room: string, asker: LocalMember, count: number, random: Random): SwarmView<SocketId> {
    return (
      this.#swarms.get(room)?.viewFor(asker, count, random) ?? { complete: 0, incomplete: 0, members: [] }
    );
  }

  scraped(room: string): ScrapedSwarm {
    const swarm = this.#swarms.get(room);
    return {
      room,
      complete: swarm?.seedCount ?? 0,
      incomplete: swarm?.leecherCount ?? 0,
      downloaded: swarm?.downloaded ?? 0,
    };
  }

  /** Why `socket` may not be one more peer in `room`. */
  refusalOfNewcomer(socket: SocketId, room: string): NewcomerRefusal | undefined {
    const members = this.#members.get(socket) ?? [];
    if (members.length >= this.#limits.peersPerSocket) return "too many swarms on one socket";
    const inThisSwarm = members.filter((member) => member.room === room).length;
    if (inThisSwarm >= this.#limits.peersPerSocketAndSwarm)
      return "too many peers of one socket in this swarm";
    const size = this.#swarms.get(room)?.size ?? 0;
    return size >= this.#limits.peersPerSwarm ? "swarm is full" : undefined;
  }

  put(member: LocalMember, hasCompleted: boolean): void {
    const { room, peer, home } = member;
    const swarm = this.#swarms.get(room) ?? new Swarm<SocketId, LocalMember>();
    this.#swarms.set(room, swarm);
    const former = swarm.get(peer);
    if (former === undefined) this.#peerCount++;
    else this.#unlist(former);
    swarm.put(member);
    if (hasCompleted) swarm.downloaded++;
    const others = this.#members.get(home);
    this.#members.set(home, others === undefined ? [member] : [...others, member]);
    this.#changes.entered(room, member, hasCompleted);
  }

  remove(room: string, peer: string): void {
    const swarm = this.#swarms.get(room);
    const member = swarm?.get(peer);
    if (swarm === undefined || member === undefined) return;
    this.#unlist(member);
    this.#peerCount--;
    swarm.remove(peer);
    if (swarm.size === 0) this.#swarms.delete(room);
    this.#changes.left(room, peer);
  }

  /** The socket is gone. */
  leave(socket: SocketId): void {
    for (const { room, peer } of this.#members.get(socket) ?? []) this.remove(room, peer);
  }

  expire(now: number): void {
    const silent: LocalMember[] = [];
    for (const members of this.#members.values()) {
      for (const member of members) if (member.announcedAt + PEER_TTL_MS <= now) silent.push(member);
    }
    for (const { room, peer } of silent) this.remove(room, peer);
  }

  #unlist(member: LocalMember): void {
    const others = (this.#members.get(member.home) ?? []).filter((each) => each !== member);
    if (others.length === 0) this.#members.delete(member.home);
    else this.#members.set(member.home, others);
  }
}

export type NewcomerRefusal =
  | "too many swarms on one socket"
  | "too many peers of one socket in this swarm"
  | "swarm is full";
