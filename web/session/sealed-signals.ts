/**
 * Signals of one share on their way through the tracker, or through a peer: sealed going out, opened coming in.
 *
 * Invariants
 *  1. Sent, and taken, one after another in the order in which they came.
 *  2. A text that cannot be opened, or says no signal, is counted and answered by silence.
 *  3. At most SIGNALS_WAITING wait to be opened; a flood beyond that is not kept.
 */
import type { LinkId, PeerId } from "../engine/units.ts";
import type { Signal } from "../ports/links.ts";
import type { Sealer } from "../ports/sealing.ts";
import type { TrackerSignal } from "../ports/tracker.ts";
import { SIGNALS_WAITING } from "./limits.ts";
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
}

/** Who carries the signals of an introduction: the tracker, or the peer at the other end of this link. */
export type Carrier = "tracker" | LinkId;

/** Hands sealed text to a carrier. */
export type Carry = (carrier: Carrier, to: PeerId, offerId: string, signal: TrackerSignal) => void;

export class SealedSignals {
  readonly #self: PeerId;
  readonly #sealer: Sealer;
  readonly #carry: Carry;
  readonly #events: SealedSignalEvents;
  #outbox: Promise<void> = Promise.resolve();
  #inbox: Promise<void> = Promise.resolve();
  #waiting = 0;
  #closed = false;

  constructor(self: PeerId, sealer: Sealer, carry: Carry, events: SealedSignalEvents) {
    this.#self = self;
    this.#sealer = sealer;
    this.#carry = carry;
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
    const opened = await this.#sealer.open(text, { kind, from, to: this.#self, offerId });
    if (this.#closed) return;
    const signal = opened === undefined ? undefined : parseSignal(kind, opened);
    if (signal === undefined) this.#events.onRefused();
    else await this.#events.onSignal(from, offerId, signal, carrier, trickle);
  }
}
