/**
 * All shares of this tab: takes the person's commands, passes what happens to the share that it belongs to, and
 * shows the page how things stand.
 *
 * Invariants
 *  1. An infohash is in at most one share: the newer one takes its place.
 *  2. Every link belongs to one share until it is closed.
 *  3. Totals never go down: what a forgotten share moved stays counted.
 */
import type { InfoHashes } from "../engine/metainfo/info-hashes.ts";
import type { ShareLink } from "../engine/metainfo/share-link.ts";
import { mergeTotals, NO_TOTALS, type Totals } from "../engine/totals.ts";
import { type LinkId, linkId, type Millis, millis } from "../engine/units.ts";
import { type FileStreamPort, refuse } from "../ports/file-stream.ts";
import type { IceConfig } from "../ports/ice-config.ts";
import { type KeptRecord, NewerLibraryError } from "../ports/library.ts";
import type { LinkEvents, Links } from "../ports/links.ts";
import type { TrackerStatus } from "../ports/tracker.ts";
import { allot } from "./bandwidth.ts";
import type { ChosenFile, OpenedTorrent, ShareOptions } from "./commands.ts";
import { LinkBudget } from "./introductions/link-budget.ts";
import { Lifetime } from "./keeping/lifetime.ts";
import { claimRecords, inTime, keptPlaces, readRecord } from "./keeping/restoring.ts";
import { ALLOT_INTERVAL_MS, TOTALS_EVERY_MS } from "./limits.ts";
import type { Membership, MembershipPorts } from "./membership/membership.ts";
import {
  DEFAULT_SETTINGS,
  keptSettings,
  type Settings,
  type ShareLimits,
  sensibleLimits,
  sensibleSettings,
} from "./settings.ts";
import { Share } from "./share/share.ts";
import { shareIdOf } from "./share/share-id.ts";
import type { Legacy, ShareOrigin } from "./share/share-origin.ts";
import type { FileSnapshot, SessionSnapshot, ShareId, ShareSnapshot, StorageReport } from "./snapshot.ts";
import { SnapshotPacer } from "./snapshot-pacer.ts";
import type { KnownTorrent } from "./torrents/publish.ts";
import { readTorrentFile } from "./torrents/torrent-file.ts";
import { TrackerPool } from "./trackers/tracker-pool.ts";
import type { World } from "./world.ts";

export class Session {
  readonly #world: World;
  readonly #shares = new Map<ShareId, Share>();
  readonly #memberships = new Map<LinkId, Membership>();
  readonly #budget = new LinkBudget();
  readonly #pacer: SnapshotPacer;
  readonly #links: Links;
  readonly #trackers: TrackerPool;
  readonly #onSnapshot: (snapshot: SessionSnapshot) => void;
  readonly #onUnlocked: (id: ShareId, key: Uint8Array) => void;
  readonly #lifetime: Lifetime;
  #linkCount = 0;
  #trackerState: TrackerStatus["state"] = "connecting";
  #settings = DEFAULT_SETTINGS;
  #allottedAt: Millis;
  #forgotten: Totals = NO_TOTALS;
  #isOutdated = false;

  /** @param onUnlocked told of the key of a password that turned out to be right. */
  constructor(
    world: World,
    onSnapshot: (snapshot: SessionSnapshot) => void,
    onUnlocked: (id: ShareId, key: Uint8Array) => void = () => {},
  ) {
    this.#world = { ...world, ice: relayedIf(() => this.#settings.relayOnly, world.ice) };
    this.#onSnapshot = onSnapshot;
    this.#onUnlocked = onUnlocked;
    this.#allottedAt = world.clock.now();
    this.#pacer = new SnapshotPacer(world.clock, () => this.#emit());
    this.#links = world.connectLinks(this.#linkEvents());
    this.#trackers = new TrackerPool(world.trackerUrl, world.connectTracker, ({ state }) => {
      this.#trackerState = state;
      this.#pacer.hurry();
    });
    this.#lifetime = new Lifetime(world.library);
    world.claims.onAwaited((key) => this.#onAwaited(key));
    this.#pacer.hurry();
  }

  /** Takes up what earlier sessions left. To be awaited before the first command; never rejects. */
  async restore(): Promise<void> {
    const world = this.#world;
    const [restored, kept] = await Promise.all([
      claimRecords(world),
      inTime(world.clock, world.library.settings(), undefined),
      inTime(world.clock, this.#lifetime.load(), undefined),
    ]);
    // Before any share: who wants the relay alone must not be met in another way.
    this.#settings = keptSettings(kept);
    this.#pacer.hurry();
    for (const origin of restored) this.#add(shareIdOf(origin.link), origin);
    this.#saveTotals();
    this.#checkLibrary();
    world.removeLeftovers(() => keptPlaces(world)).catch(() => {});
  }

  share(id: ShareId, files: readonly ChosenFile[], options: ShareOptions): void {
    this.#add(id, { type: "files", files, options });
  }

  /** @param key of the link's password, when it was given before. */
  open(id: ShareId, link: ShareLink, key?: Uint8Array): void {
    const known = this.#thatIs(link);
    if (known === undefined) this.#add(id, { type: "link", link, key });
    else known.look();
  }

  async openTorrent(file: Blob): Promise<OpenedTorrent> {
    const opened = await readTorrentFile(file, this.#world);
    if (!opened.ok) return { trouble: opened.reason };
    const { torrent, link } = opened.value;
    const here = [...this.#shares].find(([, share]) => share.identity.isTorrent(link));
    if (here !== undefined) return { id: here[0] };
    const id = shareIdOf(link);
    this.#add(id, { type: "link", link, torrent });
    return { id };
  }

  torrentFile(id: ShareId): Blob | undefined {
    const bytes = this.#shares.get(id)?.torrentFile();
    return bytes && new Blob([bytes.slice()], { type: "application/x-bittorrent" });
  }

  download(id: ShareId): void {
    this.#shares.get(id)?.resume();
  }

  pause(id: ShareId): void {
    this.#shares.get(id)?.pause();
  }

  resume(id: ShareId): void {
    this.#shares.get(id)?.resume();
  }

  stop(id: ShareId): void {
    this.#shares.get(id)?.stop();
  }

  restart(id: ShareId): void {
    this.#shares.get(id)?.restart();
  }

  forget(id: ShareId): void {
    const share = this.#shares.get(id);
    if (share === undefined) return;
    this.#drop(share);
    share.close();
  }

  want(id: ShareId, wanted: readonly boolean[]): void {
    this.#shares.get(id)?.want(wanted);
  }

  unlock(id: ShareId, password: string): void {
    void this.#shares.get(id)?.unlock(password);
  }

  limit(id: ShareId, limits: ShareLimits): void {
    this.#shares.get(id)?.limit(sensibleLimits(limits));
    this.#allot(this.snapshot().shares);
  }

  configure(settings: Settings): void {
    const { relayOnly } = this.#settings;
    this.#settings = sensibleSettings(settings);
    if (this.#settings.relayOnly !== relayOnly)
      for (const share of this.#shares.values()) share.membership?.tryAnew();
    this.#world.library.keepSettings(this.#settings).catch(() => {});
    this.#allot(this.snapshot().shares);
    this.#pacer.hurry();
  }

  files(id: ShareId): readonly FileSnapshot[] {
    return this.#shares.get(id)?.files.snapshots(this.#world.clock.now()) ?? [];
  }

  async blob(id: ShareId, file: number): Promise<Blob | undefined> {
    return this.#shares.get(id)?.files.blob(file, this.#world.clock.now());
  }

  stream(id: ShareId, file: number, port: FileStreamPort): void {
    const share = this.#shares.get(id);
    if (share === undefined) refuse(port);
    else share.files.stream(file, port);
  }

  trace(id: ShareId): string {
    return this.#shares.get(id)?.trace() ?? "";
  }

  handles(id: ShareId): readonly unknown[] {
    return this.#shares.get(id)?.handles ?? [];
  }

  async storage(): Promise<StorageReport> {
    const { disk, clock } = this.#world;
    const stored = [...this.#shares.values()].map(async (share) => {
      const place = share.keeping?.place;
      const bytes = place === undefined ? 0 : await disk.usedAt(place);
      return { id: share.id, name: share.view(clock.now()).snapshot.name, bytes };
    });
    const [estimate, persisted, shares] = await Promise.all([
      disk.estimate(),
      disk.isPersisted(),
      Promise.all(stored),
    ]);
    return { ...estimate, persisted, shares: shares.filter(({ bytes }) => bytes > 0) };
  }

  snapshot(): SessionSnapshot {
    const now = this.#world.clock.now();
    const shares: ShareSnapshot[] = [];
    for (const share of this.#shares.values()) {
      const { snapshot, recheckAt } = share.view(now);
      shares.push(snapshot);
      if (recheckAt !== undefined) this.#pacer.at(recheckAt);
    }
    return {
      shares,
      lifetime: this.#lifetime.with(this.#moved()),
      settings: this.#settings,
      tracker: this.#trackerState,
      outdated: this.#isOutdated,
    };
  }

  #add(id: ShareId, origin: ShareOrigin): void {
    if (this.#shares.has(id)) return;
    const share = new Share(id, origin, this.#ports(), {
      onFigures: () => this.#pacer.touch(),
      onTurn: () => this.#pacer.hurry(),
      onIdentified: (identified) => this.#replace(identified),
      onBegun: () => this.#allot(this.snapshot().shares),
      onInherited: (inheriting, record) => void this.#inherit(inheriting, record),
      onUnlocked: (key) => this.#onUnlocked(id, key),
      missing: (wanted) => this.#missing(wanted),
    });
    this.#shares.set(id, share);
    share.start();
    this.#pacer.hurry();
  }

  #ports(): MembershipPorts {
    return {
      world: this.#world,
      links: this.#links,
      trackers: this.#trackers,
      budget: this.#budget,
      settings: () => this.#settings,
      nextLink: (membership) => {
        const link = linkId(++this.#linkCount);
        this.#memberships.set(link, membership);
        return link;
      },
    };
  }

  /** Whoever shares files that are here already has them at hand now. */
  #replace(newer: Share): Legacy | undefined {
    let legacy: Legacy | undefined;
    for (const [id, share] of this.#shares) {
      const { hashes } = newer.identity;
      if (share === newer || hashes === undefined || !share.identity.isTorrent(hashes)) continue;
      if (share.identity.role === newer.identity.role && share.life.isResting) {
        this.#drop(share);
        legacy = share.putAway("this tab");
      } else this.forget(id);
    }
    return legacy;
  }

  /** The tab that had this share is gone: it is gone on with from what that one left. */
  async #inherit(share: Share, record: KeptRecord): Promise<void> {
    const { goesOn } = share.life;
    const origin = readRecord(await share.giveUpFor(record));
    if (!this.#shares.has(share.id)) return;
    this.#drop(share);
    if (origin === undefined) return;
    this.#add(share.id, origin);
    if (goesOn) this.download(share.id);
    else this.#shares.get(share.id)?.look();
  }

  /** Another tab waits for this name: what merely rests here, or is only looked at, goes on there. */
  #onAwaited(key: string): void {
    for (const share of [...this.#shares.values()]) {
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
    const missing = [...this.#shares.values()].flatMap((share) => share.missing ?? []);
    return missing.filter(({ infoHashV1 }) => infoHashV1 !== undefined || !options.public);
  }

  /** Takes a share off the list; what it moved stays counted. */
  #drop(share: Share): void {
    this.#forgotten = mergeTotals(this.#forgotten, share.movedNow);
    this.#shares.delete(share.id);
    this.#pacer.hurry();
  }

  /** By all shares in this session. */
  #moved(): Totals {
    return mergeTotals(this.#forgotten, ...[...this.#shares.values()].map((share) => share.movedNow));
  }

  #saveTotals(): void {
    const { clock } = this.#world;
    const moved = this.#moved();
    void this.#lifetime.save(moved);
    for (const share of this.#shares.values()) if (!share.life.isResting) share.keeping?.updateProgress();
    clock.at(millis(clock.now() + TOTALS_EVERY_MS), () => {
      this.#saveTotals();
      this.#checkLibrary();
    });
  }

  /** Another tab may have brought a newer version at any time. */
  #checkLibrary(): void {
    if (this.#isOutdated) return;
    this.#world.library.settings().catch((error: unknown) => {
      this.#isOutdated = error instanceof NewerLibraryError;
      this.#pacer.hurry();
    });
  }

  #thatIs(hashes: InfoHashes): Share | undefined {
    return [...this.#shares.values()].find((share) => share.identity.isTorrent(hashes));
  }

  #linkEvents(): LinkEvents {
    return {
      onSignal: (link, signal) => this.#memberships.get(link)?.onSignal(link, signal),
      onOpened: (link) => this.#memberships.get(link)?.onOpened(link),
      onRoute: (link, route) => this.#memberships.get(link)?.onRoute(link, route),
      onBytes: (link, bytes) => this.#memberships.get(link)?.onBytes(link, bytes),
      onFlushed: (link, count) => this.#memberships.get(link)?.onFlushed(link, count),
      onClosed: (link) => {
        this.#memberships.get(link)?.onClosed(link);
        this.#memberships.delete(link);
      },
    };
  }

  /** Divides what all shares may move among those that take part in a swarm. */
  #allot(shown: readonly ShareSnapshot[]): void {
    this.#allottedAt = this.#world.clock.now();
    const parts = shown.flatMap((snapshot) => {
      const share = this.#shares.get(snapshot.id);
      return share?.membership === undefined ? [] : [{ share, snapshot }];
    });
    const movers = parts.map(({ share: { limits, allotment }, snapshot }) => ({
      ...snapshot,
      limits,
      allotment,
    }));
    for (const [at, allotment] of allot(this.#settings, movers).entries()) parts[at]?.share.allot(allotment);
  }

  #emit(): void {
    const snapshot = this.snapshot();
    const now = this.#world.clock.now();
    for (const shown of snapshot.shares) {
      const askAt = this.#shares.get(shown.id)?.checkGoals(shown, now);
      if (askAt !== undefined) this.#pacer.at(askAt);
    }
    if (now - this.#allottedAt >= ALLOT_INTERVAL_MS) this.#allot(snapshot.shares);
    // Rates fall by themselves when nothing moves any more.
    if (snapshot.shares.some(isMoving)) this.#pacer.touch();
    this.#onSnapshot(snapshot);
  }
}

/** The relay alone where the server or the person wants it so. */
function relayedIf(isWanted: () => boolean, ice: IceConfig): IceConfig {
  return {
    ready: ice.ready,
    get servers() {
      return ice.servers;
    },
    get relayOnly() {
      return ice.relayOnly || isWanted();
    },
  };
}

function isMoving({ uploadRate, downloadRate }: ShareSnapshot): boolean {
  return uploadRate > 0 || downloadRate > 0;
}
