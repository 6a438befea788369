/**
 * Whom one share dials, whose calls it takes, and what each side has to be told until a link is open.
 *
 * Invariants
 *  1. At most one link to a peer, none to ourselves, none to a banned peer.
 *  2. When two peers of our kind dial each other, the link whose initiator has the smaller peer id survives. Other
 *     programs keep the link that was offered to them, so there ours survives.
 *  3. A peer that dials us by name while we think that we are linked has lost its end: the new link replaces the
 *     old. Who offers links to nobody in particular, as other programs do, has not.
 *  4. No peer is dialled while nobody can carry the offer: neither a tracker nor a peer that is linked to both.
 *  5. A tracker of others brings at most FOREIGN_CALLS_AT_ONCE callers that have not led to a link yet.
 *  6. Where there is a password, who has everything dials nobody: a guesser gets nothing to try passwords on.
 */
import type { DropReason } from "../engine/io.ts";
import { type LinkId, type Millis, millis, type PeerId, toHex } from "../engine/units.ts";
import type { Clock } from "../ports/clock.ts";
import type { IceConfig } from "../ports/ice-config.ts";
import type { Links, Signal } from "../ports/links.ts";
import type { Sealer } from "../ports/sealing.ts";
import type { TrackerPeer, TrackerSignal } from "../ports/tracker.ts";
import { EarlyCandidates } from "./early-candidates.ts";
import { GoBetweens } from "./go-betweens.ts";
import { KnownPeers, type Wanted } from "./known-peers.ts";
import {
  ANSWER_TIMEOUT_MS,
  ASK_AGAIN_MS,
  DIALLED_OF_LINKS,
  FOREIGN_CALLS_AT_ONCE,
  GOOD_LINK_MS,
  LINKS_ENOUGH,
  OFFER_AGAIN_MS,
  OFFER_ID_BYTES,
  PEERS_WANTED,
} from "./limits.ts";
import type { LinkBudget } from "./link-budget.ts";
import { OpenOffers } from "./open-offers.ts";
import { isOurKind } from "./peer-identity.ts";
import { type Carrier, type Carry, SealedSignals } from "./sealed-signals.ts";
import { type SearchFacts, SearchRecord } from "./search-record.ts";
import type { Settings } from "./settings.ts";
import type { Seat } from "./tracker-pool.ts";

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

/** One link from the first word about it to its end. */
interface Introduction {
  readonly link: LinkId;
  readonly peer: PeerId;
  readonly offerId: string;
  readonly carrier: Carrier;
  readonly initiator: boolean;
  /** It has a place of the dials that are under way. */
  holdsDial: boolean;
  /** Waiting for an answer, looking for a route, linked. */
  phase: "calling" | "connecting" | "open";
  since: Millis;
  cancelTimeout: () => void;
}

/** What a seat at a tracker is good for. */
interface SeatState {
  isOnline: boolean;
  /** It carries an offer to the one that we name. */
  isTargeted: boolean;
  /** Others in the room that are of use to us, as this tracker counts: to a seed other seeds are of none. */
  useful: number;
  offeredAt: Millis;
}

export class Introductions {
  readonly #self: PeerId;
  readonly #ports: IntroductionPorts;
  readonly #events: IntroductionEvents;
  readonly #wanted: Wanted;
  readonly #isComplete: () => boolean;
  readonly #byLink = new Map<LinkId, Introduction>();
  readonly #byPeer = new Map<PeerId, Introduction>();
  readonly #known = new KnownPeers();
  readonly #goBetweens = new GoBetweens();
  readonly #early = new EarlyCandidates();
  readonly #signals: SealedSignals;
  readonly #offers: OpenOffers;
  /** In the order in which they were joined, ours first. */
  readonly #seats = new Map<Seat, SeatState>();
  readonly #record: SearchRecord;
  readonly #unsubscribe: () => void;
  #cancelPlan: () => void = () => {};
  #ready = false;
  #closed = false;
  #askedAt: Millis;

  /** @param isComplete whether we have everything, so that seeds are of no use to us. */
  constructor(self: PeerId, ports: IntroductionPorts, events: IntroductionEvents, isComplete: () => boolean) {
    this.#self = self;
    this.#ports = ports;
    this.#events = events;
    this.#isComplete = isComplete;
    this.#wanted = {
      taken: (peer) => this.#byPeer.has(peer) || this.#carrierTo(peer) === undefined,
      get seeds() {
        return !isComplete();
      },
    };
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
    this.#askedAt = ports.clock.now();
    this.#record = new SearchRecord(this.#askedAt);
    this.#unsubscribe = ports.budget.subscribe(() => this.#dial());
    void ports.ice.ready.then(() => {
      this.#ready = true;
      this.#dial();
    });
  }

  get facts(): SearchFacts {
    return this.#record;
  }

  peerOf(link: LinkId): PeerId | undefined {
    return this.#byLink.get(link)?.peer;
  }

  onSeatOnline(seat: Seat, online: boolean): void {
    this.#stateOf(seat).isOnline = online;
    this.#dial();
  }

  /** @param peers undefined when this tracker carries offers only to peers of its own choosing. */
  onPeers(seat: Seat, peers: readonly TrackerPeer[] | undefined, complete: number, incomplete: number): void {
    if (this.#closed) return;
    const state = this.#stateOf(seat);
    state.isTargeted = peers !== undefined;
    const others = Math.max(complete + incomplete - 1, 0);
    state.useful = this.#wanted.seeds ? others : incomplete;
    for (const listed of peers ?? []) if (listed.peer !== this.#self) this.#known.learn(listed, seat);
    this.#record.onCounted(seat, others);
    this.#events.onChanged();
    if (peers === undefined) this.#offer(seat, state.useful);
    this.#dial();
  }

  /** The seat was left: nothing goes through it any more. */
  onSeatLeft(seat: Seat): void {
    this.#seats.delete(seat);
    this.#offers.withdraw(seat);
    this.#record.onTrackerLeft(seat);
  }

  /** The peer at `through` told us about these. */
  onDiscovered(through: LinkId, peers: readonly PeerId[]): void {
    this.#goBetweens.learn(through, peers);
    for (const peer of peers) if (peer !== this.#self) this.#known.hearOf(peer);
    this.#dial();
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
    const introduction = this.#byPeer.get(to);
    if (introduction?.offerId === offerId && introduction.phase === "calling") this.#hangUp(introduction);
  }

  onLinkSignal(link: LinkId, signal: Signal): void {
    if (this.#offers.onLinkSignal(link, signal)) return;
    const introduction = this.#byLink.get(link);
    if (introduction === undefined) return;
    const { carrier, peer, offerId } = introduction;
    this.#signals.send(carrier, peer, offerId, signal);
  }

  onLinkOpened(link: LinkId): void {
    const introduction = this.#byLink.get(link);
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
    const introduction = this.#byLink.get(link);
    if (introduction !== undefined) this.#forget(introduction);
  }

  /** Closes a link that the engine has no more use for. A seed that only met another is not dialled again. */
  drop(link: LinkId, reason: DropReason, ban: boolean): void {
    const introduction = this.#byLink.get(link);
    if (introduction === undefined) return;
    const { peer } = introduction;
    if (ban) this.#known.ban(peer);
    if (reason === "both-seeds") this.#known.learn({ peer, complete: true });
    this.#hangUp(introduction);
  }

  /** Closes every link and dials no more. */
  close(): void {
    this.#closed = true;
    this.#signals.close();
    this.#cancelPlan();
    this.#unsubscribe();
    this.#offers.withdraw();
    for (const introduction of [...this.#byLink.values()]) this.#hangUp(introduction);
  }

  #onSealed(carrier: Carrier, from: PeerId, offerId: string, signal: TrackerSignal): void {
    if (from === this.#self || this.#known.isBanned(from)) return;
    this.#signals.receive(carrier, from, offerId, signal);
  }

  #stateOf(seat: Seat): SeatState {
    const known = this.#seats.get(seat);
    if (known !== undefined) return known;
    const offeredAt = millis(Number.NEGATIVE_INFINITY);
    const state = { isOnline: false, isTargeted: seat.isOurs, useful: 0, offeredAt };
    this.#seats.set(seat, state);
    return state;
  }

  /**
   * A tracker while one is there, first one that listed the peer; otherwise, and when that has led to nothing, a
   * peer that is linked to both.
   */
  #carrierTo(peer: PeerId): Carrier | undefined {
    const through = this.#goBetweens.of(peer);
    const failures = this.#known.failuresOf(peer);
    if (through !== undefined && failures % 2 === 1) return through;
    const usable = this.#targetedSeats();
    const listing = usable.filter((seat) => this.#known.isListedAt(peer, seat));
    const seats = listing.length > 0 ? listing : usable;
    return seats[Math.floor(failures / 2) % Math.max(seats.length, 1)] ?? through;
  }

  #carriesCandidates(carrier: Carrier): boolean {
    return typeof carrier === "number" || this.#stateOf(carrier).isTargeted;
  }

  #targetedSeats(): Seat[] {
    return [...this.#seats].flatMap(([seat, state]) => (state.isOnline && state.isTargeted ? [seat] : []));
  }

  /** Offers links to peers of the tracker's choosing, if there are others to have and it is time. */
  #offer(seat: Seat, others: number): void {
    const state = this.#stateOf(seat);
    const now = this.#ports.clock.now();
    const count = Math.min(others, this.#linksDialled - this.#byLink.size);
    if (count <= 0 || now - state.offeredAt < OFFER_AGAIN_MS || this.#offers.isOut(seat)) return;
    state.offeredAt = now;
    void this.#ports.ice.ready.then(() => {
      if (!this.#closed && this.#seats.has(seat)) this.#offers.prepare(seat, count);
    });
  }

  /** Dials whom it pays to dial now, and plans when to look again. */
  #dial(): void {
    if (this.#closed || !this.#ready || (this.#ports.sealer.hasPassword && this.#isComplete())) return;
    const now = this.#ports.clock.now();
    while (this.#byLink.size < this.#linksDialled) {
      const peer = this.#known.next(now, this.#wanted);
      const carrier = peer && this.#carrierTo(peer);
      if (peer === undefined || carrier === undefined || !this.#ports.budget.dial()) break;
      const offerId = toHex(this.#ports.randomBytes(OFFER_ID_BYTES));
      const introduction = this.#begin(peer, offerId, carrier, true);
      introduction.cancelTimeout = this.#ports.clock.at(millis(now + ANSWER_TIMEOUT_MS), () => {
        if (introduction.phase === "calling") this.#hangUp(introduction);
      });
    }
    this.#plan(now);
  }

  get #linksDialled(): number {
    return Math.ceil(this.#ports.settings().connections * DIALLED_OF_LINKS);
  }

  #plan(now: Millis): void {
    this.#cancelPlan();
    this.#cancelPlan = () => {};
    if (this.#byLink.size >= this.#linksDialled) return;
    const times: number[] = [];
    const dialAt = this.#known.nextAt(this.#wanted);
    if (dialAt !== undefined && dialAt > now) times.push(dialAt);
    if (this.#shouldAsk()) {
      const askAt = this.#askedAt + ASK_AGAIN_MS;
      if (askAt <= now) this.#ask(now);
      else times.push(askAt);
    }
    if (times.length === 0) return;
    this.#cancelPlan = this.#ports.clock.at(millis(Math.min(...times)), () => this.#dial());
  }

  /** Few links, nobody left to dial, and the tracker counted more peers than we have met. */
  #shouldAsk(): boolean {
    if (this.#byLink.size >= LINKS_ENOUGH || this.#known.nextAt(this.#wanted) !== undefined) return false;
    return this.#seatsWithMore().length > 0;
  }

  #seatsWithMore(): Seat[] {
    return this.#targetedSeats().filter((seat) => this.#stateOf(seat).useful > this.#byLink.size);
  }

  #ask(now: Millis): void {
    this.#askedAt = now;
    for (const seat of this.#seatsWithMore()) seat.announce("update", PEERS_WANTED);
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
    const current = this.#byPeer.get(from);
    if (current?.offerId === offerId) return;
    if (current !== undefined && !this.#isReplacedBy(current, from, trickle)) return;
    if (current === undefined && this.#isFlooded(carrier)) return;
    if (current !== undefined) this.#hangUp(current);
    if (this.#byLink.size >= this.#ports.settings().connections || !this.#ports.budget.accept()) return;
    this.#known.learn({ peer: from, complete: false, trickle });
    const introduction = this.#begin(from, offerId, carrier, false);
    this.#record.onAnswered(introduction.since);
    this.#ports.links.signal(introduction.link, offer);
    for (const early of this.#early.take(from, offerId)) this.#ports.links.signal(introduction.link, early);
    this.#events.onChanged();
  }

  /** Whether an offer takes the place of what there is with its sender. */
  #isReplacedBy(current: Introduction, from: PeerId, isByName: boolean): boolean {
    // Other programs, and trackers of theirs, offer links to whoever is there, again and again.
    if (!isByName) return false;
    const isGlare = current.initiator && current.phase !== "open";
    return !(isGlare && this.#self < from);
  }

  /** Whoever runs a tracker of others can invent as many callers as there are places. */
  #isFlooded(carrier: Carrier): boolean {
    if (typeof carrier === "number" || carrier.isOurs) return false;
    const calls = [...this.#byLink.values()].filter(({ carrier: other, initiator, phase }) => {
      return typeof other !== "number" && !other.isOurs && !initiator && phase !== "open";
    });
    return calls.length >= FOREIGN_CALLS_AT_ONCE;
  }

  /** Somebody took one of the offers that were made to nobody in particular. */
  #onTaken(from: PeerId, offerId: string, answer: Signal, trickle: boolean): void {
    const current = this.#byPeer.get(from);
    const taken = this.#offers.claim(offerId);
    if (taken === undefined) return;
    const { link, seat } = taken;
    if (this.#known.isBanned(from) || (current !== undefined && !this.#yieldsToOurs(current, from))) {
      this.#ports.links.close(link);
      this.#ports.budget.ended();
      return;
    }
    if (current !== undefined) this.#hangUp(current);
    this.#known.learn({ peer: from, complete: false, trickle });
    const introduction = this.#enlist(link, from, offerId, seat, true);
    introduction.phase = "connecting";
    this.#record.onAnswered(introduction.since);
    this.#ports.links.signal(link, answer);
    this.#events.onChanged();
  }

  /** Both have offered and both have answered: each side must end the same one of the two links. */
  #yieldsToOurs(current: Introduction, from: PeerId): boolean {
    if (current.initiator) return false;
    return isOurKind(from) ? this.#self < from : current.phase !== "open";
  }

  #onReply(from: PeerId, offerId: string, signal: Signal, trickle: boolean): void {
    const introduction = this.#byPeer.get(from);
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
    this.#ports.links.signal(introduction.link, signal);
  }

  #onTurnedAway(from: PeerId, offerId: string): void {
    const introduction = this.#byPeer.get(from);
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
    this.#byLink.set(introduction.link, introduction);
    this.#byPeer.set(peer, introduction);
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
    if (!this.#byLink.delete(link)) return;
    this.#byPeer.delete(peer);
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
    this.#dial();
  }
}
