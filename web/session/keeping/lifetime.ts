/**
 * The bytes that this profile moved in its life, as far as the library remembers, and those of this tab on top.
 *
 * Invariants
 *  1. What this tab moved is added to the library once.
 */
import { mergeTotals, NO_TOTALS, type Totals, totalsSince } from "../../engine/totals.ts";
import type { Library } from "../../ports/library.ts";

export class Lifetime {
  readonly #library: Library;
  /** Of all tabs, without what this one moved. */
  #before: Totals = NO_TOTALS;
  /** Of this tab, as far as it was added to the library. */
  #added: Totals = NO_TOTALS;

  constructor(library: Library) {
    this.#library = library;
  }

  /** Never rejects. */
  async load(): Promise<void> {
    const before = await this.#library.lifetime().catch(() => NO_TOTALS);
    // What was added meanwhile came back as a sum that has all of it.
    if (this.#added === NO_TOTALS) this.#before = before;
  }

  /** @param moved by this tab so far. */
  with(moved: Totals): Totals {
    return mergeTotals(this.#before, moved);
  }

  /** Adds to the library what was moved since the last time. */
  async save(moved: Totals): Promise<void> {
    const more = totalsSince(this.#added, moved);
    if (more.uploaded === 0 && more.downloaded === 0 && more.wasted === 0) return;
    this.#added = moved;
    try {
      this.#before = totalsSince(moved, await this.#library.addToLifetime(more));
    } catch {
      // It is counted on the screen; the next tab does not know of it.
    }
  }
}
