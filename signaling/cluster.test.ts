/** Several hubs that a directory joins to one tracker, in virtual time. */
import { beforeEach, describe, expect, it } from "vitest";
import { Hub } from "./hub.ts";
import type { Input, Output } from "./hub-io.ts";
import { CLAIM_WITHIN_MS, DEFAULT_LIMITS, TICK_MS } from "./limits.ts";
import { MemoryNetwork } from "./memory-directory.ts";
import {
  type Announce,
  type ClientMessage,
  formatClientMessage,
  type SentSignal,
  type ServerMessage,
} from "./messages.ts";
import type { SocketId } from "./presences.ts";

const room = "ab".repeat(20);
const ann = "a0".repeat(20);
const bob = "b0".repeat(20);
const cat = "c0".repeat(20);
const offerId = "0f".repeat(20);

/** Process `a` has sockets 1 to 9, process `b` 11 to 19. */
type Node = "a" | "b";
const nodeOf = (socket: SocketId): Node => (socket < 10 ? "a" : "b");

class Processes {
  now = 0;
  readonly network = new MemoryNetwork(() => 0.5);
  readonly #hubs: Record<Node, Hub>;
  readonly #inboxes = new Map<SocketId, ServerMessage[]>();
  readonly closed: SocketId[] = [];
  /** Whose pings are answered. */
  readonly alive = new Set<SocketId>();
  /** Questions wait here while the directory is slow. */
  slow: (() => void)[] | undefined;
  isDirectoryDown = false;
  readonly dead = new Set<Node>();

  constructor() {
    const hub = (node: Node) => new Hub({ limits: DEFAULT_LIMITS, random: () => 0.5, node });
    this.#hubs = { a: hub("a"), b: hub("b") };
  }

  open(...sockets: SocketId[]): void {
    for (const socket of sockets) {
      this.alive.add(socket);
      this.step(nodeOf(socket), { type: "socket-opened", socket });
    }
  }

  say(socket: SocketId, message: ClientMessage): void {
    this.step(nodeOf(socket), { type: "text-received", socket, text: formatClientMessage(message) });
  }

  announce(socket: SocketId, peer: string, changes: Partial<Announce> = {}): void {
    const figures = { uploaded: 0, downloaded: 0, left: 1, numwant: 50, offers: [], extended: true };
    this.say(socket, { kind: "announce", room, peer, event: "started", ...figures, ...changes });
  }

  signal(socket: SocketId, changes: Partial<SentSignal>): void {
    this.say(socket, { kind: "offer", room, peer: ann, to: bob, offerId, text: "sdp", ...changes });
  }

  pass(ms: number): void {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += TICK_MS;
      for (const node of ["a", "b"] as const) this.step(node, { type: "woke" });
    }
  }

  /** What came for `socket` since the last time. */
  read(socket: SocketId): ServerMessage[] {
    const inbox = this.#inboxes.get(socket) ?? [];
    this.#inboxes.delete(socket);
    return inbox;
  }

  step(node: Node, input: Input): void {
    if (this.dead.has(node)) return;
    for (const output of this.#hubs[node].step(input, this.now)) this.#carryOut(node, output);
  }

  #carryOut(node: Node, output: Output): void {
    switch (output.type) {
      case "send":
        this.#inboxes.set(output.socket, [...(this.#inboxes.get(output.socket) ?? []), output.message]);
        break;
      case "ping":
        if (this.alive.has(output.socket)) this.step(node, { type: "pong-received", socket: output.socket });
        break;
      case "close":
        this.closed.push(output.socket);
        break;
      case "ask": {
        const { socket, question } = output;
        const answer = () =>
          this.step(node, {
            type: "answered",
            socket,
            answer: this.isDirectoryDown ? undefined : this.network.answer(node, question),
          });
        if (this.slow === undefined) answer();
        else this.slow.push(answer);
        break;
      }
      case "enter":
        if (!this.isDirectoryDown) this.network.enter(node, output.room, output.member, output.hasCompleted);
        break;
      case "leave":
        if (!this.isDirectoryDown) this.network.leave(node, output.room, output.peer);
        break;
      case "forward":
        if (!this.isDirectoryDown)
          this.step(output.node as Node, { type: "parcel-received", parcel: output.parcel });
        break;
    }
  }
}

let processes: Processes;
beforeEach(() => {
  processes = new Processes();
  processes.open(1, 2, 11, 12);
});

describe("two processes on one directory", () => {
  it("answer an announce for the swarm over both", () => {
    processes.announce(1, ann, { left: 0 });
    processes.announce(11, bob);
    expect(processes.read(11)).toMatchObject([
      {
        kind: "announced",
        complete: 1,
        incomplete: 1,
        peers: [{ peer: ann, complete: true, extended: true }],
      },
    ]);
    processes.announce(2, cat);
    processes.say(12, { kind: "scrape", rooms: [room] });
    expect(processes.read(12)).toEqual([
      { kind: "scraped", swarms: [{ room, complete: 1, incomplete: 2, downloaded: 0 }] },
    ]);
    processes.announce(1, ann, { event: "stopped" });
    processes.announce(11, bob, { event: "update" });
    expect(processes.read(11)).toMatchObject([{ complete: 0, incomplete: 2, peers: [{ peer: cat }] }]);
  });

  it("introduce their peers to each other: offer, candidates, answer, once", () => {
    processes.announce(1, ann);
    processes.announce(11, bob);
    for (const socket of [1, 11]) processes.read(socket);
    processes.signal(1, {});
    processes.signal(1, { kind: "candidates", text: "c1" });
    expect(processes.read(11)).toEqual([
      { kind: "offer", room, from: ann, offerId, text: "sdp", extended: true },
      { kind: "candidates", room, from: ann, offerId, text: "c1", extended: true },
    ]);
    const back = { peer: bob, to: ann };
    processes.signal(11, { ...back, kind: "answer", text: "answer" });
    processes.signal(11, { ...back, kind: "candidates", text: "c2" });
    expect(processes.read(1)).toEqual([
      { kind: "answer", room, from: bob, offerId, text: "answer", extended: true },
      { kind: "candidates", room, from: bob, offerId, text: "c2", extended: true },
    ]);
    processes.signal(11, { ...back, kind: "answer", text: "again" });
    expect(processes.read(1)).toEqual([]);
    expect(processes.read(11)).toMatchObject([{ kind: "failure", reason: "no such offer to answer" }]);
  });

  it("spread the offers of WebTorrent clients over both", () => {
    const classic = { extended: false, numwant: 5 };
    processes.announce(1, ann, classic);
    processes.announce(11, bob, classic);
    const offers = [1, 2, 3].map((id) => ({ offerId: String(id).padStart(40, "0"), sdp: `v=0 ${id}` }));
    processes.announce(12, cat, { ...classic, offers });
    expect(processes.read(1)).toMatchObject([
      { kind: "announced", peers: undefined },
      { kind: "offer", from: cat },
    ]);
    expect(processes.read(11)).toMatchObject([
      { kind: "announced", peers: undefined },
      { kind: "offer", from: cat },
    ]);
  });

  it("tell a peer that the other end of its signal is nowhere", () => {
    processes.announce(1, ann);
    processes.read(1);
    processes.signal(1, {});
    expect(processes.read(1)).toMatchObject([
      { kind: "failure", reason: "peer not found", peer: bob, offerId },
    ]);
  });

  it("handle what a socket says in its order while the directory is slow, and other sockets meanwhile", () => {
    processes.announce(11, bob);
    processes.slow = [];
    processes.announce(1, ann);
    processes.signal(1, {});
    processes.signal(1, { kind: "candidates" });
    processes.say(2, { kind: "scrape", rooms: [room] });
    expect(processes.read(1)).toEqual([]);
    for (let answer = processes.slow.shift(); answer !== undefined; answer = processes.slow.shift()) answer();
    expect(processes.read(1).map(({ kind }) => kind)).toEqual(["announced"]);
    expect(processes.read(11).map(({ kind }) => kind)).toEqual(["announced", "offer", "candidates"]);
    expect(processes.read(2).map(({ kind }) => kind)).toEqual(["scraped"]);
  });

  it("let an announce that waits go when its socket closes meanwhile", () => {
    processes.slow = [];
    processes.announce(1, ann);
    processes.step("a", { type: "socket-closed", socket: 1 });
    for (const answer of processes.slow) answer();
    processes.slow = undefined;
    processes.announce(11, bob);
    expect(processes.read(11)).toMatchObject([{ incomplete: 1, peers: [] }]);
  });
});

describe("a peer id in another process", () => {
  beforeEach(() => {
    processes.announce(1, ann);
    processes.announce(11, bob);
    for (const socket of [1, 11]) processes.read(socket);
  });

  it("stays with its live socket", () => {
    processes.announce(12, ann);
    expect(processes.read(12)).toMatchObject([{ kind: "failure", reason: "peer id in use" }]);
    processes.announce(12, ann, { event: "stopped" });
    expect(processes.read(12)).toMatchObject([{ kind: "failure", reason: "peer id in use" }]);
    processes.signal(11, { peer: bob, to: ann });
    expect(processes.read(1)).toMatchObject([{ kind: "offer" }]);
  });

  it("passes to a newcomer within seconds when the old socket is dead, and signals follow it", () => {
    processes.alive.delete(1);
    processes.announce(12, ann);
    expect(processes.read(12)).toEqual([]);
    processes.pass(CLAIM_WITHIN_MS);
    expect(processes.closed).toEqual([1]);
    expect(processes.read(12)).toMatchObject([{ kind: "announced", incomplete: 2 }]);
    processes.signal(11, { peer: bob, to: ann });
    expect(processes.read(12)).toMatchObject([{ kind: "offer" }]);
  });

  it("passes to a newcomer also when the whole other process is dead", () => {
    processes.dead.add("a");
    processes.announce(12, ann);
    processes.pass(2 * CLAIM_WITHIN_MS);
    expect(processes.read(12)).toMatchObject([{ kind: "announced" }]);
  });

  it("is not given to a newcomer who left meanwhile", () => {
    processes.dead.add("a");
    processes.announce(12, cat);
    processes.announce(12, ann);
    processes.step("b", { type: "socket-closed", socket: 12 });
    processes.pass(2 * CLAIM_WITHIN_MS);
    processes.read(11);
    processes.say(11, { kind: "scrape", rooms: [room] });
    expect(processes.read(11)).toMatchObject([{ kind: "scraped", swarms: [{ incomplete: 2 }] }]);
    expect(processes.network.answer("b", { kind: "peer", room, peer: ann })).toMatchObject({
      member: { home: "a" },
    });
  });

  it("passes at once when the other process knows nothing of it any more", () => {
    processes.network.enter("a", room, { peer: cat, home: 1, complete: false, extended: true }, false);
    processes.announce(12, cat);
    expect(processes.read(12)).toMatchObject([{ kind: "announced", incomplete: 3 }]);
    expect(processes.network.answer("a", { kind: "peer", room, peer: cat })).toMatchObject({
      member: { home: "b" },
    });
  });
});

describe("without its directory", () => {
  it("every process serves its own peers, and afterwards all are one tracker again", () => {
    processes.isDirectoryDown = true;
    processes.announce(1, ann);
    processes.announce(11, bob);
    processes.announce(12, cat);
    expect(processes.read(12)).toMatchObject([{ kind: "announced", incomplete: 2, peers: [{ peer: bob }] }]);
    processes.signal(12, { peer: cat, to: bob });
    expect(processes.read(11)).toMatchObject([{ kind: "announced" }, { kind: "offer" }]);

    processes.isDirectoryDown = false;
    for (const node of ["a", "b"] as const) processes.step(node, { type: "directory-recovered" });
    processes.announce(12, cat, { event: "update" });
    expect(processes.read(12)).toMatchObject([{ incomplete: 3 }]);
  });
});
