/**
 * The service worker as one classic script at the root of the site: there it may serve all of it, its name must
 * never change, and not every browser runs modules as service workers. It is told what the app is made of, so that
 * it is another script whenever anything of the app is another.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin, type Rolldown } from "vite";
import type { Shell } from "./shell.ts";

const FILE_NAME = "service-worker.js";
const entry = fileURLToPath(new URL("./worker.ts", import.meta.url));
/** What the page names beside its own parts, below the public folder. */
const ICONS = ["favicon.svg", "icon-192.png", "icon-512.png"];
const NOTHING: Shell = { version: "", files: [], entry: "" };
const VERSION_DIGITS = 16;

export function serviceWorker(): Plugin {
  let publicFolder = "";
  return {
    name: "shoal-service-worker",
    applyToEnvironment: ({ name }) => name === "client",
    configResolved({ publicDir }) {
      publicFolder = publicDir;
    },
    generateBundle: {
      // The page is made of what the others left.
      order: "post",
      async handler(_options, outputs) {
        const shell = shellOf(Object.values(outputs), publicFolder);
        this.emitFile({ type: "asset", fileName: FILE_NAME, source: await bundle(shell, true) });
      },
    },
    configureServer(vite) {
      vite.middlewares.use(`/${FILE_NAME}`, (_request, response, next) => {
        bundle(NOTHING, false).then((source) => {
          response.writeHead(200, { "content-type": "text/javascript", "cache-control": "no-cache" });
          response.end(source);
        }, next);
      });
    },
  };
}

function shellOf(
  outputs: readonly (Rolldown.OutputAsset | Rolldown.OutputChunk)[],
  publicFolder: string,
): Shell {
  const page = outputs.find(({ fileName }) => fileName === "index.html");
  const main = outputs.find((output) => output.type === "chunk" && output.isEntry);
  if (page?.type !== "asset" || main === undefined) throw new Error("The build has no page.");
  const parts = outputs.filter((output) => output !== page).map(({ fileName }) => fileName);
  const digest = createHash("sha256").update(page.source);
  for (const name of parts.sort()) digest.update(name);
  for (const name of ICONS) digest.update(readFileSync(join(publicFolder, name)));
  return {
    version: digest.digest("hex").slice(0, VERSION_DIGITS),
    files: [...parts, ...ICONS].map((name) => `/${name}`),
    entry: main.fileName,
  };
}

async function bundle(shell: Shell, minify: boolean): Promise<string> {
  const built = await build({
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    define: { SHELL_OF_THIS_BUILD: JSON.stringify(shell) },
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
