/** The real server as a child process on a free port of this machine, for end-to-end tests and benchmarks. */
import { type ChildProcess, spawn } from "node:child_process";
import { repository } from "./command.ts";

export interface Server {
  /** Origin that the app is served from, without a slash at its end. */
  readonly url: string;
  /** Everything that the server has printed so far. */
  log(): string;
  /** Ends the process; settles once it is gone. */
  stop(): Promise<void>;
  /** Ends the process as a crash would; settles once it is gone. */
  kill(): Promise<void>;
}

const START_TIMEOUT_MS = 120_000;

/**
 * Starts the server and waits until it says where it is. The app must have been built.
 * @throws with all that the server printed, when it ends or stays silent for two minutes.
 */
export async function startServer(environment: Record<string, string> = {}): Promise<Server> {
  const child = spawn(process.execPath, ["--import", "tsx", "signaling/main.ts"], {
    cwd: repository,
    env: { ...process.env, HOST: "127.0.0.1", PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const url = await new Promise<string>((resolve, reject) => {
    const giveUp = (why: string) => reject(new Error(`The server ${why}. It said:\n${printed}`));
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      giveUp(`was not ready after ${START_TIMEOUT_MS} ms`);
    }, START_TIMEOUT_MS);
    child.once("exit", (code) => {
      clearTimeout(timer);
      giveUp(`ended with ${code}`);
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        const found = /^Shoal is at (http\S+)$/m.exec(printed)?.[1];
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found.replace(/\/$/, ""));
      });
    }
  });
  return { url, log: () => printed, stop: () => end(child, "SIGTERM"), kill: () => end(child, "SIGKILL") };
}

function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}
