/** The files of one share: which of them are wanted, how much of each is here, and how they are read. */
import type { Millis, PieceIndex } from "../../engine/units.ts";
import type { FileStreamPort } from "../../ports/file-stream.ts";
import type { KeptRecord } from "../../ports/library.ts";
import type { Membership } from "../membership/membership.ts";
import { FileReading } from "../playing/file-reading.ts";
import type { FileSnapshot } from "../snapshot.ts";
import type { World } from "../world.ts";
import { FileList } from "./file-list.ts";
import { OwnFiles } from "./own-files.ts";
import type { ShareIdentity } from "./share-identity.ts";

export interface ShareFilesPorts {
  readonly world: World;
  /** Undefined until its torrent is known. */
  readonly membership: () => Membership | undefined;
  readonly onUnreadable: (error: unknown, fileName: string | undefined) => void;
}

export class ShareFiles {
  /** Those that this tab gives. */
  readonly own: OwnFiles;
  readonly #identity: ShareIdentity;
  readonly #ports: ShareFilesPorts;
  readonly #list: FileList;
  readonly #reading: FileReading;

  /** @param record of an earlier session. */
  constructor(identity: ShareIdentity, record: KeptRecord | undefined, ports: ShareFilesPorts) {
    const { world, membership, onUnreadable } = ports;
    this.own = new OwnFiles(record);
    this.#identity = identity;
    this.#ports = ports;
    this.#list = new FileList(record?.share.wanted);
    this.#reading = new FileReading({
      clock: world.clock,
      membership,
      files: (now) => this.snapshots(now),
      onUnreadable,
    });
  }

  /** One flag for each file, in the order of the torrent; undefined when all are wanted. */
  get wanted(): readonly boolean[] | undefined {
    return this.#list.wanted;
  }

  /** Grows whenever the page has to ask for the list again. */
  get version(): number {
    return this.#list.version;
  }

  /** All of them, with how much of each is here. */
  snapshots(now: Millis): readonly FileSnapshot[] {
    const { info } = this.#identity;
    const pieces = this.#ports.membership()?.swarm.snapshot(now).pieces;
    return info && pieces ? this.#list.snapshots(info, pieces) : [];
  }

  /** The person chose among them. @returns whether that is a choice among these. */
  want(wanted: readonly boolean[]): boolean {
    const isChoice = this.#list.want(this.#identity.info, wanted);
    if (isChoice) this.tellSwarm();
    return isChoice;
  }

  /** Tells the swarm which are wanted. */
  tellSwarm(): void {
    const { wanted } = this;
    if (wanted !== undefined) this.#ports.membership()?.feed({ type: "files-wanted", wanted });
  }

  /** Their list is known now: a link may have chosen among them. */
  onKnown(): void {
    const { origin, info } = this.#identity;
    const select = origin.type === "link" ? origin.link.select : undefined;
    if (info !== undefined && select !== undefined) this.#list.select(info, select);
    this.#list.onChanged();
    this.tellSwarm();
  }

  onStored(piece: PieceIndex): void {
    const membership = this.#ports.membership();
    this.#reading.onPieceStored();
    this.#list.onStored(this.#identity.info, piece, (other) => membership?.swarm.has(other) ?? false);
  }

  onComplete(): void {
    this.#list.onChanged();
  }

  /**
   * Makes their bytes readable again: of those that this tab gives, or of what it stored.
   * @returns whether they are; not where the person has to choose them again.
   * @throws FileChangedError, ReadRefusedError, the signal's reason
   */
  async open(signal: AbortSignal): Promise<boolean> {
    const { world, membership } = this.#ports;
    const { role, info } = this.#identity;
    if (role === "receiver") return (await membership()?.prepare()) ?? false;
    const source = info && (await this.own.reopen(info, world, signal));
    if (source !== undefined) membership()?.takeFiles(source);
    return source !== undefined;
  }

  /** The bytes of one that is here completely. */
  blob(file: number, now: Millis): Promise<Blob | undefined> {
    return this.#reading.blob(file, now);
  }

  /** Serves a reader of one, whatever of it is here by now. */
  stream(file: number, port: FileStreamPort): void {
    this.#reading.stream(this.#identity.info, file, port);
  }

  /** The beginning of what can be played comes first. */
  prepareToPlay(): void {
    const { info, origin } = this.#identity;
    if (info !== undefined && origin.type !== "files") this.#reading.prepareToPlay(info, this.wanted);
  }

  close(): void {
    this.#reading.close();
  }
}
