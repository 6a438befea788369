/** A tracker in a process of its own, ours or the reference, started and asked in the same way. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { repository } from "../../tools/command.ts";

export type Program = "shoal" | "bittorrent-tracker";

const programs: Record<Program, string> = {
  shoal: "signaling/main.ts",
  "bittorrent-tracker": "bench/signaling/reference-server.ts",
};

/** What a process uses: memory right after a garbage collection, processor time since its start. */
export interface Usage {
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly cpuSeconds: number;
}

export class TrackerProcess {
  /** `ws:` address of its tracker. */
  readonly url: string;
  readonly #child: ChildProcess;
  /** The last question; one waits for the other, since answers have no names. */
  #asked: Promise<unknown> = Promise.resolve();

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** @throws when it ends before it says where it is. */
  static async start(program: Program, environment: Record<string, string> = {}): Promise<TrackerProcess> {
    const probe = fileURLToPath(new URL("probe.ts", import.meta.url));
    const child = spawn(
      process.execPath,
      ["--expose-gc", "--import", "tsx", "--import", probe, programs[program]],
      {
        cwd: repository,
        env: {
          ...process.env,
          HOST: "127.0.0.1",
          PORT: "0",
          LIMITS: "off",
          NODE_ENV: "production",
          ...environment,
        },
        stdio: ["ignore", "pipe", "inherit", "ipc"],
      },
    );
    let printed = "";
    for await (const chunk of child.stdout ?? []) {
      printed += String(chunk);
      const found = /at http(:\/\/\S+)/.exec(printed)?.[1];
      if (found !== undefined) return new TrackerProcess(`ws${found}/announce`, child);
    }
    throw new Error(`${program} did not start: ${printed}`);
  }

  usage(): Promise<Usage> {
    const asked = this.#asked.then(async () => {
      const answered = once(this.#child, "message");
      this.#child.send("usage");
      const [usage] = (await answered) as [Usage];
      return usage;
    });
    this.#asked = asked;
    return asked;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}
