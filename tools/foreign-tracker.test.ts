/** The tracker client against trackers of others: the reference server from npm, and servers that mean harm. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import ReferenceServer from "bittorrent-tracker/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { MAX_ANNOUNCE_BYTES } from "../web/adapters/tracker/limits.ts";
import { ListeningClient } from "./listening-client.ts";

const ROOM = "5a".repeat(20);
const OTHER_ROOM = "6b".repeat(20);
const OFFER = "0f".repeat(20);

class Client extends ListeningClient {
  constructor(url: string, digit: string, left: number | null) {
    super(url, ROOM, digit, left);
    clients.push(this);
  }
}

let clients: Client[] = [];
beforeEach(() => {
  clients = [];
});
afterEach(() => {
  for (const { tracker } of clients) tracker.close();
});

describe("bittorrent-tracker's own server", () => {
  let server: ReferenceServer;
  let url: string;

  beforeEach(async () => {
    server = new ReferenceServer({ udp: false, http: false, ws: true, stats: false });
    server.on("warning", () => {});
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    url = `ws://127.0.0.1:${(server.http.address() as AddressInfo).port}/`;
  });
  afterEach(async () => {
    for (const { tracker } of clients) tracker.close();
    await new Promise<void>((closed) => server.close(closed));
  });

  it("introduces two of us by an open offer, and the one who only has a link counts as incomplete", async () => {
    const seed = new Client(url, "a", 0);
    await seed.until(() => seed.answers.length === 1);
    const leech = new Client(url, "b", null);
    await leech.until(() => leech.answers.length === 1);
    expect(leech.answers[0]).toEqual({ peers: undefined, complete: 1, incomplete: 1 });

    leech.tracker.announce(ROOM, "update", 50, [{ offerId: OFFER, sdp: "v=0 offer" }]);
    await seed.until(() => seed.signals.length === 1);
    const offered = { kind: "offer", text: "v=0 offer", trickle: false };
    expect(seed.signals).toEqual([{ from: leech.self, offerId: OFFER, signal: offered }]);
    seed.tracker.signal(ROOM, leech.self, OFFER, { kind: "answer", text: "v=0 answer" });
    await leech.until(() => leech.signals.length === 1);
    const answered = { kind: "answer", text: "v=0 answer", trickle: false };
    expect(leech.signals).toEqual([{ from: seed.self, offerId: OFFER, signal: answered }]);
    expect([...seed.refusals, ...leech.refusals]).toEqual([]);
  });

  it("is told nothing that it does not know: no offer by name, no candidates", async () => {
    const seed = new Client(url, "a", 0);
    await seed.until(() => seed.answers.length === 1);
    const leech = new Client(url, "b", 1);
    await leech.until(() => leech.answers.length === 1);
    leech.tracker.signal(ROOM, seed.self, OFFER, { kind: "offer", text: "x" });
    leech.tracker.signal(ROOM, seed.self, OFFER, { kind: "candidates", text: "[]" });
    leech.tracker.announce(ROOM, "update", 50);
    await leech.until(() => leech.answers.length === 2);
    expect([leech.refusals, seed.signals]).toEqual([[], []]);
  });

  it("gets no longer announce than a browser may send to any tracker in one frame", async () => {
    const seeds = ["a", "b", "c", "d", "e"].map((digit) => new Client(url, digit, 0));
    for (const seed of seeds) await seed.until(() => seed.answers.length === 1);
    const leech = new Client(url, "f", 1);
    await leech.until(() => leech.answers.length === 1);
    const sdp = "x".repeat(MAX_ANNOUNCE_BYTES / 4);
    const offers = ["1", "2", "3", "4", "5"].map((digit) => ({ offerId: digit.repeat(40), sdp }));
    leech.tracker.announce(ROOM, "update", 50, offers);
    await leech.until(() => leech.answers.length === 2);
    for (const seed of seeds) {
      seed.tracker.announce(ROOM, "update", 0);
      await seed.until(() => seed.answers.length === 2);
    }
    expect(seeds.flatMap(({ signals }) => signals)).toHaveLength(3);
  });
});

describe("a tracker that means harm", () => {
  let server: WebSocketServer;
  let url: string;
  let onConnection: (socket: WebSocket) => void;
  let connections: number;

  beforeEach(async () => {
    connections = 0;
    server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (socket) => {
      connections++;
      socket.on("error", () => {});
      onConnection(socket);
    });
    await once(server, "listening");
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterEach(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });

  const text = (fields: object) =>
    JSON.stringify({ action: "announce", info_hash: "Z".repeat(20), ...fields });

  it("and says nonsense is not listened to, and one good answer after it still is", async () => {
    onConnection = (socket) => {
      socket.send("not json");
      socket.send("[]");
      socket.send(JSON.stringify({ action: "announce" }));
      socket.send(text({ peers: "everybody", complete: -1 }));
      socket.send(text({ offer: { type: "offer", sdp: 7 }, peer_id: "x", offer_id: null }));
      socket.send(Buffer.from([0, 1, 2]));
      socket.send(text({ complete: 2, incomplete: 3, interval: 1e9, peers: null }));
    };
    const client = new Client(url, "a", 1);
    await client.until(() => client.answers.length > 0);
    expect(client.answers).toEqual([{ peers: undefined, complete: 2, incomplete: 3 }]);
    expect(client.signals).toEqual([]);
  });

  it("and speaks of swarms that it was not asked about is not heard", async () => {
    onConnection = (socket) => {
      const info_hash = Buffer.from(OTHER_ROOM, "hex").toString("latin1");
      socket.send(JSON.stringify({ action: "announce", info_hash, complete: 9, incomplete: 9 }));
      socket.send(text({ complete: 1, incomplete: 1 }));
    };
    const client = new Client(url, "a", 1);
    await client.until(() => client.answers.length > 0);
    expect(client.answers).toEqual([{ peers: undefined, complete: 1, incomplete: 1 }]);
  });

  it("and floods is hung up on, and met again only after a while", async () => {
    onConnection = (socket) => {
      const flood = () => {
        for (let i = 0; i < 1_000 && socket.readyState === WebSocket.OPEN; i++) {
          socket.send(
            text({ peer_id: "y".repeat(20), offer_id: "z".repeat(20), offer: { type: "offer", sdp: "x" } }),
          );
        }
        if (socket.readyState === WebSocket.OPEN) setImmediate(flood);
      };
      flood();
    };
    const client = new Client(url, "a", 1);
    await client.until(() => client.states.includes("offline"));
    expect(client.signals.length).toBeLessThanOrEqual(2_000);
    expect(connections).toBe(1);
  });

  it("and refuses is quoted", async () => {
    onConnection = (socket) => socket.send(text({ "failure reason": "torrent not registered" }));
    const client = new Client(url, "a", 1);
    await client.until(() => client.refusals.length > 0);
    expect(client.refusals).toEqual(["torrent not registered"]);
  });

  it("and hangs up at once is asked ever more rarely", async () => {
    onConnection = (socket) => socket.terminate();
    const client = new Client(url, "a", 1);
    await client.until(() => client.states.filter((state) => state === "offline").length === 2);
    expect(connections).toBe(2);
    expect(client.answers).toEqual([]);
  });
});
