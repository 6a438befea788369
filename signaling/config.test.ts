import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";
import { DEFAULT_LIMITS, NO_LIMITS } from "./limits.ts";

function configOf(env: Record<string, string>) {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.mistakes.join("\n"));
  return read.config;
}

function mistakesIn(env: Record<string, string>): readonly string[] {
  const read = readConfig(env);
  return read.ok ? [] : read.mistakes;
}

describe("the environment", () => {
  it("needs nothing: the defaults serve everybody on port 8787, ask no other server and trust no proxy", () => {
    expect(configOf({ PATH: "/bin", TURN_SECRET: "", PORT: " " })).toEqual({
      host: "0.0.0.0",
      port: 8787,
      redisUrl: undefined,
      ice: { stunUrls: [], turnUrls: [], turnSecret: undefined, relayOnly: false },
      trustedProxies: 0,
      allowedOrigins: undefined,
      foreignHosts: true,
      limits: DEFAULT_LIMITS,
      logLevel: "warn",
    });
  });

  it("says everything that can be said", () => {
    const config = configOf({
      PORT: "80",
      HOST: "::1",
      REDIS_URL: "redis://:secret@127.0.0.1:6379/2",
      STUN_URLS: "stun:a.example, stun:b.example:3478",
      TURN_URLS: "turns:t.example:443?transport=tcp",
      TURN_SECRET: "sixteen letters!",
      TRUST_PROXY: "2",
      ALLOWED_ORIGINS: "https://share.example,http://localhost:5173",
      LIMITS: "off",
      LOG_LEVEL: "info",
    });
    expect(config).toMatchObject({
      port: 80,
      host: "::1",
      redisUrl: "redis://:secret@127.0.0.1:6379/2",
      ice: {
        stunUrls: ["stun:a.example", "stun:b.example:3478"],
        turnUrls: ["turns:t.example:443?transport=tcp"],
      },
      trustedProxies: 2,
      allowedOrigins: ["https://share.example", "http://localhost:5173"],
      limits: NO_LIMITS,
      logLevel: "info",
    });
  });

  it("takes limits one by one, and true for one proxy", () => {
    const config = configOf({
      MAX_SOCKETS_PER_ADDRESS: "5000",
      MAX_SOCKETS: "9",
      MAX_PEERS_PER_SWARM: "8",
      TRUST_PROXY: "true",
    });
    expect(config.limits).toEqual({
      ...DEFAULT_LIMITS,
      socketsPerAddress: 5000,
      sockets: 9,
      peersPerSwarm: 8,
    });
    expect(config.trustedProxies).toBe(1);
  });

  it.each([
    ["PORT", "http"],
    ["PORT", "65536"],
    ["PORT", "-1"],
    ["HOST", "http://x/"],
    ["STUN_URLS", "stun.example.org"],
    ["TURN_URLS", "turn:t.example,stun:x"],
    ["TRUST_PROXY", "yes"],
    ["TRUST_PROXY", "11"],
    ["ALLOWED_ORIGINS", "https://share.example/path"],
    ["ALLOWED_ORIGINS", "*"],
    ["LIMITS", "none"],
    ["RELAY_ONLY", "yes"],
    ["MAX_SOCKETS", "0"],
    ["LOG_LEVEL", "loud"],
  ])("with %s=%s is refused in one line that names both", (name, value) => {
    const mistakes = mistakesIn({ [name]: value });
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatch(new RegExp(`^${name} must be .*[.]$`));
  });

  it("with several mistakes is refused in one line for each", () => {
    expect(mistakesIn({ PORT: "x", LIMITS: "y", LOG_LEVEL: "z" })).toHaveLength(3);
  });

  it.each([
    { TURN_URLS: "turn:t.example", TURN_SECRET: "too-short" },
    { REDIS_URL: "http://user:too-short@x" },
  ])("is refused without repeating a secret: %o", (env) => {
    const mistakes = mistakesIn(env);
    expect(mistakes).toHaveLength(1);
    expect(mistakes.join()).not.toContain("too-short");
  });

  it.each(["0.0.0.0", "::", "192.168.1.4", "share.example"])("does not lift the limits on %s", (HOST) => {
    expect(mistakesIn({ LIMITS: "off", HOST })).toHaveLength(1);
    expect(mistakesIn({ LIMITS: "off" })).toHaveLength(1);
  });

  it("does not ask for relays alone without naming one", () => {
    expect(mistakesIn({ RELAY_ONLY: "on" })).toHaveLength(1);
    expect(mistakesIn({ RELAY_ONLY: "on", TURN_URLS: "turn:t.example" })).toEqual([]);
  });

  it("has no use for a secret without TURN servers", () => {
    expect(mistakesIn({ TURN_SECRET: "sixteen letters!" })).toHaveLength(1);
  });
});
