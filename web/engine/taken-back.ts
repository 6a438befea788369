/**
 * The requests to one peer that were taken back (BEP 3 `cancel`): what it sends of them all the same is no crime.
 *
 * A peer that speaks BEP 6 answers each of them once, with the block or with a reject, and in the order in which it
 * heard of them. Until it has, a block that nobody is in a hurry for is *owed*: it is asked of nobody else, and not of
 * this peer again, or it would come twice.
 *
 * Invariant: what is owed here is a block that `pieces` counts as asked of the peer's link.
 */
import type { PendingRequest } from "./peer.ts";
import type { Millis } from "./units.ts";

interface Owed {
  readonly request: PendingRequest;
  readonly since: Millis;
}

export class TakenBack {
  /** How many times each block was taken back and not answered; none before the first one: most peers never owe anything. */
  #times: Map<number, number> | undefined;
  /** Oldest first. */
  #owed: Map<number, Owed> | undefined;

  add(block: number): void {
    this.#times ??= new Map();
    this.#times.set(block, (this.#times.get(block) ?? 0) + 1);
  }

  /** As `add`; the block stays asked of the peer until it answers. */
  addOwed(block: number, request: PendingRequest, now: Millis): void {
    this.add(block);
    this.#owed ??= new Map();
    this.#owed.set(block, { request, since: now });
  }

  /** The request for the block, while that is owed. */
  owed(block: number): PendingRequest | undefined {
    return this.#owed?.get(block)?.request;
  }

  /** The block came, or was refused. @returns whether it was taken back before. */
  onAnswer(block: number): boolean {
    const times = this.#times?.get(block);
    if (times === undefined) return false;
    if (times > 1) this.#times?.set(block, times - 1);
    else this.#times?.delete(block);
    this.#owed?.delete(block);
    return true;
  }

  /** Something is owed since before `before`. */
  isOwing(before: number): boolean {
    if (this.#owed === undefined || this.#owed.size === 0) return false;
    const [oldest] = this.#owed.values();
    return oldest !== undefined && oldest.since < before;
  }

  /** What is owed since before `before`: nothing more is expected of the peer. */
  giveUp(before: number): PendingRequest[] {
    const given: PendingRequest[] = [];
    for (const [block, { request, since }] of this.#owed ?? []) {
      if (since >= before) break;
      this.#owed?.delete(block);
      given.push(request);
    }
    return given;
  }
}
