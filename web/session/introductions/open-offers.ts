/**
 * Offers for whomever a plain WebTorrent tracker passes them to: made before it is known who will answer.
 *
 * Invariants
 *  1. At most OFFERS_PER_ANNOUNCE on one announce, and only complete ones: such a tracker carries no candidates. It
 *     goes out after OFFERS_READY_MS with those that are complete by then; while none is, with the first.
 *  2. An offer is handed over to the first who answers it, once; every other ends with its link's time-out.
 *
 * Source: bittorrent-tracker 11.2.3, websocket-tracker.js.
 */
import { type LinkId, millis, toHex } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { IceConfig } from "../../ports/ice-config.ts";
import type { Links, Signal } from "../../ports/links.ts";
import type { OpenOffer } from "../../ports/tracker.ts";
import { OFFER_ID_BYTES, OFFERS_PER_ANNOUNCE, OFFERS_READY_MS, PEERS_WANTED } from "../limits.ts";
import type { Seat } from "../trackers/tracker-pool.ts";
import type { LinkBudget } from "./link-budget.ts";

export interface OpenOfferPorts {
  readonly clock: Clock;
  readonly links: Links;
  readonly ice: IceConfig;
  readonly budget: LinkBudget;
  readonly nextLink: () => LinkId;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** The offers of one announce, while some are not complete. */
interface Batch {
  readonly seat: Seat;
  readonly offers: OpenOffer[];
  waiting: number;
  isDue: boolean;
  cancelTimeout: () => void;
}

interface Prepared {
  readonly link: LinkId;
  readonly offerId: string;
  readonly batch: Batch;
  isReady: boolean;
}

export class OpenOffers {
  readonly #ports: OpenOfferPorts;
  readonly #byLink = new Map<LinkId, Prepared>();

  constructor(ports: OpenOfferPorts) {
    this.#ports = ports;
  }

  /** Whether offers for this seat are being made or wait for an answer. */
  isOut(seat: Seat): boolean {
    return [...this.#byLink.values()].some(({ batch }) => batch.seat === seat);
  }

  /** Makes up to `count` offers, and announces with those that are complete in time. */
  prepare(seat: Seat, count: number): void {
    const { clock, links, ice, budget } = this.#ports;
    const batch: Batch = { seat, offers: [], waiting: 0, isDue: false, cancelTimeout: () => {} };
    const begun: LinkId[] = [];
    while (begun.length < Math.min(count, OFFERS_PER_ANNOUNCE) && budget.offer()) {
      const link = this.#ports.nextLink();
      const offerId = toHex(this.#ports.randomBytes(OFFER_ID_BYTES));
      this.#byLink.set(link, { link, offerId, batch, isReady: false });
      begun.push(link);
    }
    batch.waiting = begun.length;
    if (begun.length === 0) return;
    batch.cancelTimeout = clock.at(millis(clock.now() + OFFERS_READY_MS), () => this.#onDue(batch));
    const { servers, relayOnly } = ice;
    for (const link of begun) {
      links.begin(link, { initiator: true, iceServers: servers, relayOnly, trickle: false });
    }
  }

  /** @returns whether the link is one of these. */
  onLinkSignal(link: LinkId, signal: Signal): boolean {
    const prepared = this.#byLink.get(link);
    if (prepared === undefined) return false;
    if (signal.type !== "offer" || prepared.isReady) return true;
    const { batch, offerId } = prepared;
    prepared.isReady = true;
    batch.offers.push({ offerId, sdp: signal.sdp });
    this.#oneLess(batch);
    if (batch.isDue) this.#leaveOut(batch);
    return true;
  }

  onLinkClosed(link: LinkId): void {
    const prepared = this.#byLink.get(link);
    if (prepared !== undefined) this.#remove(prepared);
  }

  /** Hands over the link of an offer that was answered; its place in the budget goes with it. */
  claim(offerId: string): { readonly link: LinkId; readonly seat: Seat } | undefined {
    const prepared = [...this.#byLink.values()].find((each) => each.offerId === offerId && each.isReady);
    if (prepared === undefined) return undefined;
    this.#byLink.delete(prepared.link);
    this.#ports.budget.offered();
    return { link: prepared.link, seat: prepared.batch.seat };
  }

  /** Takes back every offer, or those made for one seat. */
  withdraw(seat?: Seat): void {
    for (const prepared of [...this.#byLink.values()]) {
      if (seat === undefined || prepared.batch.seat === seat) this.#withdraw(prepared);
    }
  }

  #onDue(batch: Batch): void {
    batch.isDue = true;
    if (batch.offers.length > 0) this.#leaveOut(batch);
  }

  /** Withdraws what is not complete: the announce goes out without it. */
  #leaveOut(batch: Batch): void {
    for (const prepared of [...this.#byLink.values()]) {
      if (prepared.batch === batch && !prepared.isReady) this.#withdraw(prepared);
    }
  }

  #withdraw(prepared: Prepared): void {
    this.#ports.links.close(prepared.link);
    this.#remove(prepared);
  }

  #remove(prepared: Prepared): void {
    if (!this.#byLink.delete(prepared.link)) return;
    this.#ports.budget.offered();
    this.#ports.budget.ended();
    if (!prepared.isReady) this.#oneLess(prepared.batch);
  }

  #oneLess(batch: Batch): void {
    batch.waiting--;
    if (batch.waiting > 0) return;
    batch.cancelTimeout();
    if (batch.offers.length > 0) batch.seat.announce("update", PEERS_WANTED, batch.offers);
  }
}
