/**
 * Offers under way: who offered what to whom, and what may follow.
 *
 * Invariants
 *  1. An offer is answered at most once, by the peer that it was sent to, before it expires.
 *  2. Candidates pass only between the two peers of an offer that is not expired.
 *  3. An offer lives `OFFER_TTL_MS`. Answered, it lives again as long if candidates may follow, and else no longer.
 *     Offering again under the same id renews it.
 *  4. A peer has at most `perPeer` offers here.
 */
import { OFFER_TTL_MS } from "./limits.ts";

/** An offer's name: `offerer` may use the same `offerId` in other rooms. */
export interface OfferName {
  readonly room: string;
  readonly offerer: string;
  readonly offerId: string;
}

interface Introduction {
  readonly name: OfferName;
  readonly target: string;
  readonly isAnswered: boolean;
  readonly expiresAt: number;
}

export class Introductions {
  /** In the order in which they expire, since all live equally long. */
  readonly #introductions = new Map<string, Introduction>();
  readonly #perOfferer = new Map<string, number>();

  get size(): number {
    return this.#introductions.size;
  }

  offersOf(room: string, offerer: string): number {
    return this.#perOfferer.get(room + offerer) ?? 0;
  }

  offered(name: OfferName, target: string, now: number): void {
    const key = keyOf(name);
    // A renewed offer is the last to expire again.
    if (!this.#introductions.delete(key)) this.#count(name, 1);
    this.#introductions.set(key, { name, target, isAnswered: false, expiresAt: now + OFFER_TTL_MS });
  }

  /**
   * Whether `answerer` may answer, which it then has.
   * @param trickle whether both ends send candidates after their descriptions.
   */
  answered(name: OfferName, answerer: string, trickle: boolean, now: number): boolean {
    const key = keyOf(name);
    const offer = this.#introductions.get(key);
    if (offer === undefined || offer.isAnswered || offer.target !== answerer) return false;
    this.#introductions.delete(key);
    if (trickle) this.#introductions.set(key, { ...offer, isAnswered: true, expiresAt: now + OFFER_TTL_MS });
    else this.#count(name, -1);
    return true;
  }

  /** Whether `from` and `to` are the two ends of an offer with this id. */
  connects(room: string, from: string, to: string, offerId: string): boolean {
    const sent = this.#introductions.get(keyOf({ room, offerer: from, offerId }));
    const received = this.#introductions.get(keyOf({ room, offerer: to, offerId }));
    return sent?.target === to || received?.target === from;
  }

  expire(now: number): void {
    for (const [key, { name, expiresAt }] of this.#introductions) {
      if (expiresAt > now) return;
      this.#introductions.delete(key);
      this.#count(name, -1);
    }
  }

  #count({ room, offerer }: OfferName, change: 1 | -1): void {
    const key = room + offerer;
    const count = (this.#perOfferer.get(key) ?? 0) + change;
    if (count === 0) this.#perOfferer.delete(key);
    else this.#perOfferer.set(key, count);
  }
}

function keyOf({ room, offerer, offerId }: OfferName): string {
  return room + offerer + offerId;
}
