/**
 * A whole swarm in virtual time: machines that come and go, a tracker that introduces them at random, and what
 * became of each. Everything random comes from one seed: the same seed gives the same run.
 */
import type { DropReason } from "../engine/io.ts";
import { Random } from "../engine/random.ts";
import { invariant, millis, type PeerId, type PieceIndex, peerId } from "../engine/units.ts";
import { EventHeap } from "./event-heap.ts";
import { type NodeOptions, SimNode } from "./node.ts";
import type { SyntheticTorrent } from "./synthetic-torrent.ts";

export interface WorldOptions {
  readonly seed: number;
  /** One way, ms. */
  readonly latencyMs?: number;
  /** Links that a newcomer opens, at most. */
  readonly maxLinks?: number;
}

export type JoinOptions = Partial<Omit<NodeOptions, "id" | "seed">>;

export interface Drop {
  readonly at: number;
  readonly by: PeerId;
  readonly peer: PeerId;
  readonly reason: DropReason;
  readonly ban: boolean;
}

const DEFAULTS = { upBytesPerSecond: 1e6, downBytesPerSecond: 4e6, commitMs: 10, isSeed: false };

export class World {
  readonly heap = new EventHeap();
  readonly torrent: SyntheticTorrent;
  readonly nodes: SimNode[] = [];
  readonly drops: Drop[] = [];
  readonly random: Random;
  /** Called when a node has everything. */
  onComplete: (node: SimNode) => void = () => {};
  readonly #options: Required<WorldOptions>;
  readonly #bans = new Set<string>();

  constructor(torrent: SyntheticTorrent, options: WorldOptions) {
    this.torrent = torrent;
    this.random = new Random(options.seed);
    this.#options = { latencyMs: 20, maxLinks: 40, ...options };
  }

  /** A machine opens the link (or the share) and is introduced to up to `maxLinks` others, chosen at random. */
  join(options: JoinOptions = {}): SimNode {
    const id = peerId((this.nodes.length + 1).toString(16).padStart(40, "0"));
    invariant(id !== undefined, "a counter makes a peer id");
    const seed = this.random.below(2 ** 31);
    const node = new SimNode({ ...DEFAULTS, ...options, id, seed }, this.torrent, this.heap, {
      onComplete: (done) => this.onComplete(done),
      onDropped: (by, peer, reason, ban) => {
        this.drops.push({ at: this.heap.now, by: by.id, peer, reason, ban });
        if (ban) this.#bans.add(`${by.id} ${peer}`);
      },
    });
    const others = this.random.shuffle(this.nodes.filter((other) => !other.isGone));
    this.nodes.push(node);
    for (const other of others) {
      if (node.links >= this.#options.maxLinks) break;
      if (other.links < 2 * this.#options.maxLinks) this.introduce(node, other);
    }
    return node;
  }

  introduce(a: SimNode, b: SimNode): void {
    const isBanned = this.#bans.has(`${a.id} ${b.id}`) || this.#bans.has(`${b.id} ${a.id}`);
    if (!isBanned && a !== b && !a.isLinkedTo(b)) a.connect(b, this.#options.latencyMs);
  }

  /** Lets time pass until `isOver` or `untilMs`. @returns whether it was over in time. */
  runUntil(isOver: () => boolean, untilMs: number): boolean {
    while (!isOver()) if (!this.heap.next(millis(untilMs))) return isOver();
    return true;
  }

  runFor(durationMs: number): void {
    const end = this.heap.now + durationMs;
    this.runUntil(() => false, end);
    this.heap.now = millis(end);
  }

  get leechers(): SimNode[] {
    return this.nodes.filter((node) => !node.options.isSeed);
  }

  /** Every leecher that is still here has everything. */
  get isEveryoneDone(): boolean {
    return this.leechers.every((node) => node.isGone || node.completedAt !== undefined);
  }

  /** Copies of the content that the seeds sent, blocks only. */
  get seedCopies(): number {
    const sent = this.nodes
      .filter((node) => node.options.isSeed)
      .reduce((sum, node) => sum + node.snapshot().uploaded, 0);
    return sent / this.torrent.geometry.totalBytes;
  }

  /** Pieces that the nodes here, except `without`, hold among them. */
  piecesHeld(without?: SimNode): number {
    let held = 0;
    for (let piece = 0; piece < this.torrent.geometry.pieceCount; piece++) {
      const holds = (node: SimNode) =>
        node !== without && !node.isGone && node.stored.has(piece as PieceIndex);
      if (this.nodes.some(holds)) held++;
    }
    return held;
  }
}
