/**
 * How one share survives its tab: whether this tab owns it, what is written down of it, and where its pieces are.
 *
 * Invariants
 *  1. Only the tab that owns the share's name writes to its record and to the place that the record names.
 *  2. A record is begun when there is something to keep: files that are shared, or a download that was accepted.
 *  3. A tab that does not own the share stores its pieces in memory and waits in line: the disk has them once.
 *  4. That the library fails costs what it would have remembered, and nothing else.
 */
import { Bitfield } from "../../engine/bitfield.ts";
import { geometryOf } from "../../engine/geometry-of.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { Totals } from "../../engine/totals.ts";
import type { KeptRecord, KeptShare, KeptTorrent } from "../../ports/library.ts";
import type { PieceStore } from "../../ports/piece-store.ts";
import { TOTALS_EVERY_MS } from "../limits.ts";
import { intactTest, recheck, treesOf } from "../verifying/intact.ts";
import type { OpenedStore, World } from "../world.ts";
import { KeptStore, type StoredPieces } from "./kept-store.ts";
import { Ownership } from "./ownership.ts";
import { type Chosen, TentativeStore } from "./tentative-store.ts";

/** What is to be written down, asked for when it is. */
export interface KeepingFacts {
  share(): Omit<KeptShare, "key" | "place">;
  /** Undefined until the info dictionary is known. */
  torrent(): KeptTorrent | undefined;
  totals(): Totals;
  /** How many of its files have piece hashes at all. */
  filesWithHashes(): number;
}

export interface KeepingEvents {
  /** The tab that owned the share is gone, and left this record, which the share can go on with. */
  onInherited(record: KeptRecord): void;
  /** The tab that owned the share is gone and left nothing: it is kept here from now on. */
  onOwned(): void;
  /** The browser deleted pieces that were kept. */
  onEvicted(): void;
}

export class Keeping {
  readonly key: string;
  readonly #world: World;
  readonly #facts: KeepingFacts;
  readonly #events: KeepingEvents;
  readonly #ownership: Ownership;
  /** What an earlier session left of it, until its store is open. */
  #earlier: KeptRecord | undefined;
  #place: string | undefined;
  #store: KeptStore | undefined;
  #tentative: TentativeStore | undefined;
  /** Where the store was last asked to be. */
  #where: "disk" | "memory" = "disk";
  #isWorthIt = false;
  #isKept: boolean;
  #isOver = false;
  #isEvicted = false;
  #layersKnown = -1;
  #layersAgainAt = 0;
  #hasAllLayers = false;

  /** @param earlier the record that the share goes on with; its name is ours already. */
  constructor(key: string, world: World, facts: KeepingFacts, events: KeepingEvents, earlier?: KeptRecord) {
    this.key = key;
    this.#world = world;
    this.#facts = facts;
    this.#events = events;
    this.#earlier = earlier;
    this.#place = earlier?.share.place;
    this.#isKept = earlier !== undefined;
    this.#ownership = new Ownership(key, this.#isKept, world, () => void this.#onOurs());
    if (!this.#isKept) void this.#ownership.claim().then(() => this.#begin());
  }

  /** Where its pieces are; undefined while they are nowhere, or in memory. */
  get place(): string | undefined {
    return this.#place;
  }

  /** Another tab keeps the share: what arrives here is only in memory. */
  get isElsewhere(): boolean {
    return this.#where === "memory" && this.#ownership.isOthers;
  }

  /**
   * Opens the share's store; of an earlier session's pieces those are in `have` that are still right.
   * @throws StorageFullError, StorageFailedError
   */
  async openStore(info: Info): Promise<OpenedStore> {
    const { pieceCount } = geometryOf(info);
    if (this.#earlier === undefined || this.#place === undefined) return this.#openNew(info, pieceCount);
    const earlier = piecesOf(this.#earlier, pieceCount);
    const opened = await this.#world.openStore(info, { place: this.#place, have: union(earlier) });
    const known = await this.#believe(info, opened, earlier, this.#earlier.torrent);
    const store = this.#keptStore(opened.store, known);
    this.#earlier = undefined;
    // What was unsure is not any more once this is done.
    store.flush().catch(() => {});
    this.#isEvicted = [...earlier.have].some((piece) => !known.have.has(piece));
    return { ...opened, store, have: union(known) };
  }

  /** The engine knows what the store that was opened holds. */
  onStoreOpened(): void {
    this.#begin();
    if (this.#isEvicted) this.#events.onEvicted();
    this.#isEvicted = false;
  }

  /** There is something to keep now: the person shares files, or wants this downloaded. */
  begin(): void {
    this.#isWorthIt = true;
    this.#begin();
    void this.#ownership.claimAgain().then(() => this.#begin());
  }

  /** Another tab waits for the share's name: it may have it while there is nothing here to keep. */
  yield(): void {
    if (!this.#isWorthIt && !this.#isKept) this.#ownership.yield();
  }

  /** What the person said about the share changed. */
  update(): void {
    if (this.#isKept) this.#quietly(this.#world.library.note(this.key, { share: this.#share() }));
  }

  /** Totals or hashes may have changed while no piece was stored. */
  updateProgress(): void {
    if (this.#store !== undefined) {
      void this.#store.note();
    } else if (this.#isKept) {
      const progress = {
        ...this.#progress(undefined),
        ...this.#earlier?.progress,
        totals: this.#facts.totals(),
      };
      this.#quietly(this.#world.library.note(this.key, { progress }));
    }
  }

  /** These pieces cannot be read any more. */
  lose(pieces: readonly number[]): void {
    this.#store?.lose(pieces);
  }

  /** Pieces that this share has stored, for who goes on with it elsewhere. */
  get pieces(): StoredPieces | undefined {
    const written = this.#tentative?.written;
    return this.#store?.pieces ?? (written && { have: written, unsure: written });
  }

  /** The share is put away, to be gone on with later or by another tab: its record stays. */
  letGo(): void {
    this.#isOver = true;
    this.#isKept = false;
    this.#ownership.end();
  }

  /** The share is deleted. Its store is destroyed by whoever opened it; one that was not opened is deleted here. */
  async forget(): Promise<void> {
    const { isOurs } = this.#ownership;
    const unopened = this.#store === undefined ? this.#earlier?.share.place : undefined;
    this.#isOver = true;
    this.#isKept = false;
    if (!isOurs) {
      this.#ownership.end();
      return;
    }
    // The record first: bytes without a record are deleted as leftovers, a record without bytes would promise them.
    await this.#world.library.forget(this.key).catch(() => {});
    if (unopened !== undefined) await this.#world.removePlace(unopened);
    this.#ownership.end();
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
    await this.#tentative?.settle().catch(() => {});
    this.#begin();
    this.#events.onOwned();
  }

  async #openNew(info: Info, pieceCount: number): Promise<OpenedStore> {
    const first = await this.#openAt((await this.#ownership.isKnownOthers()) ? "memory" : "disk", info);
    const store = new TentativeStore(first, pieceCount, (now) => this.#choose(info, now));
    this.#tentative = store;
    return { store, source: store.source, have: new Bitfield(pieceCount), place: this.#place };
  }

  /** Where a new store is to be, now that something is about to be stored. */
  async #choose(info: Info, now: Chosen): Promise<Chosen> {
    const where = (await this.#ownership.isOursSoon()) ? "disk" : "memory";
    if (where === this.#where) return now;
    const chosen = await this.#openAt(where, info);
    this.#begin();
    return chosen;
  }

  async #openAt(where: "disk" | "memory", info: Info): Promise<Chosen> {
    const { store, source, place } = await this.#world.openStore(info, where);
    const { pieceCount } = geometryOf(info);
    this.#where = where;
    this.#place = place;
    this.#store = undefined;
    if (place === undefined) return { store, source };
    const known = { have: new Bitfield(pieceCount), unsure: new Bitfield(pieceCount) };
    return { store: this.#keptStore(store, known), source };
  }

  #keptStore(store: PieceStore, known: StoredPieces): KeptStore {
    const { clock } = this.#world;
    this.#store = new KeptStore(store, known, clock, (pieces) => this.#noteProgress(pieces));
    return this.#store;
  }

  #holdsAllOf({ progress }: KeptRecord): boolean {
    const ours = this.#store?.pieces;
    if (ours === undefined) return false;
    const theirs = {
      have: fieldOf(progress.have, ours.have.length),
      unsure: fieldOf(progress.unsure, ours.have.length),
    };
    return [...union(theirs)].every((piece) => ours.have.has(piece) || ours.unsure.has(piece));
  }

  #begin(): void {
    if (this.#isOver || this.#isKept || !this.#ownership.isOurs || !this.#isWorthIt) return;
    const torrent = this.#facts.torrent();
    const share = this.#share();
    // A receiver's bytes in memory are gone with the tab: there is nothing to come back to.
    if (torrent === undefined || (share.role === "receiver" && this.#store === undefined)) return;
    this.#isKept = true;
    const record = { share, torrent, progress: this.#progress(this.#store?.pieces) };
    this.#quietly(this.#world.library.keep(record));
  }

  #share(): KeptShare {
    const facts = this.#facts.share();
    return { ...facts, key: this.key, place: facts.role === "receiver" ? this.#place : undefined };
  }

  #progress(pieces: StoredPieces | undefined) {
    return {
      have: pieces?.have.toBytes() ?? new Uint8Array(0),
      unsure: pieces?.unsure.toBytes() ?? new Uint8Array(0),
      totals: this.#facts.totals(),
    };
  }

  async #noteProgress(pieces: StoredPieces): Promise<void> {
    if (!this.#isKept) return;
    const torrent = this.#newTorrent();
    await this.#world.library.note(this.key, {
      progress: this.#progress(pieces),
      ...(torrent && { torrent }),
    });
  }

  /** The torrent, if more of its hashes are known than were written down. */
  #newTorrent(): KeptTorrent | undefined {
    const now = this.#world.clock.now();
    if (this.#hasAllLayers || now < this.#layersAgainAt) return undefined;
    this.#layersAgainAt = now + TOTALS_EVERY_MS;
    const torrent = this.#facts.torrent();
    const known = torrent?.layers.filter((layer) => layer !== undefined).length ?? 0;
    this.#hasAllLayers = known > 0 && known === this.#facts.filesWithHashes();
    if (known <= this.#layersKnown) return undefined;
    this.#layersKnown = known;
    return torrent;
  }

  /** What is still right of an earlier session's pieces. */
  async #believe(
    info: Info,
    { store, have }: OpenedStore,
    earlier: StoredPieces,
    torrent: KeptTorrent,
  ): Promise<StoredPieces> {
    const { sha256 } = this.#world;
    const geometry = geometryOf(info);
    const believed = { have: new Bitfield(geometry.pieceCount), unsure: new Bitfield(geometry.pieceCount) };
    for (const piece of earlier.have) if (have.has(piece)) believed.have.set(piece);
    const doubtful = [...earlier.unsure].filter((piece) => have.has(piece) && !believed.have.has(piece));
    const trees = treesOf(info, torrent.layers, sha256);
    const isIntact = intactTest(info, trees, this.#world);
    const lost = await recheck(store, doubtful, (piece) => geometry.pieceBytes(piece), isIntact);
    for (const piece of doubtful) if (!lost.includes(piece)) believed.unsure.set(piece);
    return believed;
  }

  #quietly(writing: Promise<unknown>): void {
    writing.catch(() => {});
  }
}

/** What a record says of the pieces of a torrent that has so many. */
export function piecesOf({ progress }: KeptRecord, pieceCount: number): StoredPieces {
  return { have: fieldOf(progress.have, pieceCount), unsure: fieldOf(progress.unsure, pieceCount) };
}

export function union({ have, unsure }: StoredPieces): Bitfield {
  const both = have.clone();
  for (const piece of unsure) both.set(piece);
  return both;
}

function fieldOf(bytes: Uint8Array, length: number): Bitfield {
  return Bitfield.fromBytes(bytes, length) ?? new Bitfield(length);
}
