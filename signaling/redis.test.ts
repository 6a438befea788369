/** Several servers on one real Redis are one tracker, through its failures and theirs. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import type { Announce, Announced } from "./messages.ts";
import { type RunningServer, startServer } from "./server.ts";
import { TestClient } from "./test-client.ts";
import { hasRedis, TestRedis } from "./test-redis.ts";

describe.runIf(hasRedis)("servers on one Redis", () => {
  let redis: TestRedis;
  let servers: RunningServer[];
  let clients: TestClient[];
  let children: ChildProcess[];

  beforeEach(async () => {
    clients = [];
    servers = [];
    children = [];
    redis = await TestRedis.start();
    for (let i = 0; i < 2; i++) await startOne();
  });

  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    for (const client of clients) client.close();
    await Promise.all(servers.map((server) => server.close()));
    await redis.kill();
  });

  async function startOne(): Promise<void> {
    const read = readConfig({ HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "silent", REDIS_URL: redis.url });
    if (!read.ok) throw new Error(read.mistakes.join("\n"));
    const server = await startServer(read.config);
    servers.push(server);
    await untilDirectoryIs("connected", server.url);
  }

  async function untilDirectoryIs(state: string, url: string): Promise<void> {
    for (;;) {
      const health = (await (await fetch(`${url}/healthz`)).json()) as { directory: string };
      if (health.directory === state) return;
      await soon();
    }
  }

  /** Lets others have the processor between two looks at what is being waited for. */
  const soon = () => new Promise((again) => setTimeout(again, 20));

  async function client(server: RunningServer | undefined): Promise<TestClient> {
    const opened = await TestClient.connect(server?.url ?? "");
    clients.push(opened);
    return opened;
  }

  async function announce(from: TestClient, changes: Partial<Announce> = {}): Promise<Announced> {
    const message = await from.announce(changes);
    if (message.kind !== "announced") throw new Error(JSON.stringify(message));
    return message;
  }

  /** Announces again and again until the swarm has `count` peers. */
  async function untilSwarmHas(count: number, from: TestClient): Promise<void> {
    while ((await announce(from, { event: "update" })).incomplete !== count) await soon();
  }

  async function introduce(ann: TestClient, bob: TestClient): Promise<void> {
    bob.signal("offer", ann.peer, "offer");
    bob.signal("candidates", ann.peer, "c1");
    expect(await ann.next()).toMatchObject({ kind: "offer", from: bob.peer, text: "offer" });
    expect(await ann.next()).toMatchObject({ kind: "candidates", from: bob.peer, text: "c1" });
    ann.signal("answer", bob.peer, "answer");
    expect(await bob.next()).toMatchObject({ kind: "answer", from: ann.peer, text: "answer" });
  }

  it("introduce their clients to each other", async () => {
    const ann = await client(servers[0]);
    const bob = await client(servers[1]);
    await announce(ann);
    expect(await announce(bob)).toMatchObject({ incomplete: 2, peers: [{ peer: ann.peer, extended: true }] });
    await introduce(ann, bob);
    ann.close();
    await untilSwarmHas(1, bob);
  });

  it("keep a peer id with its live socket, and give it to a newcomer when that socket is gone", async () => {
    const ann = await client(servers[0]);
    await announce(ann);
    const eve = await client(servers[1]);
    expect(await eve.announce({ peer: ann.peer })).toMatchObject({
      kind: "failure",
      reason: "peer id in use",
    });
    ann.socket.terminate();
    while ((await eve.announce({ peer: ann.peer })).kind === "failure") await soon();
  });

  it("let go of the peers of a process that dies without a word", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", "signaling/main.ts"], {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      env: { ...process.env, HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "silent", REDIS_URL: redis.url },
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    const [greeting] = (await once(child.stdout, "data")) as [Buffer];
    const [url = ""] = /http:\S+/.exec(greeting.toString()) ?? [];
    await untilDirectoryIs("connected", url);
    const ann = await TestClient.connect(url);
    await announce(ann);
    const bob = await client(servers[0]);
    expect(await announce(bob)).toMatchObject({ incomplete: 2 });

    child.kill("SIGKILL");
    await untilSwarmHas(1, bob);
  });

  it("take their peers out at once when they stop as they should", async () => {
    const ann = await client(servers[0]);
    const bob = await client(servers[1]);
    await announce(ann);
    await announce(bob);
    await servers.shift()?.close();
    expect(await announce(bob)).toMatchObject({ incomplete: 1, peers: [] });
  });

  it("serve their own peers while Redis is away, and are one tracker again after it came back empty", async () => {
    const ann = await client(servers[0]);
    const bob = await client(servers[1]);
    await announce(ann);
    await announce(bob);
    await redis.kill();
    const cat = await client(servers[1]);
    expect(await announce(cat)).toMatchObject({ incomplete: 2, peers: [{ peer: bob.peer }] });
    await introduce(bob, cat);

    await redis.start();
    await untilSwarmHas(3, cat);
    await untilSwarmHas(3, ann);
    await introduce(ann, cat);
  });

  it("do the same while Redis hangs, and no client waits for it", async () => {
    const ann = await client(servers[0]);
    await announce(ann);
    redis.freeze();
    const bob = await client(servers[1]);
    // Answered although nothing comes from Redis before it is thawed.
    expect(await announce(bob)).toMatchObject({ incomplete: 1, peers: [] });
    expect(await announce(bob)).toMatchObject({ incomplete: 1 });
    redis.thaw();
    await untilSwarmHas(2, bob);
    await untilSwarmHas(2, ann);
  });

  it("start also while Redis is away", async () => {
    await redis.kill();
    const read = readConfig({ HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "silent", REDIS_URL: redis.url });
    if (!read.ok) throw new Error(read.mistakes.join("\n"));
    const server = await startServer(read.config);
    servers.push(server);
    const ann = await client(server);
    expect(await announce(ann)).toMatchObject({ incomplete: 1 });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    await redis.start();
    const bob = await client(servers[0]);
    await announce(bob);
    await untilSwarmHas(2, ann);
  });
});
