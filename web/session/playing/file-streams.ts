/**
 * Files of one share, read while they are still arriving: answers reads with bytes that are here, keeps those
 * waiting whose piece is not, and says which pieces are about to be played.
 *
 * Invariants
 *  1. A read is answered as soon as its piece is stored, never with bytes that were not verified.
 *  2. The window begins at the piece that the newest waiting reader lacks; while nobody waits, at the last one read.
 *     It never reaches beyond the file that is read. It moves once the readers have had READERS_SETTLE_MS,
 *     because every move takes back what was asked for the place that it leaves.
 *  3. Once nobody reads any more the window is lifted, or put on the beginning of what was prepared to be played.
 */
import { millis, type PieceIndex } from "../../engine/units.ts";
import type { FileStreamPort } from "../../ports/file-stream.ts";
import {
  BEGINNING_BYTES,
  READERS_SETTLE_MS,
  STREAM_IDLE_MS,
  STREAMS_PER_SHARE,
  WINDOW_BYTES,
} from "../limits.ts";
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
  /** What was read last. */
  #lastRead: Position | undefined;
  #window = NO_WINDOW;
  /** The file whose beginning is fetched first. */
  #prepared: number | undefined;
  #cancelIdle: () => void = () => {};
  #isSettling = false;

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
    if (this.#lastRead === undefined) this.#move();
  }

  onPieceStored(): void {
    for (const stream of this.#streams) stream.goOn();
    if (this.#lastRead === undefined) this.#move();
    else this.#moveSoon();
  }

  /** The share is gone, or was stopped: all readers hear that there is nothing more. */
  close(): void {
    for (const stream of [...this.#streams]) stream.close();
  }

  #onRead(position: Position): void {
    this.#lastRead = position;
    this.#moveSoon();
    this.#cancelIdle();
    const { clock } = this.#torrent;
    this.#cancelIdle = clock.at(millis(clock.now() + STREAM_IDLE_MS), () => this.#onIdle());
  }

  #onIdle(): void {
    this.#lastRead = undefined;
    this.#move();
  }

  #onClosed(stream: FileStream): void {
    this.#streams.delete(stream);
    this.#moveSoon();
  }

  #moveSoon(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    const { clock } = this.#torrent;
    clock.at(millis(clock.now() + READERS_SETTLE_MS), () => {
      this.#isSettling = false;
      if (this.#streams.size === 0) this.#lastRead = undefined;
      this.#move();
    });
  }

  #move(): void {
    const waiting = [...this.#streams].findLast((stream) => stream.waitsFor !== undefined)?.waitsFor;
    const position = waiting ?? this.#lastRead;
    this.#set(position === undefined ? this.#beginning() : this.#from(position));
  }

  #from({ file, piece }: Position): typeof NO_WINDOW {
    const { geometry } = this.#torrent;
    const end = geometry.firstPieceOf(file) + geometry.pieceCountOf(file);
    const ahead = Math.max(2, Math.ceil(WINDOW_BYTES / geometry.pieceLength));
    return { first: piece, count: Math.min(ahead, end - piece) };
  }

  /**
   * What is lacking of what a player needs for its first picture: the file's first piece, its last one, because many
   * films have their index there, and some more of the beginning.
   */
  #beginning(): typeof NO_WINDOW {
    const { geometry, has } = this.#torrent;
    if (this.#prepared === undefined) return NO_WINDOW;
    const first = geometry.firstPieceOf(this.#prepared) as PieceIndex;
    const pieces = geometry.pieceCountOf(this.#prepared);
    const count = Math.min(Math.ceil(BEGINNING_BYTES / geometry.pieceLength), pieces);
    const spans = [
      { first, count: 1 },
      { first: (first + pieces - 1) as PieceIndex, count: 1 },
      { first, count },
    ];
    const isLacking = (span: typeof NO_WINDOW) =>
      Array.from({ length: span.count }, (_, i) => has((span.first + i) as PieceIndex)).includes(false);
    return spans.find(isLacking) ?? NO_WINDOW;
  }

  #set(window: typeof NO_WINDOW): void {
    const { first, count } = window;
    if (first === this.#window.first && count === this.#window.count) return;
    this.#window = window;
    this.#torrent.setWindow(first, count);
  }
}
