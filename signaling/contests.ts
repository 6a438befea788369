/**
 * Who may be a peer when two sockets say to be it.
 *
 * The newcomer waits while the owner is pinged. A sign of life refuses the newcomer; silence for `CLAIM_WITHIN_MS`
 * lets it in and the old socket go. So nobody steals the id of a live peer, and who changed networks is back in
 * seconds. The owner may be on a socket of another process, which then does the same on our behalf.
 *
 * Invariants
 *  1. For one peer id one newcomer waits at a time; others are refused at once.
 *  2. Every newcomer that waits is admitted or refused, once.
 *  3. A process that does not answer in twice the time that its sockets have is dead, and so are its peers.
 */
import type { Answer, NodeId, Parcel } from "./directory.ts";
import { CLAIM_WITHIN_MS } from "./limits.ts";
import type { Announce } from "./messages.ts";
import type { SocketId } from "./presences.ts";

/** An announce of a peer id that somebody else has. `swarm` is what the directory said, if it was asked. */
export interface Newcomer {
  readonly socket: SocketId;
  readonly said: Announce;
  readonly swarm: Extract<Answer, { kind: "swarm" }> | undefined;
}

export interface ContestOrders {
  admit(newcomer: Newcomer, now: number): void;
  refuse(newcomer: Newcomer): void;
  ping(owner: SocketId): void;
  /** `owner` shows no sign of life. */
  closeDead(owner: SocketId, now: number): void;
  forward(node: NodeId, parcel: Parcel): void;
}

type ParcelOf<Kind extends Parcel["kind"]> = Extract<Parcel, { kind: Kind }>;

interface Claim {
  readonly claimant: Newcomer | ParcelOf<"claim">;
  readonly madeAt: number;
}

export class Contests {
  readonly #orders: ContestOrders;
  /** By the socket that has the peer ids, then by room and peer. */
  readonly #here = new Map<SocketId, Map<string, Claim>>();
  /** For peer ids that other processes have, by room and peer. */
  readonly #elsewhere = new Map<string, { readonly newcomer: Newcomer; readonly madeAt: number }>();

  constructor(orders: ContestOrders) {
    this.#orders = orders;
  }

  /** `newcomer` says to be a peer that `owner` is. */
  claimHere(owner: SocketId, newcomer: Newcomer, now: number): void {
    if (newcomer.said.event === "stopped") this.#orders.refuse(newcomer);
    else this.#claim(owner, newcomer.said, newcomer, now);
  }

  /** `newcomer` says to be a peer that the process `holder` has; we are `self`. */
  claimElsewhere(holder: NodeId, self: NodeId, newcomer: Newcomer, now: number): void {
    const { room, peer, event } = newcomer.said;
    if (event === "stopped" || this.#elsewhere.has(room + peer)) {
      this.#orders.refuse(newcomer);
      return;
    }
    this.#elsewhere.set(room + peer, { newcomer, madeAt: now });
    this.#orders.forward(holder, { kind: "claim", room, peer, claimant: self });
  }

  /** Another process asks for a newcomer of its own. `owner` is our socket that is the peer, if there is one. */
  onClaim(parcel: ParcelOf<"claim">, owner: SocketId | undefined, now: number): void {
    if (owner === undefined) this.#decide(parcel, true, now);
    else this.#claim(owner, parcel, parcel, now);
  }

  /** Another process says what became of a newcomer of ours. */
  onClaimEnded({ room, peer, isFree }: ParcelOf<"claim-ended">, now: number): void {
    const claim = this.#elsewhere.get(room + peer);
    this.#elsewhere.delete(room + peer);
    if (claim !== undefined) this.#decide(claim.newcomer, isFree, now);
  }

  /** `owner` gave a sign of life. */
  onHeard(owner: SocketId, now: number): void {
    this.#decideAll(owner, false, now);
  }

  /** `owner` is gone, and its peer ids are free. */
  onGone(owner: SocketId, now: number): void {
    this.#decideAll(owner, true, now);
  }

  onWoke(now: number): void {
    for (const [owner, claims] of [...this.#here]) {
      const [oldest] = claims.values();
      const isDead = oldest !== undefined && now - oldest.madeAt >= CLAIM_WITHIN_MS;
      if (isDead) this.#orders.closeDead(owner, now);
    }
    for (const [key, { newcomer, madeAt }] of [...this.#elsewhere]) {
      if (now - madeAt < 2 * CLAIM_WITHIN_MS) continue;
      this.#elsewhere.delete(key);
      this.#decide(newcomer, true, now);
    }
  }

  #claim(
    owner: SocketId,
    named: { room: string; peer: string },
    claimant: Claim["claimant"],
    now: number,
  ): void {
    const key = named.room + named.peer;
    const claims = this.#here.get(owner) ?? new Map<string, Claim>();
    if (claims.has(key)) {
      this.#decide(claimant, false, now);
      return;
    }
    this.#here.set(owner, claims.set(key, { claimant, madeAt: now }));
    this.#orders.ping(owner);
  }

  #decideAll(owner: SocketId, isFree: boolean, now: number): void {
    const claims = this.#here.get(owner);
    this.#here.delete(owner);
    for (const { claimant } of claims?.values() ?? []) this.#decide(claimant, isFree, now);
  }

  #decide(claimant: Claim["claimant"], isFree: boolean, now: number): void {
    if ("claimant" in claimant) {
      const { room, peer, claimant: node } = claimant;
      this.#orders.forward(node, { kind: "claim-ended", room, peer, isFree });
    } else if (isFree) {
      this.#orders.admit(claimant, now);
    } else {
      this.#orders.refuse(claimant);
    }
  }
}
