/**
 * The built app as files, and what browsers are told about it.
 *
 * Invariants
 *  1. Files with a hash in their name are cached for ever, everything else is asked for again each time.
 *  2. The page runs only scripts of this origin, nothing inline, and no other page may frame it.
 *  3. The page talks to other hosts only where `foreignHosts` lets it: trackers and web seeds of public shares.
 *  4. A browser that came by TLS, ours or a trusted proxy's, is told to come back by TLS alone.
 *
 * Trusted Types are left out: a worker's URL and the service worker's are sinks that the build fills with strings,
 * so that they would hold by a policy that lets every string through.
 */
import { existsSync } from "node:fs";
import fastifyHelmet from "@fastify/helmet";
import fastifyStatic from "@fastify/static";
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from "fastify";
import { HSTS_SECONDS } from "./limits.ts";

export interface PageProtection {
  /** Whether pages may connect to other hosts than this one. */
  readonly foreignHosts: boolean;
  readonly trustedProxies: number;
}

/** What no part of the app asks for, and so nothing that got into it may have. */
const permissionsPolicy = [
  "accelerometer",
  "camera",
  "display-capture",
  "geolocation",
  "gyroscope",
  "magnetometer",
  "microphone",
  "midi",
  "payment",
  "usb",
]
  .map((feature) => `${feature}=()`)
  .join(", ");

export async function protectPages(app: FastifyInstance, protection: PageProtection): Promise<void> {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // hash-wasm compiles WebAssembly.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'"],
        // The swarm's worker and the service worker.
        workerSrc: ["'self'"],
        connectSrc: ["'self'", ...(protection.foreignHosts ? ["ws:", "wss:", "http:", "https:"] : [])],
        imgSrc: ["'self'", "blob:", "data:"],
        // Films: through the service worker while they arrive, afterwards from where they are kept.
        mediaSrc: ["'self'", "blob:"],
        // Archives that are downloaded, and documents, both from the service worker.
        frameSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: "no-referrer" },
    xFrameOptions: { action: "deny" },
    // Said below, where it is known that there is TLS.
    strictTransportSecurity: false,
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("permissions-policy", permissionsPolicy);
    if (cameByTls(request, protection.trustedProxies))
      reply.header("strict-transport-security", `max-age=${HSTS_SECONDS}`);
  });
}

/** Subdomains are somebody else's business, and so is the scheme that an untrusted client claims. */
function cameByTls({ headers }: FastifyRequest, trustedProxies: number): boolean {
  return trustedProxies > 0 && headers["x-forwarded-proto"] === "https";
}

export async function serveApp(app: FastifyInstance, folder: string, log: FastifyBaseLogger): Promise<void> {
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
    // As the build left them beside their files (tools/precompress.ts).
    preCompressed: true,
    setHeaders(reply, path) {
      const isHashed = /[\\/]assets[\\/]/.test(path.slice(folder.length));
      reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  // What a system shares with the installed app is for its service worker. Where that is gone it comes here: the page
  // says so, and nothing of it is read.
  app.post(
    "/share-target",
    { onRequest: async (_request, reply) => reply.redirect("/?shared", 303) },
    () => undefined,
  );
}
