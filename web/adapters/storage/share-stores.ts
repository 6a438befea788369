/**
 * Where the pieces of a new share go: to disk where this browser allows it, else to memory if they fit.
 *
 * Invariants
 *  1. Each share of each tab has files of its own: two tabs with one link do not fight over locks.
 *  2. A tab holds a Web Lock for each of them while it lives; files that nobody holds are deleted at the next start.
 */
import { Bitfield } from "../../engine/bitfield.ts";
import type { Geometry } from "../../engine/geometry.ts";
import { type InfoHash, type InfoHashV1, toHex } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import {
  type PieceSource,
  type PieceStore,
  StorageFailedError,
  TooLargeForMemoryError,
} from "../../ports/piece-store.ts";
import { MemoryPieceStore } from "./memory-piece-store.ts";
import { openOpfsPieceStore } from "./opfs-piece-store.ts";
import { deleteOpfsShare, listOpfsShares, opfsAvailable } from "./opfs-shares.ts";
import { PieceCache } from "./piece-cache.ts";

/** Most that is kept in memory, bytes: phones end a tab that takes much more. */
const MEMORY_LIMIT_BYTES = 1024 ** 3;

const LOCK_PREFIX = "shoal-store-";
const KEY_SUFFIX_BYTES = 8;

export class ShareStores {
  readonly #clock: Clock;
  readonly #canUseDisk: Promise<boolean>;

  /** Finds out at once whether there is a disk, and clears what earlier tabs left on it. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#canUseDisk = opfsAvailable();
    void this.#canUseDisk.then((canUse) => (canUse ? deleteLeftovers() : undefined));
  }

  /** @throws StorageFullError, StorageFailedError, TooLargeForMemoryError */
  async open(
    infoHash: InfoHash | InfoHashV1,
    geometry: Geometry,
  ): Promise<{ store: PieceStore; source: PieceSource; have: Bitfield }> {
    const have = new Bitfield(geometry.pieceCount);
    const store = (await this.#onDisk(infoHash, geometry)) ?? inMemory(geometry);
    const source = store.kind === "opfs" ? new PieceCache(store, geometry) : store;
    return { store, source, have };
  }

  async #onDisk(infoHash: InfoHash | InfoHashV1, geometry: Geometry): Promise<PieceStore | undefined> {
    if (!(await this.#canUseDisk)) return undefined;
    const key = infoHash + toHex(crypto.getRandomValues(new Uint8Array(KEY_SUFFIX_BYTES)));
    holdLock(LOCK_PREFIX + key);
    try {
      return await openOpfsPieceStore(key, geometry, this.#clock);
    } catch (error) {
      if (error instanceof StorageFailedError) return undefined;
      throw error;
    }
  }
}

function inMemory(geometry: Geometry): PieceStore {
  if (geometry.totalBytes > MEMORY_LIMIT_BYTES) throw new TooLargeForMemoryError(MEMORY_LIMIT_BYTES);
  return new MemoryPieceStore(geometry, MEMORY_LIMIT_BYTES);
}

/** Held until this worker ends, however it ends. */
function holdLock(name: string): void {
  void navigator.locks?.request(name, () => new Promise(() => {}));
}

async function deleteLeftovers(): Promise<void> {
  if (navigator.locks === undefined) return;
  // Listed before the locks: whoever makes files holds the lock by then.
  const keys = await listOpfsShares();
  const { held = [], pending = [] } = await navigator.locks.query();
  const locked = new Set([...held, ...pending].map(({ name }) => name));
  for (const key of keys) {
    if (locked.has(LOCK_PREFIX + key)) continue;
    // What another tab deletes at the same moment is gone all the same.
    await deleteOpfsShare(key).catch(() => {});
  }
}
