/**
 * Whom one share dials, through whom, and when it looks again or asks its trackers for more peers.
 *
 * Invariants
 *  1. No peer is dialled while nobody can carry the offer: neither a tracker nor a peer that is linked to both.
 *  2. Where there is a password, who has everything dials nobody: a guesser gets nothing to try passwords on.
 *  3. It dials until a share of its places is taken (`DIALLED_OF_LINKS`); the rest is for those who dial us.
 */
import { type Millis, millis, type PeerId } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { IceConfig } from "../../ports/ice-config.ts";
import type { Sealer } from "../../ports/sealing.ts";
import { ASK_AGAIN_MS, DIALLED_OF_LINKS, LINKS_ENOUGH, PEERS_WANTED } from "../limits.ts";
import type { Settings } from "../settings.ts";
import type { Seat } from "../trackers/tracker-pool.ts";
import type { GoBetweens } from "./go-betweens.ts";
import type { IntroductionTable } from "./introduction-table.ts";
import type { KnownPeers, Wanted } from "./known-peers.ts";
import type { LinkBudget } from "./link-budget.ts";
import type { Carrier } from "./sealed-signals.ts";
import type { Seats } from "./seats.ts";

export interface DiallingPorts {
  readonly clock: Clock;
  readonly ice: Pick<IceConfig, "ready">;
  readonly budget: Pick<LinkBudget, "dial">;
  readonly sealer: Pick<Sealer, "hasPassword">;
  readonly settings: () => Pick<Settings, "connections">;
}

/** What a choice is made from. */
export interface Acquaintance {
  readonly known: KnownPeers;
  readonly seats: Seats;
  readonly goBetweens: GoBetweens;
  readonly table: Pick<IntroductionTable, "size" | "withPeer">;
}

export class Dialling {
  readonly #ports: DiallingPorts;
  readonly #among: Acquaintance;
  readonly #wanted: Wanted;
  readonly #call: (peer: PeerId, carrier: Carrier, now: Millis) => void;
  #cancelPlan: () => void = () => {};
  #ready = false;
  #closed = false;
  #askedAt: Millis;

  /**
   * @param isComplete whether we have everything, so that seeds are of no use to us.
   * @param call begins to dial a peer; the table has it afterwards.
   */
  constructor(
    ports: DiallingPorts,
    among: Acquaintance,
    isComplete: () => boolean,
    call: (peer: PeerId, carrier: Carrier, now: Millis) => void,
  ) {
    this.#ports = ports;
    this.#among = among;
    this.#call = call;
    this.#wanted = {
      taken: (peer) => among.table.withPeer(peer) !== undefined || this.#carrierTo(peer) === undefined,
      get seeds() {
        return !isComplete();
      },
    };
    this.#askedAt = ports.clock.now();
    void ports.ice.ready.then(() => {
      this.#ready = true;
      this.dial();
    });
  }

  /** How many more links it pays to offer; less than one when there are enough. */
  get linksLacking(): number {
    const most = Math.ceil(this.#ports.settings().connections * DIALLED_OF_LINKS);
    return most - this.#among.table.size;
  }

  /** Dials whom it pays to dial now, and plans when to look again. */
  dial(): void {
    const { budget, clock, sealer } = this.#ports;
    if (this.#closed || !this.#ready || (sealer.hasPassword && !this.#wanted.seeds)) return;
    const now = clock.now();
    while (this.linksLacking > 0) {
      const peer = this.#among.known.next(now, this.#wanted);
      const carrier = peer && this.#carrierTo(peer);
      if (peer === undefined || carrier === undefined || !budget.dial()) break;
      this.#call(peer, carrier, now);
    }
    this.#plan(now);
  }

  close(): void {
    this.#closed = true;
    this.#cancelPlan();
  }

  /**
   * A tracker while one is there, first one that listed the peer; otherwise, and when that has led to nothing, a
   * peer that is linked to both.
   */
  #carrierTo(peer: PeerId): Carrier | undefined {
    const { goBetweens, known, seats } = this.#among;
    const through = goBetweens.of(peer);
    const failures = known.failuresOf(peer);
    if (through !== undefined && failures % 2 === 1) return through;
    const usable = seats.targeted;
    const listing = usable.filter((seat) => known.isListedAt(peer, seat));
    const choice = listing.length > 0 ? listing : usable;
    return choice[Math.floor(failures / 2) % Math.max(choice.length, 1)] ?? through;
  }

  #plan(now: Millis): void {
    this.#cancelPlan();
    this.#cancelPlan = () => {};
    if (this.linksLacking <= 0) return;
    const times: number[] = [];
    const dialAt = this.#among.known.nextAt(this.#wanted);
    if (dialAt !== undefined && dialAt > now) times.push(dialAt);
    if (this.#shouldAsk()) {
      const askAt = this.#askedAt + ASK_AGAIN_MS;
      if (askAt <= now) this.#ask(now);
      else times.push(askAt);
    }
    if (times.length === 0) return;
    this.#cancelPlan = this.#ports.clock.at(millis(Math.min(...times)), () => this.dial());
  }

  /** Few links, nobody left to dial, and the tracker counted more peers than we have met. */
  #shouldAsk(): boolean {
    const { known, table } = this.#among;
    if (table.size >= LINKS_ENOUGH) return false;
    if (!this.#isAlone && known.nextAt(this.#wanted) !== undefined) return false;
    return this.#seatsToAsk().length > 0;
  }

  /** With a password whoever has everything dials nobody: one who comes back is found by asking alone. */
  get #isAlone(): boolean {
    return this.#ports.sealer.hasPassword && this.#among.table.size === 0;
  }

  #seatsToAsk(): readonly Seat[] {
    const { seats, table } = this.#among;
    return this.#isAlone ? seats.targeted : seats.withMoreThan(table.size);
  }

  #ask(now: Millis): void {
    this.#askedAt = now;
    for (const seat of this.#seatsToAsk()) seat.announce("update", PEERS_WANTED);
  }
}
