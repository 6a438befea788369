/** A coturn of our own for tests, on loopback alone, if this machine has one. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCommand } from "../tools/command.ts";

const program = findCommand("turnserver");

export const hasTurn = program !== undefined;

export class TurnServer {
  readonly secret = randomBytes(16).toString("hex");
  readonly url: string;
  readonly #child: ChildProcess;
  #printed = "";

  private constructor(port: number) {
    this.url = `turn:127.0.0.1:${port}?transport=udp`;
    this.#child = spawn(
      program ?? "turnserver",
      [
        "-n",
        "--verbose",
        "--log-file=stdout",
        "--simple-log",
        "--no-cli",
        "--no-tls",
        "--no-dtls",
        "--listening-ip=127.0.0.1",
        "--relay-ip=127.0.0.1",
        `--listening-port=${port}`,
        "--allow-loopback-peers",
        "--use-auth-secret",
        `--static-auth-secret=${this.secret}`,
        "--realm=shoal.test",
        `--pidfile=${join(tmpdir(), `shoal-turn-${port}.pid`)}`,
        `--userdb=${join(tmpdir(), `shoal-turn-${port}.sqlite`)}`,
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
  }

  static async start(): Promise<TurnServer> {
    const turn = new TurnServer(await freePort());
    await turn.#listensBy("UDP", "TCP");
    return turn;
  }

  log(): string {
    return this.#printed;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }

  /** Settles once it says that it listens. */
  #listensBy(...transports: readonly string[]): Promise<void> {
    const opened = transports.map(
      (name) => new RegExp(`${name} listener opened on ?: ?127\\.0\\.0\\.1`, "i"),
    );
    return new Promise((resolve, reject) => {
      const read = (chunk: Buffer) => {
        this.#printed += chunk.toString();
        if (opened.every((words) => words.test(this.#printed))) resolve();
      };
      this.#child.stdout?.on("data", read);
      this.#child.stderr?.on("data", read);
      this.#child.once("exit", (code) => reject(new Error(`coturn ended with ${code}:\n${this.#printed}`)));
    });
  }
}

/** Of UDP and TCP. */
async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const datagrams = createSocket("udp4").bind(0, "127.0.0.1");
    await once(datagrams, "listening");
    const { port } = datagrams.address();
    const streams = createServer().listen(port, "127.0.0.1");
    const isFree = await once(streams, "listening").then(
      () => true,
      () => false,
    );
    datagrams.close();
    if (!isFree) continue;
    streams.close();
    await once(streams, "close");
    return port;
  }
  throw new Error("no free port");
}
