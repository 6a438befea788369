/** What a share's search for peers has come to, for telling the person why nothing happens. */
import type { Millis } from "../engine/units.ts";

export interface SearchFacts {
  readonly links: number;
  readonly everMet: boolean;
  /** Others in the swarm as the trackers last counted them; undefined until one did. */
  readonly others: number | undefined;
  /** Since when there has been no link. */
  readonly aloneSince: Millis;
  /** Since when somebody has been there who answered, without any link having opened. */
  readonly answeredSince: Millis | undefined;
  /** Peers that could not open our offers: they have another key. */
  readonly turnedAway: number;
  /** Texts that were not made with our key. */
  readonly refused: number;
}

export class SearchRecord implements SearchFacts {
  links = 0;
  everMet = false;
  aloneSince: Millis;
  answeredSince: Millis | undefined;
  turnedAway = 0;
  refused = 0;
  /** By the tracker that counted. */
  readonly #counts = new Map<object, number>();

  constructor(now: Millis) {
    this.aloneSince = now;
  }

  get others(): number | undefined {
    return this.#counts.size === 0 ? undefined : Math.max(...this.#counts.values());
  }

  onCounted(tracker: object, others: number): void {
    this.#counts.set(tracker, others);
  }

  onTrackerLeft(tracker: object): void {
    this.#counts.delete(tracker);
  }

  onAnswered(now: Millis): void {
    this.answeredSince ??= now;
  }

  onOpened(): void {
    this.links++;
    this.everMet = true;
    this.answeredSince = undefined;
  }

  onEnded(now: Millis): void {
    this.links--;
    if (this.links === 0) this.aloneSince = now;
  }

  onTurnedAway(): void {
    this.turnedAway++;
  }

  onRefused(): void {
    this.refused++;
  }
}
