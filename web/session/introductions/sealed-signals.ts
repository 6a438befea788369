/**
 * Signals of one share on their way through the tracker, or through a peer: sealed going out, opened coming in.
 *
 * Invariants
 *  1. Sent, and taken, one after another in the order in which they came.
 *  2. A text that cannot be opened, or says no signal, is counted and answered by silence. Where there is a
 *     password, who knows its own key to be right turns the offer away, in the clear: nothing sealed goes to a
 *     guesser, who could try passwords on it at leisure.
 *  3. At most SIGNALS_WAITING wait to be opened; a flood beyond that is not kept.
 */
import { type LinkId, millis, type PeerId } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Signal } from "../../ports/links.ts";
import type { Sealer } from "../../ports/sealing.ts";
import type { TrackerSignal } from "../../ports/tracker.ts";
import { REFUSALS_PER_MINUTE, SIGNALS_WAITING } from "../limits.ts";
import type { Seat } from "../trackers/tracker-pool.ts";
import { formatSignal, parseSignal } from "./signal-text.ts";

export interface SealedSignalEvents {
  /**
   * May take its time; the next signal waits for it.
   * @param trickle whether its sender takes candidates after a description.
   */
  onSignal(
    from: PeerId,
    offerId: string,
    signal: Signal,
    carrier: Carrier,
    trickle: boolean,
  ): Promise<void> | void;
  onRefused(): void;
  /** The peer could not open our offer: it has another key. */
  onTurnedAway(from: PeerId, offerId: string): void;
  /** Whether our key is proven: we made the share, or have met somebody with it. */
  isKeyProven(): boolean;
}

/** Who carries the signals of an introduction: a tracker, or the peer at the other end of this link. */
export type Carrier = Seat | LinkId;

/** Hands sealed text to a carrier. */
export type Carry = (carrier: Carrier, to: PeerId, offerId: string, signal: TrackerSignal) => void;

/** In place of an answer; nothing that a sealer makes, and no session description. */
const REFUSAL = "refused";

const MINUTE_MS = 60_000;

export class SealedSignals {
  readonly #self: PeerId;
  readonly #sealer: Sealer;
  readonly #carry: Carry;
  readonly #clock: Clock;
  readonly #events: SealedSignalEvents;
  #refusals = { since: millis(0), count: 0 };
  #outbox: Promise<void> = Promise.resolve();
  #inbox: Promise<void> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(self: PeerId, sealer: Sealer, carry: Carry, clock: Clock, events: SealedSignalEvents) {
    this.#self = self;
    this.#sealer = sealer;
    this.#carry = carry;
    this.#clock = clock;
    this.#events = events;
  }

  send(carrier: Carrier, to: PeerId, offerId: string, signal: Signal): void {
    const kind = signal.type;
    this.#outbox = this.#outbox.then(async () => {
      const text = await this.#sealer.seal(formatSignal(signal), { kind, from: this.#self, to, offerId });
      if (!this.#closed) this.#carry(carrier, to, offerId, { kind, text });
    });
  }

  receive(carrier: Carrier, from: PeerId, offerId: string, signal: TrackerSignal): void {
    if (this.#waiting >= SIGNALS_WAITING) return;
    this.#waiting++;
    this.#inbox = this.#inbox.then(async () => {
      await this.#open(carrier, from, offerId, signal);
      this.#waiting--;
    });
  }

  close(): void {
    this.#closed = true;
  }

  async #open(carrier: Carrier, from: PeerId, offerId: string, sealed: TrackerSignal): Promise<void> {
    const { kind, text, trickle = true } = sealed;
    if (kind === "answer" && text === REFUSAL) {
      this.#events.onTurnedAway(from, offerId);
      return;
    }
    const opened = await this.#sealer.open(text, { kind, from, to: this.#self, offerId });
    if (this.#closed) return;
    const signal = opened === undefined ? undefined : parseSignal(kind, opened);
    if (signal === undefined) {
      if (kind === "offer") this.#turnAway(carrier, from, offerId);
      this.#events.onRefused();
    } else await this.#events.onSignal(from, offerId, signal, carrier, trickle);
  }

  #turnAway(carrier: Carrier, to: PeerId, offerId: string): void {
    if (!this.#sealer.hasPassword || !this.#events.isKeyProven()) return;
    const now = this.#clock.now();
    if (now - this.#refusals.since >= MINUTE_MS) this.#refusals = { since: now, count: 0 };
    if (this.#refusals.count++ < REFUSALS_PER_MINUTE) {
      this.#carry(carrier, to, offerId, { kind: "answer", text: REFUSAL });
    }
  }
}
