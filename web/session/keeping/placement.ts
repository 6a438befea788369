/**
 * Where the pieces of one share lie: at the place on the disk that an earlier session left, at a new one, or, while
 * another tab owns the share, in memory.
 *
 * Invariants
 *  1. A tab that does not own the share stores its pieces in memory: the disk has them once.
 *  2. Of an earlier session's pieces those are believed that were flushed, and those of the others that hash right.
 */
import { Bitfield } from "../../engine/bitfield.ts";
import { geometryOf } from "../../engine/geometry-of.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { PieceIndex } from "../../engine/units.ts";
import type { KeptRecord, KeptTorrent } from "../../ports/library.ts";
import type { PieceStore } from "../../ports/piece-store.ts";
import { intactTest, recheck } from "../verifying/intact.ts";
import { treesOf } from "../verifying/trees.ts";
import type { OpenedStore, World } from "../world.ts";
import { KeptStore } from "./kept-store.ts";
import type { Ownership } from "./ownership.ts";
import { noPieces, piecesOf, type StoredPieces, union } from "./stored-pieces.ts";
import { type Chosen, TentativeStore } from "./tentative-store.ts";

export interface PlacementEvents {
  /** Other pieces are stored than were written down. May reject: the next call says the same and more. */
  onProgress(pieces: StoredPieces): Promise<void>;
  /** What is about to be stored lies elsewhere than before. */
  onMoved(): void;
}

export class Placement {
  readonly #world: World;
  readonly #ownership: Pick<Ownership, "isKnownOthers" | "isOursSoon">;
  readonly #events: PlacementEvents;
  /** What an earlier session left, until its store is open. */
  #earlier: KeptRecord | undefined;
  #place: string | undefined;
  /** Where the store was last asked to be. */
  #where: "disk" | "memory" = "disk";
  #store: KeptStore | undefined;
  #tentative: TentativeStore | undefined;
  #hasLost = false;

  constructor(
    world: World,
    ownership: Pick<Ownership, "isKnownOthers" | "isOursSoon">,
    earlier: KeptRecord | undefined,
    events: PlacementEvents,
  ) {
    this.#world = world;
    this.#ownership = ownership;
    this.#earlier = earlier;
    this.#place = earlier?.share.place;
    this.#events = events;
  }

  /** What an earlier session left, until its store is open. */
  get earlier(): KeptRecord | undefined {
    return this.#earlier;
  }

  /** Names where on the disk they are; undefined while they are nowhere, or in memory. */
  get place(): string | undefined {
    return this.#place;
  }

  get isInMemory(): boolean {
    return this.#where === "memory";
  }

  /** The store on the disk, once it is open. */
  get store(): KeptStore | undefined {
    return this.#store;
  }

  /** Pieces that are stored, wherever that is. */
  get pieces(): StoredPieces | undefined {
    const written = this.#tentative?.written;
    return this.#store?.pieces ?? (written && { have: written, unsure: written });
  }

  /** Of an earlier session's pieces some were gone when its store was opened. */
  get hasLost(): boolean {
    return this.#hasLost;
  }

  /** @throws StorageFullError, StorageFailedError */
  async open(info: Info): Promise<OpenedStore> {
    const earlier = this.#earlier;
    if (earlier === undefined || this.#place === undefined) return this.#openNew(info);
    const recorded = piecesOf(earlier, geometryOf(info).pieceCount);
    const opened = await this.#world.openStore(info, { place: this.#place, have: union(recorded) });
    const known = await this.#believe(info, opened, recorded, earlier.torrent);
    const store = this.#keptStore(opened.store, known);
    this.#earlier = undefined;
    // What was unsure is not any more once this is done.
    store.flush().catch(() => {});
    this.#hasLost = [...recorded.have].some((piece) => !known.have.has(piece));
    return { ...opened, store, have: union(known) };
  }

  /** Moves what is not yet stored to where it is to be. Rejects as opening a store does. */
  async settle(): Promise<void> {
    await this.#tentative?.settle();
  }

  async #openNew(info: Info): Promise<OpenedStore> {
    const { pieceCount } = geometryOf(info);
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
    this.#events.onMoved();
    return chosen;
  }

  async #openAt(where: "disk" | "memory", info: Info): Promise<Chosen> {
    const { store, source, place } = await this.#world.openStore(info, where);
    this.#where = where;
    this.#place = place;
    this.#store = undefined;
    if (place === undefined) return { store, source };
    return { store: this.#keptStore(store, noPieces(geometryOf(info).pieceCount)), source };
  }

  #keptStore(store: PieceStore, known: StoredPieces): KeptStore {
    const { clock } = this.#world;
    this.#store = new KeptStore(store, known, clock, (pieces) => this.#events.onProgress(pieces));
    return this.#store;
  }

  /** What is still right of an earlier session's pieces. */
  async #believe(
    info: Info,
    { store, have }: OpenedStore,
    recorded: StoredPieces,
    torrent: KeptTorrent,
  ): Promise<StoredPieces> {
    const geometry = geometryOf(info);
    const believed = noPieces(geometry.pieceCount);
    for (const piece of recorded.have) if (have.has(piece)) believed.have.set(piece);
    const doubtful = [...recorded.unsure].filter((piece) => have.has(piece) && !believed.have.has(piece));
    const trees = treesOf(info, torrent.layers, this.#world.sha256);
    const isIntact = intactTest(info, trees, this.#world);
    // Those that did reach the disk are written once more, so that the next flush covers them.
    const rewrite = (piece: PieceIndex, bytes: Uint8Array) => store.write(piece, bytes);
    const lost = await recheck(store, doubtful, (piece) => geometry.pieceBytes(piece), isIntact, rewrite);
    for (const piece of doubtful) if (!lost.includes(piece)) believed.unsure.set(piece);
    return believed;
  }
}
