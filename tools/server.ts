/** The real server as a child process on a free port of this machine, for end-to-end tests and benchmarks. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { repository } from "./command.ts";

export interface Server {
  /** Origin that the app is served from, without a slash at its end. */
  readonly url: string;
  /** Everything that the server has printed so far. */
  log(): string;
  /** Ends the process; settles once it is gone. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const POLL_MS = 50;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the probe did not get a port");
  return address.port;
}

/**
 * Starts the server and waits until it answers. The app must have been built.
 * @throws with all that the server printed when it ends, or does not answer, within 30 s.
 */
export async function startServer(environment: Record<string, string> = {}): Promise<Server> {
  const port = await freePort();
  const child = spawn(process.execPath, ["--import", "tsx", "signaling/main.ts"], {
    cwd: repository,
    env: { ...process.env, HOST: "127.0.0.1", PORT: String(port), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
  }
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilHealthy(url, child);
  } catch (cause) {
    child.kill("SIGKILL");
    throw new Error(`The server did not start. It said:\n${printed}`, { cause });
  }
  return { url, log: () => printed, stop: () => end(child) };
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const isHealthy = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (isHealthy) return;
    await new Promise((again) => setTimeout(again, POLL_MS));
  }
  throw new Error(`nothing answered at ${url}/healthz within ${START_TIMEOUT_MS} ms`);
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
