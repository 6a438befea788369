/** What a share's search for peers has come to, for telling the person why nothing happens. */
import type { Millis } from "../../engine/units.ts";
import type { CandidateKind } from "./candidate-kinds.ts";

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
  /** Kinds of addresses that this side, and the others, found for the links tried since the last one opened. */
  readonly ourCandidates: ReadonlySet<CandidateKind>;
  readonly theirCandidates: ReadonlySet<CandidateKind>;
}

export class SearchRecord implements SearchFacts {
  links = 0;
  everMet = false;
  aloneSince: Millis;
  answeredSince: Millis | undefined;
  turnedAway = 0;
  refused = 0;
  readonly ourCandidates = new Set<CandidateKind>();
  readonly theirCandidates = new Set<CandidateKind>();
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

  /** What was tried until now says nothing about what is tried from now on. */
  onTriedAnew(): void {
    this.answeredSince = undefined;
    this.ourCandidates.clear();
    this.theirCandidates.clear();
  }

  onOpened(): void {
    this.links++;
    this.everMet = true;
    this.onTriedAnew();
  }

  onEnded(now: Millis): void {
    this.links--;
    if (this.links === 0) this.aloneSince = now;
  }

  onCandidates(side: "our" | "their", kinds: readonly CandidateKind[]): void {
    for (const kind of kinds) this[`${side}Candidates`].add(kind);
  }

  onTurnedAway(): void {
    this.turnedAway++;
  }

  onRefused(): void {
    this.refused++;
  }
}
