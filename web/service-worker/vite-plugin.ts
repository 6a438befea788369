/**
 * The service worker as one classic script at the root of the site: there it may serve all of it, its name must
 * never change, and not every browser runs modules as service workers.
 */
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";

const FILE_NAME = "service-worker.js";
const entry = fileURLToPath(new URL("./worker.ts", import.meta.url));

export function serviceWorker(): Plugin {
  return {
    name: "shoal-service-worker",
    applyToEnvironment: ({ name }) => name === "client",
    async generateBundle() {
      this.emitFile({ type: "asset", fileName: FILE_NAME, source: await bundle(true) });
    },
    configureServer(vite) {
      vite.middlewares.use(`/${FILE_NAME}`, (_request, response, next) => {
        bundle(false).then((source) => {
          response.writeHead(200, { "content-type": "text/javascript", "cache-control": "no-cache" });
          response.end(source);
        }, next);
      });
    },
  };
}

async function bundle(minify: boolean): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    build: {
      write: false,
      minify,
      rolldownOptions: { input: entry, output: { format: "iife", entryFileNames: FILE_NAME } },
    },
  });
  const chunks = [built].flat().flatMap((result) => ("output" in result ? result.output : []));
  const [chunk] = chunks;
  if (chunk?.type !== "chunk" || chunks.length > 1) throw new Error("The service worker is not one script.");
  return chunk.code;
}
