/** A Redis of our own for tests, if this machine has one. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";

export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

if (!hasRedis) {
  process.stderr.write(
    "SKIPPED: tests of several processes on one Redis, since redis-server is not installed\n",
  );
}

/** Somebody else may take a port between the look at whether it is free and Redis. */
const ATTEMPTS = 20;

export class TestRedis {
  readonly url: string;
  readonly #port: number;
  #process: ChildProcess | undefined;

  private constructor(port: number) {
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
  }

  static async start(): Promise<TestRedis> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const redis = new TestRedis(await freePort());
      if (await redis.#begin()) return redis;
    }
    throw new Error("redis-server does not start");
  }

  /** Empty, since nothing is kept on disk. */
  async start(): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) if (await this.#begin()) return;
    throw new Error("redis-server does not start again");
  }

  /** False when it ends at once, as it does where its port is taken. */
  async #begin(): Promise<boolean> {
    const args = ["--port", String(this.#port), "--bind", "127.0.0.1", "--save", "", "--dir", tmpdir()];
    const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] });
    this.#process = child;
    let printed = "";
    for await (const chunk of child.stdout) {
      printed += String(chunk);
      // Its pipe must not fill up, and leaving the loop closes it.
      if (printed.includes("Ready to accept connections")) return true;
    }
    return false;
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined) return;
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }

  /** Keeps its connections and answers nothing. */
  freeze(): void {
    this.#process?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#process?.kill("SIGCONT");
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (typeof address !== "object" || address === null) throw new Error("no free port");
  return address.port;
}
