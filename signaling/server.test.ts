import { createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Config, readConfig } from "./config.ts";
import { TURN_TTL_SECONDS } from "./limits.ts";
import { parseServerConfig } from "./messages.ts";
import { type RunningServer, startServer } from "./server.ts";
import { TestClient } from "./test-client.ts";

function config(env: Record<string, string> = {}): Config {
  const read = readConfig({ HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "silent", ...env });
  if (!read.ok) throw new Error(read.mistakes.join("\n"));
  return read.config;
}

let folder: string;
let server: RunningServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "shoal-app-"));
  mkdirSync(join(folder, "app", "assets"), { recursive: true });
  writeFileSync(join(folder, "app", "index.html"), "<!doctype html>");
  writeFileSync(join(folder, "app", "service-worker.js"), "");
  writeFileSync(join(folder, "app", "assets", "index-Bx3k9.js"), "");
  writeFileSync(join(folder, "secret.txt"), "not for anybody");
  server = await startServer(config(), join(folder, "app"));
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function restart(env: Record<string, string>): Promise<void> {
  await server.close();
  server = await startServer(config(env), join(folder, "app"));
}

/** Asks for exactly `path`; fetch would resolve its dots first. */
function getRaw(
  path: string,
  headers: Record<string, string> = {},
): Promise<{
  status: number | undefined;
  encoding: string | undefined;
  cache: string | undefined;
  body: string;
}> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("end", () =>
        resolve({
          status: response.statusCode,
          encoding: response.headers["content-encoding"],
          cache: response.headers["cache-control"],
          body,
        }),
      );
    })
      .on("error", reject)
      .end();
  });
}

async function getEncoded(accepted: string) {
  const { encoding, cache, body } = await getRaw("/assets/index-Bx3k9.js", { "accept-encoding": accepted });
  expect(cache).toContain("immutable");
  return { encoding, body };
}

describe("the app's files", () => {
  it("are where a form goes whose service worker is gone, and nothing of the form is read", async () => {
    const body = new FormData();
    body.append("files", new File(["a photo"], "photo.jpg"));
    const response = await fetch(`${server.url}/share-target`, { method: "POST", body, redirect: "manual" });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/?shared");
  });

  it("are cached for ever when their name has a hash, and asked for again otherwise", async () => {
    const cacheControl = async (path: string) =>
      (await fetch(server.url + path)).headers.get("cache-control");
    expect(await cacheControl("/assets/index-Bx3k9.js")).toBe("public, max-age=31536000, immutable");
    expect(await cacheControl("/")).toBe("no-cache");
    expect(await cacheControl("/index.html")).toBe("no-cache");
    expect(await cacheControl("/service-worker.js")).toBe("no-cache");
  });

  it("may run scripts of this origin and WebAssembly, and nothing inline", async () => {
    const { headers } = await fetch(`${server.url}/`);
    const policy = headers.get("content-security-policy")?.split(";") ?? [];
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).toContain("worker-src 'self'");
    expect(policy).toContain("media-src 'self' blob:");
    expect(policy).toContain("frame-src 'self'");
    expect(policy).toContain("connect-src 'self' ws: wss: http: https:");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy.join()).not.toContain("unsafe-inline");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("permissions-policy")).toContain("camera=(), ");
  });

  it("talk to this host alone when the operator says so", async () => {
    await restart({ FOREIGN_HOSTS: "off" });
    const { headers } = await fetch(`${server.url}/`);
    expect(headers.get("content-security-policy")?.split(";")).toContain("connect-src 'self'");
  });

  it("are asked for by TLS alone after a visit by TLS, as a trusted proxy says, and nobody else", async () => {
    const hsts = async (proto: string) =>
      (await fetch(server.url, { headers: { "x-forwarded-proto": proto } })).headers.get(
        "strict-transport-security",
      );
    expect(await hsts("https")).toBeNull();
    await restart({ TRUST_PROXY: "1" });
    expect(await hsts("https")).toBe("max-age=15552000");
    expect(await hsts("http")).toBeNull();
  });

  it("come compressed as the build left them, in what the browser reads, and plain to who reads neither", async () => {
    const script = join(folder, "app", "assets", "index-Bx3k9.js");
    writeFileSync(script, "plain");
    writeFileSync(`${script}.br`, "brotli");
    writeFileSync(`${script}.gz`, "gzip");
    expect(await getEncoded("br, gzip")).toEqual({ encoding: "br", body: "brotli" });
    expect(await getEncoded("gzip")).toEqual({ encoding: "gzip", body: "gzip" });
    expect(await getEncoded("identity")).toEqual({ encoding: undefined, body: "plain" });
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "//etc/passwd",
  ])("are all there is: %s leads nowhere", async (path) => {
    const { status, body } = await getRaw(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain("not for anybody");
  });

  it("being missing is said in words, and the tracker works all the same", async () => {
    await server.close();
    server = await startServer(config(), join(folder, "nothing-here"));
    const response = await fetch(`${server.url}/`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("npm run build");
    const client = await TestClient.connect(server.url);
    expect(await client.announce()).toMatchObject({ kind: "announced" });
    client.close();
  });
});

describe("GET /config", () => {
  it("tells no ICE servers when none are set, least of all somebody else's", async () => {
    const read = parseServerConfig(await (await fetch(`${server.url}/config`)).text());
    expect(read).toMatchObject({
      ok: true,
      value: {
        iceServers: [],
        relayOnly: false,
        announceIntervalSeconds: 120,
        credentialsExpireInSeconds: null,
      },
    });
  });

  it("tells clients to go by relays alone when that is set", async () => {
    await restart({ TURN_URLS: "turn:t.example", RELAY_ONLY: "on" });
    const read = parseServerConfig(await (await fetch(`${server.url}/config`)).text());
    expect(read).toMatchObject({ ok: true, value: { relayOnly: true } });
  });

  it("mints TURN credentials that coturn's use-auth-secret accepts, others for each client", async () => {
    const secret = "a shared secret of coturn";
    await restart({
      STUN_URLS: "stun:s.example:3478",
      TURN_URLS: "turn:t.example,turns:t.example",
      TURN_SECRET: secret,
    });
    const ask = async () => {
      const response = await fetch(`${server.url}/config`);
      expect(response.headers.get("cache-control")).toBe("no-store");
      const read = parseServerConfig(await response.text());
      if (!read.ok) throw new Error(read.reason);
      return read.value;
    };
    const { iceServers, credentialsExpireInSeconds } = await ask();
    const [stun, turn] = iceServers;
    expect(stun).toEqual({ urls: ["stun:s.example:3478"] });
    expect(turn?.urls).toEqual(["turn:t.example", "turns:t.example"]);
    expect(turn?.credential).toBe(
      createHmac("sha1", secret)
        .update(turn?.username ?? "")
        .digest("base64"),
    );
    const expiresInSeconds = Number(turn?.username?.split(":")[0]) - Date.now() / 1000;
    expect(Math.abs(expiresInSeconds - TURN_TTL_SECONDS)).toBeLessThan(60);
    expect(credentialsExpireInSeconds).toBe(TURN_TTL_SECONDS);
    expect((await ask()).iceServers[1]?.username).not.toBe(turn?.username);
  });

  it("is refused to who asks too often", async () => {
    const status = async () => (await fetch(`${server.url}/config`)).status;
    expect(await status()).toBe(200);
    // A few may be asked for again each second, so it is not foretold which one is too many.
    let last = 200;
    while (last === 200) last = await status();
    expect(last).toBe(429);
  });
});

describe("the tracker on real sockets", () => {
  it("introduces two clients: announce, targeted offer, answer, candidates", async () => {
    const ann = await TestClient.connect(server.url);
    const bob = await TestClient.connect(server.url);
    await ann.announce();
    const announced = await bob.announce();
    expect(announced).toMatchObject({ kind: "announced", peers: [{ peer: ann.peer, extended: true }] });
    bob.signal("offer", ann.peer, "sealed offer");
    expect(await ann.next()).toMatchObject({ kind: "offer", from: bob.peer, text: "sealed offer" });
    ann.signal("answer", bob.peer, "sealed answer");
    expect(await bob.next()).toMatchObject({ kind: "answer", from: ann.peer, text: "sealed answer" });
    bob.signal("candidates", ann.peer, "sealed candidates");
    expect(await ann.next()).toMatchObject({ kind: "candidates", from: bob.peer, text: "sealed candidates" });
    ann.close();
    bob.close();
  });

  it("is told to its clients to restart when the server stops, and its port is free afterwards", async () => {
    const client = await TestClient.connect(server.url);
    await client.announce();
    const port = new URL(server.url).port;
    await server.close();
    expect(await client.closed).toEqual({ code: 1012, reason: "service restart" });
    server = await startServer(config({ PORT: port }), join(folder, "app"));
  });

  it("answers health checks with its figures and plain requests of /announce with a hint", async () => {
    const client = await TestClient.connect(server.url);
    await client.announce();
    expect(await (await fetch(`${server.url}/healthz`)).json()).toMatchObject({
      status: "ok",
      sockets: 1,
      peers: 1,
    });
    expect((await fetch(`${server.url}/announce`)).status).toBe(426);
    client.close();
  });
});

describe("an operator", () => {
  it("sees in /metrics what happens, and of nobody who", async () => {
    const ann = await TestClient.connect(server.url);
    await ann.announce();
    ann.socket.send("nonsense");
    await ann.next();
    const bob = await TestClient.connect(server.url);
    await bob.announce();
    bob.signal("offer", ann.peer, "offer");
    await ann.next();
    bob.signal("answer", ann.peer, "unasked");
    await bob.next();
    bob.close();
    await bob.closed;
    await expect(TestClient.connect(server.url.replace(/$/, "/elsewhere"))).rejects.toThrow("404");
    const response = await fetch(`${server.url}/metrics`);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0.0.4/);
    const text = await response.text();
    for (const line of [
      "shoal_sockets 1",
      "shoal_peers 1",
      "shoal_swarms 1",
      'shoal_messages_received_total{kind="announce"} 2',
      'shoal_messages_refused_total{kind="malformed"} 1',
      'shoal_messages_refused_total{kind="no such offer to answer"} 1',
      "shoal_relay_seconds_count 1",
      'shoal_messages_received_total{kind="malformed"} 1',
      'shoal_messages_sent_total{kind="announced"} 2',
      'shoal_messages_sent_total{kind="failure"} 2',
      'shoal_sockets_refused_total{kind="unknown path"} 1',
    ]) {
      expect(text.split("\n")).toContain(line);
    }
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d/m);
    expect(text).not.toMatch(/127\.0\.0\.1|5a5a/);
    expect((await (await fetch(`${server.url}/metrics`)).text()).includes('kind="announce"} 2')).toBe(true);
    ann.close();
  });

  it("sees in /readyz whether new clients should be sent here", async () => {
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });
});
