/**
 * How many links all shares of this tab may hold and dial together.
 *
 * Invariants
 *  1. Links never exceed LINKS_PER_SESSION, dials never DIALS_AT_ONCE, offers to nobody in particular never
 *     OFFERS_AT_ONCE.
 *  2. Whoever was refused is called when there is room again.
 */
import { DIALS_AT_ONCE, LINKS_PER_SESSION, OFFERS_AT_ONCE } from "../limits.ts";

export class LinkBudget {
  #links = 0;
  #dials = 0;
  #offers = 0;
  readonly #onRoom = new Set<() => void>();

  /** Calls back whenever a link or a dial ended. The returned function ends that. */
  subscribe(onRoom: () => void): () => void {
    this.#onRoom.add(onRoom);
    return () => this.#onRoom.delete(onRoom);
  }

  /** Takes a place for a link that the other side dialled. */
  accept(): boolean {
    if (this.#links >= LINKS_PER_SESSION) return false;
    this.#links++;
    return true;
  }

  /** Takes a place for a link that we dial. */
  dial(): boolean {
    if (this.#dials >= DIALS_AT_ONCE || !this.accept()) return false;
    this.#dials++;
    return true;
  }

  /** Takes a place for a link that is offered to whoever answers first. */
  offer(): boolean {
    if (this.#offers >= OFFERS_AT_ONCE || !this.accept()) return false;
    this.#offers++;
    return true;
  }

  /** An offer was answered, so that its link is like any other, or is about to end. */
  offered(): void {
    this.#offers--;
    this.#tell();
  }

  /** A dial came to an end: the link opened, or it is about to end. */
  dialled(): void {
    this.#dials--;
    this.#tell();
  }

  ended(): void {
    this.#links--;
    this.#tell();
  }

  #tell(): void {
    for (const onRoom of [...this.#onRoom]) onRoom();
  }
}
