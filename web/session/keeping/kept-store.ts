/**
 * A piece store whose progress is written down for a later session, never ahead of the disk.
 *
 * Invariants
 *  1. `have` in a note names only pieces that were flushed before the note was begun, and not written since.
 *  2. Every other piece that was written is `unsure` in the notes that follow: a later session hashes it first.
 *  3. Few notes are on their way at once, and they arrive in order; what changes meanwhile goes into the next one.
 *  4. A piece that was noted as had is written again only after a note that says it is not.
 */
import type { Bitfield } from "../../engine/bitfield.ts";
import { millis, type PieceIndex } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import { type PieceStore, StorageFailedError } from "../../ports/piece-store.ts";
import { FLUSH_AFTER_BYTES, FLUSH_AFTER_MS, NOTES_AT_ONCE } from "../limits.ts";
import type { StoredPieces } from "./stored-pieces.ts";

export class KeptStore implements PieceStore {
  readonly kind;
  readonly #inner: PieceStore;
  readonly #clock: Clock;
  readonly #write: (pieces: StoredPieces) => Promise<void>;
  readonly #have: Bitfield;
  readonly #unsure: Bitfield;
  /** Pieces that each flush under way covers. */
  readonly #flushing = new Set<Bitfield>();
  #unflushedBytes = 0;
  #cancelFlush: (() => void) | undefined;
  #notesRunning = 0;
  #lastNote: Promise<boolean> = Promise.resolve(true);
  #nextNote: Promise<boolean> | undefined;
  #losing: Promise<boolean> = Promise.resolve(true);
  #closed = false;

  /**
   * @param known what the notes say by now; taken over.
   * @param write puts a note down. It may reject: the next one says the same and more.
   */
  constructor(
    inner: PieceStore,
    known: StoredPieces,
    clock: Clock,
    write: (pieces: StoredPieces) => Promise<void>,
  ) {
    this.kind = inner.kind;
    this.#inner = inner;
    this.#have = known.have;
    this.#unsure = known.unsure;
    this.#clock = clock;
    this.#write = write;
  }

  /** What a note would say now. The caller only reads it. */
  get pieces(): StoredPieces {
    return { have: this.#have, unsure: this.#unsure };
  }

  read(piece: PieceIndex, begin: number, length: number): Promise<Uint8Array> {
    return this.#inner.read(piece, begin, length);
  }

  file(index: number): Promise<Blob> {
    return this.#inner.file(index);
  }

  reserve(wanted: readonly boolean[] | undefined): Promise<void> {
    return this.#inner.reserve(wanted);
  }

  async write(piece: PieceIndex, bytes: Uint8Array): Promise<void> {
    if (this.#have.has(piece) || this.#unsure.has(piece)) this.lose([piece]);
    if (!(await this.#losing)) throw new StorageFailedError("It cannot be written down what is stored.");
    await this.#inner.write(piece, bytes);
    this.#unsure.set(piece);
    this.#unflushedBytes += bytes.length;
    void this.note();
    if (this.#unflushedBytes >= FLUSH_AFTER_BYTES) this.#flushQuietly();
    else this.#flushLater();
  }

  /** These pieces are not there any more. */
  lose(pieces: Iterable<number>): void {
    for (const piece of pieces) {
      this.#have.clear(piece);
      this.#unsure.clear(piece);
      for (const covered of this.#flushing) covered.clear(piece);
    }
    this.#losing = this.note();
  }

  async flush(): Promise<void> {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const covered = this.#unsure.clone();
    this.#flushing.add(covered);
    this.#unflushedBytes = 0;
    await this.#inner.flush().finally(() => this.#flushing.delete(covered));
    for (const piece of covered) {
      this.#unsure.clear(piece);
      this.#have.set(piece);
    }
    await this.note();
  }

  /** @returns whether everything up to now was written down. Never rejects. */
  note(): Promise<boolean> {
    if (this.#notesRunning < NOTES_AT_ONCE) {
      this.#lastNote = this.#noteNow();
    } else {
      // Begun when the last one has arrived, it says what holds by then.
      this.#nextNote ??= this.#lastNote.then(() => {
        this.#nextNote = undefined;
        this.#lastNote = this.#noteNow();
        return this.#lastNote;
      });
    }
    return this.#nextNote ?? this.#lastNote;
  }

  async close(): Promise<void> {
    this.#end();
    await this.#inner.close();
  }

  async destroy(): Promise<void> {
    this.#end();
    await this.#inner.destroy();
  }

  #end(): void {
    this.#closed = true;
    this.#cancelFlush?.();
  }

  async #noteNow(): Promise<boolean> {
    this.#notesRunning++;
    try {
      await this.#write({ have: this.#have, unsure: this.#unsure });
      return true;
    } catch {
      return false;
    } finally {
      this.#notesRunning--;
    }
  }

  #flushLater(): void {
    if (this.#closed) return;
    const at = millis(this.#clock.now() + FLUSH_AFTER_MS);
    this.#cancelFlush ??= this.#clock.at(at, () => this.#flushQuietly());
  }

  /** What could not be flushed stays unsure, and the next write or flush that somebody waits for says why. */
  #flushQuietly(): void {
    this.flush().catch(() => {});
  }
}
