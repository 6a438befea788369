/**
 * One share from its first moment to its last: files being fingerprinted, or a link being opened, then our part
 * in the swarm, and what the person says about it.
 *
 * Invariants
 *  1. Whatever goes wrong ends in a state and a problem on the screen, never in an exception.
 *  2. A stopped share can be taken up again where it was; a failed one keeps its trace.
 */
import { geometryOf } from "../engine/geometry-of.ts";
import type { Info } from "../engine/metainfo/info.ts";
import { type InfoHashes, isSameTorrent, nameOf, onlyHashes } from "../engine/metainfo/info-hashes.ts";
import { formatPrivateLink, formatPublicLink, type ShareLink } from "../engine/metainfo/share-link.ts";
import { encodeTorrent, type Torrent } from "../engine/metainfo/torrent.ts";
import type { SwarmSnapshot } from "../engine/snapshot.ts";
import type { InfoHash, Millis, PieceIndex } from "../engine/units.ts";
import { type FileStreamPort, refuse } from "../ports/file-stream.ts";
import { canRelay } from "../ports/ice-config.ts";
import type { ChosenFile, ShareOptions } from "./commands.ts";
import { problemOf } from "./faults.ts";
import { changesFileList, fileNameOf, fileSnapshots } from "./file-progress.ts";
import { FILES_FOLLOWED } from "./limits.ts";
import { Membership, type MembershipPorts } from "./membership.ts";
import { PieceMapCopy } from "./piece-map.ts";
import { FileStreams } from "./playing/file-streams.ts";
import { firstPlayable } from "./playing/playable.ts";
import { type Publication, publish, shareName, totalSize } from "./publish.ts";
import { type Allotment, type ShareLimits, UNLIMITED } from "./settings.ts";
import { shareSnapshot } from "./share-snapshot.ts";
import { judge, type Situation } from "./share-state.ts";
import type { FileSnapshot, Problem, ShareId, ShareSnapshot, StopReason } from "./snapshot.ts";
import { StopGoals } from "./stop-goals.ts";
import { troubleOf } from "./torrent-file.ts";

export interface ShareEvents {
  /** A figure changed. */
  onFigures(): void;
  /** The state may have changed. */
  onTurn(): void;
  /** The share knows now which torrent it is. */
  onIdentified(share: Share): void;
}

/** What a share begins with. */
export type ShareOrigin =
  | { readonly type: "files"; readonly files: readonly ChosenFile[]; readonly options: ShareOptions }
  /** `torrent`: it came as a .torrent file. */
  | { readonly type: "link"; readonly link: ShareLink; readonly torrent?: Torrent };

export class Share {
  readonly id: ShareId;
  readonly #origin: ShareOrigin;
  readonly #ports: MembershipPorts;
  readonly #events: ShareEvents;
  readonly #addedAt: number;
  readonly #pieceMap = new PieceMapCopy();
  #stage: Situation["stage"];
  #fault: Problem | undefined;
  #hashing: AbortController | undefined;
  #hashedBytes = 0;
  #hashes: InfoHashes | undefined;
  #info: Info | undefined;
  #membership: Membership | undefined;
  #passwordKey: Uint8Array | undefined;
  #isUnlocking = false;
  #accepted: boolean;
  #paused = false;
  #wanted: readonly boolean[] | undefined;
  #limits: ShareLimits = {};
  #allotment: Allotment = UNLIMITED;
  #stoppedBy: StopReason | undefined;
  readonly #goals = new StopGoals();
  #filesVersion = 0;
  #unavailableSince: Millis | undefined;
  #streams: FileStreams | undefined;

  constructor(id: ShareId, origin: ShareOrigin, ports: MembershipPorts, events: ShareEvents) {
    this.id = id;
    this.#origin = origin;
    this.#ports = ports;
    this.#events = events;
    this.#addedAt = ports.world.wallClock();
    this.#accepted = origin.type === "files";
    this.#stage = origin.type === "files" ? "hashing" : "joined";
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

  /** Begins. Called once, after the share is in the session's list. */
  start(): void {
    const origin = this.#origin;
    if (origin.type === "files") void this.#publish(origin.files, origin.options);
    else if (origin.link.kind === "private" && this.#isLocked) this.#waitForPassword(origin.link.infoHash);
    else this.#identify(origin.link, undefined);
  }

  /** Tries a password; another one may be tried until somebody was met with it. */
  async unlock(password: string): Promise<void> {
    const origin = this.#origin;
    if (origin.type === "files" || !origin.link.password || password === "") return;
    if (this.#membership?.search?.everMet || this.#isUnlocking) return;
    this.#isUnlocking = true;
    this.#events.onTurn();
    try {
      this.#passwordKey = await this.#ports.world.derivePasswordKey(origin.link.infoHash, password);
    } catch (error) {
      this.#fail(problemOf(error));
    }
    this.#isUnlocking = false;
    if (this.#stage !== "joined") return;
    // With the key before nobody was met: nothing is lost with it.
    void this.#membership?.close();
    this.#identify(origin.link, undefined);
  }

  download(): void {
    this.#accepted = true;
    this.resume();
  }

  pause(): void {
    this.#paused = true;
    this.#allow();
  }

  /** Goes on, also after the disk was full or refused. */
  resume(): void {
    this.#paused = false;
    if (this.#stage === "joined") this.#fault = undefined;
    this.#membership?.retryStore();
    this.#allow();
  }

  want(wanted: readonly boolean[]): void {
    if (this.#info === undefined || wanted.length !== this.#info.files.length) return;
    this.#wanted = [...wanted];
    this.#filesVersion++;
    this.#membership?.feed({ type: "files-wanted", wanted: this.#wanted });
    this.#prepareToPlay();
    this.#events.onTurn();
  }

  get limits(): ShareLimits {
    return this.#limits;
  }

  limit(limits: ShareLimits): void {
    this.#limits = limits;
    this.#events.onTurn();
  }

  /** What it may move from now on; the session divides what all shares may move. */
  allot(allotment: Allotment): void {
    const { uploadBytesPerSecond, downloadBytesPerSecond, uploadSlots } = this.#allotment;
    const isSame =
      uploadBytesPerSecond === allotment.uploadBytesPerSecond &&
      downloadBytesPerSecond === allotment.downloadBytesPerSecond &&
      uploadSlots === allotment.uploadSlots;
    if (isSame) return;
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
    } else {
      this.#stage = "joined";
      this.#membership.join();
    }
    this.#allow();
  }

  /** Ends it; nothing that it stored remains. */
  close(): void {
    this.#hashing?.abort();
    this.#streams?.close();
    this.#stage = "stopped";
    void this.#membership?.close();
  }

  trace(): string {
    return this.#membership?.swarm.trace() ?? "";
  }

  /** What the page sees, and when to look again though nothing happened. */
  view(now: Millis): { snapshot: ShareSnapshot; recheckAt: Millis | undefined } {
    const swarm = this.#membership?.people(now);
    const verdict = judge(this.#situation(swarm, now), now);
    const chosen = this.#origin.type === "files" ? this.#origin.files : [];
    const workingSize = this.#origin.type === "files" ? totalSize(chosen) : undefined;
    const snapshot = shareSnapshot({
      id: this.id,
      role: this.#origin.type === "files" ? "sender" : "receiver",
      public: this.#isPublic,
      infohashV2: this.#hashes?.infoHash ?? "",
      infohashV1: this.#hashes?.infoHashV1,
      link: this.link,
      accepted: this.#accepted,
      restored: false,
      hashed: this.#hashes === undefined && workingSize ? this.#hashedBytes / workingSize : 1,
      storage: this.#membership?.storage ?? "none",
      filesVersion: this.#filesVersion,
      limits: this.#limits,
      stoppedBy: this.#stoppedBy,
      addedAt: this.#addedAt,
      verdict,
      workingName: this.#origin.type === "files" ? shareName(chosen) : (this.#origin.link.name ?? ""),
      workingSize,
      workingFileCount: chosen.length,
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
    const { reason, askAt } = this.#goals.check(snapshot, this.#limits, now);
    if (reason !== undefined) this.stop(reason);
    return askAt;
  }

  /** The whole link; empty until the infohash is known. */
  get link(): string {
    const hashes = this.#hashes;
    if (hashes === undefined) return "";
    const { linkBase, trackerUrl } = this.#ports.world;
    if (!this.#isPublic && hashes.infoHash !== undefined) {
      return formatPrivateLink(linkBase, hashes.infoHash, this.#hasPassword);
    }
    const name = this.#info?.name;
    return formatPublicLink(linkBase, {
      ...hashes,
      ...(name !== undefined && { name }),
      trackers: [...new Set([trackerUrl, ...this.#foreignTrackers.flat()])],
      ...(this.#webSeeds.length > 0 && { webSeeds: this.#webSeeds }),
    });
  }

  /** A .torrent of it; undefined for a private share, which such a file would give away to anybody. */
  torrentFile(): Uint8Array | undefined {
    const info = this.#info;
    if (info === undefined || !this.#isPublic) return undefined;
    const { trackerUrl } = this.#ports.world;
    const layers = this.#origin.type === "link" ? this.#origin.torrent?.layers : undefined;
    return encodeTorrent({
      info,
      // Peers only from the torrent's own trackers, and ours is none of them (BEP 27).
      tiers: info.isPrivate ? this.#foreignTrackers : this.#tiersWith(trackerUrl),
      webSeeds: this.#webSeeds,
      layers: layers ?? this.#membership?.swarm.kept()?.layers ?? [],
    });
  }

  /** Ours first, and only once. */
  #tiersWith(trackerUrl: string): readonly (readonly string[])[] {
    const others = this.#foreignTrackers.map((tier) => tier.filter((url) => url !== trackerUrl));
    return [[trackerUrl], ...others.filter((tier) => tier.length > 0)];
  }

  /** All files, with how much of each is here. */
  files(now: Millis): readonly FileSnapshot[] {
    const info = this.#info;
    const pieces = this.#membership?.swarm.snapshot(now).pieces;
    if (info === undefined || pieces === undefined) return [];
    return fileSnapshots(info, pieces, this.#wanted);
  }

  /** The bytes of a file that is here completely. */
  async blob(file: number, now: Millis): Promise<Blob | undefined> {
    const snapshot = this.files(now)[file];
    if (snapshot === undefined || snapshot.have < snapshot.size) return undefined;
    try {
      return await this.#membership?.source?.file(file);
    } catch (error) {
      this.#fault = problemOf(error, snapshot.path.at(-1));
      this.#events.onTurn();
      return undefined;
    }
  }

  /** Serves a reader of one file, whatever of it is here by now. */
  stream(file: number, port: FileStreamPort): void {
    const info = this.#info;
    if (info?.files[file] === undefined) refuse(port);
    else this.#openStreams(info).open(file, port);
  }

  /** Play is offered as soon as a beginning is here, so that comes first. */
  #prepareToPlay(): void {
    if (this.#info === undefined || !this.#accepted || this.#origin.type === "files") return;
    const file = firstPlayable(this.#info.files, this.#wanted);
    if (file !== undefined || this.#streams !== undefined) this.#openStreams(this.#info).prepare(file);
  }

  #onStored(piece: PieceIndex): void {
    this.#streams?.onPieceStored();
    const info = this.#info;
    if (info === undefined || info.files.length > FILES_FOLLOWED) return;
    const has = (other: PieceIndex) => this.#membership?.swarm.has(other) ?? false;
    if (changesFileList(info, piece, has)) this.#filesVersion++;
  }

  #openStreams(info: Info): FileStreams {
    const { clock } = this.#ports.world;
    this.#streams ??= new FileStreams({
      geometry: geometryOf(info),
      clock,
      source: () => this.#membership?.source,
      has: (piece) => this.#membership?.swarm.has(piece) ?? false,
      setWindow: (first, count) => this.#membership?.feed({ type: "window-set", first, count }),
    });
    return this.#streams;
  }

  /** Those that a public link names; a private share is announced to our own server alone. */
  get #foreignTrackers(): readonly (readonly string[])[] {
    if (this.#origin.type === "files" || !this.#isPublic) return [];
    return this.#origin.torrent?.tiers ?? this.#origin.link.trackers.map((tracker) => [tracker]);
  }

  get #webSeeds(): readonly string[] {
    if (this.#origin.type === "files" || !this.#isPublic) return [];
    return this.#origin.link.webSeeds ?? [];
  }

  get #isPublic(): boolean {
    return this.#origin.type === "files" ? this.#origin.options.public : this.#origin.link.kind === "public";
  }

  get #hasPassword(): boolean {
    const origin = this.#origin;
    if (origin.type === "link") return origin.link.password;
    return !origin.options.public && Boolean(origin.options.password);
  }

  /** It takes a password to go on. */
  get #isLocked(): boolean {
    return this.#origin.type === "link" && this.#hasPassword && this.#passwordKey === undefined;
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
      const publication = await publish(files, options, this.#ports.world, onProgress, hashing.signal);
      if (this.#hasPassword && options.password !== undefined) {
        this.#passwordKey = await this.#ports.world.derivePasswordKey(publication.infoHash, options.password);
      }
      if (!hashing.signal.aborted) this.#identify(publication, publication);
    } catch (error) {
      if (!hashing.signal.aborted) this.#fail(problemOf(error, files[0]?.file.name));
    }
  }

  #identify(named: InfoHashes, publication: Publication | undefined): void {
    const { world } = this.#ports;
    const hashes = onlyHashes(named);
    const { infoHash } = hashes;
    const isPublic = this.#isPublic || infoHash === undefined;
    this.#hashes = hashes;
    this.#info = publication?.info;
    this.#stage = "joined";
    this.#filesVersion++;
    const sealer = isPublic
      ? Promise.resolve(world.makePublicSealer(nameOf(hashes).slice(0, 40)))
      : world.makeSealer(infoHash, this.#passwordKey);
    const identity = { hashes, isPublic, sealer, trackers: this.#foreignTrackers, webSeeds: this.#webSeeds };
    this.#membership = new Membership(identity, publication, this.#accepted, this.#ports, {
      onFigures: () => this.#events.onFigures(),
      onTurn: () => this.#events.onTurn(),
      onMetadata: (info) => {
        this.#info = info;
        this.#hashes = this.#membership?.swarm.hashes ?? hashes;
        this.#filesVersion++;
        this.#prepareToPlay();
        this.#events.onTurn();
      },
      onStored: (piece) => this.#onStored(piece),
      onMetadataInvalid: (reason) => this.#fail({ code: "invalid-torrent", trouble: troubleOf(reason) }),
      onHashesDisagree: () => this.#fail({ code: "torrent-contradictory" }),
      onComplete: () => {
        this.#filesVersion++;
        this.#events.onTurn();
      },
      onStoreFailed: (error) => {
        this.#fault = problemOf(error);
        this.pause();
      },
      onReadFailed: (piece, error) => {
        this.#fault = problemOf(error, this.#info && fileNameOf(this.#info, piece));
        this.#events.onTurn();
      },
      onBug: () => this.#fail({ code: "internal" }),
    });
    this.#membership.feed({ type: "limits-set", ...this.#allotment });
    this.#events.onIdentified(this);
    this.#membership.join();
    this.#events.onTurn();
  }

  #fail(problem: Problem): void {
    this.#fault = problem;
    this.#stage = "failed";
    this.#membership?.leave();
    this.#events.onTurn();
  }

  #allow(): void {
    const allowed = this.#accepted && !this.#paused && this.#stage === "joined";
    this.#membership?.feed({ type: "download-allowed", allowed });
    this.#prepareToPlay();
    this.#events.onTurn();
  }

  #situation(swarm: SwarmSnapshot | undefined, now: Millis): Situation {
    const isAvailable = swarm === undefined || swarm.available;
    this.#unavailableSince = isAvailable ? undefined : (this.#unavailableSince ?? now);
    const presence = this.#membership?.trackerPresence ?? { online: true, since: now };
    return {
      role: this.#origin.type === "files" ? "sender" : "receiver",
      stage: this.#stage,
      fault: this.#fault,
      accepted: this.#accepted,
      paused: this.#paused,
      isLocked: this.#isLocked && !this.#isUnlocking,
      hasPassword: this.#hasPassword,
      hasMetadata: this.#info !== undefined,
      isComplete: swarm?.isComplete ?? false,
      unavailableSince: this.#unavailableSince,
      trackerOnline: presence.online,
      trackerSince: presence.since,
      search: this.#membership?.search,
      webSeeds: this.#membership?.webSeedsGiving ?? 0,
      relayAvailable: canRelay(this.#ports.world.ice.servers),
    };
  }
}
