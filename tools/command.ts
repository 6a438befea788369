/** Programs of this machine: whether one is here, and running one to its end. */
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("..", import.meta.url));
const isWindows = process.platform === "win32";
const searchPath = [join(repository, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);

/** May this user install packages of the distribution? */
export const isRoot = process.getuid?.() === 0;

/** The full path of a program, or undefined when it is not on the PATH. */
export function findCommand(name: string): string | undefined {
  const endings = isWindows ? [".exe", ".cmd"] : [""];
  return searchPath
    .split(delimiter)
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .find(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program in the repository with its output on this terminal. @returns whether it ended with 0. */
export function run(command: readonly string[], environment: Record<string, string> = {}): Promise<boolean> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, {
    cwd: repository,
    env: { ...process.env, PATH: searchPath, ...environment },
    stdio: "inherit",
    shell: isWindows,
  });
  return new Promise((resolve) => {
    child.on("error", (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(false);
    });
    child.on("exit", (code) => resolve(code === 0));
  });
}

/** Runs a program in silence; for questions that take a moment. */
export function ask(command: readonly string[], timeoutMs: number): SpawnSyncReturns<string> {
  const [program = "", ...args] = command;
  return spawnSync(program, args, {
    cwd: repository,
    env: { ...process.env, PATH: searchPath },
    encoding: "utf8",
    timeout: timeoutMs,
    shell: isWindows,
  });
}

/** Installs packages of a Debian-like distribution, as far as this user may; one that fails does not stop the rest. */
export async function installPackages(packages: readonly string[]): Promise<void> {
  if (!isRoot || findCommand("apt-get") === undefined) return;
  const unattended = { DEBIAN_FRONTEND: "noninteractive" };
  // Somebody else may be installing, on a new machine the machine itself; a mirror may fail once.
  const patient = ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"];
  // A stale list may still do, so a failed update is no reason to give up.
  await run(["apt-get", ...patient, "update", "-qq"], unattended);
  for (const name of packages) {
    await run(["apt-get", ...patient, "install", "-y", "-qq", "--no-install-recommends", name], unattended);
  }
}
