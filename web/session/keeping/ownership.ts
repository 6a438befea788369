/**
 * Whether this tab owns a share's name, among all tabs of the browser profile.
 *
 * Invariants
 *  1. Whoever does not get the name waits in line for it.
 *  2. A tab that gave the name away comes back into the line only when it is asked for again.
 */
import { millis } from "../../engine/units.ts";
import type { Claims } from "../../ports/claims.ts";
import type { Clock } from "../../ports/clock.ts";
import { CLAIM_WAIT_MS } from "../limits.ts";

export class Ownership {
  readonly #name: string;
  readonly #ports: { readonly claims: Claims; readonly clock: Clock };
  readonly #onInherited: () => void;
  #isOurs: boolean;
  #isOver = false;
  #hasYielded = false;
  #answered: Promise<void> = Promise.resolve();
  #stopWaiting: () => void = () => {};
  #tellOurs: () => void = () => {};

  /** @param onInherited the owner before us let go, or ended. */
  constructor(
    name: string,
    isOurs: boolean,
    ports: { readonly claims: Claims; readonly clock: Clock },
    onInherited: () => void,
  ) {
    this.#name = name;
    this.#isOurs = isOurs;
    this.#ports = ports;
    this.#onInherited = onInherited;
  }

  get isOurs(): boolean {
    return this.#isOurs;
  }

  /** Another tab has the name, as far as is known. */
  get isOthers(): boolean {
    return !this.#isOurs && !this.#hasYielded;
  }

  /** Settles once it is known whether another tab has the name. */
  claim(): Promise<void> {
    this.#hasYielded = false;
    this.#answered = this.#claim();
    return this.#answered;
  }

  /** Comes back into the line after `yield`. */
  async claimAgain(): Promise<void> {
    if (this.#hasYielded) await this.claim();
  }

  /** Gives the name to whoever waits for it. */
  yield(): void {
    if (!this.#isOurs || this.#isOver) return;
    this.#isOurs = false;
    this.#hasYielded = true;
    this.#ports.claims.release(this.#name);
  }

  /** Lets go of the name, or of the place in line, for good. */
  end(): void {
    this.#isOver = true;
    this.#stopWaiting();
    if (this.#isOurs) this.#ports.claims.release(this.#name);
    this.#isOurs = false;
  }

  /** Whether another tab has the name, once that is known. */
  async isKnownOthers(): Promise<boolean> {
    await this.#answered;
    return this.isOthers;
  }

  /** Whether the name is ours, also as soon as a tab that has no use for it has let go. */
  async isOursSoon(): Promise<boolean> {
    await this.#answered;
    if (this.#isOurs || this.#isOver) return this.#isOurs;
    const { clock } = this.#ports;
    await new Promise<void>((resolve) => {
      this.#tellOurs = resolve;
      clock.at(millis(clock.now() + CLAIM_WAIT_MS), resolve);
    });
    return this.#isOurs;
  }

  async #claim(): Promise<void> {
    const { claims } = this.#ports;
    this.#isOurs = await claims.tryClaim(this.#name);
    if (this.#isOver) this.end();
    else if (!this.#isOurs) this.#stopWaiting = claims.await(this.#name, () => this.#onOurs());
  }

  #onOurs(): void {
    this.#isOurs = true;
    this.#tellOurs();
    if (this.#isOver) this.end();
    else this.#onInherited();
  }
}
