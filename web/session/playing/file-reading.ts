/**
 * Reading files of one share while the rest of it still arrives: whole ones as a blob, any of them as a stream.
 *
 * Invariants
 *  1. A blob is given only of a file that is here completely, judged again once its store is open.
 *  2. A file that cannot be read is told, never thrown.
 */
import { geometryOf } from "../../engine/geometry-of.ts";
import type { Input } from "../../engine/io.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { Millis, PieceIndex } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import { type FileStreamPort, refuse } from "../../ports/file-stream.ts";
import type { PieceSource } from "../../ports/piece-store.ts";
import type { FileSnapshot } from "../snapshot.ts";
import { FileStreams } from "./file-streams.ts";
import { firstPlayable } from "./playable.ts";

/** What the bytes come from, and who is asked to fetch them. */
export interface ArrivingPieces {
  readonly swarm: { has(piece: PieceIndex): boolean };
  readonly source: PieceSource | undefined;
  /** Opens the store. @returns whether there is somewhere to read from. */
  prepare(): Promise<boolean>;
  feed(window: Extract<Input, { type: "window-set" }>): void;
}

export interface FileReadingPorts {
  readonly clock: Clock;
  /** Undefined until we take part in the swarm. */
  readonly membership: () => ArrivingPieces | undefined;
  readonly files: (now: Millis) => readonly FileSnapshot[];
  readonly onUnreadable: (error: unknown, fileName: string | undefined) => void;
}

export class FileReading {
  readonly #ports: FileReadingPorts;
  #streams: FileStreams | undefined;

  constructor(ports: FileReadingPorts) {
    this.#ports = ports;
  }

  /** The bytes of a file that is here completely. */
  async blob(file: number, now: Millis): Promise<Blob | undefined> {
    if (this.#whole(file, now) === undefined) return undefined;
    // A share of an earlier session may have no store open yet; opening it shows what of it is still there.
    if (!(await this.#ports.membership()?.prepare())) return undefined;
    const snapshot = this.#whole(file, now);
    if (snapshot === undefined) return undefined;
    try {
      return await this.#ports.membership()?.source?.file(file);
    } catch (error) {
      this.#ports.onUnreadable(error, snapshot.path.at(-1));
      return undefined;
    }
  }

  /** Serves a reader of one file, whatever of it is here by now. */
  stream(info: Info | undefined, file: number, port: FileStreamPort): void {
    const membership = this.#ports.membership();
    if (info?.files[file] === undefined || membership === undefined) refuse(port);
    else void membership.prepare().then(() => this.#open(info).open(file, port));
  }

  /** Play is offered as soon as a beginning is here, so that comes first. */
  prepareToPlay(info: Info, wanted: readonly boolean[] | undefined): void {
    const file = firstPlayable(info.files, wanted);
    if (file !== undefined || this.#streams !== undefined) this.#open(info).prepare(file);
  }

  onPieceStored(): void {
    this.#streams?.onPieceStored();
  }

  close(): void {
    this.#streams?.close();
  }

  #whole(file: number, now: Millis): FileSnapshot | undefined {
    const [snapshot] = this.#ports.files(now).slice(file, file + 1);
    return snapshot?.have === snapshot?.size ? snapshot : undefined;
  }

  #open(info: Info): FileStreams {
    const { clock, membership } = this.#ports;
    this.#streams ??= new FileStreams({
      geometry: geometryOf(info),
      clock,
      source: () => membership()?.source,
      has: (piece) => membership()?.swarm.has(piece) ?? false,
      setWindow: (first, count) => membership()?.feed({ type: "window-set", first, count }),
    });
    return this.#streams;
  }
}
