/**
 * One process, one port: the app's files, `/config`, `/healthz`, and the tracker at `/announce`.
 *
 * Invariants
 *  1. Files with a hash in their name are cached for ever, everything else is asked for again each time.
 *  2. The page may run only scripts of this origin, and no other page may frame it.
 *  3. No log line says who asked or for what: neither addresses nor paths nor what was sent.
 *  4. `close` tells every client first and settles when the port is free.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyHelmet from "@fastify/helmet";
import fastifyStatic from "@fastify/static";
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { pino } from "pino";
import { clientAddress } from "./address.ts";
import { AddressGate } from "./address-gate.ts";
import { attachSignaling, type Signaling } from "./announce-sockets.ts";
import type { Config } from "./config.ts";
import { type ConfigEndpoint, configEndpoint } from "./config-endpoint.ts";
import { MAX_BODY_BYTES, REQUEST_TIMEOUT_MS } from "./limits.ts";

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
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    http: { headersTimeout: REQUEST_TIMEOUT_MS },
  });
  const signaling = attachSignaling(app.server, { ...config, gate, log, refuseOthers: true });
  hideRequests(app, log);
  await protectPages(app);
  addEndpoints(app, signaling, configEndpoint(config.ice, gate), config.trustedProxies);
  await serveApp(app, appFolder, log);
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await signaling.close();
    throw error;
  }
  return {
    url: urlOf(app, config.host),
    async close() {
      await signaling.close();
      await app.close();
    },
  };
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

async function protectPages(app: FastifyInstance): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // hash-wasm compiles WebAssembly.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'"],
        workerSrc: ["'self'", "blob:"],
        // Magnets bring trackers of their own.
        connectSrc: ["'self'", "ws:", "wss:"],
        imgSrc: ["'self'", "blob:", "data:"],
        mediaSrc: ["'self'", "blob:", "data:"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
    // Whether there is TLS, and for which subdomains, is known to the proxy in front.
    strictTransportSecurity: false,
  });
}

function addEndpoints(
  app: FastifyInstance,
  signaling: Signaling,
  configOf: ConfigEndpoint,
  trustedProxies: number,
): void {
  app.get("/healthz", (_request, reply) =>
    reply.header("cache-control", "no-store").send({ status: "ok", ...signaling.figures() }),
  );
  app.get("/config", (request, reply) => {
    reply.header("cache-control", "no-store");
    const config = configOf(clientAddress(request.raw, trustedProxies));
    return config ?? reply.code(429).header("retry-after", "60").type("text/plain").send("Too many requests");
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

async function serveApp(app: FastifyInstance, folder: string, log: FastifyBaseLogger): Promise<void> {
  if (!existsSync(folder)) {
    log.warn("the app is not built: run `npm run build`");
    app.get("/", (_request, reply) =>
      reply.code(503).type("text/plain").send("The app is not built: run npm run build"),
    );
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    dotfiles: "ignore",
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = /[\\/]assets[\\/]/.test(path.slice(folder.length));
      reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}

function urlOf(app: FastifyInstance, host: string): string {
  const address = app.server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const isEverywhere = host === "0.0.0.0" || host === "::";
  const name = isEverywhere ? "localhost" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
