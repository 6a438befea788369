/**
 * One process, one port: the app's files, the tracker at `/announce`, and the endpoints for operators.
 *
 * Invariants
 *  1. No log line says who asked or for what: neither addresses nor paths nor what was sent.
 *  2. `close` first says "not ready" and tells every client, and settles when the port is free.
 */

import type { Server } from "node:http";
import { fileURLToPath } from "node:url";
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  LogController,
} from "fastify";
import { pino } from "pino";
import { clientAddress } from "./address.ts";
import { AddressGate } from "./address-gate.ts";
import { attachSignaling, type Signaling } from "./announce-sockets.ts";
import type { Config } from "./config.ts";
import { type ConfigEndpoint, configEndpoint, version } from "./config-endpoint.ts";
import { type Limits, MAX_BODY_BYTES } from "./limits.ts";
import { type Metrics, makeMetrics } from "./metrics.ts";
import { protectPages, serveApp } from "./pages.ts";
import { openRedisDirectory } from "./redis-directory.ts";

export interface RunningServer {
  /** Where a browser on this machine finds it, without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** The built app, as `vite build` leaves it. */
const builtApp = fileURLToPath(new URL("../dist", import.meta.url));

/** @throws what Node throws when it cannot listen, `EADDRINUSE` first of all. */
export async function startServer(config: Config, appFolder = builtApp): Promise<RunningServer> {
  const log: FastifyBaseLogger = pino({ level: config.logLevel });
  const gate = new AddressGate(config.limits);
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: config.limits.requestMs,
    forceCloseConnections: true,
    http: {
      headersTimeout: config.limits.requestMs,
      connectionsCheckingInterval: Math.max(config.limits.requestMs, 1_000) / 2,
    },
  });
  limitConnections(app.server, config.limits, config.trustedProxies === 0 ? gate : undefined);
  const metrics = makeMetrics();
  const { redisUrl } = config;
  const signaling = attachSignaling(app.server, {
    ...config,
    gate,
    count: metrics.count,
    relayTimes: metrics.relayTimes,
    log,
    openDirectory:
      redisUrl === undefined ? undefined : (events) => openRedisDirectory({ url: redisUrl, events, log }),
    refuseOthers: true,
  });
  metrics.watch(signaling.figures);
  hideRequests(app, log);
  await protectPages(app, config);
  let isReady = false;
  addEndpoints(app, {
    signaling,
    metrics,
    configOf: configEndpoint(config.ice, gate),
    trustedProxies: config.trustedProxies,
    isReady: () => isReady,
  });
  await serveApp(app, appFolder, log);
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await signaling.close();
    throw error;
  }
  isReady = true;
  return {
    url: urlOf(app, config.host),
    async close() {
      isReady = false;
      await signaling.close();
      await app.close();
    },
  };
}

/** A proxy in front has one address for all, and is asked to keep limits of its own. */
function limitConnections(server: Server, limits: Limits, gate: AddressGate | undefined): void {
  if (Number.isFinite(limits.connections)) server.maxConnections = limits.connections;
  server.on("connection", (connection) => {
    if (gate === undefined) return;
    const address = connection.remoteAddress ?? "";
    if (!gate.admitConnection(connection, address)) connection.destroy();
  });
}

/** fastify's own handlers would log and repeat what was asked for. */
function hideRequests(app: FastifyInstance, log: FastifyBaseLogger): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).type("text/plain").send("Not found"));
  app.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error);
    if (status >= 500)
      log.error({ name: error instanceof Error ? error.name : "unknown" }, "a request failed");
    return reply
      .code(status)
      .type("text/plain")
      .send(status >= 500 ? "Something failed here" : "Bad request");
  });
}

function statusOf(error: unknown): number {
  const hasStatus = typeof error === "object" && error !== null && "statusCode" in error;
  return hasStatus && typeof error.statusCode === "number" && error.statusCode >= 400
    ? error.statusCode
    : 500;
}

interface Parts {
  readonly signaling: Signaling;
  readonly metrics: Metrics;
  readonly configOf: ConfigEndpoint;
  readonly trustedProxies: number;
  isReady(): boolean;
}

function addEndpoints(app: FastifyInstance, parts: Parts): void {
  const fresh = (reply: FastifyReply) => reply.header("cache-control", "no-store");
  app.get("/healthz", (_request, reply) => {
    const { sockets, swarms, peers, directory } = parts.signaling.figures();
    return fresh(reply).send({ status: "ok", version, directory, sockets, swarms, peers });
  });
  app.get("/readyz", (_request, reply) =>
    fresh(reply)
      .code(parts.isReady() ? 200 : 503)
      .send({ ready: parts.isReady() }),
  );
  app.get("/metrics", async (_request, reply) =>
    fresh(reply)
      .type(parts.metrics.contentType)
      .send(await parts.metrics.text()),
  );
  app.get("/config", (request, reply) => {
    const config = parts.configOf(clientAddress(request.raw, parts.trustedProxies));
    if (config !== undefined) return fresh(reply).send(config);
    return fresh(reply).code(429).header("retry-after", "60").type("text/plain").send("Too many requests");
  });
  // A page, or a person, that came here without a WebSocket.
  app.get("/announce", (_request, reply) =>
    reply
      .code(426)
      .headers({ upgrade: "websocket", connection: "upgrade" })
      .type("text/plain")
      .send("This is a WebSocket tracker"),
  );
}

function urlOf(app: FastifyInstance, host: string): string {
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const name = isEverywhere ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
