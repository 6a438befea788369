/**
 * The web seeds of one share (BEP 19): when they are used, and what becomes of those that fail.
 *
 * Invariants
 *  1. None is contacted before the person wants the files, nor while people bring them fast enough.
 *  2. One whose bytes did not match the torrent, or whose server has nothing for us, is never asked again.
 *  3. One that failed otherwise is asked ever more rarely.
 */
import type { Geometry } from "../../engine/geometry.ts";
import type { DropReason, Input } from "../../engine/io.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { SwarmSnapshot } from "../../engine/snapshot.ts";
import { type LinkId, type Millis, millis, type PeerId } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { RangeFetch } from "../../ports/range-fetch.ts";
import {
  MAX_REASON_LENGTH,
  MAX_WEB_SEEDS,
  PEOPLE_FAST_BYTES_PER_SECOND,
  PEOPLE_FIRST_MS,
  PEOPLE_SLOW_BYTES_PER_SECOND,
  WEB_SEED_AGAIN_FIRST_MS,
  WEB_SEED_AGAIN_LONGEST_MS,
  WEB_SEED_LOOK_MS,
  WEB_SEEDS_AT_ONCE,
} from "../limits.ts";
import type { UrlReason, WebSeedFailure, WebSeedReason, WebSeedSnapshot } from "../snapshot.ts";
import { judgeWebSeedUrl } from "../trackers/foreign-url.ts";
import { WebSeedPeer } from "./web-seed-peer.ts";

export interface WebSeedsPorts {
  readonly clock: Clock;
  readonly fetchRange: RangeFetch;
  readonly nextLink: () => LinkId;
  readonly newPeerId: () => PeerId;
  /** Hands a fact about a web seed's link to the engine. */
  readonly feed: (
    input: Extract<Input, { type: "link-opened" | "bytes-received" | "bytes-flushed" | "link-closed" }>,
  ) => void;
  readonly swarm: () => SwarmSnapshot;
  /** The person wants the files and has not paused, and does not hide. */
  readonly isWanted: () => boolean;
}

interface Entry {
  readonly url: string;
  readonly unusable?: UrlReason;
  state: WebSeedSnapshot["state"];
  reason: WebSeedReason | undefined;
  link: LinkId | undefined;
  peer: WebSeedPeer | undefined;
  downloaded: number;
  failures: number;
  againAt: Millis;
}

/** Failures after which it is of no use to ask again. */
const FINAL: ReadonlySet<WebSeedFailure> = new Set(["not-there", "no-ranges", "led-astray", "too-short"]);

export class WebSeeds {
  readonly #entries: readonly Entry[];
  readonly #page: string;
  readonly #ports: WebSeedsPorts;
  #torrent: { readonly info: Info; readonly geometry: Geometry } | undefined;
  #isNeeded = false;
  #slowSince: Millis | undefined;
  #cancelLook: () => void = () => {};
  #isLooking = false;

  /** @param page the address of this page, which decides what may be contacted from it. */
  constructor(urls: readonly string[], page: string, ports: WebSeedsPorts) {
    this.#page = page;
    this.#ports = ports;
    this.#entries = urls.slice(0, MAX_WEB_SEEDS).map((text) => {
      const verdict = judgeWebSeedUrl(text, page);
      const entry = {
        url: verdict.usable ? verdict.url : text.slice(0, MAX_REASON_LENGTH),
        reason: undefined,
        link: undefined,
        peer: undefined,
        downloaded: 0,
        failures: 0,
        againAt: millis(Number.NEGATIVE_INFINITY),
      };
      return verdict.usable
        ? { ...entry, state: "spare" }
        : { ...entry, state: "unusable", reason: verdict.reason, unusable: verdict.reason };
    });
  }

  get snapshots(): readonly WebSeedSnapshot[] {
    return this.#entries.map(({ url, state, downloaded, reason }) => ({
      url,
      state,
      downloaded,
      ...(reason !== undefined && { reason }),
    }));
  }

  /** Web seeds that give right now. */
  get givingCount(): number {
    return this.#entries.filter(({ state }) => state === "used").length;
  }

  has(link: LinkId): boolean {
    return this.#entries.some((entry) => entry.link === link);
  }

  /** The torrent can be downloaded now. Called again after `leave`. */
  begin(info: Info, geometry: Geometry): void {
    this.#torrent = { info, geometry };
    if (this.#isLooking || this.#entries.every(({ unusable }) => unusable !== undefined)) return;
    this.#isLooking = true;
    this.#look();
  }

  /** What the engine sends on `link`. @returns whether that is the link of a web seed. */
  take(link: LinkId, bytes: Uint8Array): boolean {
    const entry = this.#entries.find((each) => each.link === link);
    if (entry === undefined) return false;
    entry.peer?.take(bytes);
    this.#ports.feed({ type: "bytes-flushed", link, count: bytes.length });
    return true;
  }

  /** The engine has no more use for it. @returns whether that was a web seed. */
  onDropped(link: LinkId, reason: DropReason, ban: boolean): boolean {
    const entry = this.#entries.find((each) => each.link === link);
    if (entry === undefined) return false;
    entry.peer?.close();
    entry.link = undefined;
    entry.peer = undefined;
    if (ban || reason === "data-corrupt") this.#discard(entry, "wrong-data");
    else this.#rest(entry, entry.reason);
    return true;
  }

  leave(): void {
    this.#cancelLook();
    this.#isLooking = false;
    this.#isNeeded = false;
    this.#slowSince = undefined;
    for (const entry of this.#entries) this.#hangUp(entry, entry.state === "used" ? "spare" : entry.state);
  }

  #look(): void {
    const { clock } = this.#ports;
    this.#judge(clock.now());
    for (const entry of this.#entries) entry.peer?.give(this.#isNeeded);
    if (this.#isNeeded) this.#callMore(clock.now());
    else for (const entry of this.#entries) if (entry.state === "used") entry.state = "spare";
    this.#cancelLook = clock.at(millis(clock.now() + WEB_SEED_LOOK_MS), () => this.#look());
  }

  /** Whether people are too slow, or nobody is there. */
  #judge(now: Millis): void {
    const swarm = this.#ports.swarm();
    if (!this.#ports.isWanted() || swarm.isComplete) {
      this.#isNeeded = false;
      this.#slowSince = undefined;
      return;
    }
    const people = swarm.peers.filter(({ link }) => !this.has(link));
    const rate = people.reduce((sum, { downloadRate }) => sum + downloadRate, 0);
    if (rate > PEOPLE_FAST_BYTES_PER_SECOND) this.#isNeeded = false;
    if (rate >= PEOPLE_SLOW_BYTES_PER_SECOND) this.#slowSince = undefined;
    else this.#slowSince ??= now;
    if (this.#slowSince !== undefined && now - this.#slowSince >= PEOPLE_FIRST_MS) this.#isNeeded = true;
  }

  #callMore(now: Millis): void {
    for (const entry of this.#entries) {
      if (entry.peer !== undefined) entry.state = "used";
      else if (this.givingCount < WEB_SEEDS_AT_ONCE && isCallable(entry, now)) this.#call(entry);
    }
  }

  #call(entry: Entry): void {
    if (this.#torrent === undefined) return;
    const { info, geometry } = this.#torrent;
    const { clock, fetchRange, feed } = this.#ports;
    const link = this.#ports.nextLink();
    const self = this.#ports.newPeerId();
    const isAllowed = (url: string) => judgeWebSeedUrl(url, this.#page).usable;
    const peer = new WebSeedPeer(
      entry.url,
      self,
      info,
      geometry,
      { clock, fetchRange, isAllowed },
      {
        onBytes: (bytes) => {
          if (entry.link === link) feed({ type: "bytes-received", link, bytes });
        },
        onBlock: (bytes) => {
          entry.downloaded += bytes;
          entry.failures = 0;
          entry.reason = undefined;
        },
        onFailed: (failure) => this.#onFailed(entry, failure),
      },
    );
    entry.link = link;
    entry.peer = peer;
    entry.state = "used";
    peer.give(true);
    feed({ type: "link-opened", link, peer: self, relayed: false });
  }

  #onFailed(entry: Entry, failure: WebSeedFailure): void {
    if (FINAL.has(failure)) this.#discard(entry, failure);
    else this.#rest(entry, failure);
  }

  #discard(entry: Entry, reason: WebSeedReason): void {
    this.#hangUp(entry, "dropped");
    entry.reason = reason;
  }

  #rest(entry: Entry, reason: WebSeedReason | undefined): void {
    const waitMs = Math.min(WEB_SEED_AGAIN_FIRST_MS * 2 ** entry.failures, WEB_SEED_AGAIN_LONGEST_MS);
    entry.failures++;
    entry.againAt = millis(this.#ports.clock.now() + waitMs);
    entry.reason = reason;
    this.#hangUp(entry, "waiting");
  }

  #hangUp(entry: Entry, state: Entry["state"]): void {
    const { link, peer } = entry;
    entry.link = undefined;
    entry.peer = undefined;
    entry.state = state;
    peer?.close();
    if (link !== undefined) this.#ports.feed({ type: "link-closed", link });
  }
}

function isCallable({ state, againAt }: Entry, now: Millis): boolean {
  return state === "spare" || (state === "waiting" && againAt <= now);
}
