import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { Hub } from "./hub.ts";
import type { Output } from "./hub-io.ts";
import {
  CLAIM_WITHIN_MS,
  DEFAULT_LIMITS,
  IDLE_WITHOUT_SWARM_MS,
  type Limits,
  OFFER_TTL_MS,
  PEER_TTL_MS,
  PING_AFTER_MS,
  PONG_WITHIN_MS,
  TICK_MS,
} from "./limits.ts";
import {
  type Announce,
  type Announced,
  type ClientMessage,
  formatClientMessage,
  type SentSignal,
  type ServerMessage,
} from "./messages.ts";
import type { SocketId } from "./presences.ts";
import { newcomer } from "./test-client.ts";

const room = "ab".repeat(20);
const otherRoom = "cd".repeat(20);
const ann = "a0".repeat(20);
const bob = "b0".repeat(20);
const cat = "c0".repeat(20);
const offerId = "0f".repeat(20);

/** A small generator (mulberry32), so that a failing run can be run again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A hub with a clock that the test moves. */
class Server {
  now = 0;
  readonly hub: Hub;

  constructor(limits: Partial<Limits> = {}) {
    this.hub = new Hub({ limits: { ...DEFAULT_LIMITS, ...limits }, random: seeded(1), node: undefined });
  }

  open(...sockets: SocketId[]): void {
    for (const socket of sockets) this.hub.step({ type: "socket-opened", socket }, this.now);
  }

  close(socket: SocketId): Output[] {
    return this.hub.step({ type: "socket-closed", socket }, this.now);
  }

  pong(socket: SocketId): Output[] {
    return this.hub.step({ type: "pong-received", socket }, this.now);
  }

  text(socket: SocketId, text: string): Output[] {
    return this.hub.step({ type: "text-received", socket, text }, this.now);
  }

  say(socket: SocketId, message: ClientMessage): Output[] {
    return this.text(socket, formatClientMessage(message));
  }

  announce(socket: SocketId, peer: string, changes: Partial<Announce> = {}): Output[] {
    return this.say(socket, newcomer(room, peer, changes));
  }

  signal(socket: SocketId, changes: Partial<SentSignal>): Output[] {
    return this.say(socket, { kind: "offer", room, peer: ann, to: bob, offerId, text: "sdp", ...changes });
  }

  /** Lets `ms` pass, waking the hub as the driver does. Sockets in `alive` answer their pings. */
  pass(ms: number, alive: readonly SocketId[] = []): Output[] {
    const outputs: Output[] = [];
    for (const end = this.now + ms; this.now < end; ) {
      this.now += TICK_MS;
      const woken = this.hub.step({ type: "woke" }, this.now);
      outputs.push(...woken);
      for (const output of woken) {
        if (output.type === "ping" && alive.includes(output.socket))
          outputs.push(...this.pong(output.socket));
      }
    }
    return outputs;
  }
}

function sentTo(outputs: readonly Output[], socket: SocketId): ServerMessage[] {
  return outputs.flatMap((output) =>
    output.type === "send" && output.socket === socket ? [output.message] : [],
  );
}

function announced(outputs: readonly Output[], socket: SocketId): Announced {
  const [message] = sentTo(outputs, socket);
  if (message?.kind !== "announced") throw new Error(`no announce response but ${JSON.stringify(message)}`);
  return message;
}

function offers(from: number, count: number): { offerId: string; sdp: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    offerId: (from + index).toString(16).padStart(40, "0"),
    sdp: `v=0 ${from + index}`,
  }));
}

let server: Server;
beforeEach(() => {
  server = new Server();
  server.open(1, 2, 3);
});

describe("an announce", () => {
  it("[BEP 3] is answered with interval and counts, the asker included", () => {
    server.announce(1, ann, { left: 0 });
    expect(announced(server.announce(2, bob), 2)).toMatchObject({
      intervalSeconds: 120,
      complete: 1,
      incomplete: 1,
    });
  });

  it("gives a peer list to who speaks the extensions, and to nobody else", () => {
    server.announce(1, ann);
    const listed = announced(server.announce(2, bob), 2);
    expect(listed.peers).toEqual([{ peer: ann, complete: false, extended: true }]);
    const classic = announced(server.announce(3, cat, { extended: false }), 3);
    expect(classic.peers).toBeUndefined();
    expect(classic.extensions).toEqual({ peers: true, targeted: true, trickle: true });
  });

  it("counts left: null of a magnet as a leecher, left: 0 and completed as a seed", () => {
    server.announce(1, ann, { left: null });
    server.announce(2, bob, { left: 0 });
    expect(announced(server.announce(3, cat, { left: 5, event: "completed" }), 3)).toMatchObject({
      complete: 2,
      incomplete: 1,
    });
  });

  it("lists no seed to a seed", () => {
    server.announce(1, ann, { left: 0 });
    server.announce(2, bob, { left: 5 });
    expect(announced(server.announce(3, cat, { left: 0 }), 3).peers).toEqual([
      { peer: bob, complete: false, extended: true },
    ]);
  });

  it("lists at most numwant, never the asker, everybody equally often", () => {
    const peers = Array.from({ length: 20 }, (_, index) => (index + 16).toString(16).repeat(20));
    server = new Server({ peersPerSocketAndSwarm: 100, messagesPerSocket: { capacity: 1e6, perSecond: 1 } });
    server.open(1);
    for (const peer of peers) server.announce(1, peer);
    const seen = new Map<string, number>();
    for (let round = 0; round < 2000; round++) {
      const list = announced(server.announce(1, peers[0] ?? "", { numwant: 5 }), 1).peers ?? [];
      expect(new Set(list.map(({ peer }) => peer)).size).toBe(5);
      for (const { peer } of list) seen.set(peer, (seen.get(peer) ?? 0) + 1);
    }
    expect(seen.has(peers[0] ?? "")).toBe(false);
    expect(seen.size).toBe(19);
    // 2000 draws of 5 out of 19: 526 each, with a standard deviation of 20.
    for (const count of seen.values()) expect(Math.abs(count - 526)).toBeLessThan(100);
  });

  it("with stopped leaves the swarm, and the last one out frees it", () => {
    server.announce(1, ann);
    server.announce(2, bob);
    expect(announced(server.announce(1, ann, { event: "stopped" }), 1)).toMatchObject({
      complete: 0,
      incomplete: 1,
    });
    server.close(2);
    expect(server.hub.figures()).toMatchObject({ swarms: 0, peers: 0 });
  });

  it("with an update from an unknown peer is a start", () => {
    server.announce(1, ann, { event: "update" });
    expect(announced(server.announce(2, bob, { event: "paused" }), 2).incomplete).toBe(2);
  });

  it("may be for several swarms on one socket, all of which end with it", () => {
    server.announce(1, ann);
    server.announce(1, ann, { room: otherRoom });
    expect(server.hub.figures()).toMatchObject({ swarms: 2, peers: 2 });
    server.close(1);
    expect(server.hub.figures()).toMatchObject({ swarms: 0, peers: 0 });
  });

  it("is needed again within five intervals", () => {
    server.announce(1, ann);
    server.pass(PEER_TTL_MS / 2, [1, 2, 3]);
    server.open(4);
    server.announce(4, bob);
    server.pass(PEER_TTL_MS / 2, [1, 4]);
    expect(announced(server.announce(4, bob), 4)).toMatchObject({ incomplete: 1, peers: [] });
  });

  it("is refused when swarm or socket are full", () => {
    server = new Server({ peersPerSwarm: 2, peersPerSocket: 2, peersPerSocketAndSwarm: 1 });
    server.open(1, 2, 3);
    server.announce(1, ann);
    expect(sentTo(server.announce(1, cat), 1)).toMatchObject([{ kind: "failure", room }]);
    server.announce(2, bob);
    expect(sentTo(server.announce(3, cat), 3)).toEqual([{ kind: "failure", room, reason: "swarm is full" }]);
    expect(announced(server.announce(2, bob, { event: "update" }), 2).incomplete).toBe(2);
    server.announce(1, ann, { room: otherRoom });
    expect(sentTo(server.announce(1, ann, { room: cat }), 1)).toMatchObject([{ kind: "failure", room: cat }]);
  });
});

describe("the offers of a WebTorrent client", () => {
  const classic = { extended: false, numwant: 5 };

  it("go to different other peers, one each, as they were sent", () => {
    server.announce(1, ann, classic);
    server.announce(2, bob, classic);
    const outputs = server.announce(3, cat, { ...classic, offers: offers(1, 5) });
    const relayed = [...sentTo(outputs, 1), ...sentTo(outputs, 2)];
    expect(sentTo(outputs, 1)).toHaveLength(1);
    expect(sentTo(outputs, 2)).toHaveLength(1);
    expect(relayed.map((message) => message.kind === "offer" && message.text).sort()).toEqual([
      "v=0 1",
      "v=0 2",
    ]);
    expect(relayed[0]).toMatchObject({ room, from: cat, extended: false });
  });

  it("of a seed go to leechers only", () => {
    server.announce(1, ann, { ...classic, left: 0 });
    server.announce(2, bob, classic);
    const outputs = server.announce(3, cat, { ...classic, left: 0, offers: offers(1, 5) });
    expect(sentTo(outputs, 1)).toEqual([]);
    expect(sentTo(outputs, 2)).toHaveLength(1);
  });

  it("are answered to the socket that they came from, ids untouched", () => {
    server.announce(1, ann, classic);
    server.announce(2, bob, { ...classic, offers: offers(7, 1) });
    const id = offers(7, 1)[0]?.offerId ?? "";
    const outputs = server.signal(1, { kind: "answer", peer: ann, to: bob, offerId: id, text: "v=0 answer" });
    expect(outputs).toEqual([
      {
        type: "send",
        socket: 2,
        message: { kind: "answer", room, from: ann, offerId: id, text: "v=0 answer", extended: false },
      },
    ]);
  });
});

describe("a signal", () => {
  beforeEach(() => {
    server.announce(1, ann);
    server.announce(2, bob);
    server.announce(3, cat);
  });

  it("as a targeted offer reaches exactly the peer that it names", () => {
    expect(server.signal(1, {})).toEqual([
      {
        type: "send",
        socket: 2,
        message: { kind: "offer", room, from: ann, offerId, text: "sdp", extended: true },
      },
    ]);
  });

  it("to a peer that is not there fails, told only to who speaks the extensions", () => {
    const to = "ee".repeat(20);
    expect(sentTo(server.signal(1, { to }), 1)).toEqual([
      { kind: "failure", room, reason: "peer not found", offerId, peer: to },
    ]);
    server.announce(1, ann, { extended: false });
    expect(server.signal(1, { to })).toEqual([]);
  });

  it("from a peer id of somebody else, or of nobody, fails and goes nowhere", () => {
    for (const peer of [cat, "ee".repeat(20)]) {
      const outputs = server.signal(1, { peer });
      expect(outputs).toHaveLength(1);
      expect(sentTo(outputs, 1)).toMatchObject([{ kind: "failure", reason: "announce before you signal" }]);
    }
  });

  it("as an answer passes once, only from the peer that was asked, only in time", () => {
    const answer: Partial<SentSignal> = { kind: "answer", peer: bob, to: ann };
    expect(sentTo(server.signal(2, answer), 1)).toEqual([]);
    server.signal(1, {});
    expect(sentTo(server.signal(3, { ...answer, peer: cat }), 1)).toEqual([]);
    expect(sentTo(server.signal(2, { ...answer, room: otherRoom }), 1)).toEqual([]);
    expect(sentTo(server.signal(2, answer), 1)).toHaveLength(1);
    expect(sentTo(server.signal(2, answer), 1)).toEqual([]);
    server.signal(1, {});
    server.pass(OFFER_TTL_MS, [1, 2, 3]);
    expect(sentTo(server.signal(2, answer), 1)).toEqual([]);
    expect(server.hub.figures().offers).toBe(0);
  });

  it("as candidates passes both ways between the ends of an offer, before and after the answer", () => {
    const there: Partial<SentSignal> = { kind: "candidates", text: "sealed" };
    const back: Partial<SentSignal> = { ...there, peer: bob, to: ann };
    expect(sentTo(server.signal(1, there), 2)).toEqual([]);
    server.signal(1, {});
    expect(sentTo(server.signal(1, there), 2)).toHaveLength(1);
    expect(sentTo(server.signal(2, back), 1)).toHaveLength(1);
    server.signal(2, { kind: "answer", peer: bob, to: ann });
    expect(sentTo(server.signal(1, there), 2)).toHaveLength(1);
    expect(sentTo(server.signal(2, back), 1)).toHaveLength(1);
    expect(sentTo(server.signal(3, { ...there, peer: cat }), 2)).toEqual([]);
    expect(sentTo(server.signal(1, { ...there, to: cat }), 3)).toEqual([]);
  });

  it("as candidates never reaches a client that knows none", () => {
    server.announce(2, bob, { extended: false });
    server.signal(1, {});
    expect(sentTo(server.signal(1, { kind: "candidates" }), 2)).toEqual([]);
  });

  it("as an offer beyond what one peer may have open fails", () => {
    server = new Server({ offersPerPeer: 2 });
    server.open(1, 2);
    server.announce(1, ann);
    server.announce(2, bob);
    for (const [index, { offerId: id }] of offers(1, 3).entries()) {
      expect(sentTo(server.signal(1, { offerId: id }), 2)).toHaveLength(index < 2 ? 1 : 0);
    }
    server.pass(OFFER_TTL_MS, [1, 2]);
    expect(sentTo(server.signal(1, {}), 2)).toHaveLength(1);
  });
});

describe("a peer id", () => {
  beforeEach(() => {
    server.announce(1, ann);
    server.announce(2, bob);
  });

  const inUse = [{ kind: "failure", room, reason: "peer id in use" }];

  it("stays with its live socket: who else claims it is refused when the owner answers a ping", () => {
    expect(server.announce(3, ann)).toEqual([{ type: "ping", socket: 1 }]);
    expect(sentTo(server.pong(1), 3)).toEqual(inUse);
    expect(sentTo(server.signal(2, { peer: bob, to: ann }), 1)).toHaveLength(1);
  });

  it("cannot be stopped by somebody else", () => {
    expect(sentTo(server.announce(3, ann, { event: "stopped" }), 3)).toEqual(inUse);
    expect(server.hub.figures().peers).toBe(2);
  });

  it("passes to a newcomer within seconds when the old socket is dead, and signals follow it", () => {
    server.announce(3, ann);
    const outputs = server.pass(CLAIM_WITHIN_MS + TICK_MS, [2]);
    expect(outputs).toContainEqual({ type: "close", socket: 1, code: 1001, reason: "no sign of life" });
    expect(announced(outputs, 3)).toMatchObject({ incomplete: 2 });
    expect(server.close(1)).toEqual([]);
    expect(sentTo(server.signal(2, { peer: bob, to: ann }), 3)).toHaveLength(1);
  });

  it("passes at once when the old socket closes meanwhile", () => {
    server.announce(3, ann);
    expect(announced(server.close(1), 3)).toMatchObject({ incomplete: 2 });
  });

  it("is not given to a newcomer who left before the old socket was found dead", () => {
    server.announce(3, ann);
    server.close(3);
    server.pass(CLAIM_WITHIN_MS + TICK_MS, [2]);
    expect(server.hub.figures()).toMatchObject({ sockets: 1, peers: 1 });
  });

  it("is claimed by one newcomer at a time", () => {
    server.open(4);
    server.announce(3, ann);
    expect(sentTo(server.announce(4, ann), 4)).toEqual(inUse);
  });

  it("is another's in another swarm", () => {
    expect(announced(server.announce(3, ann, { room: otherRoom }), 3)).toMatchObject({ incomplete: 1 });
  });
});

describe("a scrape", () => {
  it("[BEP 48] tells the figures of the swarms that it names", () => {
    server.announce(1, ann, { left: 1 });
    server.announce(1, ann, { left: 0, event: "completed" });
    server.announce(2, bob);
    expect(sentTo(server.say(3, { kind: "scrape", rooms: [room, otherRoom] }), 3)).toEqual([
      {
        kind: "scraped",
        swarms: [
          { room, complete: 1, incomplete: 1, downloaded: 1 },
          { room: otherRoom, complete: 0, incomplete: 0, downloaded: 0 },
        ],
      },
    ]);
  });
});

describe("a socket", () => {
  it("is pinged when it is silent and closed when it does not answer", () => {
    server.announce(1, ann);
    const outputs = server.pass(PING_AFTER_MS + PONG_WITHIN_MS, [2, 3]);
    expect(outputs).toContainEqual({ type: "ping", socket: 1 });
    expect(outputs.filter((output) => output.type === "close")).toEqual([
      { type: "close", socket: 1, code: 1001, reason: "no sign of life" },
    ]);
    expect(server.hub.figures()).toMatchObject({ sockets: 2, swarms: 0, peers: 0, offers: 0 });
  });

  it("stays open while it is in a swarm and answers pings, however little it says", () => {
    server.announce(1, ann);
    const outputs = server.pass(IDLE_WITHOUT_SWARM_MS + PING_AFTER_MS, [1, 2, 3]);
    const closed = outputs.flatMap((output) =>
      output.type === "close" ? [[output.socket, output.reason]] : [],
    );
    expect(closed).toEqual([
      [2, "idle"],
      [3, "idle"],
    ]);
  });

  it("that floods is closed, and what it says afterwards is ignored", () => {
    const outputs: Output[] = [];
    for (let i = 0; i < 600; i++) outputs.push(...server.text(1, "{}"));
    expect(outputs.filter(({ type }) => type === "close")).toEqual([
      { type: "close", socket: 1, code: 1008, reason: "too many messages" },
    ]);
    expect(outputs).toHaveLength(DEFAULT_LIMITS.messagesPerSocket.capacity + 1);
    expect(server.announce(1, ann)).toEqual([]);
  });

  it("that sends too many bytes in few messages is closed too", () => {
    const outputs = Array.from({ length: 70 }, () => server.text(1, " ".repeat(60_000))).flat();
    expect(outputs.at(-1)).toMatchObject({ type: "close", code: 1008 });
  });
});

describe("any text", () => {
  const hostile = fc.oneof(
    fc.json(),
    fc.string({ unit: "binary" }),
    fc
      .record(
        {
          action: fc.constantFrom("announce", "scrape", "connect", null),
          info_hash: fc.constantFrom(
            "\u00ab".repeat(20),
            "\u0100".repeat(20),
            ["\u00ab".repeat(20)],
            null,
            5,
          ),
          peer_id: fc.constantFrom("\u00a0".repeat(20), "\u00b0".repeat(20), "short", {}),
          to_peer_id: fc.constantFrom("\u00a0".repeat(20), "\u00b0".repeat(20), []),
          offer_id: fc.constantFrom("\u000f".repeat(20), "", null),
          offer: fc.oneof(fc.constant({ type: "offer", sdp: "x" }), fc.jsonValue()),
          answer: fc.oneof(fc.constant({ type: "answer", sdp: "x" }), fc.jsonValue()),
          candidates: fc.jsonValue(),
          offers: fc.oneof(fc.constant([null]), fc.jsonValue()),
          event: fc.constantFrom("started", "stopped", "completed", "__proto__", 1),
          left: fc.constantFrom(0, 1, null, -1, "0", 1e308),
          numwant: fc.jsonValue(),
          ext: fc.constantFrom({ v: 1 }, {}, null, "1"),
        },
        { requiredKeys: ["action"] },
      )
      .map((message) => JSON.stringify(message)),
  );

  it("gives an answer with an action that WebTorrent knows or nothing, and never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(1, 2, 3), hostile), { maxLength: 30 }), (texts) => {
        server = new Server();
        server.open(1, 2, 3);
        for (const [socket, text] of texts) {
          for (const output of server.text(socket, text)) expect(["send", "ping"]).toContain(output.type);
        }
        for (const socket of [1, 2, 3]) server.close(socket);
        server.pass(OFFER_TTL_MS + TICK_MS);
        expect(server.hub.figures()).toMatchObject({ sockets: 0, swarms: 0, peers: 0, offers: 0 });
      }),
      { seed: 20, numRuns: 200 },
    );
  });

  it("that is malformed is answered with a failure that names the room, if it named one", () => {
    expect(sentTo(server.text(1, '{"action":"announce"'), 1)).toEqual([
      { kind: "failure", room: undefined, reason: "message is not JSON" },
    ]);
    const text = JSON.stringify({ action: "announce", info_hash: "\u00ab".repeat(20), offers: [null] });
    expect(sentTo(server.text(1, text), 1)).toMatchObject([{ kind: "failure", room }]);
  });
});
