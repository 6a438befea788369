/**
 * The peers of one share that we have heard of: who may be dialled, and when.
 *
 * Invariants
 *  1. A banned peer is never given out, nor one whose last failure is too recent.
 *  2. At most KNOWN_PEERS are remembered; who was heard of first is forgotten first.
 */
import { type Millis, millis, type PeerId } from "../../engine/units.ts";
import type { TrackerPeer } from "../../ports/tracker.ts";
import { KNOWN_PEERS, REDIAL_FIRST_MS, REDIAL_LONGEST_MS } from "../limits.ts";
import type { Seat } from "../trackers/tracker-pool.ts";

interface KnownPeer {
  /** Said to have everything. */
  complete: boolean;
  /** Takes candidates after a description. */
  trickle: boolean;
  /** Which trackers listed it. */
  readonly seats: Set<Seat>;
  failures: number;
  dialAfter: Millis;
}

/** Which peers a share has a use for right now. */
export interface Wanted {
  /** Already linked or being dialled. */
  readonly taken: (peer: PeerId) => boolean;
  /** False when we have everything ourselves: two seeds have nothing to say to each other. */
  readonly seeds: boolean;
}

export class KnownPeers {
  readonly #peers = new Map<PeerId, KnownPeer>();
  readonly #banned = new Set<PeerId>();

  /** @param seat the tracker that listed it, if one did. */
  learn({ peer, complete, trickle = true }: TrackerPeer, seat?: Seat): void {
    const known = this.#peers.get(peer);
    if (known !== undefined) {
      known.complete = complete;
      known.trickle ||= trickle;
      if (seat !== undefined) known.seats.add(seat);
      return;
    }
    for (const oldest of this.#peers.keys()) {
      if (this.#peers.size < KNOWN_PEERS) break;
      this.#peers.delete(oldest);
    }
    const seats = new Set(seat === undefined ? [] : [seat]);
    const dialAfter = millis(Number.NEGATIVE_INFINITY);
    this.#peers.set(peer, { complete, trickle, seats, failures: 0, dialAfter });
  }

  /** A peer of the same kind as we are told us of this one: what the tracker said of it counts for more. */
  hearOf(peer: PeerId): void {
    if (!this.#peers.has(peer)) this.learn({ peer, complete: false });
  }

  /** Whether the peer takes candidates after a description. */
  trickles(peer: PeerId): boolean {
    return this.#peers.get(peer)?.trickle ?? true;
  }

  isListedAt(peer: PeerId, seat: Seat): boolean {
    return this.#peers.get(peer)?.seats.has(seat) ?? false;
  }

  /** Tries in a row that came to nothing. */
  failuresOf(peer: PeerId): number {
    return this.#peers.get(peer)?.failures ?? 0;
  }

  ban(peer: PeerId): void {
    this.#banned.add(peer);
  }

  isBanned(peer: PeerId): boolean {
    return this.#banned.has(peer);
  }

  /** No link came about, or it was a short one: each time the wait until the next try doubles. */
  failed(peer: PeerId, now: Millis): void {
    const known = this.#peers.get(peer);
    if (known === undefined) return;
    known.dialAfter = millis(now + Math.min(REDIAL_FIRST_MS * 2 ** known.failures, REDIAL_LONGEST_MS));
    known.failures++;
  }

  /** What stood in the way is gone: everybody may be dialled at once. */
  forgive(): void {
    for (const known of this.#peers.values()) {
      known.failures = 0;
      known.dialAfter = millis(Number.NEGATIVE_INFINITY);
    }
  }

  /** A good link ended. */
  parted(peer: PeerId, now: Millis): void {
    const known = this.#peers.get(peer);
    if (known === undefined) return;
    known.failures = 0;
    this.failed(peer, now);
  }

  /** The peer to dial now: of those that are due, the one that failed least, strangers' word last. */
  next(now: Millis, wanted: Wanted): PeerId | undefined {
    let best: { peer: PeerId; doubt: number } | undefined;
    for (const [peer, known] of this.#wanted(wanted)) {
      // Any tracker of others can list peers that do not exist, to keep us busy.
      const isHearsay = known.seats.size > 0 && ![...known.seats].some((seat) => seat.isOurs);
      const doubt = 2 * known.failures + (isHearsay ? 1 : 0);
      if (known.dialAfter <= now && (best === undefined || doubt < best.doubt)) best = { peer, doubt };
    }
    return best?.peer;
  }

  /** When the next of the wanted peers may be dialled; undefined when there is none. */
  nextAt(wanted: Wanted): Millis | undefined {
    let soonest: Millis | undefined;
    for (const [, { dialAfter }] of this.#wanted(wanted)) {
      if (soonest === undefined || dialAfter < soonest) soonest = dialAfter;
    }
    return soonest;
  }

  *#wanted({ taken, seeds }: Wanted): Generator<[PeerId, KnownPeer]> {
    for (const [peer, known] of this.#peers) {
      if ((seeds || !known.complete) && !taken(peer) && !this.#banned.has(peer)) yield [peer, known];
    }
  }
}
