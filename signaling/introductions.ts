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
  readonly target: string;
  readonly isAnswered: boolean;
  readonly expiresAt: number;
  readonly offerer: Offerer;
}

/** A peer that has offers here, and how many. */
interface Offerer {
  readonly key: string;
  offers: number;
}

export class Introductions {
  readonly #perPeer: number;
  /** In the order in which they expire, since all live equally long. */
  readonly #introductions = new Map<string, Introduction>();
  readonly #offerers = new Map<string, Offerer>();

  constructor(perPeer: number) {
    this.#perPeer = perPeer;
  }

  get size(): number {
    return this.#introductions.size;
  }

  /** False when the offerer has too many already. */
  offered({ room, offerer: peer, offerId }: OfferName, target: string, now: number): boolean {
    const offererKey = room + peer;
    const offerer = this.#offerers.get(offererKey) ?? { key: offererKey, offers: 0 };
    if (offerer.offers >= this.#perPeer) return false;
    const key = offererKey + offerId;
    this.#remove(key);
    offerer.offers++;
    this.#offerers.set(offererKey, offerer);
    this.#introductions.set(key, { target, isAnswered: false, expiresAt: now + OFFER_TTL_MS, offerer });
    return true;
  }

  /**
   * Whether `answerer` may answer, which it then has.
   * @param trickle whether both ends send candidates after their descriptions.
   */
  answered(name: OfferName, answerer: string, trickle: boolean, now: number): boolean {
    const key = keyOf(name);
    const offer = this.#introductions.get(key);
    if (offer === undefined || offer.isAnswered || offer.target !== answerer) return false;
    if (trickle) {
      // It is the last to expire again.
      this.#introductions.delete(key);
      this.#introductions.set(key, { ...offer, isAnswered: true, expiresAt: now + OFFER_TTL_MS });
    } else this.#remove(key);
    return true;
  }

  /** Whether `from` and `to` are the two ends of an offer with this id. */
  connects(room: string, from: string, to: string, offerId: string): boolean {
    const sent = this.#introductions.get(keyOf({ room, offerer: from, offerId }));
    const received = this.#introductions.get(keyOf({ room, offerer: to, offerId }));
    return sent?.target === to || received?.target === from;
  }

  expire(now: number): void {
    for (const [key, { expiresAt }] of this.#introductions) {
      if (expiresAt > now) return;
      this.#remove(key);
    }
  }

  #remove(key: string): void {
    const offerer = this.#introductions.get(key)?.offerer;
    if (offerer === undefined) return;
    this.#introductions.delete(key);
    offerer.offers--;
    if (offerer.offers === 0) this.#offerers.delete(offerer.key);
  }
}

function keyOf({ room, offerer, offerId }: OfferName): string {
  return room + offerer + offerId;
}
