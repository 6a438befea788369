/**
 * Which peers are on the sockets of this process, and in which swarms.
 *
 * Invariants
 *  1. A peer id in a swarm belongs to one socket.
 *  2. A swarm without peers does not exist. What a socket had goes with the socket.
 *  3. A peer that does not announce for `PEER_TTL_MS` is gone.
 */
import type { SwarmView } from "./directory.ts";
import { type Limits, PEER_TTL_MS } from "./limits.ts";
import type { ScrapedSwarm } from "./messages.ts";
import { type Member, type Random, Swarm } from "./swarm.ts";

/** Names one socket for as long as the server runs. */
export type SocketId = number;

export type LocalMember = Member<SocketId>;

/** Told of every change. */
export interface PresenceChanges {
  entered(room: string, member: LocalMember, hasCompleted: boolean): void;
  left(room: string, peer: string): void;
}

interface Presence {
  readonly room: string;
  readonly member: LocalMember;
  readonly announcedAt: number;
}

export class Presences {
  readonly #limits: Limits;
  readonly #changes: PresenceChanges;
  readonly #swarms = new Map<string, Swarm<SocketId>>();
  /** By room and peer, in the order of their last announces. */
  readonly #presences = new Map<string, Presence>();
  /** A list for each socket, nearly always of one: thousands of sets would weigh more than all else here. */
  readonly #keysOf = new Map<SocketId, string[]>();

  constructor(limits: Limits, changes: PresenceChanges) {
    this.#limits = limits;
    this.#changes = changes;
  }

  get swarmCount(): number {
    return this.#swarms.size;
  }

  get peerCount(): number {
    return this.#presences.size;
  }

  get(room: string, peer: string): LocalMember | undefined {
    return this.#swarms.get(room)?.get(peer);
  }

  isInSwarm(socket: SocketId): boolean {
    return this.#keysOf.has(socket);
  }

  all(): Iterable<{ readonly room: string; readonly member: LocalMember }> {
    return this.#presences.values();
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
  refusalOfNewcomer(socket: SocketId, room: string): string | undefined {
    const keys = this.#keysOf.get(socket) ?? [];
    if (keys.length >= this.#limits.peersPerSocket) return "too many swarms on one socket";
    const inThisSwarm = keys.filter((key) => key.startsWith(room)).length;
    if (inThisSwarm >= this.#limits.peersPerSocketAndSwarm)
      return "too many peers of one socket in this swarm";
    const size = this.#swarms.get(room)?.size ?? 0;
    return size >= this.#limits.peersPerSwarm ? "swarm is full" : undefined;
  }

  put(room: string, member: LocalMember, hasCompleted: boolean, now: number): void {
    const key = room + member.peer;
    const swarm = entry(this.#swarms, room, () => new Swarm<SocketId>());
    swarm.put(member);
    if (hasCompleted) swarm.downloaded++;
    if (!this.#presences.delete(key)) entry(this.#keysOf, member.home, (): string[] => []).push(key);
    this.#presences.set(key, { room, member, announcedAt: now });
    this.#changes.entered(room, member, hasCompleted);
  }

  remove(room: string, peer: string): void {
    const key = room + peer;
    const presence = this.#presences.get(key);
    if (presence === undefined) return;
    const { home } = presence.member;
    this.#presences.delete(key);
    const keys = (this.#keysOf.get(home) ?? []).filter((each) => each !== key);
    if (keys.length === 0) this.#keysOf.delete(home);
    else this.#keysOf.set(home, keys);
    const swarm = this.#swarms.get(room);
    swarm?.remove(peer);
    if (swarm?.size === 0) this.#swarms.delete(room);
    this.#changes.left(room, peer);
  }

  /** The socket is gone. */
  leave(socket: SocketId): void {
    for (const key of this.#keysOf.get(socket) ?? []) this.#removeKey(key);
  }

  expire(now: number): void {
    for (const [key, { announcedAt }] of this.#presences) {
      if (announcedAt + PEER_TTL_MS > now) return;
      this.#removeKey(key);
    }
  }

  #removeKey(key: string): void {
    const presence = this.#presences.get(key);
    if (presence !== undefined) this.remove(presence.room, presence.member.peer);
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
