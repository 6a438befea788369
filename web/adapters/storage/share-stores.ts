/**
 * Where the pieces of a share go: to a place on the disk where this browser allows it, else to memory if they fit.
 *
 * Invariants
 *  1. Each place has one owner: a new one is named at random, a kept one is opened only by the tab that owns the
 *     share.
 *  2. A tab holds a Web Lock for each of its places while it lives. A place that nobody holds and that no kept
 *     share names is deleted.
 */
import { Bitfield } from "../../engine/bitfield.ts";
import type { Geometry } from "../../engine/geometry.ts";
import { toHex } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import { type PieceSource, type PieceStore, StorageFailedError } from "../../ports/piece-store.ts";
import { MemoryPieceStore } from "./memory-piece-store.ts";
import { type OpfsPieceStore, openOpfsPieceStore } from "./opfs-piece-store.ts";
import { deleteOpfsShare, listOpfsShares, opfsAvailable } from "./opfs-shares.ts";
import { PieceCache } from "./piece-cache.ts";

/** Most that is kept in memory, bytes: phones end a tab that takes much more. */
const MEMORY_LIMIT_BYTES = 1024 ** 3;

const LOCK_PREFIX = "shoal-store-";
const PLACE_BYTES = 20;

/** Where a share was stored, and what it is said to hold. */
export interface KeptPlace {
  readonly place: string;
  readonly have: Bitfield;
}

export interface OpenedStore {
  readonly store: PieceStore;
  readonly source: PieceSource;
  readonly have: Bitfield;
  /** Undefined in memory. */
  readonly place: string | undefined;
}

export class ShareStores {
  readonly #clock: Clock;
  readonly #canUseDisk = opfsAvailable();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws StorageFullError, StorageFailedError */
  async open(geometry: Geometry, where: KeptPlace | "disk" | "memory"): Promise<OpenedStore> {
    const kept = typeof where === "object" ? where : undefined;
    const place = kept?.place ?? toHex(crypto.getRandomValues(new Uint8Array(PLACE_BYTES)));
    const store = where === "memory" ? undefined : await this.#onDisk(place, geometry, kept?.have);
    // What is kept there is not given up because the disk is not to be had today.
    if (store === undefined && kept !== undefined) throw new StorageFailedError("The disk cannot be used.");
    if (store !== undefined)
      return { store, source: new PieceCache(store, geometry), have: store.have, place };
    const memory = new MemoryPieceStore(geometry, MEMORY_LIMIT_BYTES);
    return { store: memory, source: memory, have: new Bitfield(geometry.pieceCount), place: undefined };
  }

  /** Deletes a place that is not open. What cannot be deleted now is deleted as a leftover. */
  async remove(place: string): Promise<void> {
    await deleteOpfsShare(place).catch(() => {});
  }

  /**
   * Deletes what earlier tabs left behind.
   *
   * @param kept says which places kept shares name; asked last, so that a share that is kept meanwhile counts.
   */
  async removeLeftovers(kept: () => Promise<ReadonlySet<string>>): Promise<void> {
    if (!(await this.#canUseDisk) || navigator.locks === undefined) return;
    // Listed before the locks: whoever makes a place holds its lock by then.
    const places = await listOpfsShares();
    const { held = [], pending = [] } = await navigator.locks.query();
    const locked = new Set([...held, ...pending].map(({ name }) => name));
    const named = await kept();
    for (const place of places) {
      if (!locked.has(LOCK_PREFIX + place) && !named.has(place)) await this.remove(place);
    }
  }

  async #onDisk(
    place: string,
    geometry: Geometry,
    have: Bitfield | undefined,
  ): Promise<OpfsPieceStore | undefined> {
    if (!(await this.#canUseDisk)) return undefined;
    holdLock(LOCK_PREFIX + place);
    try {
      return await openOpfsPieceStore(place, geometry, this.#clock, have);
    } catch (error) {
      if (error instanceof StorageFailedError) return undefined;
      throw error;
    }
  }
}

/** Held until this worker ends, however it ends. */
function holdLock(name: string): void {
  void navigator.locks?.request(name, { ifAvailable: true }, (lock) =>
    lock === null ? undefined : new Promise(() => {}),
  );
}
