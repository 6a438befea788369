/**
 * Where the pieces of one swarm are: in files that are shared, or in a store, once that is open.
 *
 * Invariants
 *  1. One store at most is being opened; one that opens after the end is closed again.
 *  2. What fails on the way is told to whoever asked, or by an event, and never both.
 */
import type { Bitfield } from "../../engine/bitfield.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import { invariant, type PieceIndex } from "../../engine/units.ts";
import type { PieceSource, PieceStore } from "../../ports/piece-store.ts";
import type { OpenedStore } from "../world.ts";

export interface PieceStorageEvents {
  /** @param have pieces that it holds already. */
  onOpened(have: Bitfield): void;
  /** It could not be opened, or what it has not be flushed. */
  onFailed(error: unknown): void;
}

export class PieceStorage {
  readonly #openStore: (info: Info) => Promise<OpenedStore>;
  readonly #events: PieceStorageEvents;
  #files: PieceSource | undefined;
  #opened: OpenedStore | undefined;
  #opening: Promise<boolean> | undefined;
  #isOver = false;

  /** @param files that are shared; who downloads opens a store. */
  constructor(
    files: PieceSource | undefined,
    openStore: (info: Info) => Promise<OpenedStore>,
    events: PieceStorageEvents,
  ) {
    this.#files = files;
    this.#openStore = openStore;
    this.#events = events;
  }

  /** Where pieces are read from; undefined until that is open. */
  get source(): PieceSource | undefined {
    return this.#files ?? this.#opened?.source;
  }

  /** Where pieces are written to; undefined while there is none. */
  get store(): PieceStore | undefined {
    return this.#opened?.store;
  }

  get kind(): "files" | PieceStore["kind"] | "none" {
    return this.#files === undefined ? (this.store?.kind ?? "none") : "files";
  }

  /** Opens a store. Called again when it could not be opened. @returns whether pieces can be read. */
  open(info: Info): Promise<boolean> {
    if (this.source !== undefined) return Promise.resolve(true);
    if (this.#isOver) return Promise.resolve(false);
    this.#opening ??= this.#open(info).finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** The files of a share of an earlier session are at hand again, in the torrent's order. */
  takeFiles(files: PieceSource): void {
    this.#files = files;
  }

  /** Throws at once when there is nowhere to read from: nothing is served before. */
  read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    invariant(this.source, "a piece is read only once there is somewhere to read it from");
    return this.source.read(piece, begin, length);
  }

  async write(piece: PieceIndex, bytes: Uint8Array): Promise<void> {
    invariant(this.store, "a piece is stored only once there is a store");
    await this.store.write(piece, bytes);
  }

  flush(): void {
    this.store?.flush().catch((error: unknown) => this.#events.onFailed(error));
  }

  /** Nothing is opened any more. */
  end(): void {
    this.#isOver = true;
  }

  /** Ends it for good. What was stored is deleted, or stays for a later session. Never rejects. */
  async close(stored: "delete" | "keep"): Promise<void> {
    this.end();
    try {
      await this.#opening;
      await (stored === "delete" ? this.store?.destroy() : this.store?.close());
      await this.#files?.close();
    } catch {
      // The share is gone from the screen: what could not be deleted now is deleted when the app starts again.
    }
  }

  async #open(info: Info): Promise<boolean> {
    try {
      const opened = await this.#openStore(info);
      if (this.#isOver) {
        // Nobody is left whom a failure to close it could be told.
        opened.store.close().catch(() => {});
        return false;
      }
      this.#opened = opened;
    } catch (error) {
      if (!this.#isOver) this.#events.onFailed(error);
      return false;
    }
    this.#events.onOpened(this.#opened.have);
    return true;
  }
}
