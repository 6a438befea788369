/**
 * A store of which it is decided as late as can be where it lies: the tab that owns a share keeps it on the disk, any
 * other one in memory, so that one profile never takes the room twice.
 *
 * Invariant: once a piece is written it stays where it is.
 */
import { Bitfield } from "../../engine/bitfield.ts";
import type { PieceIndex } from "../../engine/units.ts";
import type { PieceSource, PieceStore } from "../../ports/piece-store.ts";

/** A store, and what reads from it, perhaps through a cache. */
export interface Chosen {
  readonly store: PieceStore;
  readonly source: PieceSource;
}

export class TentativeStore implements PieceStore {
  readonly #choose: (now: Chosen) => Promise<Chosen>;
  readonly #written: Bitfield;
  #chosen: Chosen;
  #choosing: Promise<void> | undefined;
  #isSettled = false;
  #isOver = false;

  /** @param choose says where it is to be, given where it is; what it gives in place of that is empty. */
  constructor(first: Chosen, pieceCount: number, choose: (now: Chosen) => Promise<Chosen>) {
    this.#chosen = first;
    this.#choose = choose;
    this.#written = new Bitfield(pieceCount);
  }

  get kind(): PieceStore["kind"] {
    return this.#chosen.store.kind;
  }

  get capacityBytes(): number | undefined {
    return this.#chosen.store.capacityBytes;
  }

  /** Pieces that were written. The caller only reads it. */
  get written(): Bitfield {
    return this.#written;
  }

  /** What reads from it, wherever it is. */
  get source(): PieceSource {
    return {
      read: (...wanted) => this.#chosen.source.read(...wanted),
      file: (index) => this.#chosen.source.file(index),
      close: () => this.#chosen.source.close(),
    };
  }

  /** Moves it to where it is to be, if nothing was written yet. Rejects as opening a store does. */
  async settle(): Promise<void> {
    if (this.#isOver || this.#isSettled) return;
    this.#choosing ??= this.#settle().finally(() => {
      this.#choosing = undefined;
    });
    await this.#choosing;
  }

  read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    return this.#chosen.store.read(piece, begin, length);
  }

  file(index: number): Promise<Blob> {
    return this.#chosen.store.file(index);
  }

  async reserve(wanted: readonly boolean[] | undefined): Promise<void> {
    await this.settle();
    await this.#chosen.store.reserve(wanted);
  }

  async write(piece: PieceIndex, bytes: Uint8Array): Promise<void> {
    await this.#choosing;
    this.#isSettled = true;
    await this.#chosen.store.write(piece, bytes);
    this.#written.set(piece);
  }

  flush(): Promise<void> {
    return this.#chosen.store.flush();
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#choosing;
    await this.#chosen.store.close();
  }

  async destroy(): Promise<void> {
    this.#isOver = true;
    await this.#choosing;
    await this.#chosen.store.destroy();
  }

  async #settle(): Promise<void> {
    const before = this.#chosen;
    this.#chosen = await this.#choose(before);
    if (this.#chosen.store !== before.store) await before.store.destroy();
  }
}
