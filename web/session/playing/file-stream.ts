/**
 * One reader of one file. Requests come from a service worker that trusts nobody either: what makes no sense ends
 * the stream.
 */
import type { Geometry } from "../../engine/geometry.ts";
import { millis, type PieceIndex } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import {
  CHUNK_BYTES,
  type FileStreamAnswer,
  type FileStreamPort,
  type FileStreamRequest,
  WAITING_EVERY_MS,
} from "../../ports/file-stream.ts";
import type { PieceSource } from "../../ports/piece-store.ts";

/** The torrent, as far as its files are read. */
export interface StreamedTorrent {
  readonly geometry: Geometry;
  readonly clock: Clock;
  /** Undefined until there is somewhere to read from. */
  source(): PieceSource | undefined;
  has(piece: PieceIndex): boolean;
}

/** Where a reader is. */
export interface Position {
  readonly file: number;
  readonly piece: PieceIndex;
}

export interface FileStreamEvents {
  onRead(position: Position): void;
  onClosed(): void;
}

type Read = Extract<FileStreamRequest, { type: "read" }>;

export class FileStream {
  readonly #torrent: StreamedTorrent;
  readonly #file: number;
  readonly #port: FileStreamPort;
  readonly #events: FileStreamEvents;
  readonly #size: number;
  #waiting: Read | undefined;
  #isReading = false;
  #isClosed = false;
  #cancelWord: () => void = () => {};

  constructor(torrent: StreamedTorrent, file: number, port: FileStreamPort, events: FileStreamEvents) {
    this.#torrent = torrent;
    this.#file = file;
    this.#port = port;
    this.#events = events;
    this.#size = torrent.geometry.fileLengths[file] ?? 0;
    port.onmessage = ({ data }: MessageEvent<FileStreamRequest>) => this.#onRequest(data);
    this.#answer({ type: "opened", size: this.#size });
  }

  /** Where it is held up; undefined while it is not. */
  get waitsFor(): Position | undefined {
    return this.#waiting && this.#positionOf(this.#waiting);
  }

  /** A piece was stored: perhaps the one. */
  goOn(): void {
    if (this.#waiting !== undefined) this.#tryRead(this.#waiting);
  }

  /** The reader hears that there is nothing more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting = undefined;
    this.#cancelWord();
    this.#port.postMessage({ type: "failed" });
    this.#port.close();
    this.#events.onClosed();
  }

  #onRequest(request: FileStreamRequest): void {
    if (this.#isClosed) return;
    if (request.type === "close" || !this.#makesSense(request)) {
      this.close();
    } else {
      this.#tryRead(request);
      this.#events.onRead(this.#positionOf(request));
    }
  }

  #makesSense({ at, length }: Read): boolean {
    const isIdle = this.#waiting === undefined && !this.#isReading;
    return isIdle && Number.isSafeInteger(at) && at >= 0 && length > 0 && at + length <= this.#size;
  }

  #tryRead(request: Read): void {
    if (this.#torrent.has(this.#positionOf(request).piece)) {
      this.#waiting = undefined;
      this.#cancelWord();
      void this.#read(request);
    } else if (this.#waiting === undefined) {
      this.#waiting = request;
      this.#sayWaiting();
    }
  }

  async #read({ at, length }: Read): Promise<void> {
    const { geometry } = this.#torrent;
    const { piece, begin } = geometry.placeOf(this.#file, at);
    const count = Math.min(length, CHUNK_BYTES, geometry.pieceBytes(piece) - begin);
    this.#isReading = true;
    try {
      const bytes = await this.#torrent.source()?.read(piece, begin, count);
      this.#isReading = false;
      if (bytes === undefined) this.close();
      else this.#give(bytes);
    } catch {
      // Evicted, or the file changed. Whoever watches the share is told by the swarm, which reads it too.
      this.close();
    }
  }

  /** What is read may be a view of a cache, so it is copied before it is given away. */
  #give(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    const own = new Uint8Array(bytes);
    this.#port.postMessage({ type: "bytes", bytes: own }, [own.buffer]);
  }

  #sayWaiting(): void {
    this.#answer({ type: "waiting" });
    const { clock } = this.#torrent;
    this.#cancelWord = clock.at(millis(clock.now() + WAITING_EVERY_MS), () => this.#sayWaiting());
  }

  #answer(answer: FileStreamAnswer): void {
    this.#port.postMessage(answer);
  }

  #positionOf({ at }: Read): Position {
    const { geometry } = this.#torrent;
    return { file: this.#file, piece: geometry.placeOf(this.#file, at).piece };
  }
}
