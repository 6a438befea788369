/**
 * The environment, read once at start: a whole configuration, or one clear line for each mistake.
 *
 * An empty variable counts as not set, so that compose files may pass through what is not there.
 */
import * as v from "valibot";
import type { IceSettings } from "./ice.ts";
import { DEFAULT_LIMITS, type Limits, NO_LIMITS } from "./limits.ts";

export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly redisUrl: string | undefined;
  readonly ice: IceSettings;
  /** Proxies of ours in front, whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: number;
  /** Origins whose pages may use the tracker; undefined lets everybody in. */
  readonly allowedOrigins: readonly string[] | undefined;
  /** Pages may connect to other hosts: trackers and web seeds that public shares name. */
  readonly foreignHosts: boolean;
  readonly limits: Limits;
  readonly logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "silent";
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly mistakes: readonly string[] };

const number = (most: number, what: string) =>
  v.pipe(v.string(), v.regex(/^\d{1,9}$/, what), v.transform(Number), v.maxValue(most, what));
const positive = v.pipe(number(1e9, "a whole number from 1"), v.minValue(1, "a whole number from 1"));

const list = (item: RegExp, what: string) =>
  v.pipe(
    v.string(),
    v.transform((text) =>
      text
        .split(",")
        .map((each) => each.trim())
        .filter((each) => each !== ""),
    ),
    v.array(v.pipe(v.string(), v.regex(item, what))),
  );
const stunUrls = list(/^stuns?:[^\s/@?]+$/, "a comma-separated list like stun:stun.example.org:3478");
const turnUrls = list(
  /^turns?:[^\s/@?]+(\?transport=(udp|tcp))?$/,
  "a comma-separated list like turn:turn.example.org:3478?transport=udp",
);
const origins = list(
  /^https?:\/\/[^\s/?#]+$/,
  "a comma-separated list like https://share.example.org, without paths",
);
const proxies = v.union(
  [
    v.pipe(
      v.literal("true"),
      v.transform(() => 1),
    ),
    v.pipe(
      v.literal("false"),
      v.transform(() => 0),
    ),
    number(10, ""),
  ],
  "the number of proxies in front of this server, 0 to 10",
);
const logLevels = ["fatal", "error", "warn", "info", "debug", "silent"] as const;

const environment = v.object({
  PORT: v.optional(number(65_535, "a port, 0 to 65535"), "8787"),
  HOST: v.optional(v.pipe(v.string(), v.regex(/^[\w.:%-]+$/, "an address or a host name")), "0.0.0.0"),
  REDIS_URL: v.optional(
    v.pipe(v.string(), v.regex(/^rediss?:\/\/\S+$/, "an address like redis://127.0.0.1:6379")),
  ),
  STUN_URLS: v.optional(stunUrls, ""),
  TURN_URLS: v.optional(turnUrls, ""),
  TURN_SECRET: v.optional(v.pipe(v.string(), v.minLength(16, "at least 16 characters"))),
  RELAY_ONLY: v.optional(v.picklist(["on", "off"], '"on" or "off"'), "off"),
  TRUST_PROXY: v.optional(proxies, "0"),
  ALLOWED_ORIGINS: v.optional(origins),
  FOREIGN_HOSTS: v.optional(v.picklist(["on", "off"], '"on" or "off"'), "on"),
  LIMITS: v.optional(v.picklist(["on", "off"], '"on" or "off"'), "on"),
  MAX_SOCKETS: v.optional(positive),
  MAX_SOCKETS_PER_ADDRESS: v.optional(positive),
  MAX_PEERS_PER_SWARM: v.optional(positive),
  LOG_LEVEL: v.optional(v.picklist(logLevels, `one of ${logLevels.join(", ")}`), "warn"),
});

type Environment = v.InferOutput<typeof environment>;

/** What the variables in `env` say. Others than ours are ignored. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ConfigResult {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ""));
  const parsed = v.safeParse(environment, given);
  if (!parsed.success) return { ok: false, mistakes: parsed.issues.map(mistake) };
  const mistakes = contradictions(parsed.output);
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, config: configOf(parsed.output) };
}

function mistake(issue: v.BaseIssue<unknown>): string {
  const name = String(issue.path?.[0]?.key ?? "environment");
  const secret = name === "TURN_SECRET" || name === "REDIS_URL";
  return `${name} must be ${issue.message}${secret ? "" : `, but is ${JSON.stringify(issue.path?.[0]?.value)}`}.`;
}

function contradictions(env: Environment): string[] {
  const mistakes = [];
  if (env.LIMITS === "off" && !isLoopback(env.HOST)) {
    mistakes.push(
      "LIMITS=off is for benchmarks on this machine: it needs HOST=127.0.0.1 (or ::1, localhost).",
    );
  }
  if (env.TURN_SECRET !== undefined && env.TURN_URLS.length === 0) {
    mistakes.push("TURN_SECRET is set but TURN_URLS is not: name the TURN servers that it is for.");
  }
  if (env.RELAY_ONLY === "on" && env.TURN_URLS.length === 0) {
    mistakes.push("RELAY_ONLY=on needs TURN_URLS: without a relay nobody could connect.");
  }
  return mistakes;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function configOf(env: Environment): Config {
  const limits: Limits = {
    ...DEFAULT_LIMITS,
    ...(env.MAX_SOCKETS !== undefined && { sockets: env.MAX_SOCKETS }),
    ...(env.MAX_SOCKETS_PER_ADDRESS !== undefined && { socketsPerAddress: env.MAX_SOCKETS_PER_ADDRESS }),
    ...(env.MAX_PEERS_PER_SWARM !== undefined && { peersPerSwarm: env.MAX_PEERS_PER_SWARM }),
  };
  return {
    host: env.HOST,
    port: env.PORT,
    redisUrl: env.REDIS_URL,
    ice: {
      stunUrls: env.STUN_URLS,
      turnUrls: env.TURN_URLS,
      turnSecret: env.TURN_SECRET,
      relayOnly: env.RELAY_ONLY === "on",
    },
    trustedProxies: env.TRUST_PROXY,
    allowedOrigins: env.ALLOWED_ORIGINS,
    foreignHosts: env.FOREIGN_HOSTS === "on",
    limits: env.LIMITS === "off" ? NO_LIMITS : limits,
    logLevel: env.LOG_LEVEL,
  };
}
