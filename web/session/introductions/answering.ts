/**
 * Whose calls one share takes, and what it makes of what its peers say until a link is open.
 *
 * Invariants
 *  1. An offer is taken only if it replaces what there is with its peer, or there is nothing and there is room.
 *  2. A tracker of others brings at most FOREIGN_CALLS_AT_ONCE callers that have not led to a link yet.
 *  3. Candidates that come before their offer wait for it.
 */
import type { LinkId, PeerId } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { IceConfig } from "../../ports/ice-config.ts";
import type { Links, Signal } from "../../ports/links.ts";
import { FOREIGN_CALLS_AT_ONCE } from "../limits.ts";
import type { Settings } from "../settings.ts";
import { candidateKinds } from "./candidate-kinds.ts";
import { EarlyCandidates } from "./early-candidates.ts";
import { isForeign, isForeignCall, isReplaced, yieldsToOurs } from "./introduction.ts";
import type { IntroductionTable } from "./introduction-table.ts";
import type { KnownPeers } from "./known-peers.ts";
import type { LinkBudget } from "./link-budget.ts";
import type { OpenOffers } from "./open-offers.ts";
import type { Carrier } from "./sealed-signals.ts";
import type { SearchRecord } from "./search-record.ts";

export interface AnsweringPorts {
  readonly clock: Clock;
  readonly links: Pick<Links, "signal" | "close">;
  readonly ice: Pick<IceConfig, "ready">;
  readonly budget: Pick<LinkBudget, "accept" | "ended">;
  readonly settings: () => Pick<Settings, "connections">;
}

/** What an answer depends on, and changes. */
export interface AnsweringParts {
  readonly table: IntroductionTable;
  readonly known: KnownPeers;
  readonly offers: OpenOffers;
  readonly record: SearchRecord;
  /** Whether candidates are sent after the description, through this carrier to this peer. */
  readonly trickles: (peer: PeerId, carrier: Carrier) => boolean;
}

/** Something that a peer said, opened. */
interface Said {
  readonly from: PeerId;
  readonly offerId: string;
  readonly signal: Signal;
  readonly carrier: Carrier;
  /** Whether its sender takes candidates after a description. */
  readonly trickle: boolean;
}

export class Answering {
  readonly #self: PeerId;
  readonly #ports: AnsweringPorts;
  readonly #parts: AnsweringParts;
  readonly #onChanged: () => void;
  readonly #early = new EarlyCandidates();
  #closed = false;

  /** @param onChanged something in the record has changed. */
  constructor(self: PeerId, ports: AnsweringPorts, parts: AnsweringParts, onChanged: () => void) {
    this.#self = self;
    this.#ports = ports;
    this.#parts = parts;
    this.#onChanged = onChanged;
  }

  /** An offer waits for the ICE servers; what follows it waits behind it. */
  async onSaid(said: Said): Promise<void> {
    if (said.signal.type === "offer") {
      await this.#ports.ice.ready;
      if (!this.#closed) this.#onOffer(said);
    } else {
      this.#onReply(said);
    }
  }

  /** The peer could not open our offer. */
  onTurnedAway(from: PeerId, offerId: string): void {
    const { table, record } = this.#parts;
    const introduction = table.withPeer(from);
    if (introduction?.offerId !== offerId || introduction.phase !== "calling") return;
    record.onTurnedAway();
    table.hangUp(introduction);
    this.#onChanged();
  }

  close(): void {
    this.#closed = true;
  }

  #onOffer({ from, offerId, signal, carrier, trickle }: Said): void {
    const { table, known, record, trickles } = this.#parts;
    if (known.isBanned(from)) return;
    const current = table.withPeer(from);
    if (current?.offerId === offerId) return;
    if (current !== undefined && !isReplaced(current, this.#self, trickle)) return;
    if (current === undefined && this.#isFlooded(carrier)) return;
    if (current !== undefined) table.hangUp(current);
    if (table.size >= this.#ports.settings().connections || !this.#ports.budget.accept()) return;
    known.learn({ peer: from, complete: false, trickle });
    const word = { peer: from, offerId, carrier, initiator: false };
    const { link, since } = table.begin(word, trickles(from, carrier));
    record.onAnswered(since);
    this.#tell(link, signal);
    for (const early of this.#early.take(from, offerId)) this.#tell(link, early);
    this.#onChanged();
  }

  /** Whoever runs a tracker of others can invent as many callers as there are places. */
  #isFlooded(carrier: Carrier): boolean {
    const foreign = this.#parts.table.all.filter(isForeignCall);
    return isForeign(carrier) && foreign.length >= FOREIGN_CALLS_AT_ONCE;
  }

  #onReply(said: Said): void {
    const { from, offerId, signal } = said;
    const { table, record } = this.#parts;
    const introduction = table.withPeer(from);
    if (introduction?.offerId !== offerId) {
      if (signal.type === "candidates") this.#early.keep(from, offerId, signal);
      if (signal.type === "answer") this.#onTaken(said);
      return;
    }
    if (signal.type === "answer") {
      if (introduction.phase !== "calling") return;
      table.onAnswered(introduction);
      record.onAnswered(this.#ports.clock.now());
      this.#onChanged();
    }
    this.#tell(introduction.link, signal);
  }

  /** Somebody took one of the offers that were made to nobody in particular. */
  #onTaken({ from, offerId, signal, trickle }: Said): void {
    const { table, known, offers, record } = this.#parts;
    const current = table.withPeer(from);
    const taken = offers.claim(offerId);
    if (taken === undefined) return;
    const { link, seat } = taken;
    if (known.isBanned(from) || (current !== undefined && !yieldsToOurs(current, this.#self))) {
      this.#ports.links.close(link);
      this.#ports.budget.ended();
      return;
    }
    if (current !== undefined) table.hangUp(current);
    known.learn({ peer: from, complete: false, trickle });
    const word = { peer: from, offerId, carrier: seat, initiator: true };
    record.onAnswered(table.add(link, word, "connecting").since);
    this.#tell(link, signal);
    this.#onChanged();
  }

  /** Hands a link what its other end said. */
  #tell(link: LinkId, signal: Signal): void {
    this.#parts.record.onCandidates("their", candidateKinds(signal));
    this.#ports.links.signal(link, signal);
  }
}
