/**
 * The introductions of one share from their first word to the end of their links, and the places that they take.
 *
 * Invariants
 *  1. At most one for each link and for each peer.
 *  2. What one takes of the budget is given back once, when it is gone.
 */
import type { LinkId, PeerId } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { IceConfig } from "../../ports/ice-config.ts";
import type { Links } from "../../ports/links.ts";
import type { Introduction } from "./introduction.ts";
import type { LinkBudget } from "./link-budget.ts";

export interface IntroductionTablePorts {
  readonly clock: Clock;
  readonly links: Pick<Links, "begin" | "close">;
  readonly ice: IceConfig;
  readonly budget: Pick<LinkBudget, "dialled" | "ended">;
  readonly nextLink: () => LinkId;
}

export interface IntroductionTableEvents {
  /** It is not in the table any more; its places are not free yet. */
  onGone(introduction: Introduction): void;
  /** Its places are free. */
  onFreed(): void;
}

/** What is known of an introduction at its first word. */
type FirstWord = Pick<Introduction, "peer" | "offerId" | "carrier" | "initiator">;

export class IntroductionTable {
  readonly #ports: IntroductionTablePorts;
  readonly #events: IntroductionTableEvents;
  readonly #byLink = new Map<LinkId, Introduction>();
  readonly #byPeer = new Map<PeerId, Introduction>();

  constructor(ports: IntroductionTablePorts, events: IntroductionTableEvents) {
    this.#ports = ports;
    this.#events = events;
  }

  get size(): number {
    return this.#byLink.size;
  }

  get all(): readonly Introduction[] {
    return [...this.#byLink.values()];
  }

  withLink(link: LinkId): Introduction | undefined {
    return this.#byLink.get(link);
  }

  withPeer(peer: PeerId): Introduction | undefined {
    return this.#byPeer.get(peer);
  }

  /** Begins a link. Who initiates it has taken a place among the dials. */
  begin(word: FirstWord, trickle: boolean): Introduction {
    const { links, ice, nextLink } = this.#ports;
    const { servers, relayOnly } = ice;
    const introduction = this.add(nextLink(), word, word.initiator ? "calling" : "connecting");
    introduction.holdsDial = word.initiator;
    const { link, initiator } = introduction;
    links.begin(link, { initiator, iceServers: servers, relayOnly, trickle });
    return introduction;
  }

  /** Takes in a link that was begun already. */
  add(link: LinkId, word: FirstWord, phase: Introduction["phase"]): Introduction {
    const since = this.#ports.clock.now();
    const introduction = { ...word, link, holdsDial: false, phase, since, cancelTimeout: () => {} };
    this.#byLink.set(link, introduction);
    this.#byPeer.set(word.peer, introduction);
    return introduction;
  }

  onAnswered(introduction: Introduction): void {
    introduction.phase = "connecting";
    introduction.cancelTimeout();
  }

  onOpened(introduction: Introduction): void {
    introduction.phase = "open";
    introduction.since = this.#ports.clock.now();
    introduction.cancelTimeout();
    this.#endDial(introduction);
  }

  onClosed(link: LinkId): void {
    const introduction = this.#byLink.get(link);
    if (introduction !== undefined) this.#forget(introduction);
  }

  hangUp(introduction: Introduction): void {
    this.#ports.links.close(introduction.link);
    this.#forget(introduction);
  }

  #forget(introduction: Introduction): void {
    const { link, peer } = introduction;
    if (!this.#byLink.delete(link)) return;
    this.#byPeer.delete(peer);
    introduction.cancelTimeout();
    this.#events.onGone(introduction);
    this.#endDial(introduction);
    this.#ports.budget.ended();
    this.#events.onFreed();
  }

  #endDial(introduction: Introduction): void {
    if (!introduction.holdsDial) return;
    introduction.holdsDial = false;
    this.#ports.budget.dialled();
  }
}
