/**
 * A directory in Redis: what redis-scripts.ts keeps, and one channel for each process.
 *
 * Invariants
 *  1. Nothing here throws or rejects. Redis out of reach, or silent for `DIRECTORY_TIMEOUT_MS`, makes the directory
 *     unavailable until a beat gets through again; then ours is cleared and said again.
 *  2. Processes trust each other and nobody else reaches Redis; a parcel that cannot be read is dropped.
 *  3. While unavailable nothing is asked or written, so that nothing piles up.
 */
import { randomBytes } from "node:crypto";
import { createClient } from "redis";
import * as v from "valibot";
import type { Answer, Directory, DirectoryEvents, NodeId, Parcel, Question } from "./directory.ts";
import {
  BURIAL_BATCH,
  DIRECTORY_RETRY_MS,
  DIRECTORY_TIMEOUT_MS,
  NODE_BEAT_MS,
  NODE_TTL_MS,
  PEER_TTL_MS,
} from "./limits.ts";
import { parseParcel } from "./parcel.ts";
import {
  beatScript,
  buryScript,
  channelOf,
  countScript,
  enterScript,
  leaveScript,
  locateScript,
  lookScript,
  nodesKey,
  peersKey,
  roomKeys,
} from "./redis-scripts.ts";
import { distinctIndices, type Member } from "./swarm.ts";

type Client = ReturnType<typeof createClient>;

export interface RedisDirectoryOptions {
  readonly url: string;
  readonly events: DirectoryEvents;
  readonly log: { warn(message: string): void };
}

/** Begins to connect. Until that succeeds the directory is unavailable. */
export function openRedisDirectory(options: RedisDirectoryOptions): Directory {
  return new RedisDirectory(options);
}

const secondsToLive = String(Math.ceil((2 * PEER_TTL_MS) / 1000));
const samples = v.array(v.string());
const looked = v.tuple([v.string(), v.number(), v.number(), samples, samples]);
const located = v.tuple([v.string(), v.number()]);
const counted = v.tuple([v.number(), v.number(), v.number()]);
const beaten = v.tuple([v.number(), v.array(v.string())]);

class RedisDirectory implements Directory {
  readonly self: NodeId = randomBytes(8).toString("hex");
  readonly #events: DirectoryEvents;
  readonly #log: RedisDirectoryOptions["log"];
  readonly #commands: Client;
  readonly #subscriber: Client;
  readonly #beats: NodeJS.Timeout;
  #isAvailable = false;
  #isBeating = false;

  constructor({ url, events, log }: RedisDirectoryOptions) {
    this.#events = events;
    this.#log = log;
    this.#commands = createClient({
      url,
      disableOfflineQueue: true,
      socket: {
        connectTimeout: DIRECTORY_RETRY_MS,
        // Beats keep a working connection busy.
        socketTimeout: NODE_TTL_MS,
        reconnectStrategy: (retries) => Math.min(DIRECTORY_RETRY_MS, 50 * 2 ** Math.min(retries, 10)),
      },
    });
    this.#subscriber = this.#commands.duplicate({ pingInterval: NODE_BEAT_MS, disableOfflineQueue: false });
    for (const client of [this.#commands, this.#subscriber]) {
      client.on("error", () => this.#onUnavailable());
      // It tries for ever; what it rejects with came to "error" as well.
      client.connect().catch(() => undefined);
      client.on("ready", () => void this.#beat());
    }
    this.#subscriber
      .subscribe(channelOf(this.self), (text) => this.#onParcel(text))
      .catch(() => this.#onUnavailable());
    this.#beats = setInterval(() => void this.#beat(), NODE_BEAT_MS);
  }

  isAvailable(): boolean {
    return this.#isAvailable;
  }

  async ask(question: Question): Promise<Answer | undefined> {
    if (!this.#isAvailable) return undefined;
    try {
      return await within(DIRECTORY_TIMEOUT_MS, this.#answer(question));
    } catch {
      this.#onUnavailable();
      return undefined;
    }
  }

  enter(room: string, { peer, complete, extended }: Member<unknown>, hasCompleted: boolean): void {
    const value = `${this.self} ${extended ? 1 : 0}`;
    this.#write(
      enterScript,
      [...roomKeys(room), peersKey(this.self)],
      [room, peer, value, complete ? "1" : "0", hasCompleted ? "1" : "0", secondsToLive],
    );
  }

  leave(room: string, peer: string): void {
    this.#write(leaveScript, [...roomKeys(room), peersKey(this.self)], [room, peer, this.self]);
  }

  forward(to: NodeId, parcel: Parcel): void {
    if (!this.#isAvailable) return;
    this.#commands.publish(channelOf(to), JSON.stringify(parcel)).catch(() => this.#onUnavailable());
  }

  async close(): Promise<void> {
    clearInterval(this.#beats);
    if (this.#isAvailable)
      await within(DIRECTORY_TIMEOUT_MS, this.#bury(this.self, 0)).catch(() => undefined);
    this.#isAvailable = false;
    this.#commands.destroy();
    this.#subscriber.destroy();
  }

  async #answer(question: Question): Promise<Answer> {
    switch (question.kind) {
      case "swarm":
        return this.#look(question);
      case "peer": {
        const { room, peer } = question;
        const [value, isSeed] = v.parse(located, await this.#run(locateScript, roomKeys(room), [peer]));
        return { kind: "peer", member: value === "" ? undefined : memberOf(peer, value, isSeed === 1) };
      }
      case "counts":
        return { kind: "counts", swarms: await Promise.all(question.rooms.map((room) => this.#count(room))) };
    }
  }

  async #look({
    room,
    peer,
    complete: isSeed,
    count,
  }: Extract<Question, { kind: "swarm" }>): Promise<Answer> {
    const args = [peer, isSeed ? "1" : "0", String(count)];
    const reply = v.parse(looked, await this.#run(lookScript, roomKeys(room), args));
    const [value, complete, incomplete, seeds, leechers] = reply;
    const holder = value === "" ? undefined : memberOf(peer, value, false).home;
    const drawn = merge(
      { members: membersOf(seeds, true, peer), of: isSeed ? 0 : complete },
      { members: membersOf(leechers, false, peer), of: incomplete },
      count,
    );
    return {
      kind: "swarm",
      holder: holder === this.self ? undefined : holder,
      complete,
      incomplete,
      members: drawn,
    };
  }

  async #count(
    room: string,
  ): Promise<{ room: string; complete: number; incomplete: number; downloaded: number }> {
    const [complete, incomplete, downloaded] = v.parse(
      counted,
      await this.#run(countScript, roomKeys(room), []),
    );
    return { room, complete, incomplete, downloaded };
  }

  #run(script: string, keys: string[], args: string[]): Promise<unknown> {
    return this.#commands.eval(script, { keys, arguments: args });
  }

  #write(script: string, keys: string[], args: string[]): void {
    if (this.#isAvailable) this.#run(script, keys, args).catch(() => this.#onUnavailable());
  }

  /** Says that we live, buries who does not, and comes back if we were away. */
  async #beat(): Promise<void> {
    if (this.#isBeating || !this.#commands.isReady || !this.#subscriber.isReady) return;
    this.#isBeating = true;
    try {
      const beat = this.#run(beatScript, [nodesKey], [this.self, String(NODE_TTL_MS)]);
      const [wasAlive, dead] = v.parse(beaten, await within(DIRECTORY_TIMEOUT_MS, beat));
      for (const node of dead) await this.#bury(node, NODE_TTL_MS);
      if (wasAlive === 0 || !this.#isAvailable) await this.#recover();
    } catch {
      this.#onUnavailable();
    } finally {
      this.#isBeating = false;
    }
  }

  async #recover(): Promise<void> {
    await this.#bury(this.self, 0);
    await this.#run(beatScript, [nodesKey], [this.self, String(NODE_TTL_MS)]);
    this.#isAvailable = true;
    this.#events.onRecovered();
  }

  async #bury(node: NodeId, ttlMs: number): Promise<void> {
    const args = [node, String(ttlMs), String(BURIAL_BATCH)];
    while ((await this.#run(buryScript, [nodesKey, peersKey(node)], args)) !== 0);
  }

  #onUnavailable(): void {
    if (this.#isAvailable) this.#log.warn("Redis is out of reach: only peers of this process are introduced");
    this.#isAvailable = false;
  }

  #onParcel(text: string): void {
    const parcel = parseParcel(text);
    if (parcel !== undefined) this.#events.onParcel(parcel);
  }
}

function memberOf(peer: string, value: string, complete: boolean): Member<NodeId> {
  const [home = "", extended] = value.split(" ");
  return { peer, home, complete, extended: extended === "1" };
}

/** What HRANDFIELD … WITHVALUES returned, without the asker. */
function membersOf(sample: readonly string[], complete: boolean, asker: string): Member<NodeId>[] {
  const members: Member<NodeId>[] = [];
  for (let i = 0; i + 1 < sample.length; i += 2) {
    const [peer = "", value = ""] = sample.slice(i, i + 2);
    if (peer !== asker) members.push(memberOf(peer, value, complete));
  }
  return members;
}

/** A uniform sample of two kinds together, made from a uniform sample of each, which stands for `of` members. */
function merge<Value>(
  one: { members: readonly Value[]; of: number },
  other: { members: readonly Value[]; of: number },
  count: number,
): Value[] {
  const fromOne = distinctIndices(one.of + other.of, count, Math.random).filter(
    (index) => index < one.of,
  ).length;
  const drawn = [...draw(one.members, fromOne), ...draw(other.members, count - fromOne)];
  return draw(drawn, drawn.length);
}

/** Up to `count` of `values` in random order. */
function draw<Value>(values: readonly Value[], count: number): Value[] {
  return distinctIndices(values.length, count, Math.random).flatMap((index) => values[index] ?? []);
}

/**
 * What `promise` gives. @throws when it takes longer than `ms`. What came in while we were too busy to read it is read
 * first: that was not Redis being late.
 */
function within<Value>(ms: number, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => setImmediate(() => reject(new Error("too late"))), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
