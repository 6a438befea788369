/**
 * The run loop of one swarm: takes one fact, carries out every order that follows, takes the next fact.
 *
 * Invariants
 *  1. `step` is never entered twice at once: facts that come up meanwhile wait in a queue.
 *  2. Every `commit` is answered by one `piece-committed`, every `serve` by its bytes or by `serve-failed`.
 *  3. Nothing of a link is fed after it was dropped but that a block for it cannot be read, nothing at all after `close`.
 *  4. What the environment throws is caught here, in its storage or its commits, and nowhere else. What the engine
 *     throws is a bug of ours, and ends this swarm alone.
 */
import type { DropReason, Input, Output } from "../../engine/io.ts";
import { PIECE_HEADER_BYTES } from "../../engine/limits.ts";
import type { Info, InfoReason } from "../../engine/metainfo/info.ts";
import type { LinkId, Millis, PeerId, PieceIndex, Sha256 } from "../../engine/units.ts";
import type { Note } from "../../engine/wire/introduction.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Hasher } from "../../ports/hasher.ts";
import type { Links } from "../../ports/links.ts";
import type { PieceSource } from "../../ports/piece-store.ts";
import type { OpenedStore } from "../world.ts";
import { CommitQueue } from "./commit-queue.ts";
import { Outbox } from "./outbox.ts";
import { PieceStorage } from "./piece-storage.ts";

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
  onStoreOpened(): void;
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

type Serve = Extract<Output, { type: "serve" }>;

export class Driver {
  readonly storage: PieceStorage;
  readonly #swarm: SwarmCore;
  readonly #clock: Clock;
  readonly #events: DriverEvents;
  readonly #outbox: Outbox;
  readonly #commits: CommitQueue;
  #inputs: Input[] = [];
  #running = false;
  #closed = false;
  #cancelWake: () => void = () => {};

  /** @param files where a seed's pieces are read from; who downloads reads from the store. */
  constructor(swarm: SwarmCore, files: PieceSource | undefined, ports: DriverPorts, events: DriverEvents) {
    this.#swarm = swarm;
    this.#clock = ports.clock;
    this.#events = events;
    this.#outbox = new Outbox(ports.links);
    this.storage = new PieceStorage(files, ports.openStore, {
      onOpened: (have) => {
        this.feed({ type: "storage-opened", have });
        events.onStoreOpened();
      },
      onFailed: (error) => events.onStoreFailed(error),
    });
    this.#commits = new CommitQueue(this.storage, ports, {
      onCommitted: (outcome) => {
        this.feed(outcome);
        if (outcome.result === "stored") events.onStored(outcome.piece);
      },
      onFailed: (error) => {
        if (!this.#closed) events.onStoreFailed(error);
      },
    });
  }

  /**
   * Opens a store for the torrent, and says so to the engine. Called again when it could not be opened.
   * @returns whether pieces can be read.
   */
  openStore(info: Info): Promise<boolean> {
    return this.storage.open(info);
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
    this.#outbox.closeAll();
    this.#commits.clear();
    this.#inputs = [];
    this.storage.end();
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
    if (input.type === "link-opened") this.#outbox.open(input.link);
    if (input.type === "link-closed") this.#outbox.close(input.link);
    for (const output of this.#swarm.step(input, this.#clock.now())) this.#perform(output);
  }

  /** False for what was still on its way from a link when that was dropped. */
  #isDue(input: Input): boolean {
    switch (input.type) {
      case "bytes-received":
      case "bytes-flushed":
      case "link-closed":
        return this.#outbox.has(input.link);
      default:
        return true;
    }
  }

  #perform(output: Output): void {
    switch (output.type) {
      case "send":
        this.#outbox.send(output.link, output.bytes);
        break;
      case "serve":
        this.#serve(output);
        break;
      case "commit":
        this.#commits.push(output);
        break;
      case "drop":
        this.#outbox.close(output.link);
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
        this.storage.flush();
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
    this.#cancelWake = this.#clock.at(at, () => this.feed({ type: "woke" }));
  }

  #serve(order: Serve): void {
    const fill = this.#outbox.reserve(order.link);
    if (fill === undefined) return;
    const { link, piece, begin, length, padding } = order;
    const stored = length - padding;
    const block = stored === 0 ? Promise.resolve(new Uint8Array()) : this.storage.read(piece, begin, stored);
    block.then(
      (bytes) => fill([pieceHeader(order), bytes, new Uint8Array(padding)]),
      (error: unknown) => {
        fill([]);
        if (this.#closed) return;
        this.#events.onReadFailed(piece, error);
        this.feed({ type: "serve-failed", link, piece, begin, length });
      },
    );
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
