/**
 * All shares of this tab: takes the person's commands, passes what happens to the share that it belongs to, and
 * shows the page how things stand.
 *
 * Invariant: earlier shares are in the list before the first command is carried out.
 */
import type { ShareLink } from "../engine/metainfo/share-link.ts";
import { type Millis, millis } from "../engine/units.ts";
import { type FileStreamPort, refuse } from "../ports/file-stream.ts";
import type { IceConfig } from "../ports/ice-config.ts";
import { NewerLibraryError } from "../ports/library.ts";
import type { TrackerStatus } from "../ports/tracker.ts";
import { allot } from "./bandwidth.ts";
import type { ChosenFile, OpenedTorrent, ShareOptions } from "./commands.ts";
import { LinkBudget } from "./introductions/link-budget.ts";
import { Lifetime } from "./keeping/lifetime.ts";
import { claimRecords, inTime, keptPlaces, type Restored } from "./keeping/restoring.ts";
import { ALLOT_INTERVAL_MS, TOTALS_EVERY_MS } from "./limits.ts";
import { LinkOwners } from "./link-owners.ts";
import type { MembershipPorts } from "./membership/membership.ts";
import {
  DEFAULT_SETTINGS,
  keptSettings,
  type Settings,
  type ShareLimits,
  sensibleLimits,
  sensibleSettings,
} from "./settings.ts";
import { shareIdOf } from "./share/share-id.ts";
import { ShareList } from "./share-list.ts";
import type { FileSnapshot, SessionSnapshot, ShareId, ShareSnapshot, StorageReport } from "./snapshot.ts";
import { SnapshotPacer } from "./snapshot-pacer.ts";
import { readTorrentFile } from "./torrents/torrent-file.ts";
import { TrackerPool } from "./trackers/tracker-pool.ts";
import type { World } from "./world.ts";

export class Session {
  readonly #world: World;
  readonly #shares: ShareList;
  readonly #pacer: SnapshotPacer;
  readonly #onSnapshot: (snapshot: SessionSnapshot) => void;
  readonly #lifetime: Lifetime;
  #trackerState: TrackerStatus["state"] = "connecting";
  #settings = DEFAULT_SETTINGS;
  #allottedAt: Millis;
  #isOutdated = false;

  /** @param onUnlocked told of the key of a password that turned out to be right. */
  constructor(
    world: World,
    onSnapshot: (snapshot: SessionSnapshot) => void,
    onUnlocked: (id: ShareId, key: Uint8Array) => void = () => {},
  ) {
    this.#world = { ...world, ice: relayedIf(() => this.#settings.relayOnly, world.ice) };
    this.#onSnapshot = onSnapshot;
    this.#allottedAt = world.clock.now();
    this.#pacer = new SnapshotPacer(world.clock, () => this.#emit());
    this.#lifetime = new Lifetime(world.library);
    this.#shares = new ShareList(this.#connect(), {
      onFigures: () => this.#pacer.touch(),
      onTurn: () => this.#pacer.hurry(),
      onBegun: () => this.#allot(this.snapshot().shares),
      onUnlocked,
    });
    this.#pacer.hurry();
  }

  /**
   * Takes up what earlier sessions left. To be awaited before the first command; rejects only as `canHash` does.
   *
   * @param canHash settles once the world can hash, which takes no longer than looking up what there is.
   */
  async restore(canHash: Promise<void> = Promise.resolve()): Promise<void> {
    const world = this.#world;
    const [restored, kept] = await Promise.all([
      claimRecords(world, (late) => this.#takeUp(late)),
      inTime(world.clock, world.library.settings(), undefined),
      inTime(world.clock, this.#lifetime.load(), undefined),
      canHash,
    ]);
    // Before any share: who wants the relay alone must not be met in another way.
    this.#settings = keptSettings(kept);
    this.#pacer.hurry();
    for (const origin of restored) this.#shares.add(shareIdOf(origin.link), origin);
    this.#saveTotals();
    this.#checkLibrary();
    world.removeLeftovers(() => keptPlaces(world)).catch(() => {});
  }

  share(id: ShareId, files: readonly ChosenFile[], options: ShareOptions): void {
    this.#shares.add(id, { type: "files", files, options });
  }

  /** @param key of the link's password, when it was given before. */
  open(id: ShareId, link: ShareLink, key?: Uint8Array): void {
    const known = this.#shares.of(link);
    if (known === undefined) this.#shares.add(id, { type: "link", link, key });
    else known.look();
  }

  async openTorrent(file: Blob): Promise<OpenedTorrent> {
    const opened = await readTorrentFile(file, this.#world);
    if (!opened.ok) return { trouble: opened.reason };
    const { torrent, link } = opened.value;
    const here = this.#shares.of(link);
    if (here !== undefined) return { id: here.id };
    const id = shareIdOf(link);
    this.#shares.add(id, { type: "link", link, torrent });
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
    if (share !== undefined) this.#shares.forget(share);
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
      for (const share of this.#shares.all) share.membership?.discovery.introductions?.tryAnew();
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
    const stored = this.#shares.all.map(async (share) => {
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
    for (const share of this.#shares.all) {
      const { snapshot, recheckAt } = share.view(now);
      shares.push(snapshot);
      if (recheckAt !== undefined) this.#pacer.at(recheckAt);
    }
    return {
      shares,
      lifetime: this.#lifetime.with(this.#shares.moved),
      settings: this.#settings,
      tracker: this.#trackerState,
      outdated: this.#isOutdated,
    };
  }

  /** Begins to connect to what all shares use. */
  #connect(): MembershipPorts {
    const world = this.#world;
    const owners = new LinkOwners();
    return {
      world,
      links: world.connectLinks(owners.events),
      trackers: new TrackerPool(world.trackerUrl, world.connectTracker, ({ state }) => {
        this.#trackerState = state;
        this.#pacer.hurry();
      }),
      budget: new LinkBudget(),
      settings: () => this.#settings,
      nextLink: (membership) => owners.nextLink(membership),
    };
  }

  /** What was opened here meanwhile waits for the name by itself. */
  #takeUp(restored: Restored): void {
    const { link, record } = restored;
    if (this.#shares.of(link) === undefined) this.#shares.add(shareIdOf(link), restored);
    else this.#world.claims.release(record.share.key);
  }

  #saveTotals(): void {
    const { clock } = this.#world;
    void this.#lifetime.save(this.#shares.moved);
    for (const share of this.#shares.all) if (!share.life.isResting) share.keeping?.updateProgress();
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

  /** Divides what all shares may move among those that take part in a swarm. */
  #allot(shown: readonly ShareSnapshot[]): void {
    this.#allottedAt = this.#world.clock.now();
    const parts = shown.flatMap((snapshot) => {
      const share = this.#shares.get(snapshot.id);
      return share?.membership === undefined ? [] : [{ share, snapshot }];
    });
    const movers = parts.map(({ share, snapshot }) => ({
      ...snapshot,
      allotment: share.limiter.allotment,
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
