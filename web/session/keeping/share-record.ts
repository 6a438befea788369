/**
 * What the library has of one share: what the person said about it, its torrent, and how far it has come.
 *
 * Invariants
 *  1. Nothing is written before `begin`, and nothing after `end`.
 *  2. That the library fails costs what it would have remembered, and nothing else.
 */
import type { Totals } from "../../engine/totals.ts";
import type { Clock } from "../../ports/clock.ts";
import type { KeptProgress, KeptRecord, KeptShare, KeptTorrent, Library } from "../../ports/library.ts";
import { TOTALS_EVERY_MS } from "../limits.ts";
import type { StoredPieces } from "./stored-pieces.ts";

/** What is to be written down, asked for when it is. */
export interface KeepingFacts {
  share(): Omit<KeptShare, "key" | "place">;
  /** Undefined until the info dictionary is known. */
  torrent(): KeptTorrent | undefined;
  totals(): Totals;
  /** How many of its files have piece hashes at all. */
  filesWithHashes(): number;
}

export interface ShareRecordPorts {
  readonly library: Library;
  readonly clock: Clock;
}

export class ShareRecord {
  readonly key: string;
  readonly #ports: ShareRecordPorts;
  readonly #facts: KeepingFacts;
  #isKept: boolean;
  #layersKnown = -1;
  #layersAgainAt = 0;
  #hasAllLayers = false;

  /** @param isKept the library has it already. */
  constructor(key: string, isKept: boolean, ports: ShareRecordPorts, facts: KeepingFacts) {
    this.key = key;
    this.#isKept = isKept;
    this.#ports = ports;
    this.#facts = facts;
  }

  /** It is in the library. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /**
   * @param place of its pieces on the disk.
   * @param pieces that are stored there; a receiver's bytes in memory are gone with the tab, so that without any
   *   there is nothing to come back to.
   */
  begin(place: string | undefined, pieces: StoredPieces | undefined): void {
    const torrent = this.#facts.torrent();
    const share = this.#share(place);
    if (torrent === undefined || (share.role === "receiver" && pieces === undefined)) return;
    this.#isKept = true;
    this.#quietly(this.#ports.library.keep({ share, torrent, progress: this.#progress(pieces) }));
  }

  end(): void {
    this.#isKept = false;
  }

  /** What the person said about the share changed. */
  noteShare(place: string | undefined): void {
    if (this.#isKept) this.#quietly(this.#ports.library.note(this.key, { share: this.#share(place) }));
  }

  /** Totals changed, while no store was open since the record was `earlier`. */
  noteTotals(earlier: KeptRecord | undefined): void {
    if (!this.#isKept) return;
    const progress = { ...this.#progress(undefined), ...earlier?.progress, totals: this.#facts.totals() };
    this.#quietly(this.#ports.library.note(this.key, { progress }));
  }

  /** Rejects as the library does. */
  async noteProgress(pieces: StoredPieces): Promise<void> {
    if (!this.#isKept) return;
    const torrent = this.#newTorrent();
    const progress = this.#progress(pieces);
    await this.#ports.library.note(this.key, { progress, ...(torrent && { torrent }) });
  }

  #share(place: string | undefined): KeptShare {
    const facts = this.#facts.share();
    return { ...facts, key: this.key, place: facts.role === "receiver" ? place : undefined };
  }

  #progress(pieces: StoredPieces | undefined): KeptProgress {
    return {
      have: pieces?.have.toBytes() ?? new Uint8Array(0),
      unsure: pieces?.unsure.toBytes() ?? new Uint8Array(0),
      totals: this.#facts.totals(),
    };
  }

  /** The torrent, if more of its hashes are known than were written down. */
  #newTorrent(): KeptTorrent | undefined {
    const now = this.#ports.clock.now();
    if (this.#hasAllLayers || now < this.#layersAgainAt) return undefined;
    this.#layersAgainAt = now + TOTALS_EVERY_MS;
    const torrent = this.#facts.torrent();
    const known = torrent?.layers.filter((layer) => layer !== undefined).length ?? 0;
    this.#hasAllLayers = known > 0 && known === this.#facts.filesWithHashes();
    if (known <= this.#layersKnown) return undefined;
    this.#layersKnown = known;
    return torrent;
  }

  #quietly(writing: Promise<unknown>): void {
    writing.catch(() => {});
  }
}
