import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { TestClient } from "./test-client.ts";

const repository = fileURLToPath(new URL("..", import.meta.url));
const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

interface Run {
  readonly child: ChildProcess;
  readonly exit: Promise<number | null>;
  printed(): string;
}

function run(env: Record<string, string>): Run {
  const child = spawn(process.execPath, ["--import", "tsx", "signaling/main.ts"], {
    cwd: repository,
    env: { ...process.env, HOST: "127.0.0.1", LOG_LEVEL: "silent", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let printed = "";
  const note = (chunk: Buffer) => {
    printed += chunk.toString();
  };
  child.stdout.on("data", note);
  child.stderr.on("data", note);
  const exit = once(child, "close").then(([code]) => code as number | null);
  return { child, exit, printed: () => printed };
}

/** The line that the program greets with. */
async function greeting({ child, printed }: Run): Promise<string> {
  while (!printed().includes("\n"))
    await Promise.race([once(child.stdout ?? child, "data"), once(child, "exit")]);
  return printed();
}

describe("the program", () => {
  it("says in one line where it is, and ends well when it is told to, after its clients know", async () => {
    const program = run({ PORT: "0" });
    const [, url] = /^Shoal is at (http:\S+)\n$/.exec(await greeting(program)) ?? [];
    const client = await TestClient.connect(url ?? "");
    program.child.kill("SIGTERM");
    expect(await client.closed).toEqual({ code: 1012, reason: "service restart" });
    expect(await program.exit).toBe(0);
  });

  it("says in one line that its port is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" && address !== null ? String(address.port) : "";
    const program = run({ PORT: port });
    expect(await program.exit).toBe(1);
    expect(program.printed()).toBe(
      `Port ${port} is in use. Set PORT to a free one, or stop what is using it.\n`,
    );
    taken.close();
  });

  it("says each mistake in its environment in a line and does not start", async () => {
    const program = run({ PORT: "many", LIMITS: "low" });
    expect(await program.exit).toBe(1);
    expect(program.printed().trimEnd().split("\n")).toEqual([
      'PORT must be a port, 0 to 65535, but is "many".',
      'LIMITS must be "on" or "off", but is "low".',
    ]);
  });
});
