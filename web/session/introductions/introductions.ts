/**
 * The introductions of one share: whose calls it takes, and what each side has to be told until a link is open.
 * Whom it dials itself, `dialling.ts` decides.
 *
 * Invariants
 *  1. At most one link to a peer, none to ourselves, none to a banned peer.
 *  2. Which of two links to the same peer survives, both sides know (`introduction.ts`).
 *  3. A tracker of others brings at most FOREIGN_CALLS_AT_ONCE callers that have not led to a link yet.
 */
import type { DropReason } from "../../engine/io.ts";
import { type LinkId, type Millis, millis, type PeerId, toHex } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { IceConfig } from "../../ports/ice-config.ts";
import type { Links, Signal } from "../../ports/links.ts";
import type { Sealer } from "../../ports/sealing.ts";
import type { TrackerPeer, TrackerSignal } from "../../ports/tracker.ts";
import { ANSWER_TIMEOUT_MS, FOREIGN_CALLS_AT_ONCE, GOOD_LINK_MS, OFFER_ID_BYTES } from "../limits.ts";
import type { Settings } from "../settings.ts";
import type { Seat } from "../trackers/tracker-pool.ts";
import { candidateKinds } from "./candidate-kinds.ts";
import { Dialling } from "./dialling.ts";
import { EarlyCandidates } from "./early-candidates.ts";
import { GoBetweens } from "./go-betweens.ts";
import {
  type Introduction,
  IntroductionTable,
  isForeign,
  isForeignCall,
  isReplaced,
  yieldsToOurs,
} from "./introduction.ts";
import { KnownPeers } from "./known-peers.ts";
import type { LinkBudget } from "./link-budget.ts";
import { OpenOffers } from "./open-offers.ts";
import { type Carrier, type Carry, SealedSignals } from "./sealed-signals.ts";
import { type SearchFacts, SearchRecord } from "./search-record.ts";
import { Seats } from "./seats.ts";

export interface IntroductionPorts {
  readonly clock: Clock;
  readonly links: Links;
  readonly sealer: Sealer;
  readonly ice: IceConfig;
  readonly budget: LinkBudget;
  readonly settings: () => Pick<Settings, "connections">;
  readonly nextLink: () => LinkId;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Asks the peer at `through` to hand a sealed text to `to`. */
  readonly handOver: (through: LinkId, to: PeerId, offerId: string, signal: TrackerSignal) => void;
}

export interface IntroductionEvents {
  /**
   * @param room in which it came about; undefined when a peer that is linked to both brought it.
   * @param initiated whether we offered it.
   */
  onOpened(link: LinkId, peer: PeerId, room: string | undefined, initiated: boolean): void;
  /** A link that had opened is gone. */
  onEnded(link: LinkId): void;
  /** Something that `facts` shows has changed. */
  onChanged(): void;
}

export class Introductions {
  readonly #self: PeerId;
  readonly #ports: IntroductionPorts;
  readonly #events: IntroductionEvents;
  readonly #isComplete: () => boolean;
  readonly #table = new IntroductionTable();
  readonly #known = new KnownPeers();
  readonly #goBetweens = new GoBetweens();
  readonly #early = new EarlyCandidates();
  readonly #signals: SealedSignals;
  readonly #offers: OpenOffers;
  readonly #dialling: Dialling;
  readonly #seats = new Seats();
  readonly #record: SearchRecord;
  readonly #unsubscribe: () => void;
  #closed = false;

  /** @param isComplete whether we have everything, so that seeds are of no use to us. */
  constructor(self: PeerId, ports: IntroductionPorts, events: IntroductionEvents, isComplete: () => boolean) {
    this.#self = self;
    this.#ports = ports;
    this.#events = events;
    this.#isComplete = isComplete;
    const carry: Carry = (carrier, ...signal) => {
      if (typeof carrier === "number") ports.handOver(carrier, ...signal);
      else carrier.signal(...signal);
    };
    this.#signals = new SealedSignals(self, ports.sealer, carry, ports.clock, {
      onSignal: (...signal) => this.#onSignal(...signal),
      onRefused: () => {
        this.#record.onRefused();
        events.onChanged();
      },
      onTurnedAway: (from, offerId) => this.#onTurnedAway(from, offerId),
      isKeyProven: () => isComplete() || this.#record.everMet,
    });
    this.#offers = new OpenOffers(ports);
    this.#record = new SearchRecord(ports.clock.now());
    const among = {
      known: this.#known,
      seats: this.#seats,
      goBetweens: this.#goBetweens,
      table: this.#table,
    };
    this.#dialling = new Dialling(ports, among, isComplete, (...call) => this.#call(...call));
    this.#unsubscribe = ports.budget.subscribe(() => this.#dialling.dial());
  }

  get facts(): SearchFacts {
    return this.#record;
  }

  peerOf(link: LinkId): PeerId | undefined {
    return this.#table.withLink(link)?.peer;
  }

  onSeatOnline(seat: Seat, online: boolean): void {
    this.#seats.onOnline(seat, online);
    this.#dialling.dial();
  }

  /** @param peers undefined when this tracker carries offers only to peers of its own choosing. */
  onPeers(seat: Seat, peers: readonly TrackerPeer[] | undefined, complete: number, incomplete: number): void {
    if (this.#closed) return;
    const others = Math.max(complete + incomplete - 1, 0);
    const useful = this.#isComplete() ? incomplete : others;
    this.#seats.onCounted(seat, peers !== undefined, useful);
    for (const listed of peers ?? []) if (listed.peer !== this.#self) this.#known.learn(listed, seat);
    this.#record.onCounted(seat, others);
    this.#events.onChanged();
    if (peers === undefined) this.#offer(seat, useful);
    this.#dialling.dial();
  }

  /** The seat was left: nothing goes through it any more. */
  onSeatLeft(seat: Seat): void {
    this.#seats.onLeft(seat);
    this.#offers.withdraw(seat);
    this.#record.onTrackerLeft(seat);
  }

  /** The peer at `through` told us about these. */
  onDiscovered(through: LinkId, peers: readonly PeerId[]): void {
    this.#goBetweens.learn(through, peers);
    for (const peer of peers) if (peer !== this.#self) this.#known.hearOf(peer);
    this.#dialling.dial();
  }

  onTrackerSignal(seat: Seat, from: PeerId, offerId: string, signal: TrackerSignal): void {
    this.#onSealed(seat, from, offerId, signal);
  }

  /** A signal that the peer at `through` brought. */
  onSignalThrough(through: LinkId, from: PeerId, offerId: string, signal: TrackerSignal): void {
    this.#onSealed(through, from, offerId, signal);
  }

  /** The peer at `through` is not linked to `to` any more, or has carried enough for us. */
  onCarrierRefused(through: LinkId, to: PeerId, offerId: string): void {
    this.#goBetweens.refused(through, to);
    const introduction = this.#table.withPeer(to);
    if (introduction?.offerId === offerId && introduction.phase === "calling") this.#hangUp(introduction);
  }

  onLinkSignal(link: LinkId, signal: Signal): void {
    this.#record.onCandidates("our", candidateKinds(signal));
    if (this.#offers.onLinkSignal(link, signal)) return;
    const introduction = this.#table.withLink(link);
    if (introduction === undefined) return;
    const { carrier, peer, offerId } = introduction;
    this.#signals.send(carrier, peer, offerId, signal);
  }

  onLinkOpened(link: LinkId): void {
    const introduction = this.#table.withLink(link);
    if (introduction === undefined || introduction.phase === "open") return;
    introduction.phase = "open";
    introduction.since = this.#ports.clock.now();
    introduction.cancelTimeout();
    this.#record.onOpened();
    this.#endDial(introduction);
    const { carrier, peer, initiator } = introduction;
    const room = typeof carrier === "number" ? undefined : carrier.room;
    this.#events.onOpened(link, peer, room, initiator);
    this.#events.onChanged();
  }

  onLinkClosed(link: LinkId): void {
    this.#offers.onLinkClosed(link);
    const introduction = this.#table.withLink(link);
    if (introduction !== undefined) this.#forget(introduction);
  }

  /** Closes a link that the engine has no more use for. A seed that only met another is not dialled again. */
  drop(link: LinkId, reason: DropReason, ban: boolean): void {
    const introduction = this.#table.withLink(link);
    if (introduction === undefined) return;
    const { peer } = introduction;
    if (ban) this.#known.ban(peer);
    if (reason === "both-seeds") this.#known.learn({ peer, complete: true });
    this.#hangUp(introduction);
  }

  /** Links are made in another way from now on: what has not led to one yet begins anew. */
  tryAnew(): void {
    for (const introduction of this.#table.all) if (introduction.phase !== "open") this.#hangUp(introduction);
    this.#known.forgive();
    this.#record.onTriedAnew();
    this.#events.onChanged();
    this.#dialling.dial();
  }

  /** Closes every link and dials no more. */
  close(): void {
    this.#closed = true;
    this.#signals.close();
    this.#dialling.close();
    this.#unsubscribe();
    this.#offers.withdraw();
    for (const introduction of this.#table.all) this.#hangUp(introduction);
  }

  #onSealed(carrier: Carrier, from: PeerId, offerId: string, signal: TrackerSignal): void {
    if (from === this.#self || this.#known.isBanned(from)) return;
    this.#signals.receive(carrier, from, offerId, signal);
  }

  #carriesCandidates(carrier: Carrier): boolean {
    return typeof carrier === "number" || this.#seats.isTargeted(carrier);
  }

  /** Offers links to peers of the tracker's choosing, if there are others to have and it is time. */
  #offer(seat: Seat, others: number): void {
    const now = this.#ports.clock.now();
    const count = Math.min(others, this.#dialling.linksLacking);
    if (count <= 0 || !this.#seats.isOfferDue(seat, now) || this.#offers.isOut(seat)) return;
    this.#seats.onOffered(seat, now);
    void this.#ports.ice.ready.then(() => {
      if (!this.#closed && this.#seats.has(seat)) this.#offers.prepare(seat, count);
    });
  }

  #call(peer: PeerId, carrier: Carrier, now: Millis): void {
    const offerId = toHex(this.#ports.randomBytes(OFFER_ID_BYTES));
    const introduction = this.#begin(peer, offerId, carrier, true);
    introduction.cancelTimeout = this.#ports.clock.at(millis(now + ANSWER_TIMEOUT_MS), () => {
      if (introduction.phase === "calling") this.#hangUp(introduction);
    });
  }

  /** An offer waits for the ICE servers; what follows it waits behind it. */
  async #onSignal(
    from: PeerId,
    offerId: string,
    signal: Signal,
    carrier: Carrier,
    trickle: boolean,
  ): Promise<void> {
    if (signal.type === "offer") {
      await this.#ports.ice.ready;
      if (!this.#closed) this.#onOffer(from, offerId, signal, carrier, trickle);
    } else {
      this.#onReply(from, offerId, signal, trickle);
    }
  }

  #onOffer(from: PeerId, offerId: string, offer: Signal, carrier: Carrier, trickle: boolean): void {
    if (this.#known.isBanned(from)) return;
    const current = this.#table.withPeer(from);
    if (current?.offerId === offerId) return;
    if (current !== undefined && !isReplaced(current, this.#self, trickle)) return;
    if (current === undefined && this.#isFlooded(carrier)) return;
    if (current !== undefined) this.#hangUp(current);
    if (this.#table.size >= this.#ports.settings().connections || !this.#ports.budget.accept()) return;
    this.#known.learn({ peer: from, complete: false, trickle });
    const introduction = this.#begin(from, offerId, carrier, false);
    this.#record.onAnswered(introduction.since);
    this.#tell(introduction.link, offer);
    for (const early of this.#early.take(from, offerId)) this.#tell(introduction.link, early);
    this.#events.onChanged();
  }

  /** Whoever runs a tracker of others can invent as many callers as there are places. */
  #isFlooded(carrier: Carrier): boolean {
    return isForeign(carrier) && this.#table.all.filter(isForeignCall).length >= FOREIGN_CALLS_AT_ONCE;
  }

  /** Somebody took one of the offers that were made to nobody in particular. */
  #onTaken(from: PeerId, offerId: string, answer: Signal, trickle: boolean): void {
    const current = this.#table.withPeer(from);
    const taken = this.#offers.claim(offerId);
    if (taken === undefined) return;
    const { link, seat } = taken;
    if (this.#known.isBanned(from) || (current !== undefined && !yieldsToOurs(current, this.#self))) {
      this.#ports.links.close(link);
      this.#ports.budget.ended();
      return;
    }
    if (current !== undefined) this.#hangUp(current);
    this.#known.learn({ peer: from, complete: false, trickle });
    const introduction = this.#enlist(link, from, offerId, seat, true);
    introduction.phase = "connecting";
    this.#record.onAnswered(introduction.since);
    this.#tell(link, answer);
    this.#events.onChanged();
  }

  #onReply(from: PeerId, offerId: string, signal: Signal, trickle: boolean): void {
    const introduction = this.#table.withPeer(from);
    if (introduction?.offerId !== offerId) {
      if (signal.type === "candidates") this.#early.keep(from, offerId, signal);
      if (signal.type === "answer") this.#onTaken(from, offerId, signal, trickle);
      return;
    }
    if (signal.type === "answer") {
      if (introduction.phase !== "calling") return;
      introduction.phase = "connecting";
      introduction.cancelTimeout();
      this.#record.onAnswered(this.#ports.clock.now());
      this.#events.onChanged();
    }
    this.#tell(introduction.link, signal);
  }

  /** Hands a link what its other end said. */
  #tell(link: LinkId, signal: Signal): void {
    this.#record.onCandidates("their", candidateKinds(signal));
    this.#ports.links.signal(link, signal);
  }

  #onTurnedAway(from: PeerId, offerId: string): void {
    const introduction = this.#table.withPeer(from);
    if (introduction?.offerId !== offerId || introduction.phase !== "calling") return;
    this.#record.onTurnedAway();
    this.#hangUp(introduction);
    this.#events.onChanged();
  }

  #begin(peer: PeerId, offerId: string, carrier: Carrier, initiator: boolean): Introduction {
    const introduction = this.#enlist(this.#ports.nextLink(), peer, offerId, carrier, initiator);
    introduction.holdsDial = initiator;
    const { links, ice } = this.#ports;
    const { servers, relayOnly } = ice;
    const trickle = this.#known.trickles(peer) && this.#carriesCandidates(carrier);
    links.begin(introduction.link, { initiator, iceServers: servers, relayOnly, trickle });
    return introduction;
  }

  #enlist(link: LinkId, peer: PeerId, offerId: string, carrier: Carrier, initiator: boolean): Introduction {
    const introduction: Introduction = {
      link,
      peer,
      offerId,
      carrier,
      initiator,
      holdsDial: false,
      phase: initiator ? "calling" : "connecting",
      since: this.#ports.clock.now(),
      cancelTimeout: () => {},
    };
    this.#table.add(introduction);
    return introduction;
  }

  #endDial(introduction: Introduction): void {
    if (!introduction.holdsDial) return;
    introduction.holdsDial = false;
    this.#ports.budget.dialled();
  }

  #hangUp(introduction: Introduction): void {
    this.#ports.links.close(introduction.link);
    this.#forget(introduction);
  }

  /** The link is gone: its places are free again, and its peer may be dialled after a while. */
  #forget(introduction: Introduction): void {
    const { link, peer, phase, since } = introduction;
    if (!this.#table.remove(introduction)) return;
    this.#goBetweens.onLinkClosed(link);
    introduction.cancelTimeout();
    const now = this.#ports.clock.now();
    if (phase === "open" && now - since >= GOOD_LINK_MS) this.#known.parted(peer, now);
    else this.#known.failed(peer, now);
    if (phase === "open") {
      this.#record.onEnded(now);
      this.#events.onEnded(link);
    }
    this.#endDial(introduction);
    this.#ports.budget.ended();
    this.#events.onChanged();
    this.#dialling.dial();
  }
}
