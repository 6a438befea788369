/** Whether any tracker of a share is there, and since when one has been, or all have been away. */
import type { Millis } from "../../engine/units.ts";
import type { Seat } from "./tracker-pool.ts";

export class TrackerPresence {
  readonly #online = new Set<Seat>();
  #since: Millis;

  constructor(now: Millis) {
    this.#since = now;
  }

  get online(): boolean {
    return this.#online.size > 0;
  }

  get since(): Millis {
    return this.#since;
  }

  onSeat(seat: Seat, online: boolean, now: Millis): void {
    const wasOnline = this.online;
    if (online) this.#online.add(seat);
    else this.#online.delete(seat);
    if (this.online !== wasOnline) this.#since = now;
  }
}
