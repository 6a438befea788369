/**
 * Files of one share, read while they are still arriving: answers reads with bytes that are here, keeps those
 * waiting whose piece is not, and says which pieces are about to be played.
 *
 * Invariants
 *  1. A read is answered as soon as its piece is stored, never with bytes that were not verified.
 *  2. The window begins at the piece that the newest waiting reader lacks; while nobody waits, at the last one read.
 *     It never reaches beyond the file that is read.
 *  3. Once nobody reads any more the window is lifted, or put on the beginning of what was prepared to be played.
 */
import { millis, type PieceIndex } from "../../engine/units.ts";
import type { FileStreamPort } from "../../ports/file-stream.ts";
import { BEGINNING_BYTES, STREAM_IDLE_MS, STREAMS_PER_SHARE, WINDOW_BYTES } from "../limits.ts";
import { FileStream, type Position, type StreamedTorrent } from "./file-stream.ts";

/** The torrent, as far as it is played. */
export interface PlayedTorrent extends StreamedTorrent {
  /** These pieces are about to be played, in this order; `count` 0 lifts it. */
  setWindow(first: PieceIndex, count: number): void;
}

const NO_WINDOW = { first: 0 as PieceIndex, count: 0 };

export class FileStreams {
  readonly #torrent: PlayedTorrent;
  /** Oldest first. */
  readonly #streams = new Set<FileStream>();
  #window = NO_WINDOW;
  /** The file whose beginning is fetched first. */
  #prepared: number | undefined;
  #isRead = false;
  #cancelIdle: () => void = () => {};

  constructor(torrent: PlayedTorrent) {
    this.#torrent = torrent;
  }

  /** Serves one reader; the oldest one gives way when there are too many. */
  open(file: number, port: FileStreamPort): void {
    const stream = new FileStream(this.#torrent, file, port, {
      onRead: (position) => this.#onRead(position),
      onClosed: () => this.#onClosed(stream),
    });
    this.#streams.add(stream);
    const [oldest] = this.#streams;
    if (this.#streams.size > STREAMS_PER_SHARE) oldest?.close();
  }

  /** Fetches the beginning of this file first, as long as nobody reads, so that it can be played soon. */
  prepare(file: number | undefined): void {
    this.#prepared = file;
    if (!this.#isRead) this.#rest();
  }

  onPieceStored(): void {
    for (const stream of this.#streams) stream.goOn();
    const waiting = this.#newestWaiting();
    if (waiting !== undefined) this.#watch(waiting);
    else if (!this.#isRead) this.#rest();
  }

  /** The share is gone, or was stopped: all readers hear that there is nothing more. */
  close(): void {
    for (const stream of [...this.#streams]) stream.close();
  }

  #onRead(position: Position): void {
    this.#isRead = true;
    this.#cancelIdle();
    this.#watch(this.#newestWaiting() ?? position);
    const { clock } = this.#torrent;
    this.#cancelIdle = clock.at(millis(clock.now() + STREAM_IDLE_MS), () => this.#onIdle());
  }

  #onIdle(): void {
    if (this.#newestWaiting() === undefined) this.#rest();
  }

  #onClosed(stream: FileStream): void {
    this.#streams.delete(stream);
    const waiting = this.#newestWaiting();
    if (waiting !== undefined) this.#watch(waiting);
    else if (this.#streams.size === 0) this.#rest();
  }

  #newestWaiting(): Position | undefined {
    return [...this.#streams].findLast((stream) => stream.waitsFor !== undefined)?.waitsFor;
  }

  #watch({ file, piece }: Position): void {
    const { geometry } = this.#torrent;
    const end = geometry.firstPieceOf(file) + geometry.pieceCountOf(file);
    const ahead = Math.max(2, Math.ceil(WINDOW_BYTES / geometry.pieceLength));
    this.#set({ first: piece, count: Math.min(ahead, end - piece) });
  }

  #rest(): void {
    this.#isRead = false;
    this.#cancelIdle();
    this.#set(this.#beginning());
  }

  /** What is lacking of the beginning that is to be fetched. */
  #beginning(): typeof NO_WINDOW {
    const { geometry, has } = this.#torrent;
    const file = this.#prepared;
    if (file === undefined) return NO_WINDOW;
    const start = geometry.firstPieceOf(file);
    const count = Math.min(Math.ceil(BEGINNING_BYTES / geometry.pieceLength), geometry.pieceCountOf(file));
    const isHere = Array.from({ length: count }, (_, i) => has((start + i) as PieceIndex)).every(Boolean);
    return isHere ? NO_WINDOW : { first: start as PieceIndex, count };
  }

  #set(window: typeof NO_WINDOW): void {
    const { first, count } = window;
    if (first === this.#window.first && count === this.#window.count) return;
    this.#window = window;
    this.#torrent.setWindow(first, count);
  }
}
