/**
 * A whole swarm in virtual time: machines that come and go, a tracker that introduces them at random, and what
 * became of each. Everything random comes from one seed: the same seed gives the same run.
 */
import type { DropReason } from "../engine/io.ts";
import { Random } from "../engine/random.ts";
import { millis, type PeerId } from "../engine/units.ts";
import { ASK_AGAIN_MS, DIALLED_OF_LINKS, LINKS_PER_SHARE } from "../session/limits.ts";
import type { DiallingOptions } from "./dialling.ts";
import { EventHeap } from "./event-heap.ts";
import type { Letter, MachineNumber } from "./letter.ts";
import { Network, type Part, WHOLE } from "./network.ts";
import { type NodeOptions, SimNode } from "./node.ts";
import type { SyntheticTorrent } from "./synthetic-torrent.ts";

export interface WorldOptions {
  readonly seed: number;
  /** One way, ms. */
  readonly latencyMs?: number;
  /** How far a machine's latency may be from that, as a share of it. */
  readonly jitter?: number;
  /** Share of introductions that fail for good: two NATs that let nothing through. */
  readonly unreachable?: number;
  /** Links that a newcomer opens, at most, and links at which a machine takes no more. A tab's own numbers unless said. */
  readonly maxLinks?: number;
  readonly places?: number;
}

export type JoinOptions = Partial<Omit<NodeOptions, "number" | "seed">>;

export interface Drop {
  readonly at: number;
  readonly by: PeerId;
  readonly peer: PeerId;
  readonly reason: DropReason;
  readonly ban: boolean;
}

/** Each part has chances of its own. */
const PARTS_APART = 0x9e3779b9;

/** How many others the tracker names to who asks. */
const NAMED = 50;

const DEFAULTS = { upBytesPerSecond: 1e6, downBytesPerSecond: 4e6, commitMs: 10, isSeed: false };

export class World {
  /** Called with each new world: to watch scenarios that make theirs themselves. */
  static onCreated: (world: World) => void = () => {};
  readonly heap = new EventHeap();
  readonly torrent: SyntheticTorrent;
  readonly nodes: SimNode[] = [];
  readonly drops: Drop[] = [];
  /** For each piece, the nodes here that hold it. */
  readonly copies: Uint32Array;
  readonly random: Random;
  /** For each piece, when it was first stored by somebody who did not bring it, ms. */
  readonly firstStoredAt: Float64Array;
  /** Called when a node has everything. */
  onComplete: (node: SimNode) => void = () => {};
  readonly #options: Required<WorldOptions>;
  readonly #network: Network;
  readonly #dialling: DiallingOptions;
  /** Machines that came so far, to all parts. */
  #machines = 0;
  /** Those who are here, in this part and in others. */
  readonly #here = new Set<MachineNumber>();
  /** Leechers that are here and lack something. */
  readonly #downloading = new Set<SimNode>();

  constructor(torrent: SyntheticTorrent, options: WorldOptions, part: Part = WHOLE) {
    this.#network = new Network(this.heap, part);
    this.#network.onLeft = (machine) => this.#here.delete(machine);
    this.torrent = torrent;
    const { pieceCount } = torrent.geometry;
    this.copies = new Uint32Array(pieceCount);
    this.firstStoredAt = new Float64Array(pieceCount).fill(Infinity);
    this.random = new Random(options.seed ^ Math.imul(part.index, PARTS_APART));
    const maxLinks = Math.ceil(LINKS_PER_SHARE * DIALLED_OF_LINKS);
    this.#options = {
      latencyMs: 20,
      jitter: 0,
      unreachable: 0,
      maxLinks,
      places: LINKS_PER_SHARE,
      ...options,
    };
    this.#dialling = {
      introductionMs: this.#options.latencyMs,
      maxLinks: this.#options.maxLinks,
      places: this.#options.places,
      isUnreachable: (a, b) => this.#isUnreachable(a, b),
    };
    World.onCreated(this);
  }

  /** A machine opens the link (or the share), and the tracker names it others, chosen at random. */
  join(options: JoinOptions = {}): SimNode {
    const { latencyMs: latency, jitter } = this.#options;
    const number = ++this.#machines;
    const seed = this.random.below(2 ** 31);
    const latencyMs = jitter === 0 ? latency : latency * (1 + jitter * (2 * this.random.next() - 1));
    const all = { ...DEFAULTS, latencyMs, ...options, number, seed };
    const node = new SimNode(all, this.torrent, this.#network, this.#dialling, {
      onComplete: (done) => this.#onComplete(done),
      onStored: (_, piece) => {
        if (this.firstStoredAt[piece] === Infinity) this.firstStoredAt[piece] = this.heap.now;
        this.#count(piece, 1);
      },
      onLeft: (left) => this.#onLeft(left),
      onDropped: (by, peer, reason, ban) => {
        this.drops.push({ at: this.heap.now, by: by.id, peer, reason, ban });
      },
    });
    this.nodes.push(node);
    this.#here.add(node.number);
    if (!node.stored.isFull) this.#downloading.add(node);
    for (const piece of node.stored) this.#count(piece, 1);
    this.#ask(node);
    return node;
  }

  /** The next machine comes to another part. */
  joinElsewhere(): void {
    this.#here.add(++this.#machines);
  }

  introduce(a: SimNode, b: SimNode): void {
    a.dial([b.number]);
  }

  /** As the session does: whoever has too few links asks the tracker again now and then. */
  #ask(node: SimNode): void {
    if (node.isGone) return;
    if (node.wantsLinks) node.dial(this.random.shuffle([...this.#here]).slice(0, NAMED));
    this.heap.after(ASK_AGAIN_MS, () => this.#ask(node));
  }

  /** For good, and the same for both: two NATs that let nothing through. */
  #isUnreachable(a: MachineNumber, b: MachineNumber): boolean {
    const { seed, unreachable } = this.#options;
    if (unreachable === 0) return false;
    const pair = Math.imul(Math.min(a, b), 0x9e3779b1) ^ Math.max(a, b);
    return new Random(seed ^ pair).next() < unreachable;
  }

  /** Takes letters of another part; those that are due at the same time are one event, as where they were sent. */
  receive(read: (take: (at: number, letter: Letter) => void) => void): void {
    let together: Letter[] = [];
    let dueAt = Number.NaN;
    read((at, letter) => {
      if (at !== dueAt) {
        const letters: Letter[] = [];
        this.heap.at(at, () => {
          for (const each of letters) this.#network.deliver(each);
        });
        together = letters;
        dueAt = at;
      }
      together.push(letter);
    });
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

  /** Leechers that are here and lack something. */
  get downloading(): number {
    return this.#downloading.size;
  }

  get leechers(): SimNode[] {
    return this.nodes.filter((node) => !node.options.isSeed);
  }

  /** Every leecher that is still here has everything. */
  get isEveryoneDone(): boolean {
    return this.#downloading.size === 0;
  }

  /** Copies of the content that the seeds sent, blocks only. */
  get seedCopies(): number {
    const sent = this.nodes
      .filter((node) => node.options.isSeed)
      .reduce((sum, node) => sum + node.swarm.totals.uploaded, 0);
    return sent / this.torrent.geometry.totalBytes;
  }

  /** Pieces that the nodes here, except `without`, hold among them. */
  piecesHeld(without?: SimNode): number {
    let held = 0;
    for (const [piece, copies] of this.copies.entries()) {
      if (copies > Number(without !== undefined && !without.isGone && without.stored.has(piece))) held++;
    }
    return held;
  }

  #count(piece: number, change: number): void {
    this.copies[piece] = (this.copies[piece] ?? 0) + change;
  }

  #onComplete(node: SimNode): void {
    this.#downloading.delete(node);
    this.onComplete(node);
  }

  #onLeft(node: SimNode): void {
    for (const piece of node.stored) this.#count(piece, -1);
    this.#downloading.delete(node);
    this.#here.delete(node.number);
    this.#network.announceLeft(this.heap.now + node.latencyMs, node.number);
  }
}
