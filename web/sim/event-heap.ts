import { type Millis, millis } from "../engine/units.ts";

interface Event {
  readonly at: number;
  /** Events of one moment happen in the order in which they were scheduled. */
  readonly order: number;
  readonly happen: () => void;
}

/** Virtual time: a binary heap of what is going to happen, and the moment that it is now. */
export class EventHeap {
  now = millis(0);
  readonly #events: Event[] = [];
  #scheduled = 0;

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  at(at: number, happen: () => void): void {
    const event = { at: Math.max(at, this.now), order: this.#scheduled++, happen };
    let index = this.#events.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.#events[parent];
      if (above === undefined || isBefore(above, event)) break;
      this.#events[index] = above;
      index = parent;
    }
    this.#events[index] = event;
  }

  after(delayMs: number, happen: () => void): void {
    this.at(this.now + delayMs, happen);
  }

  /** Lets the next event happen. @returns false when there is none up to `until`. */
  next(until: Millis): boolean {
    const first = this.#events[0];
    if (first === undefined || first.at > until) return false;
    this.now = millis(first.at);
    const last = this.#events.pop();
    if (last !== undefined && this.#events.length > 0) this.#sink(last);
    first.happen();
    return true;
  }

  #sink(event: Event): void {
    let index = 0;
    for (;;) {
      const left = this.#events[2 * index + 1];
      const right = this.#events[2 * index + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (isBefore(event, child)) break;
      this.#events[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    this.#events[index] = event;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
