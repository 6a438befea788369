/**
 * How one share survives its tab: whether this tab owns it, what is written down of it, and where its pieces are.
 *
 * Invariants
 *  1. Only the tab that owns the share's name writes to its record and to the place that the record names.
 *  2. A record is begun when there is something to keep: files that are shared, or a download that was accepted.
 *  3. A tab that does not own the share stores its pieces in a place of its own and waits in line.
 *  4. That the library fails costs what it would have remembered, and nothing else.
 */
import { Bitfield } from "../engine/bitfield.ts";
import { geometryOf } from "../engine/geometry-of.ts";
import type { Info } from "../engine/metainfo/info.ts";
import type { Totals } from "../engine/totals.ts";
import type { PieceIndex } from "../engine/units.ts";
import type { KeptRecord, KeptShare, KeptTorrent } from "../ports/library.ts";
import type { PieceSource } from "../ports/piece-store.ts";
import { intactTest, recheck, treesOf } from "./intact.ts";
import { KeptStore, type StoredPieces } from "./kept-store.ts";
import { TOTALS_EVERY_MS } from "./limits.ts";
import type { OpenedStore, World } from "./world.ts";

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
  /** The browser deleted pieces that were kept. */
  onEvicted(): void;
}

export class Keeping {
  readonly key: string;
  readonly #world: World;
  readonly #facts: KeepingFacts;
  readonly #events: KeepingEvents;
  /** What an earlier session left of it, until its store is open. */
  #earlier: KeptRecord | undefined;
  #place: string | undefined;
  #store: KeptStore | undefined;
  #isOurs = false;
  #isWorthIt = false;
  #isKept: boolean;
  #isOver = false;
  #isEvicted = false;
  #layersKnown = -1;
  #layersAgainAt = 0;
  #hasAllLayers = false;
  #stopWaiting: () => void = () => {};

  /** @param earlier the record that the share goes on with; its name is ours already. */
  constructor(key: string, world: World, facts: KeepingFacts, events: KeepingEvents, earlier?: KeptRecord) {
    this.key = key;
    this.#world = world;
    this.#facts = facts;
    this.#events = events;
    this.#earlier = earlier;
    this.#place = earlier?.share.place;
    this.#isKept = earlier !== undefined;
    this.#isOurs = this.#isKept;
    if (!this.#isKept) void this.#claim();
  }

  /** Where its pieces are; undefined while they are nowhere, or in memory. */
  get place(): string | undefined {
    return this.#place;
  }

  /**
   * Opens the share's store; of an earlier session's pieces those are in `have` that are still right.
   * @throws StorageFullError, StorageFailedError
   */
  async openStore(info: Info): Promise<OpenedStore> {
    const { pieceCount } = geometryOf(info);
    const earlier = this.#earlier && piecesOf(this.#earlier, pieceCount);
    const kept =
      this.#place !== undefined && earlier ? { place: this.#place, have: union(earlier) } : undefined;
    const opened = await this.#world.openStore(info, kept);
    this.#place = opened.place;
    if (opened.place === undefined) return opened;
    const known = await this.#believe(info, opened, earlier);
    const { clock } = this.#world;
    const store = new KeptStore(opened.store, known, clock, (pieces) => this.#noteProgress(pieces));
    this.#store = store;
    this.#earlier = undefined;
    // What was unsure is not any more once this is done.
    if (earlier !== undefined) store.flush().catch(() => {});
    this.#isEvicted = earlier !== undefined && [...earlier.have].some((piece) => !known.have.has(piece));
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
    return this.#store?.pieces;
  }

  /** The share is put away, to be gone on with later or by another tab: its record stays. */
  letGo(): void {
    this.#isOver = true;
    this.#stopWaiting();
    if (this.#isOurs) this.#world.claims.release(this.key);
    this.#isOurs = false;
    this.#isKept = false;
  }

  /** The share is deleted. Its store is destroyed by whoever opened it; one that was not opened is deleted here. */
  async forget(): Promise<void> {
    const isOurs = this.#isOurs;
    const unopened = this.#store === undefined ? this.#earlier?.share.place : undefined;
    this.#isOver = true;
    this.#isKept = false;
    this.#stopWaiting();
    if (!isOurs) return;
    // The record first: bytes without a record are deleted as leftovers, a record without bytes would promise them.
    await this.#world.library.forget(this.key).catch(() => {});
    if (unopened !== undefined) await this.#world.removePlace(unopened);
    this.#world.claims.release(this.key);
  }

  async #claim(): Promise<void> {
    const { claims } = this.#world;
    this.#isOurs = await claims.tryClaim(this.key);
    if (this.#isOver) this.letGo();
    else if (this.#isOurs) this.#begin();
    else this.#stopWaiting = claims.await(this.key, () => void this.#onOurs());
  }

  /** The owner before us let go, or ended. */
  async #onOurs(): Promise<void> {
    this.#isOurs = true;
    const record = await this.#world.library.get(this.key).catch(() => undefined);
    if (this.#isOver) this.letGo();
    else if (record === undefined) this.#begin();
    else if (record.share.role === "receiver" && !this.#holdsAllOf(record)) this.#events.onInherited(record);
    else {
      if (record.share.place !== undefined) await this.#world.removePlace(record.share.place);
      this.#begin();
    }
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
    if (this.#isOver || this.#isKept || !this.#isOurs || !this.#isWorthIt) return;
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
    earlier: StoredPieces | undefined,
  ): Promise<StoredPieces> {
    const { sha256 } = this.#world;
    const geometry = geometryOf(info);
    const believed = { have: new Bitfield(geometry.pieceCount), unsure: new Bitfield(geometry.pieceCount) };
    if (earlier === undefined || this.#earlier === undefined) return believed;
    for (const piece of earlier.have) if (have.has(piece)) believed.have.set(piece);
    const doubtful = [...earlier.unsure].filter((piece) => have.has(piece) && !believed.have.has(piece));
    const trees = treesOf(info, this.#earlier.torrent.layers, sha256);
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

/**
 * Adds to another tab's record what this tab has stored and that one had not.
 * @returns the record as it is then.
 */
export async function mergeInto(
  record: KeptRecord,
  info: Info,
  ours: StoredPieces,
  source: PieceSource,
  world: Pick<World, "openStore" | "library">,
): Promise<KeptRecord> {
  const geometry = geometryOf(info);
  const theirs = piecesOf(record, geometry.pieceCount);
  const { place } = record.share;
  if (place === undefined) return record;
  const { store, have } = await world.openStore(info, { place, have: union(theirs) });
  try {
    for (const index of union(ours)) {
      const piece = index as PieceIndex;
      if (have.has(piece)) continue;
      await store.write(piece, await source.read(piece, 0, geometry.pieceBytes(piece)));
      theirs.unsure.set(piece);
    }
  } finally {
    await store.close();
  }
  const progress = { ...record.progress, unsure: theirs.unsure.toBytes() };
  await world.library.note(record.share.key, { progress });
  return { ...record, progress };
}
