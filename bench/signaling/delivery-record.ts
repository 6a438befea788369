/** What became of numbered signals: who sent each, how long it took, and whether it reached whom it was for. */
import type { Delivery } from "./jobs.ts";

type Relation = (from: number, to: number) => boolean;

export class DeliveryRecord {
  readonly latenciesMs: number[] = [];
  readonly #mayReach: Relation;
  readonly #isAcross: Relation;
  readonly #senders: number[] = [];
  readonly #sentAt: number[] = [];
  readonly #arrivals: number[] = [];
  #sent = 0;
  #astray = 0;
  #across = 0;

  /** Numbers of peers: whom a signal may reach, and which ways lead from one process to another. */
  constructor(mayReach: Relation, isAcross: Relation) {
    this.#mayReach = mayReach;
    this.#isAcross = isAcross;
  }

  senderOf(number: number): number | undefined {
    return this.#senders[number];
  }

  sent(number: number, sender: number, now: number): void {
    this.#sent++;
    this.#senders[number] = sender;
    this.#sentAt[number] = now;
    this.#arrivals[number] = 0;
  }

  /** @param target whom alone it is for, if that is known. */
  arrived(number: number, receiver: number, now: number, target = receiver): void {
    const sender = this.#senders[number];
    if (sender === undefined || target !== receiver || !this.#mayReach(sender, receiver)) {
      this.#astray++;
      return;
    }
    this.#arrivals[number] = (this.#arrivals[number] ?? 0) + 1;
    this.latenciesMs.push(now - (this.#sentAt[number] ?? now));
    if (this.#isAcross(sender, receiver)) this.#across++;
  }

  summary(): Delivery {
    let once = 0;
    let repeated = 0;
    for (const count of this.#arrivals) {
      if (count === 1) once++;
      else if (count > 1) repeated++;
    }
    const lost = this.#sent - once - repeated;
    return { sent: this.#sent, once, repeated, astray: this.#astray, lost, across: this.#across };
  }
}
