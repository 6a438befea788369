/**
 * Virtual time: a heap of what is going to happen, and the moment that it is now.
 *
 * Four children to a node and the times in one array of numbers: half the levels of a binary heap, and comparing
 * touches no objects.
 */
import { type Millis, millis } from "../engine/units.ts";

const CHILDREN = 4;
const NOTHING = (): void => {};

export class EventHeap {
  now = millis(0);
  #size = 0;
  #times = new Float64Array(1024);
  /** Events of one moment happen in the order in which they were scheduled. */
  #orders = new Float64Array(1024);
  readonly #events: (() => void)[] = [];
  #scheduled = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  at(at: number, happen: () => void): void {
    if (this.#size === this.#times.length) this.#grow();
    const time = Math.max(at, this.now);
    const order = this.#scheduled++;
    let index = this.#size++;
    while (index > 0) {
      const parent = ((index - 1) / CHILDREN) | 0;
      if ((this.#times[parent] ?? 0) <= time) break;
      this.#move(parent, index);
      index = parent;
    }
    this.#put(index, time, order, happen);
  }

  after(delayMs: number, happen: () => void): void {
    this.at(this.now + delayMs, happen);
  }

  /** Lets the next event happen. @returns false when there is none up to `until`. */
  next(until: Millis): boolean {
    const time = this.#times[0] ?? 0;
    if (this.#size === 0 || time > until) return false;
    this.now = millis(time);
    const happen = this.#events[0] ?? NOTHING;
    this.#size--;
    this.#sink();
    happen();
    return true;
  }

  /** Puts the last event into the place that the first one left, as far down as it belongs. */
  #sink(): void {
    const size = this.#size;
    const time = this.#times[size] ?? 0;
    const order = this.#orders[size] ?? 0;
    const event = this.#events[size] ?? NOTHING;
    this.#events[size] = NOTHING;
    if (size === 0) return;
    const [times, orders] = [this.#times, this.#orders];
    let index = 0;
    for (;;) {
      const first = index * CHILDREN + 1;
      if (first >= size) break;
      const end = Math.min(first + CHILDREN, size);
      let child = first;
      let childTime = times[first] ?? 0;
      for (let other = first + 1; other < end; other++) {
        const otherTime = times[other] ?? 0;
        // The orders of events are looked at only where it matters: most moments have one.
        if (otherTime > childTime) continue;
        if (otherTime === childTime && (orders[other] ?? 0) > (orders[child] ?? 0)) continue;
        child = other;
        childTime = otherTime;
      }
      if (time < childTime || (time === childTime && order < (orders[child] ?? 0))) break;
      this.#move(child, index);
      index = child;
    }
    this.#put(index, time, order, event);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#times[from] ?? 0, this.#orders[from] ?? 0, this.#events[from] ?? NOTHING);
  }

  #put(index: number, time: number, order: number, event: () => void): void {
    this.#times[index] = time;
    this.#orders[index] = order;
    this.#events[index] = event;
  }

  #grow(): void {
    const [times, orders] = [this.#times, this.#orders];
    this.#times = new Float64Array(2 * times.length);
    this.#orders = new Float64Array(2 * orders.length);
    this.#times.set(times);
    this.#orders.set(orders);
  }
}
