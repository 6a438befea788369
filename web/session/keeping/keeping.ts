/**
 * How one share survives its tab: whether this tab owns it, what is written down of it, and where its pieces are.
 *
 * Invariants
 *  1. Only the tab that owns the share's name writes to its record and to the place that the record names.
 *  2. A record is begun when there is something to keep: files that are shared, or a download that was accepted.
 *  3. A tab that does not own the share waits in line.
 */
import type { Info } from "../../engine/metainfo/info.ts";
import type { KeptRecord } from "../../ports/library.ts";
import type { OpenedStore, World } from "../world.ts";
import { Ownership } from "./ownership.ts";
import { Placement } from "./placement.ts";
import { type KeepingFacts, ShareRecord } from "./share-record.ts";
import { piecesOf, type StoredPieces, union } from "./stored-pieces.ts";

export interface KeepingEvents {
  /** The tab that owned the share is gone, and left this record, which the share can go on with. */
  onInherited(record: KeptRecord): void;
  /** The tab that owned the share is gone and left nothing: it is kept here from now on. */
  onOwned(): void;
  /** The browser deleted pieces that were kept. */
  onEvicted(): void;
}

export class Keeping {
  readonly #world: World;
  readonly #events: KeepingEvents;
  readonly #ownership: Ownership;
  readonly #record: ShareRecord;
  readonly #placement: Placement;
  #isWorthIt = false;
  #isOver = false;

  /** @param earlier the record that the share goes on with; its name is ours already. */
  constructor(key: string, world: World, facts: KeepingFacts, events: KeepingEvents, earlier?: KeptRecord) {
    const isKept = earlier !== undefined;
    this.#world = world;
    this.#events = events;
    this.#ownership = new Ownership(key, isKept, world, () => void this.#onOurs());
    this.#record = new ShareRecord(key, isKept, world, facts);
    this.#placement = new Placement(world, this.#ownership, earlier, {
      onProgress: (pieces) => this.#record.noteProgress(pieces),
      onMoved: () => this.#begin(),
    });
    if (!isKept) void this.#ownership.claim().then(() => this.#begin());
  }

  /** The share's name in the library, and among the tabs. */
  get key(): string {
    return this.#record.key;
  }

  /** Where its pieces are; undefined while they are nowhere, or in memory. */
  get place(): string | undefined {
    return this.#placement.place;
  }

  /** Another tab keeps the share: what arrives here is only in memory. */
  get isElsewhere(): boolean {
    return this.#placement.isInMemory && this.#ownership.isOthers;
  }

  /** Pieces that this share has stored, for who goes on with it elsewhere. */
  get pieces(): StoredPieces | undefined {
    return this.#placement.pieces;
  }

  /**
   * Opens the share's store; of an earlier session's pieces those are in `have` that are still right.
   * @throws StorageFullError, StorageFailedError
   */
  openStore(info: Info): Promise<OpenedStore> {
    return this.#placement.open(info);
  }

  /** The engine knows what the store that was opened holds. */
  onStoreOpened(): void {
    this.#begin();
    if (this.#placement.hasLost) this.#events.onEvicted();
  }

  /** There is something to keep now: the person shares files, or wants this downloaded. */
  begin(): void {
    this.#isWorthIt = true;
    this.#begin();
    void this.#ownership.claimAgain().then(() => this.#begin());
  }

  /** Another tab waits for the share's name: it may have it while there is nothing here to keep. */
  yield(): void {
    if (!this.#isWorthIt && !this.#record.isKept) this.#ownership.yield();
  }

  /** What the person said about the share changed. */
  update(): void {
    this.#record.noteShare(this.place);
  }

  /** Totals or hashes may have changed while no piece was stored. */
  updateProgress(): void {
    const { store, earlier } = this.#placement;
    if (store === undefined) this.#record.noteTotals(earlier);
    else void store.note();
  }

  /** These pieces cannot be read any more. */
  lose(pieces: readonly number[]): void {
    this.#placement.store?.lose(pieces);
  }

  /** The share is put away, to be gone on with later or by another tab: its record stays. */
  letGo(): void {
    this.#end();
    this.#ownership.end();
  }

  /** The share is deleted. Its store is destroyed by whoever opened it; one that was not opened is deleted here. */
  async forget(): Promise<void> {
    const { store, earlier } = this.#placement;
    const { library, removePlace } = this.#world;
    this.#end();
    if (this.#ownership.isOurs) {
      // Of an earlier session, or just left by another tab.
      const unopened =
        store === undefined ? (earlier ?? (await library.get(this.key).catch(() => undefined))) : undefined;
      // The record first: bytes without a record are deleted as leftovers, a record without bytes would promise them.
      await library.forget(this.key).catch(() => {});
      if (unopened?.share.place !== undefined) await removePlace(unopened.share.place);
    }
    this.#ownership.end();
  }

  #end(): void {
    this.#isOver = true;
    this.#record.end();
  }

  #begin(): void {
    if (this.#isOver || this.#record.isKept || !this.#ownership.isOurs || !this.#isWorthIt) return;
    this.#record.begin(this.place, this.#placement.store?.pieces);
  }

  /** The owner before us let go, or ended. */
  async #onOurs(): Promise<void> {
    const record = await this.#world.library.get(this.key).catch(() => undefined);
    if (this.#isOver) return;
    if (record === undefined) await this.#own();
    else if (record.share.role === "receiver" && !this.#holdsAllOf(record)) this.#events.onInherited(record);
    else {
      if (record.share.place !== undefined) await this.#world.removePlace(record.share.place);
      this.#begin();
    }
  }

  async #own(): Promise<void> {
    // Rejects for lack of room or of a disk: the same shows when the next piece is to be stored.
    await this.#placement.settle().catch(() => {});
    this.#begin();
    this.#events.onOwned();
  }

  #holdsAllOf(record: KeptRecord): boolean {
    const ours = this.#placement.store?.pieces;
    if (ours === undefined) return false;
    const theirs = union(piecesOf(record, ours.have.length));
    return [...theirs].every((piece) => ours.have.has(piece) || ours.unsure.has(piece));
  }
}
