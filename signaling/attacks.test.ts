/**
 * What somebody with a socket and bad intentions can try. After each attempt, and after all of them together,
 * two strangers are introduced as if nothing had happened, and nothing of the attacker is kept.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import { DEFAULT_LIMITS, type Limits, MAX_CLIENT_MESSAGE_BYTES, NO_LIMITS } from "./limits.ts";
import { type RunningServer, startServer } from "./server.ts";
import { TestClient, testRoom } from "./test-client.ts";

let server: RunningServer;
let attackers: { close(): void }[];

async function start(limits: Partial<Limits> = {}, env: Record<string, string> = {}): Promise<void> {
  const read = readConfig({ HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "silent", ...env });
  if (!read.ok) throw new Error(read.mistakes.join("\n"));
  server = await startServer({ ...read.config, limits: { ...DEFAULT_LIMITS, ...limits } });
}

beforeEach(() => {
  attackers = [];
});

afterEach(async () => {
  for (const attacker of attackers) attacker.close();
  await untilNobodyIsLeft();
  await strangersMeet();
  await untilNobodyIsLeft();
  await server.close();
});

interface Figures {
  readonly sockets: number;
  readonly swarms: number;
  readonly peers: number;
}

async function figures(): Promise<Figures> {
  return (await (await fetch(`${server.url}/healthz`)).json()) as Figures;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((again) => setImmediate(again));
}

async function untilNobodyIsLeft(): Promise<void> {
  await until(async () => {
    const { sockets, swarms, peers } = await figures();
    return sockets === 0 && swarms === 0 && peers === 0;
  });
}

async function attacker(options = {}): Promise<TestClient> {
  const client = await TestClient.connect(server.url, options);
  attackers.push(client);
  return client;
}

/** A plain TCP connection. */
async function rawConnection(): Promise<Socket> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  attackers.push({ close: () => socket.destroy() });
  return socket;
}

/** All that the server says until it closes the connection, also when it does so while we still talk. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
  });
  await closed(socket);
  return text;
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise<void>((done) => socket.once("close", () => done()));
}

async function strangersMeet(): Promise<void> {
  const ann = await TestClient.connect(server.url);
  const bob = await TestClient.connect(server.url);
  const room = "77".repeat(20);
  await ann.announce({ room });
  expect(await bob.announce({ room })).toMatchObject({ kind: "announced", peers: [{ peer: ann.peer }] });
  const signal = { room, offerId: bob.offerId };
  bob.say({ kind: "offer", ...signal, peer: bob.peer, to: ann.peer, text: "offer" });
  expect(await ann.next()).toMatchObject({ kind: "offer", from: bob.peer });
  ann.say({ kind: "answer", ...signal, peer: ann.peer, to: bob.peer, text: "answer" });
  expect(await bob.next()).toMatchObject({ kind: "answer", from: ann.peer });
  ann.close();
  bob.close();
}

describe("messages", () => {
  beforeEach(() => start());

  it("that crash the reference server are refused, and the socket stays usable", async () => {
    const client = await attacker();
    const names = `"info_hash":"${"a".repeat(20)}","peer_id":"${"b".repeat(20)}"`;
    const texts = [
      `{"action":"announce",${names},"offers":[null]}`,
      `{"action":"announce",${names},"offers":[{"offer":null,"offer_id":null}]}`,
      `{"action":"announce",${names},"to_peer_id":"${"c".repeat(20)}","answer":{"type":"answer","sdp":"x"}}`,
      `{"action":"announce",${names},"__proto__":{"offers":[null]},"constructor":null,"offers":"x"}`,
      '{"action":"scrape"}',
      '{"action":"scrape","info_hash":["__proto__"]}',
      "null",
      "[]",
      '"announce"',
      "",
      `{"action":"announce","info_hash":${"[".repeat(30_000)}`,
      `{"a":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`,
    ];
    for (const text of texts) {
      client.socket.send(text);
      expect(await client.next()).toMatchObject({ kind: "failure" });
    }
    expect(await client.announce()).toMatchObject({ kind: "announced" });
  });

  it("with wrong types at every field are answered one by one in a form that clients know, and nobody else notices", async () => {
    const client = await attacker();
    const bystander = await attacker();
    await bystander.announce();
    const names = { info_hash: "a".repeat(20), peer_id: "b".repeat(20), offer_id: "c".repeat(20) };
    const offer = { type: "offer", sdp: "v=0" };
    const whole: Record<string, unknown>[] = [
      {
        action: "announce",
        ...names,
        event: "started",
        uploaded: 0,
        downloaded: 0,
        left: 1,
        numwant: 5,
        offers: [{ offer, offer_id: names.offer_id }],
        ext: { v: 1 },
      },
      { action: "announce", ...names, to_peer_id: "d".repeat(20), offer },
      { action: "announce", ...names, to_peer_id: "d".repeat(20), answer: { type: "answer", sdp: "v=0" } },
      { action: "announce", ...names, to_peer_id: "d".repeat(20), candidates: "[]" },
      { action: "scrape", info_hash: [names.info_hash] },
    ];
    const wrong = [
      null,
      true,
      -1,
      1e308,
      "",
      "x",
      "\u{1f41f}".repeat(10),
      [],
      [null],
      [[]],
      {},
      { length: 20 },
    ];
    for (const message of whole) {
      for (const field of Object.keys(message)) {
        for (const value of wrong) client.socket.send(JSON.stringify({ ...message, [field]: value }));
      }
    }
    const end = "ee".repeat(20);
    client.say({ kind: "scrape", rooms: [end] });
    let answers = 0;
    for (let last = ""; !last.includes(end); answers++) last = JSON.stringify(await client.next());
    expect(answers).toBeGreaterThan(200);
    expect(await bystander.announce()).toMatchObject({ kind: "announced", incomplete: 1 });
  });

  it("in binary frames are read like text, and bytes that are no UTF-8 are refused", async () => {
    const client = await attacker();
    client.socket.send(Buffer.from([0xff, 0xfe, 0x00, 0x80]));
    expect(await client.next()).toMatchObject({ kind: "failure" });
    client.socket.send(Buffer.from('{"action":"scrape","info_hash":"aaaaaaaaaaaaaaaaaaaa"}'));
    expect(await client.next()).toMatchObject({ kind: "scraped" });
  });

  it("that are too long close the socket before they are read", async () => {
    const client = await attacker();
    client.socket.send(Buffer.alloc(MAX_CLIENT_MESSAGE_BYTES + 1, " "));
    expect((await client.closed).code).toBe(1009);
  });

  it("in endless fragments close the socket too", async () => {
    const client = await attacker();
    for (let i = 0; i < 20; i++) client.socket.send(" ".repeat(4096), { fin: false });
    expect((await client.closed).code).toBe(1009);
  });

  it("with frames that break the protocol close the socket", async () => {
    for (const frame of [
      [0xc1, 0x80, 0, 0, 0, 0],
      [0x81, 0x00],
      [0x83, 0x80, 0, 0, 0, 0],
    ]) {
      const socket = await rawConnection();
      socket.write(
        "GET /announce HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
          "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
      );
      socket.write(Buffer.from(frame));
      expect(await untilClosed(socket)).toContain("101 Switching Protocols");
    }
  });

  it("in a flood close the socket that sends them", async () => {
    const client = await attacker();
    for (let i = 0; i < 1000; i++) client.socket.send("{}");
    expect(await client.closed).toEqual({ code: 1008, reason: "too many messages" });
  });
});

describe("other people's peers", () => {
  beforeEach(() => start());

  it("cannot be stopped, spoken for, answered for or taken over", async () => {
    const ann = await attacker();
    const bob = await attacker();
    const eve = await attacker();
    await ann.announce();
    await bob.announce();
    await eve.announce();

    expect(await eve.announce({ peer: ann.peer, event: "stopped" })).toMatchObject({
      reason: "peer id in use",
    });
    expect(await eve.announce({ peer: ann.peer })).toMatchObject({ reason: "peer id in use" });
    const as = { room: testRoom, offerId: ann.offerId };
    eve.say({ kind: "offer", ...as, peer: ann.peer, to: bob.peer, text: "from eve" });
    expect(await eve.next()).toMatchObject({ reason: "announce before you signal" });

    ann.signal("offer", bob.peer, "from ann");
    expect(await bob.next()).toMatchObject({ kind: "offer", from: ann.peer, text: "from ann" });
    eve.say({ kind: "answer", ...as, peer: bob.peer, to: ann.peer, text: "from eve" });
    expect(await eve.next()).toMatchObject({ reason: "announce before you signal" });
    eve.signal("answer", ann.peer, "unasked");
    expect(await eve.next()).toMatchObject({ reason: "no such offer to answer" });
    eve.signal("candidates", ann.peer, "unasked");
    expect(await eve.next()).toMatchObject({ reason: "no such offer" });

    bob.signal("answer", ann.peer, "from bob");
    expect(await ann.next()).toMatchObject({ kind: "answer", from: bob.peer, text: "from bob" });
    bob.signal("answer", ann.peer, "again");
    expect(await bob.next()).toMatchObject({ reason: "no such offer to answer" });
  });

  it("cannot be listed by who does not know their room", async () => {
    const ann = await attacker();
    await ann.announce();
    const eve = await attacker();
    eve.say({ kind: "scrape", rooms: ["00".repeat(20)] });
    const answer = await eve.next();
    expect(JSON.stringify(answer)).not.toContain(testRoom);
    for (const path of ["/stats", "/stats.json", "/scrape"]) {
      expect((await fetch(server.url + path)).status).toBe(404);
    }
  });
});

describe("many", () => {
  it("sockets from one address are refused, and others are let in", async () => {
    await start({ socketsPerAddress: 10 }, { TRUST_PROXY: "1" });
    const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
    for (let i = 0; i < 10; i++) await attacker(from("192.0.2.1"));
    await expect(attacker(from("192.0.2.1"))).rejects.toThrow("429");
    await expect(attacker(from("198.51.100.1, 192.0.2.1"))).rejects.toThrow("429");
    await attacker(from("192.0.2.2"));
  });

  it("sockets, five thousand from one address, get the few places of one address, and nobody else waits", async () => {
    await start({}, { TRUST_PROXY: "1" });
    const from = (address: string) => ({ headers: { "x-forwarded-for": address } });
    const refusals: string[] = [];
    let next = 0;
    const keepTrying = async () => {
      while (next++ < 5000) {
        await attacker(from("192.0.2.1")).catch((error: Error) => refusals.push(error.message));
      }
    };
    const trying = Promise.all(Array.from({ length: 50 }, keepTrying));
    await until(async () => refusals.length > 100);
    const other = await attacker(from("192.0.2.2"));
    expect(await other.announce()).toMatchObject({ kind: "announced" });
    await trying;
    expect(new Set(refusals)).toEqual(new Set(["429"]));
    expect(refusals.length).toBeGreaterThanOrEqual(5000 - DEFAULT_LIMITS.socketsPerAddress);
    other.close();
  });

  it("new sockets from one address in a short time are refused", async () => {
    // So few come back that it does not matter how long the tries take.
    await start({ newSocketsPerAddress: { capacity: 12, perSecond: 0.1 } }, { TRUST_PROXY: "1" });
    const headers = { "x-forwarded-for": "192.0.2.1" };
    const statuses: string[] = [];
    const tries = Array.from({ length: 40 }, () =>
      attacker({ headers }).catch((error: Error) => statuses.push(error.message)),
    );
    await Promise.all(tries);
    expect(new Set(statuses)).toEqual(new Set(["429"]));
  });

  it("forged X-Forwarded-For headers make no new addresses when no proxy is trusted", async () => {
    await start({ socketsPerAddress: 5 });
    for (let i = 0; i < 5; i++) await attacker({ headers: { "x-forwarded-for": `192.0.2.${i}` } });
    await expect(attacker({ headers: { "x-forwarded-for": "192.0.2.99" } })).rejects.toThrow("429");
  });

  it("peers and swarms on one socket end where the limit is", async () => {
    await start();
    const client = await attacker();
    const { peersPerSocket } = DEFAULT_LIMITS;
    for (let i = 0; i < peersPerSocket; i++) {
      await client.announce({ room: i.toString(16).padStart(40, "0") });
    }
    expect(await client.announce({ room: "ff".repeat(20) })).toMatchObject({ kind: "failure" });
    expect(await figures()).toMatchObject({ peers: peersPerSocket });
  });
});

describe("connections", () => {
  it("of a slow reader are cut off before they fill the memory", async () => {
    await start({
      bufferedBytes: 64 * 1024,
      messagesPerSocket: { capacity: 1e6, perSecond: 1 },
      lengthPerSocket: { capacity: 1e9, perSecond: 1 },
      offersPerPeer: 1e6,
    });
    const slow = await attacker();
    await slow.announce();
    slow.socket.pause();
    const fast = await attacker();
    await fast.announce();
    const sdp = "x".repeat(16_000);
    // Kernel buffers take some MB on their own before the server has to hold anything.
    await until(async () => {
      for (let i = 0; i < 100; i++) fast.signal("offer", slow.peer, sdp);
      return (await figures()).sockets === 1;
    });
    slow.socket.resume();
    expect((await slow.closed).code).toBe(1006);
  });

  it.each([
    ["a wrong version", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 99", 400],
    ["a wrong key", "Sec-WebSocket-Key: short\r\nSec-WebSocket-Version: 13", 400],
    ["no key", "Sec-WebSocket-Version: 13", 400],
  ])("with %s in the handshake are refused and closed", async (_, headers, status) => {
    await start();
    const socket = await rawConnection();
    socket.write(
      `GET /announce HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${headers}\r\n\r\n`,
    );
    expect(await untilClosed(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  it("with monstrous headers, or none that can be read, are refused and closed", async () => {
    await start();
    for (const head of [
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${"y".repeat(100_000)}\r\n\r\n`,
      "GET / HTTP/1.1\r\nHost: x\r\nX\u0000: y\r\n\r\n",
      "\u0016\u0003\u0001\u0002\u0000\u0001",
      "GET /\r\nTransfer-Encoding: chunked, identity\r\nContent-Length: 5\r\n\r\n",
    ]) {
      const socket = await rawConnection();
      socket.write(head);
      expect(await untilClosed(socket)).toMatch(/^HTTP\/1.1 4\d\d /);
    }
  });

  it("from pages of other origins are refused when origins are listed, on every path otherwise unknown too", async () => {
    await start({}, { ALLOWED_ORIGINS: "https://share.example" });
    await expect(attacker({ origin: "https://evil.example" })).rejects.toThrow("403");
    await expect(attacker({ origin: "https://share.example.evil.example" })).rejects.toThrow("403");
    await expect(attacker({ origin: "null" })).rejects.toThrow("403");
    await attacker({ origin: "https://share.example" });
  });

  it("that begin a handshake and never finish it are closed", async () => {
    await start({ requestMs: 50 });
    const socket = await rawConnection();
    socket.write("GET /announce HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n");
    expect(await untilClosed(socket)).toMatch(/^HTTP\/1.1 408 /);
    // With so little time nobody else would be sure to be answered either.
    await server.close();
    await start();
  });

  it("from one address are cut beyond what it may have, before they say anything", async () => {
    await start({ connectionsPerAddress: 5 });
    const sockets = await Promise.all(Array.from({ length: 10 }, rawConnection));
    await until(async () => sockets.filter((socket) => socket.closed).length >= 5);
    for (const socket of sockets) socket.destroy();
    await Promise.all(sockets.map(closed));
    await until(async () => {
      const probe = await rawConnection();
      probe.end("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      return (await untilClosed(probe)).includes("200 OK");
    });
  });

  it("with bodies are not waited for", async () => {
    await start();
    const response = await fetch(`${server.url}/config`, { method: "POST", body: "x".repeat(100_000) });
    expect(response.status).toBeGreaterThanOrEqual(400);
  });
});

describe("a thousand attackers, come and gone", () => {
  it("leave nothing behind, nor the memory that they took", async () => {
    await start({ ...NO_LIMITS, requestMs: DEFAULT_LIMITS.requestMs });
    await comeAndGo(300);
    const before = usedBytes();
    for (let round = 0; round < 10; round++) await comeAndGo(100);
    await untilNobodyIsLeft();
    // 1,000 sockets with what they said would be some 20 MB.
    expect(usedBytes() - before).toBeLessThan(4 * 1024 * 1024);
  });
});

async function comeAndGo(count: number): Promise<void> {
  const clients = await Promise.all(Array.from({ length: count }, () => TestClient.connect(server.url)));
  for (const client of clients) {
    await client.announce();
    client.signal("offer", clients[0]?.peer ?? "", "x".repeat(1000));
    client.socket.send('{"action":"announce","offers":[null]}');
  }
  for (const client of clients) client.socket.terminate();
  await Promise.all(clients.map((client) => client.closed));
}

/** What is still in use after everything else was collected. */
function usedBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}
