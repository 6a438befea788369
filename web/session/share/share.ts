/**
 * One share from its first moment to its last: files being fingerprinted, or a link being opened, then our part
 * in the swarm, and what the person says about it.
 *
 * Invariants
 *  1. Whatever goes wrong ends in a state and a problem on the screen, never in an exception.
 *  2. A stopped share can be taken up again where it was; a failed one keeps its trace.
 */
import type { Info } from "../../engine/metainfo/info.ts";
import { type InfoHashes, isSameTorrent, nameOf, onlyHashes } from "../../engine/metainfo/info-hashes.ts";
import type { ShareLink } from "../../engine/metainfo/share-link.ts";
import type { Torrent } from "../../engine/metainfo/torrent.ts";
import type { SwarmSnapshot } from "../../engine/snapshot.ts";
import { NO_TOTALS, type Totals } from "../../engine/totals.ts";
import type { InfoHash, Millis, PieceIndex } from "../../engine/units.ts";
import type { FileStreamPort } from "../../ports/file-stream.ts";
import { canRelay } from "../../ports/ice-config.ts";
import type { KeptRecord } from "../../ports/library.ts";
import { TooLargeForMemoryError } from "../../ports/piece-store.ts";
import type { ChosenFile, ShareOptions } from "../commands.ts";
import { Keeping, type KeepingFacts } from "../keeping/keeping.ts";
import { mergeInto } from "../keeping/merging.ts";
import { canReopen, keptFiles, reopen } from "../keeping/reopen.ts";
import type { Restored } from "../keeping/restoring.ts";
import { RoomWatch } from "../keeping/room-watch.ts";
import { type Beginning, beginningOfRecord, beginningOfTorrent } from "../membership/beginning.ts";
import { Membership, type MembershipPorts } from "../membership/membership.ts";
import { FileReading } from "../playing/file-reading.ts";
import { type Allotment, isSameAllotment, type ShareLimits, UNLIMITED } from "../settings.ts";
import type { FileSnapshot, Problem, ShareId, ShareSnapshot, StopReason } from "../snapshot.ts";
import { type KnownTorrent, publish } from "../torrents/publish.ts";
import { troubleOf } from "../torrents/torrent-file.ts";
import { problemOf } from "./faults.ts";
import { FileList } from "./file-list.ts";
import { fileNameOf } from "./file-progress.ts";
import { PieceMapCopy } from "./piece-map.ts";
import { ShareLock } from "./share-lock.ts";
import {
  foreignTrackersOf,
  keptLinkOf,
  linkOf,
  type NamedShare,
  torrentFileOf,
  webSeedsOf,
} from "./share-names.ts";
import { type FilesOrLink, type Legacy, type ShareOrigin, workingFigures } from "./share-origin.ts";
import { shareSnapshot } from "./share-snapshot.ts";
import { judge, type Situation } from "./share-state.ts";
import { StopGoals } from "./stop-goals.ts";

export interface ShareEvents {
  /** A figure changed. */
  onFigures(): void;
  /** The state may have changed. */
  onTurn(): void;
  /** The share knows now which torrent it is. @returns what it takes over from an older share of that torrent. */
  onIdentified(share: Share): Legacy | undefined;
  /** It takes part in its swarm from now on, or will. */
  onBegun(): void;
  /** Another tab had the share and left this record: the share is to be gone on with from it. */
  onInherited(share: Share, record: KeptRecord): void;
  /** Somebody could be met with this key of a password. */
  onUnlocked(key: Uint8Array): void;
  /** Torrents whose files are missed, which a share with these options may be. */
  missing(options: ShareOptions): readonly KnownTorrent[];
}

export class Share {
  readonly id: ShareId;
  readonly #origin: FilesOrLink;
  readonly #role: ShareSnapshot["role"];
  /** What it goes on with, from an earlier session. */
  readonly #earlier: Restored | undefined;
  readonly #ports: MembershipPorts;
  readonly #events: ShareEvents;
  readonly #pieceMap = new PieceMapCopy();
  #stage: Situation["stage"];
  #fault: Problem | undefined;
  #hashing: AbortController | undefined;
  #hashedBytes = 0;
  #hashes: InfoHashes | undefined;
  #info: Info | undefined;
  #addedAt: number;
  #totalsBefore: Totals = NO_TOTALS;
  #membership: Membership | undefined;
  #keeping: Keeping | undefined;
  /** In the order of the torrent. */
  #chosen: readonly ChosenFile[] = [];
  #isRestored: boolean;
  #isPublic: boolean;
  #opening = new AbortController();
  readonly #roomWatch: RoomWatch;
  readonly #lock: ShareLock;
  readonly #files: FileList;
  readonly #reading: FileReading;
  #accepted: boolean;
  #paused = false;
  #limits: ShareLimits = {};
  #allotment: Allotment = UNLIMITED;
  #stoppedBy: StopReason | undefined;
  readonly #goals = new StopGoals();
  #unavailableSince: Millis | undefined;

  constructor(id: ShareId, origin: ShareOrigin, ports: MembershipPorts, events: ShareEvents) {
    this.id = id;
    this.#origin = origin.type === "kept" ? { type: "link", link: origin.link } : origin;
    this.#earlier = origin.type === "kept" ? origin : undefined;
    this.#ports = ports;
    this.#events = events;
    this.#roomWatch = new RoomWatch(ports.world);
    this.#isRestored = origin.type === "kept";
    this.#isPublic = origin.type === "files" ? origin.options.public : origin.link.kind === "public";
    if (origin.type === "kept") {
      const { share, progress } = origin.record;
      this.#role = share.role;
      this.#addedAt = share.addedAt;
      this.#totalsBefore = progress.totals;
      this.#limits = (share.extras.limits as ShareLimits | undefined) ?? {};
      this.#stage = share.stopped ? "stopped" : "resting";
    } else {
      this.#role = origin.type === "files" ? "sender" : "receiver";
      this.#addedAt = ports.world.wallClock();
      this.#stage = origin.type === "files" ? "hashing" : "joined";
    }
    this.#accepted = this.#role === "sender";
    const kept = this.#earlier?.record.share;
    const key = kept?.passwordKey ?? (origin.type === "link" ? origin.key : undefined);
    this.#lock = new ShareLock(this.#origin, key, ports.world);
    this.#files = new FileList(kept?.wanted);
    this.#reading = new FileReading({
      clock: ports.world.clock,
      membership: () => this.#membership,
      files: (now) => this.files(now),
      onUnreadable: (error, fileName) => this.#onUnreadable(error, fileName),
    });
  }

  /** Undefined until the torrent is made or the link was read. */
  get hashes(): InfoHashes | undefined {
    return this.#hashes;
  }

  isTorrent(hashes: InfoHashes): boolean {
    return this.#hashes !== undefined && isSameTorrent(this.#hashes, hashes);
  }

  get membership(): Membership | undefined {
    return this.#membership;
  }

  /** The browser's handles of the files that it waits for. */
  get handles(): readonly unknown[] {
    return this.isResting ? (this.#earlier?.record.share.roots ?? []) : [];
  }

  get role(): ShareSnapshot["role"] {
    return this.#role;
  }

  /** The person wants it downloaded, and has not paused it. */
  get goesOn(): boolean {
    return this.#accepted && (!this.#paused || this.#fault?.code === "open-elsewhere");
  }

  /** The torrent whose files it waits for. */
  get missing(): KnownTorrent | undefined {
    const { infoHash, infoHashV1 } = this.#hashes ?? {};
    const isWaiting = this.#role === "sender" && this.isResting;
    return isWaiting && infoHash && this.#info ? { infoHash, infoHashV1, info: this.#info } : undefined;
  }

  get keeping(): Keeping | undefined {
    return this.#keeping;
  }

  /** It is here from an earlier time, and nobody has asked for it. */
  get isResting(): boolean {
    return this.#isRestored && (this.#stage === "resting" || this.#stage === "stopped");
  }

  /** What was moved in this session. */
  get movedNow(): Totals {
    const { uploaded, downloaded, wasted } = this.#totals();
    return {
      uploaded: uploaded - this.#totalsBefore.uploaded,
      downloaded: downloaded - this.#totalsBefore.downloaded,
      wasted: wasted - this.#totalsBefore.wasted,
    };
  }

  /** Begins. Called once, after the share is in the session's list. */
  start(): void {
    const origin = this.#origin;
    if (this.#earlier !== undefined)
      this.#identify(this.#earlier.link, beginningOfRecord(this.#earlier, this.#ports.world));
    else if (origin.type === "files") void this.#publish(origin.files, origin.options);
    else if (origin.link.kind === "private" && this.#lock.isLocked)
      this.#waitForPassword(origin.link.infoHash);
    else if (origin.torrent !== undefined) this.#beginWith(origin.link, origin.torrent);
    else this.#identify(origin.link, { type: "nothing" });
  }

  #beginWith(link: ShareLink, torrent: Torrent): void {
    this.#select(torrent.info);
    this.#identify(link, beginningOfTorrent(torrent, this.#ports.world));
    void this.#membership?.prepare();
  }

  #select(info: Info): void {
    const { link } = this.#origin.type === "link" ? this.#origin : {};
    if (link?.select !== undefined) this.#files.select(info, link.select);
  }

  /** Tries a password; another one may be tried until somebody was met with it. */
  async unlock(password: string): Promise<void> {
    const origin = this.#origin;
    if (origin.type === "files" || !origin.link.password || password === "") return;
    if (this.#membership?.search?.everMet || this.#lock.isDeriving) return;
    const deriving = this.#lock.derive(origin.link.infoHash, password);
    this.#events.onTurn();
    await deriving.catch((error) => this.#fail(problemOf(error)));
    if (this.#stage !== "joined") return;
    // With the key before nobody was met: nothing is lost with it.
    void this.#membership?.close("delete");
    this.#keeping?.letGo();
    this.#identify(origin.link, { type: "nothing" });
  }

  download(): void {
    this.resume();
  }

  /** The person opened its link: whoever is there is looked for, and the person asked whether to go on. */
  look(): void {
    if (this.#stage === "resting" && this.#role === "receiver") void this.#wake();
  }

  pause(): void {
    this.#paused = true;
    this.#allow();
  }

  /** Goes on, also after the disk was full or refused. */
  resume(): void {
    this.#accepted = true;
    this.#paused = false;
    this.#keeping?.begin();
    if (this.#stage === "resting") {
      void this.#wake();
      return;
    }
    this.#isRestored = false;
    if (this.#stage === "joined") this.#fault = undefined;
    this.#membership?.retryStore();
    this.#allow();
  }

  want(wanted: readonly boolean[]): void {
    if (!this.#files.want(this.#info, wanted)) return;
    this.#feedWanted();
    this.#allow();
  }

  get limits(): ShareLimits {
    return this.#limits;
  }

  limit(limits: ShareLimits): void {
    this.#limits = limits;
    this.#keeping?.update();
    this.#events.onTurn();
  }

  /** What it may move from now on; the session divides what all shares may move. */
  allot(allotment: Allotment): void {
    if (isSameAllotment(this.#allotment, allotment)) return;
    this.#allotment = allotment;
    this.#membership?.feed({ type: "limits-set", ...allotment });
  }

  get allotment(): Allotment {
    return this.#allotment;
  }

  stop(reason: StopReason = "person"): void {
    if (this.#stage === "failed") return;
    this.#stoppedBy = reason;
    this.#hashing?.abort();
    this.#opening.abort();
    this.#membership?.leave();
    this.#stage = "stopped";
    this.#allow();
  }

  restart(): void {
    if (this.#stage !== "stopped") return;
    this.#goals.onRestarted(this.view(this.#ports.world.clock.now()).snapshot.ratio);
    if (this.#membership === undefined) {
      this.#stage = this.#origin.type === "files" ? "hashing" : "joined";
      this.start();
    } else if (this.#isRestored) {
      this.#stage = "resting";
      this.resume();
    } else {
      this.#stage = "joined";
      this.#membership.join();
    }
    this.#allow();
  }

  /** Ends it; nothing that it stored remains, and nothing is remembered of it. */
  close(): void {
    this.#end();
    void this.#keeping?.forget();
    void this.#membership?.close("delete");
  }

  /**
   * Ends it in this tab; what is remembered of it stays.
   *
   * @param heir goes on with it: another tab, or another share of this one, which then has to let go of the name.
   */
  putAway(heir: "other tab" | "this tab"): Legacy {
    this.#end();
    const totals = this.#totals();
    void this.#membership?.close("keep").then(() => {
      if (heir === "other tab") this.#keeping?.letGo();
    });
    return {
      addedAt: this.#addedAt,
      totals,
      isPublic: this.#isPublic,
      passwordKey: this.#lock.key,
      limits: this.#limits,
    };
  }

  /**
   * Ends it in favour of a record that another tab left; what this share had and the record lacks is added to it.
   * @returns the record, to be gone on with.
   */
  async giveUpFor(record: KeptRecord): Promise<KeptRecord> {
    this.#end();
    this.#membership?.leave();
    const pieces = this.#keeping?.pieces;
    const source = this.#membership?.source;
    const merged =
      this.#info && pieces && source
        ? await mergeInto(record, this.#info, pieces, source, this.#ports.world).catch(() => record)
        : record;
    await this.#membership?.close("delete");
    return merged;
  }

  #end(): void {
    this.#hashing?.abort();
    this.#opening.abort();
    this.#roomWatch.end();
    this.#reading.close();
    this.#stage = "stopped";
  }

  trace(): string {
    return this.#membership?.swarm.trace() ?? "";
  }

  /** What the page sees, and when to look again though nothing happened. */
  view(now: Millis): { snapshot: ShareSnapshot; recheckAt: Millis | undefined } {
    const swarm = this.#membership?.people(now);
    const verdict = judge(this.#situation(swarm, now), now);
    const working = workingFigures(this.#origin);
    const { workingSize } = working;
    const snapshot = shareSnapshot({
      id: this.id,
      role: this.#role,
      public: this.#isPublic,
      infohashV2: this.#hashes?.infoHash ?? "",
      infohashV1: this.#hashes?.infoHashV1,
      link: this.link,
      accepted: this.#accepted,
      restored: this.#isRestored,
      hashed: this.#hashes === undefined && workingSize ? this.#hashedBytes / workingSize : 1,
      storage: this.#storage,
      capacity: this.#membership?.store?.capacityBytes,
      filesVersion: this.#files.version,
      limits: this.#limits,
      stoppedBy: this.#stoppedBy,
      addedAt: this.#addedAt,
      verdict,
      ...working,
      info: this.#info,
      pieceMap: this.#pieceMap.of(swarm),
      swarm,
      routes: this.#membership?.routes ?? new Map(),
      dropped: this.#membership?.dropped ?? [],
      trackers: this.#membership?.trackers ?? [],
      webSeeds: this.#membership?.webSeeds ?? [],
    });
    return { snapshot, recheckAt: verdict.recheckAt };
  }

  /** Stops when a goal that the person set is reached. @returns when to ask again though nothing happened. */
  checkGoals(snapshot: ShareSnapshot, now: Millis): Millis | undefined {
    if (this.#isRestored) return undefined;
    const { reason, askAt } = this.#goals.check(snapshot, this.#limits, now);
    if (reason !== undefined) this.stop(reason);
    return askAt;
  }

  /** The whole link; empty until the infohash is known. */
  get link(): string {
    return linkOf(this.#named, this.#ports.world);
  }

  /** A .torrent of it; undefined for a private share. */
  torrentFile(): Uint8Array | undefined {
    const layers = this.#membership?.swarm.kept()?.layers ?? [];
    return torrentFileOf(this.#named, layers, this.#ports.world);
  }

  get #named(): NamedShare {
    return {
      origin: this.#origin,
      isPublic: this.#isPublic,
      hasPassword: this.#hasPassword,
      hashes: this.#hashes,
      info: this.#info,
    };
  }

  /** All files, with how much of each is here. */
  files(now: Millis): readonly FileSnapshot[] {
    const info = this.#info;
    const pieces = this.#membership?.swarm.snapshot(now).pieces;
    if (info === undefined || pieces === undefined) return [];
    return this.#files.snapshots(info, pieces);
  }

  /** The bytes of a file that is here completely. */
  blob(file: number, now: Millis): Promise<Blob | undefined> {
    return this.#reading.blob(file, now);
  }

  /** Serves a reader of one file, whatever of it is here by now. */
  stream(file: number, port: FileStreamPort): void {
    this.#reading.stream(this.#info, file, port);
  }

  #prepareToPlay(): void {
    if (this.#info === undefined || !this.#accepted || this.#origin.type === "files") return;
    this.#reading.prepareToPlay(this.#info, this.#files.wanted);
  }

  #onStored(piece: PieceIndex): void {
    this.#reading.onPieceStored();
    this.#files.onStored(this.#info, piece, (other) => this.#membership?.swarm.has(other) ?? false);
  }

  get #hasPassword(): boolean {
    return this.#lock.hasPassword(this.#isPublic);
  }

  #waitForPassword(infoHash: InfoHash): void {
    this.#hashes = { infoHash };
    this.#events.onIdentified(this);
    this.#events.onTurn();
  }

  async #publish(files: readonly ChosenFile[], options: ShareOptions): Promise<void> {
    const hashing = new AbortController();
    this.#hashing = hashing;
    const onProgress = (bytes: number) => {
      this.#hashedBytes = bytes;
      this.#events.onFigures();
    };
    try {
      const missing = this.#events.missing(options);
      const { world } = this.#ports;
      const publication = await publish(files, options, world, onProgress, hashing.signal, missing);
      if (this.#hasPassword && options.password !== undefined) {
        await this.#lock.derive(publication.infoHash, options.password);
      }
      if (!hashing.signal.aborted) this.#identify(publication, { type: "published", publication });
    } catch (error) {
      if (!hashing.signal.aborted) this.#fail(problemOf(error, files[0]?.file.name));
    }
  }

  #identify(named: InfoHashes, beginning: Beginning): void {
    const hashes = onlyHashes(named);
    this.#hashes = hashes;
    if (beginning.type === "published") {
      this.#info = beginning.publication.info;
      this.#chosen = beginning.publication.chosen;
    }
    if (beginning.type === "kept" || beginning.type === "known") this.#info = beginning.info;
    if (beginning.type !== "kept") this.#stage = "joined";
    this.#files.onChanged();
    const legacy = this.#events.onIdentified(this);
    this.#addedAt = legacy?.addedAt ?? this.#addedAt;
    this.#totalsBefore = legacy?.totals ?? this.#totalsBefore;
    this.#isPublic = legacy?.isPublic ?? this.#isPublic;
    this.#lock.inherit(legacy?.passwordKey);
    // Those that were set for it just now go before.
    this.#limits = { ...legacy?.limits, ...this.#limits };
    const keeping = this.#keep(hashes);
    const openStore = (info: Info) => keeping.openStore(info);
    const identity = {
      hashes,
      isPublic: this.#isPublic || hashes.infoHash === undefined,
      sealer: this.#lock.sealer(hashes, this.#isPublic),
      trackers: foreignTrackersOf(this.#origin, this.#isPublic),
      webSeeds: webSeedsOf(this.#origin, this.#isPublic),
    };
    this.#membership = new Membership(identity, beginning, this.#totalsBefore, openStore, this.#ports, {
      onFigures: () => this.#events.onFigures(),
      onTurn: () => this.#events.onTurn(),
      onMetadata: (info) => {
        this.#info = info;
        this.#hashes = this.#membership?.swarm.hashes ?? hashes;
        this.#files.onChanged();
        if (this.#lock.key !== undefined) this.#events.onUnlocked(this.#lock.key);
        this.#select(info);
        this.#feedWanted();
        this.#prepareToPlay();
        this.#events.onTurn();
      },
      onStored: (piece) => this.#onStored(piece),
      onMetadataInvalid: (reason) => this.#fail({ code: "invalid-torrent", trouble: troubleOf(reason) }),
      onHashesDisagree: () => this.#fail({ code: "torrent-contradictory" }),
      onComplete: () => {
        this.#files.onChanged();
        this.#events.onTurn();
      },
      onStoreOpened: () => keeping.onStoreOpened(),
      onStoreFailed: (error) => {
        const isElsewhere = error instanceof TooLargeForMemoryError && keeping.isElsewhere;
        this.#fault = isElsewhere ? { code: "open-elsewhere" } : problemOf(error);
        this.pause();
        this.#roomWatch.begin(
          () => this.#missingBytes(),
          () => this.resume(),
        );
      },
      onReadFailed: (piece, error) => {
        keeping.lose([piece]);
        this.#onUnreadable(error, this.#info && fileNameOf(this.#info, piece));
      },
      onBug: () => this.#fail({ code: "internal" }),
    });
    this.#membership.feed({ type: "limits-set", ...this.#allotment });
    this.#events.onBegun();
    this.#feedWanted();
    if (this.#accepted) keeping.begin();
    if (beginning.type !== "kept") this.#membership.join();
    this.#allow();
  }

  #feedWanted(): void {
    const { wanted } = this.#files;
    if (wanted !== undefined) this.#membership?.feed({ type: "files-wanted", wanted });
  }

  /** Goes on after a rest: opens what is stored, or the files that are shared. */
  async #wake(): Promise<void> {
    const opening = new AbortController();
    this.#opening = opening;
    this.#fault = undefined;
    this.#stage = "opening";
    this.#events.onTurn();
    const isOpen =
      this.#role === "sender" ? await this.#reopen(opening.signal) : await this.#membership?.prepare();
    if (opening.signal.aborted) return;
    this.#stage = isOpen ? "joined" : "resting";
    if (isOpen) this.#membership?.join();
    if (isOpen && this.#accepted) this.#isRestored = false;
    this.#allow();
  }

  /** @returns whether the shared files are at hand again. */
  async #reopen(signal: AbortSignal): Promise<boolean> {
    const { world } = this.#ports;
    const { record, info } = this.#earlier ?? {};
    if (record === undefined || info === undefined || !canReopen(record.share)) return false;
    try {
      const { chosen, source } = await reopen(record, info, world, signal);
      this.#chosen = chosen;
      this.#membership?.takeFiles(source);
    } catch (error) {
      if (!signal.aborted) this.#fault = problemOf(error);
      return false;
    }
    return true;
  }

  #keep(hashes: InfoHashes): Keeping {
    const { world } = this.#ports;
    const key = this.#earlier?.record.share.key ?? `${this.#role}-${nameOf(hashes)}`;
    const facts = {
      share: () => this.#facts(),
      torrent: () => {
        const layers = this.#membership?.swarm.kept()?.layers;
        return this.#info && layers && { info: this.#info.bytes, layers };
      },
      totals: () => this.#totals(),
      filesWithHashes: () =>
        this.#info?.files.filter(({ piecesRoot }) => piecesRoot !== undefined).length ?? 0,
    };
    const events = {
      onInherited: (record: KeptRecord) => this.#events.onInherited(this, record),
      onOwned: () => {
        if (this.#fault?.code === "open-elsewhere") this.resume();
        else this.#events.onTurn();
      },
      onEvicted: () => {
        this.#fault = { code: "storage-lost" };
        this.pause();
      },
    };
    this.#keeping = new Keeping(key, world, facts, events, this.#earlier?.record);
    return this.#keeping;
  }

  #facts(): ReturnType<KeepingFacts["share"]> {
    const files = this.#chosen.length > 0 ? keptFiles(this.#chosen) : this.#earlier?.record.share;
    return {
      role: this.#role,
      link: keptLinkOf(this.#named, this.#ports.world),
      passwordKey: this.#lock.key,
      addedAt: this.#addedAt,
      stopped: this.#stage === "stopped",
      wanted: this.#files.wanted,
      files: files?.files ?? [],
      roots: files?.roots ?? [],
      extras: { limits: this.#limits },
    };
  }

  #totals(): Totals {
    return this.#membership?.swarm.totals ?? this.#totalsBefore;
  }

  #onUnreadable(error: unknown, fileName: string | undefined): void {
    const problem = problemOf(error, fileName);
    const isStored = problem.code === "file-changed" && this.#role === "receiver";
    this.#fault = isStored ? { code: "storage-lost" } : problem;
    this.#events.onTurn();
  }

  get #storage(): ShareSnapshot["storage"] {
    const storage = this.#membership?.storage ?? "none";
    return storage === "memory" && this.#keeping?.isElsewhere ? "other-tab" : storage;
  }

  /** Bytes that the wanted files still take, while it is for lack of them that the share rests. */
  #missingBytes(): number | undefined {
    if (this.#fault?.code !== "storage-full" || this.#stage !== "joined") return undefined;
    const { clock } = this.#ports.world;
    const swarm = this.#membership?.swarm.snapshot(clock.now());
    return swarm === undefined ? 0 : swarm.wanted - swarm.haveOfWanted;
  }

  #fail(problem: Problem): void {
    this.#fault = problem;
    this.#stage = "failed";
    this.#membership?.leave();
    this.#events.onTurn();
  }

  #allow(): void {
    const allowed = this.#accepted && !this.#paused && this.#stage === "joined";
    this.#membership?.allow(allowed, this.#files.wanted);
    this.#keeping?.update();
    this.#prepareToPlay();
    this.#events.onTurn();
  }

  #situation(swarm: SwarmSnapshot | undefined, now: Millis): Situation {
    const isAvailable = swarm === undefined || swarm.available;
    this.#unavailableSince = isAvailable ? undefined : (this.#unavailableSince ?? now);
    const presence = this.#membership?.trackerPresence ?? { online: true, since: now };
    const { ice } = this.#ports.world;
    return {
      role: this.#role,
      stage: this.#stage,
      fault: this.#fault,
      accepted: this.#accepted,
      canReopen: this.#earlier !== undefined && canReopen(this.#earlier.record.share),
      paused: this.#paused,
      isLocked: this.#lock.isLocked && !this.#lock.isDeriving,
      hasPassword: this.#hasPassword,
      hasMetadata: this.#info !== undefined,
      isComplete: swarm?.isComplete ?? false,
      unavailableSince: this.#unavailableSince,
      trackerOnline: presence.online,
      trackerSince: presence.since,
      search: this.#membership?.search,
      webSeeds: this.#membership?.webSeedsGiving ?? 0,
      hasIceServers: ice.servers.length > 0,
      relayAvailable: canRelay(ice.servers),
      relayOnly: ice.relayOnly,
      epochOffset: this.#ports.world.wallClock() - now,
    };
  }
}
