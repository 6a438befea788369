/**
 * The built app as files, and what browsers are told about it.
 *
 * Invariants
 *  1. Files with a hash in their name are cached for ever, everything else is asked for again each time.
 *  2. The page runs only scripts of this origin, and no other page may frame it.
 */
import { existsSync } from "node:fs";
import fastifyHelmet from "@fastify/helmet";
import fastifyStatic from "@fastify/static";
import type { FastifyBaseLogger, FastifyInstance } from "fastify";

export async function protectPages(app: FastifyInstance): Promise<void> {
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
        // Magnets bring trackers of their own.
        connectSrc: ["'self'", "ws:", "wss:"],
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
    // Whether there is TLS, and for which subdomains, is known to the proxy in front.
    strictTransportSecurity: false,
  });
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
    setHeaders(reply, path) {
      const isHashed = /[\\/]assets[\\/]/.test(path.slice(folder.length));
      reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
}
