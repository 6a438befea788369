/** What a session needs of the world around it, all of it behind ports. */
import type { Bitfield } from "../engine/bitfield.ts";
import type { Info } from "../engine/metainfo/info.ts";
import type { Sha1 } from "../engine/metainfo/v1.ts";
import type { Sha256 } from "../engine/units.ts";
import type { Claims } from "../ports/claims.ts";
import type { Clock } from "../ports/clock.ts";
import type { Disk } from "../ports/disk.ts";
import type { Hasher } from "../ports/hasher.ts";
import type { IceConfig } from "../ports/ice-config.ts";
import type { Library } from "../ports/library.ts";
import type { LinkEvents, Links } from "../ports/links.ts";
import type { IsUnchanged, PieceSource, PieceStore } from "../ports/piece-store.ts";
import type { RangeFetch } from "../ports/range-fetch.ts";
import type { DerivePasswordKey, MakeSealer, Sealer } from "../ports/sealing.ts";
import type { Tracker, TrackerEvents } from "../ports/tracker.ts";

/** A store and what it holds already, verified when it was written. */
export interface OpenedStore {
  readonly store: PieceStore;
  /** Reads from the store, perhaps through a cache. */
  readonly source: PieceSource;
  readonly have: Bitfield;
  /** Names where it is on the disk; undefined in memory. */
  readonly place: string | undefined;
}

export interface World {
  readonly clock: Clock;
  readonly hasher: Hasher;
  readonly sha256: Sha256;
  readonly sha1: Sha1;
  readonly ice: IceConfig;
  readonly makeSealer: MakeSealer;
  readonly derivePasswordKey: DerivePasswordKey;
  /**
   * Leaves of a whole file, 32 bytes for each 16 KiB block, in one pass; tells how many bytes were read so far.
   * @throws PieceUnreadableError, the signal's reason
   */
  readonly leafHashes: (
    file: Blob,
    onProgress: (bytesRead: number) => void,
    signal: AbortSignal,
  ) => Promise<Uint8Array>;
  /**
   * The same, and for a hybrid torrent SHA-1 of each piece, 20 bytes each; the last one with zeros up to the
   * piece length if `padsLastPiece`.
   */
  readonly hybridHashes: (
    file: Blob,
    pieceLength: number,
    padsLastPiece: boolean,
    onProgress: (bytesRead: number) => void,
    signal: AbortSignal,
  ) => Promise<{ leaves: Uint8Array; v1Pieces: Uint8Array }>;
  /** For public shares; `room` is 40 hexadecimal digits of their infohash. */
  readonly makePublicSealer: (room: string) => Sealer;
  readonly connectLinks: (events: LinkEvents) => Links;
  /** Begins to connect to the tracker at `url`. */
  readonly connectTracker: (url: string, events: TrackerEvents) => Tracker;
  /** Reads a range of a file on a web seed. */
  readonly fetchRange: RangeFetch;
  /**
   * Opens a new store for the pieces of a torrent, on the disk where there is one, or in memory; or one that was
   * kept: then `have` says what of it is there.
   * @throws StorageFullError, StorageFailedError
   */
  readonly openStore: (
    info: Info,
    where: { readonly place: string; readonly have: Bitfield } | "disk" | "memory",
  ) => Promise<OpenedStore>;
  /** Deletes a place where pieces were stored and that is not open. */
  readonly removePlace: (place: string) => Promise<void>;
  /** Deletes places that no tab has open and that are not among those that `kept` names. */
  readonly removeLeftovers: (kept: () => Promise<ReadonlySet<string>>) => Promise<void>;
  /**
   * The file that this handle leads to, or that lies at this path in the folder that it leads to.
   * Rejects when it is gone; with ReadRefusedError when the page was not given leave to read it.
   */
  readonly reopenFile: (root: unknown, path: readonly string[]) => Promise<File>;
  readonly library: Library;
  readonly claims: Claims;
  /** Reads the files that a person chose, in the torrent's order, as long as they pass the test; copies nothing. */
  readonly openFiles: (info: Info, files: readonly File[], isUnchanged?: IsUnchanged) => PieceSource;
  readonly disk: Disk;
  readonly randomBytes: (count: number) => Uint8Array;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** What a link begins with, up to and without the "#". */
  readonly linkBase: string;
  /** The tracker that public links name. */
  readonly trackerUrl: string;
}
