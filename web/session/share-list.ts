/**
 * The shares of this tab: which there are, and which one takes the place of another.
 *
 * Invariants
 *  1. An infohash is in at most one share: the newer one takes its place.
 *  2. Totals never go down: what a forgotten share moved stays counted.
 */
import type { InfoHashes } from "../engine/metainfo/info-hashes.ts";
import { mergeTotals, NO_TOTALS, type Totals } from "../engine/totals.ts";
import type { KeptRecord } from "../ports/library.ts";
import type { ShareOptions } from "./commands.ts";
import { readRecord } from "./keeping/restoring.ts";
import type { MembershipPorts } from "./membership/membership.ts";
import { Share, type ShareEvents } from "./share/share.ts";
import type { Legacy, ShareOrigin } from "./share/share-origin.ts";
import type { ShareId } from "./snapshot.ts";
import type { KnownTorrent } from "./torrents/publish.ts";

export interface ShareListEvents extends Pick<ShareEvents, "onFigures" | "onTurn" | "onBegun"> {
  /** A password turned out to be right; this is its key. */
  onUnlocked(id: ShareId, key: Uint8Array): void;
}

export class ShareList {
  readonly #ports: MembershipPorts;
  readonly #events: ShareListEvents;
  readonly #shares = new Map<ShareId, Share>();
  #forgotten: Totals = NO_TOTALS;

  constructor(ports: MembershipPorts, events: ShareListEvents) {
    this.#ports = ports;
    this.#events = events;
    ports.world.claims.onAwaited((key) => this.#onAwaited(key));
  }

  get all(): readonly Share[] {
    return [...this.#shares.values()];
  }

  get(id: ShareId): Share | undefined {
    return this.#shares.get(id);
  }

  of(torrent: InfoHashes): Share | undefined {
    return this.all.find((share) => share.identity.isTorrent(torrent));
  }

  /** By all shares in this session. */
  get moved(): Totals {
    return mergeTotals(this.#forgotten, ...this.all.map((share) => share.movedNow));
  }

  /** Adds a share and begins it, unless there is one of that name. */
  add(id: ShareId, origin: ShareOrigin): void {
    if (this.#shares.has(id)) return;
    const events = this.#events;
    const share = new Share(id, origin, this.#ports, {
      onFigures: () => events.onFigures(),
      onTurn: () => events.onTurn(),
      onIdentified: (identified) => this.#replace(identified),
      onBegun: () => events.onBegun(),
      onInherited: (inheriting, record) => void this.#inherit(inheriting, record),
      onUnlocked: (key) => events.onUnlocked(id, key),
      missing: (options) => this.#missing(options),
    });
    this.#shares.set(id, share);
    share.start();
    events.onTurn();
  }

  /** Removes a share and everything that it stored. */
  forget(share: Share): void {
    this.#drop(share);
    share.close();
  }

  /** Takes a share off the list; what it moved stays counted. */
  #drop(share: Share): void {
    this.#forgotten = mergeTotals(this.#forgotten, share.movedNow);
    this.#shares.delete(share.id);
    this.#events.onTurn();
  }

  /** Whoever shares files that are here already has them at hand now. */
  #replace(newer: Share): Legacy | undefined {
    const { hashes, role } = newer.identity;
    let legacy: Legacy | undefined;
    for (const share of this.all) {
      if (share === newer || hashes === undefined || !share.identity.isTorrent(hashes)) continue;
      if (share.identity.role === role && (share.life.isResting || share.missing !== undefined)) {
        this.#drop(share);
        legacy = share.putAway("this tab");
      } else this.forget(share);
    }
    return legacy;
  }

  /** The tab that had this share is gone: once what that one left has all of it, it is gone on with from there. */
  async #inherit(share: Share, record: KeptRecord): Promise<void> {
    const origin = readRecord(await share.mergeInto(record));
    if (this.#shares.get(share.id) !== share) {
      // Deleted meanwhile, and its record with it.
      if (record.share.place !== undefined) await this.#ports.world.removePlace(record.share.place);
      return;
    }
    // What this version cannot read stays as it is; the share goes on in memory.
    if (origin === undefined) return;
    this.#drop(share);
    this.add(share.id, { ...origin, soFar: share.giveUp() });
  }

  /** Another tab waits for this name: what merely rests here, or is only looked at, goes on there. */
  #onAwaited(key: string): void {
    for (const share of this.all) {
      if (share.keeping?.key !== key) continue;
      if (share.life.isResting) {
        this.#drop(share);
        share.putAway("other tab");
      } else share.keeping.yield();
    }
  }

  /** Shares of earlier sessions whose files are not at hand. What a person asks for anew is not one of them. */
  #missing(options: ShareOptions): readonly KnownTorrent[] {
    if (options.password) return [];
    const missing = this.all.flatMap((share) => share.missing ?? []);
    return missing.filter(({ infoHashV1 }) => infoHashV1 !== undefined || !options.public);
  }
}
