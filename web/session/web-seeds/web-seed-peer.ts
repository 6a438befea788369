/**
 * A web seed as the engine meets it: a peer that has everything, speaks the wire protocol, and gets each block that
 * is asked of it from an HTTP server. The engine knows no other kind of peer, so everything that holds for peers
 * (pipelining, blame, limits, accounts) holds for web seeds too.
 *
 * Invariants
 *  1. Every request is answered once, by the block or by a reject (BEP 6).
 *  2. At most WEB_SEED_RUNS_AT_ONCE fetches at a time; a server that says nothing for WEB_SEED_SILENCE_MS has failed.
 *  3. After `close` nothing is said any more.
 */
import type { Geometry } from "../../engine/geometry.ts";
import { encode } from "../../engine/metainfo/bencode.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import { fromHex, invariant, millis, type PeerId, type PieceIndex } from "../../engine/units.ts";
import { WireDecoder, type WireEvent } from "../../engine/wire/decoder.ts";
import { encodeMessage, type SendableMessage } from "../../engine/wire/encoder.ts";
import { EXTENSION_HANDSHAKE_ID } from "../../engine/wire/extension-handshake.ts";
import { encodeHandshake } from "../../engine/wire/handshake.ts";
import type { BlockRequest } from "../../engine/wire/message.ts";
import type { Clock } from "../../ports/clock.ts";
import { type RangeFetch, RangeFetchError } from "../../ports/range-fetch.ts";
import { WEB_SEED_REQUESTS, WEB_SEED_RUNS_AT_ONCE, WEB_SEED_SILENCE_MS } from "../limits.ts";
import type { WebSeedFailure } from "../snapshot.ts";
import { BlockQueue, type FileRange, rangesOf } from "./range-run.ts";
import { webSeedUrl } from "./web-seed-url.ts";

export interface WebSeedPeerPorts {
  readonly clock: Clock;
  readonly fetchRange: RangeFetch;
  readonly isAllowed: (url: string) => boolean;
}

export interface WebSeedPeerEvents {
  /** Bytes for the engine, as if they had come from a peer. */
  onBytes(bytes: Uint8Array): void;
  onBlock(bytes: number): void;
  onFailed(failure: WebSeedFailure): void;
}

export class WebSeedPeer {
  readonly #url: string;
  readonly #self: PeerId;
  readonly #info: Info;
  readonly #geometry: Geometry;
  readonly #ports: WebSeedPeerPorts;
  readonly #events: WebSeedPeerEvents;
  readonly #decoder = new WireDecoder();
  readonly #queue = new BlockQueue();
  readonly #fetches = new Set<AbortController>();
  #isGreeted = false;
  #isOpenHanded = false;
  #closed = false;

  constructor(
    url: string,
    self: PeerId,
    info: Info,
    geometry: Geometry,
    ports: WebSeedPeerPorts,
    events: WebSeedPeerEvents,
  ) {
    this.#url = url;
    this.#self = self;
    this.#info = info;
    this.#geometry = geometry;
    this.#ports = ports;
    this.#events = events;
  }

  /** What the engine sends to this peer. */
  take(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#decoder.push(bytes);
    for (let event = this.#decoder.next(); event !== undefined; event = this.#decoder.next()) this.#on(event);
  }

  /** Whether it gives anything now: what its server carries, others need not. */
  give(gives: boolean): void {
    if (gives === this.#isOpenHanded || this.#closed) return;
    this.#isOpenHanded = gives;
    if (!this.#isGreeted) return;
    this.#say({ type: gives ? "unchoke" : "choke" });
    if (!gives) this.#rejectAll(this.#queue.clear());
  }

  close(): void {
    this.#closed = true;
    this.#queue.clear();
    for (const fetch of this.#fetches) fetch.abort();
    this.#fetches.clear();
  }

  #on(event: WireEvent): void {
    switch (event.type) {
      case "handshake":
        this.#greet(event.handshake.infoHash);
        break;
      case "request":
        if (this.#isOpenHanded) this.#enqueue(event);
        else this.#rejectAll([event]);
        break;
      case "cancel":
        if (this.#queue.remove(event)) this.#rejectAll([event]);
        break;
      case "hash-request":
        this.#say({ ...event, type: "hash-reject" });
        break;
      default:
        break;
    }
  }

  #greet(infoHash: Uint8Array): void {
    const peerId = fromHex(this.#self);
    invariant(peerId, "a peer id is hexadecimal");
    this.#isGreeted = true;
    const handshake = { infoHash, peerId, extensions: true, fast: true, v2Upgrade: false };
    this.#events.onBytes(encodeHandshake(handshake));
    this.#say({ type: "have-all" });
    // Without any extension: nobody is told of it, and it is asked to introduce nobody.
    const payload = encode({ m: {}, reqq: WEB_SEED_REQUESTS, upload_only: 1, v: new URL(this.#url).host });
    this.#say({ type: "extended", id: EXTENSION_HANDSHAKE_ID, payload });
    if (this.#isOpenHanded) this.#say({ type: "unchoke" });
  }

  /** A turn is waited, so that requests that come together are fetched together. */
  #enqueue(request: BlockRequest): void {
    if (this.#queue.size === 0) queueMicrotask(() => this.#fetchMore());
    this.#queue.add(request);
  }

  #fetchMore(): void {
    while (!this.#closed && this.#queue.size > 0 && this.#fetches.size < WEB_SEED_RUNS_AT_ONCE) {
      const run = this.#queue.takeRun(this.#geometry);
      const fetch = new AbortController();
      this.#fetches.add(fetch);
      void this.#fetchRun(run, fetch).finally(() => {
        this.#fetches.delete(fetch);
        this.#fetchMore();
      });
    }
  }

  /** Never rejects. */
  async #fetchRun(run: readonly BlockRequest[], fetch: AbortController): Promise<void> {
    const answered = new Set<BlockRequest>();
    const silence = new Silence(this.#ports.clock, () => fetch.abort());
    try {
      const blocks = new RunBlocks(run, this.#geometry);
      for (const range of blocks.ranges) {
        const url = webSeedUrl(this.#url, this.#info, range.file);
        const { begin, end } = range;
        const chunks = this.#ports.fetchRange(url, begin, end, this.#ports.isAllowed, fetch.signal);
        const filling = blocks.filling(range);
        for await (const chunk of chunks) {
          silence.broken();
          for (const request of filling.add(chunk)) {
            answered.add(request);
            this.#answer(request, blocks.bytesOf(request));
          }
        }
      }
    } catch (error) {
      this.#fail(
        run.filter((request) => !answered.has(request)),
        error,
      );
    } finally {
      silence.end();
    }
  }

  #answer({ piece, begin }: BlockRequest, block: Uint8Array): void {
    if (this.#closed) return;
    this.#events.onBlock(block.length);
    this.#say({ type: "piece", piece, begin, block });
  }

  #fail(unanswered: readonly BlockRequest[], error: unknown): void {
    if (this.#closed) return;
    this.#rejectAll(unanswered);
    this.#events.onFailed(error instanceof RangeFetchError ? error.reason : "silent");
  }

  #rejectAll(requests: readonly BlockRequest[]): void {
    for (const { piece, begin, length } of requests) this.#say({ type: "reject", piece, begin, length });
  }

  #say(message: SendableMessage): void {
    if (!this.#closed) this.#events.onBytes(encodeMessage(message));
  }
}

/** Ends what waits for a server that says nothing. */
class Silence {
  readonly #clock: Clock;
  readonly #onTooLong: () => void;
  #cancel: () => void = () => {};

  constructor(clock: Clock, onTooLong: () => void) {
    this.#clock = clock;
    this.#onTooLong = onTooLong;
    this.broken();
  }

  broken(): void {
    this.#cancel();
    this.#cancel = this.#clock.at(millis(this.#clock.now() + WEB_SEED_SILENCE_MS), this.#onTooLong);
  }

  end(): void {
    this.#cancel();
  }
}

/** The blocks of one run, while they fill. */
class RunBlocks {
  readonly ranges: readonly FileRange[];
  readonly #run: readonly BlockRequest[];
  readonly #bytes: readonly Uint8Array[];
  /** Bytes that each block still waits for. */
  readonly #missing: number[];

  constructor(run: readonly BlockRequest[], geometry: Geometry) {
    this.#run = run;
    this.ranges = rangesOf(run, geometry);
    this.#bytes = run.map(({ length }) => new Uint8Array(length));
    this.#missing = run.map(({ piece, begin, length }) =>
      geometry.parts(piece as PieceIndex, begin, length).reduce((sum, part) => sum + part.length, 0),
    );
  }

  bytesOf(request: BlockRequest): Uint8Array {
    return this.#bytes[this.#run.indexOf(request)] ?? new Uint8Array();
  }

  filling({ shares }: FileRange): { add(chunk: Uint8Array): BlockRequest[] } {
    let at = 0;
    let filled = 0;
    const add = (chunk: Uint8Array): BlockRequest[] => {
      const complete: BlockRequest[] = [];
      for (let taken = 0; taken < chunk.length; ) {
        const share = shares[at];
        if (share === undefined) break;
        const count = Math.min(share.length - filled, chunk.length - taken);
        this.#bytes[share.block]?.set(chunk.subarray(taken, taken + count), share.offsetInBlock + filled);
        taken += count;
        filled += count;
        const missing = (this.#missing[share.block] ?? 0) - count;
        this.#missing[share.block] = missing;
        const request = this.#run[share.block];
        if (missing === 0 && request !== undefined) complete.push(request);
        if (filled === share.length) {
          at++;
          filled = 0;
        }
      }
      return complete;
    };
    return { add };
  }
}
