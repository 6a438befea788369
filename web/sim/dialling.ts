/**
 * How a machine comes by its links: it offers one to each of those that the tracker named, in turn, until it has as many
 * as it dials. Who is asked says yes if it has a place, and nothing stands between the two.
 *
 * Invariants
 *  1. Two machines have one link at most: of two offers that cross, that of the lower number counts.
 *  2. Offers that are not answered count as links, so that nobody dials too many.
 */
import type { Letter, MachineNumber } from "./letter.ts";
import type { LinkEnd, LinkOwner } from "./link-end.ts";
import type { Network } from "./network.ts";

export interface DiallingOptions {
  /** How long an offer takes, and its answer, ms. */
  readonly introductionMs: number;
  /** Links that a machine dials, and links at which it takes no more. */
  readonly maxLinks: number;
  readonly places: number;
  /** No route leads from one to the other. */
  readonly isUnreachable: (a: MachineNumber, b: MachineNumber) => boolean;
}

export class Dialling {
  readonly #network: Network;
  readonly #owner: LinkOwner;
  readonly #options: DiallingOptions;
  /** Links that are open, and those that were offered. */
  readonly #ends = new Map<MachineNumber, LinkEnd>();
  readonly #banned = new Set<MachineNumber>();
  /** Whom the tracker named and who was not asked yet. */
  #named: MachineNumber[] = [];

  constructor(network: Network, owner: LinkOwner, options: DiallingOptions) {
    this.#network = network;
    this.#owner = owner;
    this.#options = options;
  }

  /** Links that stand or are about to: the other end knows of them. */
  get agreedEnds(): readonly LinkEnd[] {
    return [...this.#ends.values()].filter(({ there }) => there !== undefined);
  }

  /** When what is said of a link now will be heard. */
  get answerAt(): number {
    return this.#network.heap.now + this.#options.introductionMs;
  }

  get wantsLinks(): boolean {
    return this.#ends.size < this.#options.maxLinks;
  }

  ban(machine: MachineNumber): void {
    this.#banned.add(machine);
  }

  /** Asks nobody else. */
  stop(): void {
    this.#named = [];
  }

  dial(machines: readonly MachineNumber[]): void {
    this.#named = [...machines].reverse();
    this.#dialNext();
  }

  #dialNext(): void {
    while (this.wantsLinks) {
      const machine = this.#named.pop();
      if (machine === undefined) return;
      if (!this.#isApart(machine)) this.#offer(machine);
    }
  }

  #isApart(machine: MachineNumber): boolean {
    const { number } = this.#owner;
    if (machine === number || this.#ends.has(machine) || this.#banned.has(machine)) return true;
    return this.#options.isUnreachable(number, machine);
  }

  #offer(machine: MachineNumber): void {
    const { number: from, downlink } = this.#owner;
    const end = this.#network.makeEnd(this.#owner, machine);
    this.#ends.set(machine, end);
    const { bytesPerSecond: downBytesPerSecond } = downlink;
    const at = this.answerAt;
    this.#network.send(at, { type: "offer", to: machine, from, link: end.here, downBytesPerSecond });
  }

  /** @returns this end of the new link, which is to open at `answerAt` like the other; undefined if there is to be none. */
  accept(offer: Extract<Letter, { type: "offer" }>): LinkEnd | undefined {
    const { from } = offer;
    const own = this.#ends.get(from);
    if (own !== undefined && (own.there !== undefined || this.#owner.number < from)) return undefined;
    if (this.#banned.has(from) || this.#ends.size >= this.#options.places) return undefined;
    const end = this.#network.makeEnd(this.#owner, from);
    this.#ends.set(from, end);
    end.agree(offer.link, offer.downBytesPerSecond);
    return end;
  }

  onRefused(end: LinkEnd): void {
    this.#network.forget(end);
    this.forget(end);
    this.#dialNext();
  }

  forget(end: LinkEnd): void {
    if (this.#ends.get(end.other) === end) this.#ends.delete(end.other);
  }
}
