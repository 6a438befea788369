/**
 * How a share comes to know which torrent it is: its files are fingerprinted, or its link, its .torrent or the
 * record of an earlier session says so, a link with a password once that was given.
 *
 * Invariant: given up at any time, it tells nothing more.
 */
import type { InfoHashes } from "../../engine/metainfo/info-hashes.ts";
import type { ShareOptions } from "../commands.ts";
import type { Restored } from "../keeping/restoring.ts";
import { type Beginning, beginningOfRecord, beginningOfTorrent } from "../membership/beginning.ts";
import type { Problem } from "../snapshot.ts";
import { type KnownTorrent, publish } from "../torrents/publish.ts";
import type { World } from "../world.ts";
import { problemOf } from "./faults.ts";
import type { ShareIdentity } from "./share-identity.ts";
import type { FilesOrLink } from "./share-origin.ts";

export interface IdentificationEvents {
  /** More bytes of its files were hashed. */
  onFigures(): void;
  /** It takes a password to go on. */
  onLocked(hashes: InfoHashes): void;
  onIdentified(hashes: InfoHashes, beginning: Beginning): void;
  onFailed(problem: Problem): void;
  /** Torrents whose files are missed, which these files may be. */
  missing(options: ShareOptions): readonly KnownTorrent[];
}

type OwnOrigin = Extract<FilesOrLink, { type: "files" }>;

export class Identification {
  readonly #identity: ShareIdentity;
  readonly #earlier: Restored | undefined;
  readonly #world: World;
  readonly #events: IdentificationEvents;
  #hashing: AbortController | undefined;
  #hashedBytes = 0;

  /** @param earlier what it goes on with, from an earlier session. */
  constructor(
    identity: ShareIdentity,
    earlier: Restored | undefined,
    world: World,
    events: IdentificationEvents,
  ) {
    this.#identity = identity;
    this.#earlier = earlier;
    this.#world = world;
    this.#events = events;
  }

  /** Of its files, while they become a torrent. */
  get hashedBytes(): number {
    return this.#hashedBytes;
  }

  /** Begins, or begins again after `abort`. */
  begin(): void {
    const { origin, lock } = this.#identity;
    const events = this.#events;
    if (this.#earlier !== undefined)
      events.onIdentified(this.#earlier.link, beginningOfRecord(this.#earlier, this.#world));
    else if (origin.type === "files") void this.#publish(origin);
    else if (origin.link.kind === "private" && lock.isLocked) events.onLocked(origin.link);
    else if (origin.torrent !== undefined)
      events.onIdentified(origin.link, beginningOfTorrent(origin.torrent, this.#world));
    else events.onIdentified(origin.link, { type: "nothing" });
  }

  abort(): void {
    this.#hashing?.abort();
  }

  async #publish({ files, options }: OwnOrigin): Promise<void> {
    const { hasPassword, lock } = this.#identity;
    const hashing = new AbortController();
    const { signal } = hashing;
    this.#hashing = hashing;
    const onProgress = (bytes: number) => {
      this.#hashedBytes = bytes;
      this.#events.onFigures();
    };
    try {
      const missing = this.#events.missing(options);
      const publication = await publish(files, options, this.#world, onProgress, signal, missing);
      if (hasPassword && options.password !== undefined) {
        await lock.derive(publication.infoHash, options.password);
      }
      if (!signal.aborted) this.#events.onIdentified(publication, { type: "published", publication });
    } catch (error) {
      if (!signal.aborted) this.#events.onFailed(problemOf(error, files[0]?.file.name));
    }
  }
}
