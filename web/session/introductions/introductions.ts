/**
 * The introductions of one share: what trackers, peers and links tell it goes to the part that decides. Whom it
 * dials, `dialling.ts` says, whose calls it takes, `answering.ts`.
 *
 * Invariants
 *  1. At most one link to a peer, none to ourselves, none to a banned peer.
 *  2. Which of two links to the same peer survives, both sides know (`introduction.ts`).
 */
import type { DropReason } from "../../engine/io.ts";
import { type LinkId, type Millis, millis, type PeerId, toHex } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { IceConfig } from "../../ports/ice-config.ts";
import type { Links, Signal } from "../../ports/links.ts";
import type { Sealer } from "../../ports/sealing.ts";
import type { TrackerPeer, TrackerSignal } from "../../ports/tracker.ts";
import { ANSWER_TIMEOUT_MS, GOOD_LINK_MS, OFFER_ID_BYTES } from "../limits.ts";
import type { Settings } from "../settings.ts";
import type { Seat } from "../trackers/tracker-pool.ts";
import { Answering } from "./answering.ts";
import { candidateKinds } from "./candidate-kinds.ts";
import { Dialling } from "./dialling.ts";
import { GoBetweens } from "./go-betweens.ts";
import type { Introduction } from "./introduction.ts";
import { IntroductionTable } from "./introduction-table.ts";
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
  readonly #table: IntroductionTable;
  readonly #known = new KnownPeers();
  readonly #goBetweens = new GoBetweens();
  readonly #signals: SealedSignals;
  readonly #offers: OpenOffers;
  readonly #dialling: Dialling;
  readonly #answering: Answering;
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
    this.#record = new SearchRecord(ports.clock.now());
    this.#offers = new OpenOffers(ports);
    this.#table = new IntroductionTable(ports, {
      onGone: (introduction) => this.#onGone(introduction),
      onFreed: () => {
        events.onChanged();
        this.#dialling.dial();
      },
    });
    const parts = { known: this.#known, seats: this.#seats, table: this.#table, record: this.#record };
    const dialled = { ...parts, goBetweens: this.#goBetweens };
    this.#dialling = new Dialling(ports, dialled, isComplete, (...call) => this.#call(...call));
    const trickles = (peer: PeerId, carrier: Carrier) => this.#trickles(peer, carrier);
    const answered = { ...parts, offers: this.#offers, trickles };
    this.#answering = new Answering(self, ports, answered, () => events.onChanged());
    this.#signals = this.#makeSignals();
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
    if (introduction?.offerId === offerId && introduction.phase === "calling")
      this.#table.hangUp(introduction);
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
    this.#table.onOpened(introduction);
    this.#record.onOpened();
    const { carrier, peer, initiator } = introduction;
    const room = typeof carrier === "number" ? undefined : carrier.room;
    this.#events.onOpened(link, peer, room, initiator);
    this.#events.onChanged();
  }

  onLinkClosed(link: LinkId): void {
    this.#offers.onLinkClosed(link);
    this.#table.onClosed(link);
  }

  /** Closes a link that the engine has no more use for. A seed that only met another is not dialled again. */
  drop(link: LinkId, reason: DropReason, ban: boolean): void {
    const introduction = this.#table.withLink(link);
    if (introduction === undefined) return;
    const { peer } = introduction;
    if (ban) this.#known.ban(peer);
    if (reason === "both-seeds") this.#known.learn({ peer, complete: true });
    this.#table.hangUp(introduction);
  }

  /** Links are made in another way from now on: what has not led to one yet begins anew. */
  tryAnew(): void {
    for (const introduction of this.#table.all)
      if (introduction.phase !== "open") this.#table.hangUp(introduction);
    this.#known.forgive();
    this.#record.onTriedAnew();
    this.#events.onChanged();
    this.#dialling.dial();
  }

  /** Closes every link and dials no more. */
  close(): void {
    this.#closed = true;
    this.#signals.close();
    this.#answering.close();
    this.#dialling.close();
    this.#unsubscribe();
    this.#offers.withdraw();
    for (const introduction of this.#table.all) this.#table.hangUp(introduction);
  }

  #onSealed(carrier: Carrier, from: PeerId, offerId: string, signal: TrackerSignal): void {
    if (from === this.#self || this.#known.isBanned(from)) return;
    this.#signals.receive(carrier, from, offerId, signal);
  }

  #makeSignals(): SealedSignals {
    const { sealer, clock, handOver } = this.#ports;
    const carry: Carry = (carrier, ...signal) => {
      if (typeof carrier === "number") handOver(carrier, ...signal);
      else carrier.signal(...signal);
    };
    return new SealedSignals(this.#self, sealer, carry, clock, {
      onSignal: (from, offerId, signal, carrier, trickle) =>
        this.#answering.onSaid({ from, offerId, signal, carrier, trickle }),
      onRefused: () => {
        this.#record.onRefused();
        this.#events.onChanged();
      },
      onTurnedAway: (from, offerId) => this.#answering.onTurnedAway(from, offerId),
      isKeyProven: () => this.#isComplete() || this.#record.everMet,
    });
  }

  /** Whether the peer takes candidates after a description, and the carrier brings them. */
  #trickles(peer: PeerId, carrier: Carrier): boolean {
    const isCarried = typeof carrier === "number" || this.#seats.isTargeted(carrier);
    return isCarried && this.#known.trickles(peer);
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
    const word = { peer, offerId, carrier, initiator: true };
    const introduction = this.#table.begin(word, this.#trickles(peer, carrier));
    introduction.cancelTimeout = this.#ports.clock.at(millis(now + ANSWER_TIMEOUT_MS), () => {
      if (introduction.phase === "calling") this.#table.hangUp(introduction);
    });
  }

  /** The link is gone: its peer may be dialled after a while. */
  #onGone({ link, peer, phase, since }: Introduction): void {
    this.#goBetweens.onLinkClosed(link);
    const now = this.#ports.clock.now();
    if (phase === "open" && now - since >= GOOD_LINK_MS) this.#known.parted(peer, now);
    else this.#known.failed(peer, now);
    if (phase !== "open") return;
    this.#record.onEnded(now);
    this.#events.onEnded(link);
  }
}
