import { afterEach, describe, expect, it } from "vitest";
import { hasTurn, TurnServer } from "../e2e/turn-server.ts";
import { readConfig } from "../signaling/config.ts";
import { type RunningServer, startServer } from "../signaling/server.ts";
import { checkServer } from "./check.ts";

const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const each of running.splice(0).reverse()) await each.stop();
});

async function serve(env: Record<string, string> = {}): Promise<RunningServer> {
  const read = readConfig({ HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "silent", ...env });
  if (!read.ok) throw new Error(read.mistakes.join("\n"));
  const server = await startServer(read.config);
  running.push({ stop: () => server.close() });
  return server;
}

const failures = async (url: string) =>
  (await checkServer(url))
    .filter(({ ok, text }) => !ok && !text.startsWith("The page"))
    .map(({ text }) => text);

describe("the self-check", () => {
  it("finds nothing wrong with a server that works, and says what is not set", async () => {
    const { url } = await serve();
    expect(await failures(url)).toEqual([]);
    const texts = (await checkServer(url)).map(({ text }) => text);
    expect(texts).toContain("The WebSocket works.");
    expect(texts).toContain("No TURN is set: people behind strict firewalls will not connect.");
  });

  it("says that nobody is there", async () => {
    const server = await serve();
    await server.close();
    running.length = 0;
    const [, ...texts] = (await checkServer(server.url)).map(({ text }) => text);
    for (const text of texts) expect(text).toMatch(/fails: .*ECONNREFUSED/);
  });

  it("says that the WebSocket is refused to pages of this origin", async () => {
    const { url } = await serve({ ALLOWED_ORIGINS: "https://share.example" });
    expect(await failures(url)).toEqual(["The WebSocket fails: it answers 403 instead of 101."]);
  });

  it("refuses what is no address", async () => {
    expect(await failures("share.example")).toHaveLength(1);
  });

  if (!hasTurn)
    process.stderr.write("SKIPPED: the self-check against a real coturn, which is not installed\n");

  it.skipIf(!hasTurn)("gets a relay address from coturn by UDP and TCP, and an answer as STUN", async () => {
    const turn = await TurnServer.start();
    running.push(turn);
    const { url } = await serve({
      STUN_URLS: turn.url.replace("turn:", "stun:").replace(/\?.*/, ""),
      TURN_URLS: `${turn.url},${turn.url.replace("udp", "tcp")}`,
      TURN_SECRET: turn.secret,
    });
    expect(await failures(url)).toEqual([]);
    expect((await checkServer(url)).filter(({ text }) => /^(STUN|TURN) at/.test(text))).toHaveLength(3);
  });

  it.skipIf(!hasTurn)("says that coturn has another secret", async () => {
    const turn = await TurnServer.start();
    running.push(turn);
    const { url } = await serve({ TURN_URLS: turn.url, TURN_SECRET: "sixteen letters of another" });
    expect(await failures(url)).toEqual([
      `TURN at ${turn.url} fails: it refuses our credentials: TURN_SECRET must be its static-auth-secret.`,
    ]);
  });
});
