/**
 * One share from its first moment to its last: files being fingerprinted, or a link being opened, then our part
 * in the swarm, and what the person says about it.
 *
 * Invariants
 *  1. Whatever goes wrong ends in a state and a problem on the screen, never in an exception.
 *  2. A stopped share can be taken up again where it was; a failed one keeps its trace.
 */
import type { Info } from "../../engine/metainfo/info.ts";
import { type InfoHashes, onlyHashes } from "../../engine/metainfo/info-hashes.ts";
import { NO_TOTALS, type Totals, totalsSince } from "../../engine/totals.ts";
import type { Millis } from "../../engine/units.ts";
import type { KeptRecord } from "../../ports/library.ts";
import type { ShareOptions } from "../commands.ts";
import type { Keeping } from "../keeping/keeping.ts";
import type { Restored } from "../keeping/restoring.ts";
import { RoomWatch } from "../keeping/room-watch.ts";
import { type Beginning, infoOf } from "../membership/beginning.ts";
import type { Membership, MembershipPorts } from "../membership/membership.ts";
import type { Allotment, ShareLimits } from "../settings.ts";
import type { Problem, ShareId, ShareSnapshot, StopReason } from "../snapshot.ts";
import type { KnownTorrent } from "../torrents/publish.ts";
import { problemOf } from "./faults.ts";
import { Identification } from "./identification.ts";
import { KeptMembership, type KeptMembershipEvents } from "./kept-membership.ts";
import { Limiter } from "./limiter.ts";
import { ShareDisplay } from "./share-display.ts";
import { ShareFiles } from "./share-files.ts";
import { ShareIdentity } from "./share-identity.ts";
import { type LifeSoFar, ShareLife } from "./share-life.ts";
import type { Legacy, ShareOrigin } from "./share-origin.ts";
import type { ViewedShare } from "./share-snapshot.ts";

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

export class Share implements ViewedShare {
  readonly id: ShareId;
  readonly identity: ShareIdentity;
  readonly life: ShareLife;
  readonly files: ShareFiles;
  readonly limiter: Limiter;
  /** What it goes on with, from an earlier session. */
  readonly #earlier: Restored | undefined;
  readonly #ports: MembershipPorts;
  readonly #events: ShareEvents;
  readonly #display: ShareDisplay;
  readonly #roomWatch: RoomWatch;
  readonly #identification: Identification;
  #part: KeptMembership | undefined;
  #totalsBefore: Totals;
  #opening: AbortController | undefined;

  constructor(id: ShareId, origin: ShareOrigin, ports: MembershipPorts, events: ShareEvents) {
    const { world } = ports;
    const record = origin.type === "kept" ? origin.record : undefined;
    this.id = id;
    this.identity = new ShareIdentity(origin, world);
    this.life = new ShareLife(origin);
    this.files = new ShareFiles(this.identity, record, {
      world,
      membership: () => this.membership,
      onUnreadable: (error, fileName) => this.#onUnreadable(error, fileName),
    });
    this.#earlier = origin.type === "kept" ? origin : undefined;
    this.#ports = ports;
    this.#events = events;
    this.#totalsBefore = record?.progress.totals ?? NO_TOTALS;
    this.limiter = new Limiter(record?.share.extras.limits as ShareLimits | undefined);
    this.#display = new ShareDisplay(world);
    this.#roomWatch = new RoomWatch(world);
    this.#identification = new Identification(this.identity, this.#earlier, world, {
      onFigures: () => events.onFigures(),
      onLocked: (hashes) => this.#onLocked(hashes),
      onIdentified: (...found) => this.#onIdentified(...found),
      onFailed: (problem) => this.#fail(problem),
      missing: (options) => events.missing(options),
    });
  }

  /** Undefined until its torrent is known. */
  get part(): KeptMembership | undefined {
    return this.#part;
  }

  get membership(): Membership | undefined {
    return this.#part?.membership;
  }

  get keeping(): Keeping | undefined {
    return this.#part?.keeping;
  }

  get hashedBytes(): number {
    return this.#identification.hashedBytes;
  }

  /** The browser's handles of the files that it waits for. */
  get handles(): readonly unknown[] {
    return this.life.isResting ? this.files.own.handles : [];
  }

  /** The torrent whose files it waits for. */
  get missing(): KnownTorrent | undefined {
    const isWaiting = this.life.isResting || this.life.fault?.code === "file-changed";
    return this.identity.role === "sender" && isWaiting ? this.identity.torrent : undefined;
  }

  /** What was moved in this session. */
  get movedNow(): Totals {
    return totalsSince(this.#totalsBefore, this.#totals);
  }

  /** Begins. Called once, after the share is in the session's list. */
  start(): void {
    this.#identification.begin();
  }

  /** Tries a password; another one may be tried until somebody was met with it. */
  async unlock(password: string): Promise<void> {
    const { origin, lock } = this.identity;
    if (origin.type === "files" || !origin.link.password || password === "") return;
    if (this.membership?.discovery.search?.everMet || lock.isDeriving) return;
    const deriving = lock.derive(origin.link.infoHash, password);
    this.#events.onTurn();
    await deriving.catch((error) => this.#fail(problemOf(error)));
    if (this.life.stage !== "joined") return;
    // With the key before nobody was met: nothing is lost with it.
    this.#part?.discard();
    this.#onIdentified(origin.link, { type: "nothing" });
  }

  /** The person opened its link: whoever is there is looked for, and the person asked whether to go on. */
  look(): void {
    if (this.life.stage === "resting" && this.identity.role === "receiver") void this.#wake();
  }

  pause(): void {
    this.life.onPaused();
    this.#allow();
  }

  /** Begins, or goes on, also after the disk was full or refused. */
  resume(): void {
    this.life.onWanted();
    this.keeping?.begin();
    if (this.life.stage === "resting") {
      void this.#wake();
      return;
    }
    this.life.onGoingOn();
    this.membership?.retryStore();
    this.#allow();
  }

  want(wanted: readonly boolean[]): void {
    if (this.files.want(wanted)) this.#allow();
  }

  limit(limits: ShareLimits): void {
    this.limiter.limit(limits);
    this.keeping?.update();
    this.#events.onTurn();
  }

  /** What it may move from now on; the session divides what all shares may move. */
  allot(allotment: Allotment): void {
    if (this.limiter.allot(allotment)) this.membership?.feed({ type: "limits-set", ...allotment });
  }

  stop(reason: StopReason = "person"): void {
    if (this.life.stage === "failed") return;
    this.#abort();
    this.membership?.leave();
    this.life.onStopped(reason);
    this.#allow();
  }

  restart(): void {
    if (this.life.stage !== "stopped") return;
    this.limiter.onRestarted(this.view(this.#ports.world.clock.now()).snapshot.ratio);
    if (this.membership === undefined) {
      this.life.enter(this.identity.origin.type === "files" ? "hashing" : "joined");
      this.start();
    } else if (this.life.isRestored) {
      this.life.enter("resting");
      this.resume();
    } else {
      this.life.enter("joined");
      this.membership.join();
    }
    this.#allow();
  }

  /** Ends it; nothing that it stored remains, and nothing is remembered of it. */
  close(): void {
    this.#end();
    this.#part?.close();
  }

  /**
   * Ends it in this tab; what is remembered of it stays.
   *
   * @param heir goes on with it: another tab, or another share of this one, which then has to let go of the name.
   */
  putAway(heir: "other tab" | "this tab"): Legacy {
    this.#end();
    const totals = this.#totals;
    const { addedAt, isPublic, lock } = this.identity;
    this.#part?.putAway(heir === "other tab");
    return { addedAt, totals, isPublic, passwordKey: lock.key, limits: this.limiter.limits };
  }

  /** Adds to a record that another tab left what that lacks and this share has. @returns the record as it is then. */
  async mergeInto(record: KeptRecord): Promise<KeptRecord> {
    return (await this.#part?.mergeInto(record)) ?? record;
  }

  /** Ends it in favour of the record that it was merged into. @returns what holds for who goes on with that. */
  giveUp(): LifeSoFar {
    const { soFar } = this.life;
    this.#end();
    this.#part?.giveUp();
    return soFar;
  }

  trace(): string {
    return this.membership?.swarm.trace() ?? "";
  }

  /** What the page sees, and when to look again though nothing happened. */
  view(now: Millis): { snapshot: ShareSnapshot; recheckAt: Millis | undefined } {
    return this.#display.show(this, now);
  }

  /** Stops when a goal that the person set is reached. @returns when to ask again though nothing happened. */
  checkGoals(snapshot: ShareSnapshot, now: Millis): Millis | undefined {
    if (this.life.isRestored) return undefined;
    const { reason, askAt } = this.limiter.check(snapshot, now);
    if (reason !== undefined) this.stop(reason);
    return askAt;
  }

  /** A .torrent of it; undefined for a private share. */
  torrentFile(): Uint8Array | undefined {
    return this.identity.torrentFile(this.membership?.swarm.kept()?.layers ?? []);
  }

  get #totals(): Totals {
    return this.#part?.totals ?? this.#totalsBefore;
  }

  #onLocked(hashes: InfoHashes): void {
    this.identity.onNamed(hashes);
    this.#events.onIdentified(this);
    this.#events.onTurn();
  }

  #onIdentified(named: InfoHashes, beginning: Beginning): void {
    const { identity, life, files } = this;
    const hashes = onlyHashes(named);
    identity.onNamed(hashes);
    const info = infoOf(beginning);
    if (info !== undefined) identity.onInfo(info);
    if (beginning.type === "published") files.own.onChosen(beginning.publication.chosen);
    if (beginning.type !== "kept") life.enter("joined");
    const legacy = this.#events.onIdentified(this);
    if (legacy !== undefined) this.#inherit(legacy);
    const earlier = { record: this.#earlier?.record, totals: this.#totalsBefore };
    this.#part = new KeptMembership(this, hashes, beginning, earlier, this.#ports, this.#partEvents());
    const { membership, keeping } = this.#part;
    membership.feed({ type: "limits-set", ...this.limiter.allotment });
    this.#events.onBegun();
    files.onKnown();
    if (life.accepted) keeping.begin();
    if (beginning.type !== "kept") membership.join();
    this.#allow();
    if (beginning.type === "known") void membership.prepare();
    else if (beginning.type === "kept" && life.stage === "joined") void this.#goOn(membership);
  }

  #inherit(legacy: Legacy): void {
    this.identity.inherit(legacy);
    this.#totalsBefore = legacy.totals;
    this.limiter.inherit(legacy.limits);
  }

  #partEvents(): KeptMembershipEvents {
    return {
      onFigures: () => this.#events.onFigures(),
      onTurn: () => this.#events.onTurn(),
      onMetadata: (info) => this.#onMetadata(info),
      onStored: (piece) => this.files.onStored(piece),
      onComplete: () => {
        this.files.onComplete();
        this.#events.onTurn();
      },
      onFailed: (problem) => this.#fail(problem),
      onStoreFailed: (problem) => {
        this.life.onFault(problem);
        this.pause();
        this.#roomWatch.begin(
          () => this.#missingBytes,
          () => this.resume(),
        );
      },
      onUnreadable: (error, fileName) => this.#onUnreadable(error, fileName),
      onInherited: (record) => this.#events.onInherited(this, record),
      onOwned: () => {
        if (this.life.fault?.code === "open-elsewhere") this.resume();
        else this.#events.onTurn();
      },
      onEvicted: () => {
        this.life.onFault({ code: "storage-lost" });
        this.pause();
      },
    };
  }

  #onMetadata(info: Info): void {
    const { identity } = this;
    identity.onInfo(info);
    // Of a hybrid both hashes are known from now on.
    if (this.membership !== undefined) identity.onNamed(this.membership.swarm.hashes);
    if (identity.lock.key !== undefined) this.#events.onUnlocked(identity.lock.key);
    this.files.onKnown();
    this.#prepareToPlay();
    this.#events.onTurn();
  }

  #onUnreadable(error: unknown, fileName: string | undefined): void {
    const problem = problemOf(error, fileName);
    const isStored = problem.code === "file-changed" && this.identity.role === "receiver";
    this.life.onFault(isStored ? { code: "storage-lost" } : problem);
    // What the disk lost is fetched again once the person goes on, as after a reload.
    if (isStored) this.pause();
    this.#events.onTurn();
  }

  /** Goes on from a record in the place of another share, as soon as its pieces can be read. */
  async #goOn(membership: Membership): Promise<void> {
    const isOpen = await membership.prepare();
    if (this.life.stage !== "joined") return;
    if (isOpen) membership.join();
    else this.life.enter("resting");
    this.#events.onTurn();
  }

  /** Goes on after a rest: opens what is stored, or the files that are shared. */
  async #wake(): Promise<void> {
    const opening = new AbortController();
    this.#opening = opening;
    this.life.onWaking();
    this.#events.onTurn();
    const isOpen = await this.files.open(opening.signal).catch((error) => {
      if (!opening.signal.aborted) this.life.onFault(problemOf(error));
      return false;
    });
    if (opening.signal.aborted) return;
    this.life.onWoken(isOpen);
    if (isOpen) this.membership?.join();
    this.#allow();
  }

  /** Bytes that the wanted files still take, while it is for lack of them that the share rests. */
  get #missingBytes(): number | undefined {
    if (this.life.fault?.code !== "storage-full" || this.life.stage !== "joined") return undefined;
    return this.#part?.missingBytes ?? 0;
  }

  #allow(): void {
    this.membership?.allow(this.life.mayDownload, this.files.wanted);
    this.keeping?.update();
    this.#prepareToPlay();
    this.#events.onTurn();
  }

  #prepareToPlay(): void {
    if (this.life.accepted) this.files.prepareToPlay();
  }

  #fail(problem: Problem): void {
    this.life.onFailed(problem);
    this.membership?.leave();
    this.#events.onTurn();
  }

  #abort(): void {
    this.#identification.abort();
    this.#opening?.abort();
  }

  #end(): void {
    this.#abort();
    this.#roomWatch.end();
    this.files.close();
    this.life.onEnded();
  }
}
