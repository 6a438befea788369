/** The app as a server has it at one time, and as another build of it would be. */
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readConfig } from "../signaling/config.ts";
import { type RunningServer, startServer } from "../signaling/server.ts";
import { repository } from "../tools/command.ts";

/** What `vite build` left. */
export const builtApp = join(repository, "dist");

/** Serves a folder as the app, in this process. @param port 0 takes any free one. */
export function serveApp(folder: string, port = 0): Promise<RunningServer> {
  const read = readConfig({ HOST: "127.0.0.1", PORT: String(port) });
  if (!read.ok) throw new Error(read.mistakes.join(" "));
  return startServer(read.config, folder);
}

/** Where a server listens, to be taken by the next one. */
export function portOf({ url }: RunningServer): number {
  return Number(new URL(url).port);
}

const TEXT = /\.(css|html|js|webmanifest)$/;
/** What the build puts behind the name of each of its files. */
const HASH = /-([\w-]{8})(?=\.\w+$)/;

/**
 * A copy of the built app in which every part has another name, as after a change of all of it, and whose page says
 * which build it is in `<meta name="build">`.
 *
 * @param build two digits.
 */
export async function makeDeployment(folder: string, build: string): Promise<string> {
  await cp(builtApp, folder, { recursive: true });
  const assets = join(folder, "assets");
  const names = (await readdir(assets)).filter((name) => !/\.(br|gz)$/.test(name));
  const renamed = new Map(
    names.map((name) => [name, name.replace(HASH, (hash) => hash.slice(0, -2) + build)]),
  );
  for (const where of [folder, assets]) {
    for (const name of await readdir(where)) {
      const path = join(where, name);
      if (/\.(br|gz)$/.test(name)) await rm(path);
      else if (TEXT.test(name)) await writeFile(path, rename(await readFile(path, "utf8"), renamed));
    }
  }
  for (const [name, other] of renamed) {
    if (name === other) continue;
    await cp(join(assets, name), join(assets, other));
    await rm(join(assets, name));
  }
  const page = join(folder, "index.html");
  const html = await readFile(page, "utf8");
  await writeFile(page, html.replace("</head>", `<meta name="build" content="${build}"></head>`));
  const worker = join(folder, "service-worker.js");
  const script = await readFile(worker, "utf8");
  const version = /version:\s*["'`]([0-9a-f]{14})/.exec(script)?.[1];
  if (version === undefined) throw new Error("The service worker does not say which build it is of.");
  await writeFile(worker, script.replaceAll(new RegExp(`${version}..`, "g"), version + build));
  return folder;
}

function rename(text: string, renamed: ReadonlyMap<string, string>): string {
  let result = text;
  for (const [name, other] of renamed) result = result.replaceAll(name, other);
  return result;
}
