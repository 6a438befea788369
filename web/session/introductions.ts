/**
 * Whom one share dials, whose calls it takes, and what each side has to be told until a link is open.
 *
 * Invariants
 *  1. At most one link to a peer, none to ourselves, none to a banned peer.
 *  2. When two peers dial each other, the link whose initiator has the smaller peer id survives.
 *  3. A peer that dials us while we think that we are linked has lost its end: the new link replaces the old.
 *  4. No peer is dialled while nobody can carry the offer: neither the tracker nor a peer that is linked to both.
 *  5. Where there is a password, who has everything dials nobody: a guesser gets nothing to try passwords on.
 */
import type { DropReason } from "../engine/io.ts";
import { type LinkId, type Millis, millis, type PeerId, toHex } from "../engine/units.ts";
import type { Clock } from "../ports/clock.ts";
import type { IceConfig } from "../ports/ice-config.ts";
import type { Links, Signal } from "../ports/links.ts";
import type { Sealer } from "../ports/sealing.ts";
import type { Tracker, TrackerPeer, TrackerSignal } from "../ports/tracker.ts";
import { EarlyCandidates } from "./early-candidates.ts";
import { GoBetweens } from "./go-betweens.ts";
import { KnownPeers, type Wanted } from "./known-peers.ts";
import {
  ANSWER_TIMEOUT_MS,
  ASK_AGAIN_MS,
  GOOD_LINK_MS,
  LINKS_DIALLED,
  LINKS_ENOUGH,
  LINKS_PER_SHARE,
  PEERS_WANTED,
} from "./limits.ts";
import type { LinkBudget } from "./link-budget.ts";
import { type Carrier, type Carry, SealedSignals } from "./sealed-signals.ts";
import { type SearchFacts, SearchRecord } from "./search-record.ts";

export interface IntroductionPorts {
  readonly clock: Clock;
  readonly links: Links;
  readonly tracker: Tracker;
  readonly sealer: Sealer;
  readonly ice: IceConfig;
  readonly budget: LinkBudget;
  readonly nextLink: () => LinkId;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Asks the peer at `through` to hand a sealed text to `to`. */
  readonly handOver: (through: LinkId, to: PeerId, offerId: string, signal: TrackerSignal) => void;
}

export interface IntroductionEvents {
  onOpened(link: LinkId, peer: PeerId): void;
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
  /** Waiting for an answer, looking for a route, linked. */
  phase: "calling" | "connecting" | "open";
  since: Millis;
  cancelTimeout: () => void;
}

const OFFER_ID_BYTES = 20;

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
  readonly #record: SearchRecord;
  readonly #unsubscribe: () => void;
  #cancelPlan: () => void = () => {};
  #ready = false;
  #online = false;
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
      if (carrier === "tracker") ports.tracker.signal(ports.sealer.room, ...signal);
      else ports.handOver(carrier, ...signal);
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

  onTrackerOnline(online: boolean): void {
    this.#online = online;
    this.#dial();
  }

  onPeers(peers: readonly TrackerPeer[], swarmSize: number): void {
    if (this.#closed) return;
    for (const listed of peers) if (listed.peer !== this.#self) this.#known.learn(listed);
    this.#record.onCounted(Math.max(swarmSize - 1, 0));
    this.#events.onChanged();
    this.#dial();
  }

  /** The peer at `through` told us about these. */
  onDiscovered(through: LinkId, peers: readonly PeerId[]): void {
    this.#goBetweens.learn(through, peers);
    for (const peer of peers) if (peer !== this.#self) this.#known.hearOf(peer);
    this.#dial();
  }

  onTrackerSignal(from: PeerId, offerId: string, signal: TrackerSignal): void {
    this.#onSealed("tracker", from, offerId, signal);
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
    if (introduction.initiator) this.#ports.budget.dialled();
    this.#events.onOpened(link, introduction.peer);
    this.#events.onChanged();
  }

  onLinkClosed(link: LinkId): void {
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
    for (const introduction of [...this.#byLink.values()]) this.#hangUp(introduction);
  }

  #onSealed(carrier: Carrier, from: PeerId, offerId: string, signal: TrackerSignal): void {
    if (from === this.#self || this.#known.isBanned(from)) return;
    this.#signals.receive(carrier, from, offerId, signal);
  }

  /** The tracker while it is there; otherwise, and when it has led to nothing, a peer that is linked to both. */
  #carrierTo(peer: PeerId): Carrier | undefined {
    const through = this.#goBetweens.of(peer);
    const hasFailed = this.#known.failuresOf(peer) % 2 === 1;
    if (this.#online && !(hasFailed && through !== undefined)) return "tracker";
    return through;
  }

  /** Dials whom it pays to dial now, and plans when to look again. */
  #dial(): void {
    if (this.#closed || !this.#ready || (this.#ports.sealer.hasPassword && this.#isComplete())) return;
    const now = this.#ports.clock.now();
    while (this.#byLink.size < LINKS_DIALLED) {
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

  #plan(now: Millis): void {
    this.#cancelPlan();
    this.#cancelPlan = () => {};
    if (this.#byLink.size >= LINKS_DIALLED) return;
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
    if (!this.#online || this.#byLink.size >= LINKS_ENOUGH || this.#known.nextAt(this.#wanted) !== undefined)
      return false;
    return (this.#record.others ?? 0) > this.#byLink.size;
  }

  #ask(now: Millis): void {
    this.#askedAt = now;
    this.#ports.tracker.announce(this.#ports.sealer.room, "update", PEERS_WANTED);
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
      this.#onReply(from, offerId, signal);
    }
  }

  #onOffer(from: PeerId, offerId: string, offer: Signal, carrier: Carrier, trickle: boolean): void {
    if (this.#known.isBanned(from)) return;
    const current = this.#byPeer.get(from);
    if (current?.offerId === offerId) return;
    const isGlare = current?.initiator === true && current.phase !== "open";
    if (isGlare && this.#self < from) return;
    if (current !== undefined) this.#hangUp(current);
    if (this.#byLink.size >= LINKS_PER_SHARE || !this.#ports.budget.accept()) return;
    this.#known.learn({ peer: from, complete: false, trickle });
    const introduction = this.#begin(from, offerId, carrier, false);
    this.#record.onAnswered(introduction.since);
    this.#ports.links.signal(introduction.link, offer);
    for (const early of this.#early.take(from, offerId)) this.#ports.links.signal(introduction.link, early);
    this.#events.onChanged();
  }

  #onReply(from: PeerId, offerId: string, signal: Signal): void {
    const introduction = this.#byPeer.get(from);
    if (introduction?.offerId !== offerId) {
      if (signal.type === "candidates") this.#early.keep(from, offerId, signal);
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
    const introduction: Introduction = {
      link: this.#ports.nextLink(),
      peer,
      offerId,
      carrier,
      initiator,
      phase: initiator ? "calling" : "connecting",
      since: this.#ports.clock.now(),
      cancelTimeout: () => {},
    };
    this.#byLink.set(introduction.link, introduction);
    this.#byPeer.set(peer, introduction);
    const { links, ice } = this.#ports;
    const { servers, relayOnly } = ice;
    const trickle = this.#known.trickles(peer);
    links.begin(introduction.link, { initiator, iceServers: servers, relayOnly, trickle });
    return introduction;
  }

  #hangUp(introduction: Introduction): void {
    this.#ports.links.close(introduction.link);
    this.#forget(introduction);
  }

  /** The link is gone: its places are free again, and its peer may be dialled after a while. */
  #forget(introduction: Introduction): void {
    const { link, peer, phase, initiator, since } = introduction;
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
    if (initiator && phase !== "open") this.#ports.budget.dialled();
    this.#ports.budget.ended();
    this.#events.onChanged();
    this.#dial();
  }
}
