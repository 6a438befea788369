/**
 * Who can speak with us about a share: whoever has its link and, where there is one, its password.
 *
 * Invariants
 *  1. Of a password only the key that is derived from it is held.
 *  2. A share whose link asks for a password is locked until there is a key, right or wrong.
 */
import { type InfoHashes, nameOf } from "../../engine/metainfo/info-hashes.ts";
import type { InfoHash } from "../../engine/units.ts";
import type { Sealer } from "../../ports/sealing.ts";
import type { World } from "../world.ts";
import type { FilesOrLink } from "./share-origin.ts";

/** Hexadecimal digits of an infohash by which trackers know a swarm. */
const ROOM_DIGITS = 40;

export class ShareLock {
  readonly #origin: FilesOrLink;
  readonly #world: Pick<World, "derivePasswordKey" | "makeSealer" | "makePublicSealer">;
  #key: Uint8Array | undefined;
  #isDeriving = false;

  /** @param key of an earlier session. */
  constructor(
    origin: FilesOrLink,
    key: Uint8Array | undefined,
    world: Pick<World, "derivePasswordKey" | "makeSealer" | "makePublicSealer">,
  ) {
    this.#origin = origin;
    this.#key = key;
    this.#world = world;
  }

  get key(): Uint8Array | undefined {
    return this.#key;
  }

  /** A key is being made of a password right now. */
  get isDeriving(): boolean {
    return this.#isDeriving;
  }

  /** It takes a password to go on. */
  get isLocked(): boolean {
    return this.#origin.type === "link" && this.#origin.link.password && this.#key === undefined;
  }

  /** Whether others need a password; what was shared in public needs none. */
  hasPassword(isPublic: boolean): boolean {
    const origin = this.#origin;
    if (origin.type === "link") return origin.link.password;
    return !isPublic && (Boolean(origin.options.password) || this.#key !== undefined);
  }

  /** An older share of the same files had this key. */
  inherit(key: Uint8Array | undefined): void {
    this.#key = key ?? this.#key;
  }

  /** Makes the key; rejects as `DerivePasswordKey` does. */
  async derive(infoHash: InfoHash, password: string): Promise<void> {
    this.#isDeriving = true;
    try {
      this.#key = await this.#world.derivePasswordKey(infoHash, password);
    } finally {
      this.#isDeriving = false;
    }
  }

  /** Seals what is said to others until a link is open. */
  sealer(hashes: InfoHashes, isPublic: boolean): Promise<Sealer> {
    const { infoHash } = hashes;
    if (isPublic || infoHash === undefined)
      return Promise.resolve(this.#world.makePublicSealer(nameOf(hashes).slice(0, ROOM_DIGITS)));
    return this.#world.makeSealer(infoHash, this.#key);
  }
}
