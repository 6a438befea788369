/**
 * The run loop of one swarm: takes one fact, carries out every order that follows, takes the next fact.
 *
 * Invariants
 *  1. `step` is never entered twice at once: facts that come up meanwhile wait in a queue.
 *  2. Every `commit` is answered by one `piece-committed`, every `serve` by its bytes or by `serve-failed`.
 *  3. Nothing of a link is fed after it was dropped, nothing at all after `close`.
 *  4. What the environment throws is caught here and only here. What the engine throws is a bug of ours, and
 *     ends this swarm alone.
 */
import type { DropReason, Input, Output } from "../../engine/io.ts";
import { PIECE_HEADER_BYTES } from "../../engine/limits.ts";
import type { Info, InfoReason } from "../../engine/metainfo/info.ts";
import {
  invariant,
  type LinkId,
  type Millis,
  type PeerId,
  type PieceIndex,
  type Sha256,
} from "../../engine/units.ts";
import type { Note } from "../../engine/wire/introduction.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Hasher } from "../../ports/hasher.ts";
import type { Links } from "../../ports/links.ts";
import type { PieceSource, PieceStore } from "../../ports/piece-store.ts";
import { COMMITS_AT_ONCE } from "../limits.ts";
import { checkPiece } from "../verifying/check-piece.ts";
import type { OpenedStore } from "../world.ts";
import { SendQueue } from "./send-queue.ts";

/** The engine, as far as the run loop sees it. */
export interface SwarmCore {
  step(input: Input, now: Millis): readonly Output[];
}

/** What the run loop cannot carry out itself. None of these may throw. */
export interface DriverEvents {
  onMetadata(info: Info): void;
  /** What the link names cannot be opened by anybody. */
  onMetadataInvalid(reason: InfoReason): void;
  /** The torrent's two hashes name different bytes. */
  onHashesDisagree(): void;
  onComplete(): void;
  onDiscovered(through: LinkId, peers: readonly PeerId[]): void;
  /** The peer at `through` hands us a note of `from`. */
  onIntroduction(through: LinkId, from: PeerId, note: Note): void;
  /** The peer at `through` could not hand on what we wrote to `to`. */
  onIntroductionRefused(through: LinkId, to: PeerId, offerId: string): void;
  /** The engine wants this link closed; its queue is gone already. */
  onDropped(link: LinkId, reason: DropReason, ban: boolean): void;
  onStoreOpened(store: PieceStore, source: PieceSource): void;
  /** The store could not be opened, or a piece not be stored. */
  onStoreFailed(error: unknown): void;
  /** A piece was verified and stored, and the engine knows. */
  onStored(piece: PieceIndex): void;
  /** A piece could not be read back. */
  onReadFailed(piece: PieceIndex, error: unknown): void;
  /** The engine broke an invariant of its own; the driver is closed. */
  onBug(error: unknown): void;
}

export interface DriverPorts {
  readonly clock: Clock;
  readonly links: Pick<Links, "send">;
  readonly hasher: Hasher;
  readonly sha256: Sha256;
  readonly openStore: (info: Info) => Promise<OpenedStore>;
}

type Commit = Extract<Output, { type: "commit" }>;
type Committed = Extract<Input, { type: "piece-committed" }>;
type Serve = Extract<Output, { type: "serve" }>;

export class Driver {
  readonly #swarm: SwarmCore;
  readonly #ports: DriverPorts;
  readonly #events: DriverEvents;
  readonly #queues = new Map<LinkId, SendQueue>();
  readonly #unflushed = new Set<SendQueue>();
  readonly #commits: Commit[] = [];
  #commitsRunning = 0;
  #inputs: Input[] = [];
  #running = false;
  #closed = false;
  #source: PieceSource | undefined;
  #store: PieceStore | undefined;
  #cancelWake: () => void = () => {};

  /** @param files where a seed's pieces are read from; who downloads reads from the store. */
  constructor(swarm: SwarmCore, files: PieceSource | undefined, ports: DriverPorts, events: DriverEvents) {
    this.#swarm = swarm;
    this.#source = files;
    this.#ports = ports;
    this.#events = events;
  }

  /**
   * Opens a store for the torrent, and says so to the engine. Called again when it could not be opened.
   * @returns whether it is open.
   */
  openStore(info: Info): Promise<boolean> {
    return this.#ports.openStore(info).then(
      ({ store, source, have }) => {
        if (this.#closed) {
          // Nobody is left whom a failure to close it could be told.
          store.close().catch(() => {});
          return false;
        }
        this.#store = store;
        this.#source = source;
        this.feed({ type: "storage-opened", have });
        this.#events.onStoreOpened(store, source);
        return true;
      },
      (error: unknown) => {
        if (!this.#closed) this.#events.onStoreFailed(error);
        return false;
      },
    );
  }

  /** Pieces are read from here now: the files of a share that is gone on with. */
  takeSource(source: PieceSource): void {
    this.#source = source;
  }

  /** Takes a fact; when this returns, its orders and those of all facts that followed were given out. */
  feed(input: Input): void {
    if (this.#closed) return;
    this.#inputs.push(input);
    if (this.#running) return;
    this.#running = true;
    try {
      this.#run();
    } catch (error) {
      this.close();
      this.#events.onBug(error);
    } finally {
      this.#running = false;
    }
  }

  /** Stops for good. Links are left to the caller. */
  close(): void {
    this.#closed = true;
    this.#cancelWake();
    for (const queue of this.#queues.values()) queue.close();
    this.#queues.clear();
    this.#inputs = [];
    this.#commits.length = 0;
  }

  #run(): void {
    while (this.#inputs.length > 0) {
      const inputs = this.#inputs;
      this.#inputs = [];
      for (const input of inputs) this.#step(input);
    }
  }

  #step(input: Input): void {
    if (this.#closed || !this.#isDue(input)) return;
    if (input.type === "link-opened") this.#openQueue(input.link);
    if (input.type === "link-closed") this.#closeQueue(input.link);
    for (const output of this.#swarm.step(input, this.#ports.clock.now())) this.#perform(output);
  }

  /** False for what was still on its way from a link when that was dropped. */
  #isDue(input: Input): boolean {
    switch (input.type) {
      case "bytes-received":
      case "bytes-flushed":
      case "link-closed":
      case "serve-failed":
        return this.#queues.has(input.link);
      default:
        return true;
    }
  }

  #perform(output: Output): void {
    switch (output.type) {
      case "send":
        this.#send(output.link, output.bytes);
        break;
      case "serve":
        this.#serve(output);
        break;
      case "commit":
        this.#enqueueCommit(output);
        break;
      case "drop":
        this.#closeQueue(output.link);
        this.#events.onDropped(output.link, output.reason, output.ban);
        break;
      case "metadata-complete":
        this.#events.onMetadata(output.info);
        void this.openStore(output.info);
        break;
      case "metadata-invalid":
        this.#events.onMetadataInvalid(output.reason);
        break;
      case "hashes-disagree":
        this.#events.onHashesDisagree();
        break;
      case "download-complete":
        this.#flushStore();
        this.#events.onComplete();
        break;
      case "peers-discovered":
        this.#events.onDiscovered(output.through, output.peers);
        break;
      case "introduction-heard":
        this.#events.onIntroduction(output.through, output.from, output.note);
        break;
      case "introduction-refused":
        this.#events.onIntroductionRefused(output.through, output.to, output.offerId);
        break;
      case "wake-at":
        this.#wakeAt(output.at);
        break;
    }
  }

  #wakeAt(at: Millis): void {
    this.#cancelWake();
    this.#cancelWake = this.#ports.clock.at(at, () => this.feed({ type: "woke" }));
  }

  #openQueue(link: LinkId): void {
    this.#queues.set(link, new SendQueue((bytes) => this.#ports.links.send(link, bytes)));
  }

  #closeQueue(link: LinkId): void {
    this.#queues.get(link)?.close();
    this.#queues.delete(link);
  }

  #send(link: LinkId, bytes: Uint8Array): void {
    const queue = this.#queues.get(link);
    if (queue === undefined) return;
    queue.push(bytes);
    this.#flushSoon(queue);
  }

  /** At the end of the turn: whatever else this turn brings shares the channel message. */
  #flushSoon(queue: SendQueue): void {
    if (this.#unflushed.size === 0) queueMicrotask(() => this.#flush());
    this.#unflushed.add(queue);
  }

  #flush(): void {
    const queues = [...this.#unflushed];
    this.#unflushed.clear();
    for (const queue of queues) queue.flush();
  }

  #flushStore(): void {
    this.#store?.flush().catch((error: unknown) => this.#events.onStoreFailed(error));
  }

  #serve(order: Serve): void {
    const queue = this.#queues.get(order.link);
    if (queue === undefined) return;
    invariant(this.#source, "a piece is served only once there is somewhere to read it from");
    const fill = queue.reserve();
    const { piece, begin, padding } = order;
    const stored = order.length - padding;
    const block = stored === 0 ? Promise.resolve(new Uint8Array()) : this.#source.read(piece, begin, stored);
    block.then(
      (bytes) => {
        fill([pieceHeader(order), bytes, new Uint8Array(padding)]);
        this.#flushSoon(queue);
      },
      (error: unknown) => {
        fill([]);
        this.#flushSoon(queue);
        if (this.#closed) return;
        const { link, piece, begin, length } = order;
        this.#events.onReadFailed(piece, error);
        this.feed({ type: "serve-failed", link, piece, begin, length });
      },
    );
  }

  #enqueueCommit(order: Commit): void {
    this.#commits.push(order);
    this.#startCommits();
  }

  #startCommits(): void {
    while (this.#commitsRunning < COMMITS_AT_ONCE) {
      const order = this.#commits.shift();
      if (order === undefined) return;
      this.#commitsRunning++;
      void this.#commit(order).then((outcome) => {
        this.#commitsRunning--;
        this.feed(outcome);
        if (outcome.result === "stored") this.#events.onStored(outcome.piece);
        this.#startCommits();
      });
    }
  }

  /** Hashes, compares and stores. Never rejects. */
  async #commit({ piece, bytes, check }: Commit): Promise<Committed> {
    try {
      const { verdict, leaves } = await checkPiece(bytes, check, this.#ports);
      if (verdict === "contradictory") return { type: "piece-committed", piece, result: verdict };
      if (verdict === "corrupt") return { type: "piece-committed", piece, result: verdict, leaves };
      invariant(this.#store, "a piece is stored only once there is a store");
      await this.#store.write(piece, bytes);
      return { type: "piece-committed", piece, result: "stored", leaves };
    } catch (error) {
      if (!this.#closed) this.#events.onStoreFailed(error);
      return { type: "piece-committed", piece, result: "failed" };
    }
  }
}

/** Length, id 7, index and begin of a `piece` message (BEP 3). */
function pieceHeader({ piece, begin, length }: Serve): Uint8Array {
  const header = new Uint8Array(PIECE_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint32(0, PIECE_HEADER_BYTES - 4 + length);
  view.setUint8(4, 7);
  view.setUint32(5, piece);
  view.setUint32(9, begin);
  return header;
}
