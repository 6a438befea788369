/** A client for tests: a real WebSocket, one peer, messages read one after the other. */
import { randomBytes } from "node:crypto";
import { type ClientOptions, WebSocket } from "ws";
import {
  type Announce,
  type ClientMessage,
  formatClientMessage,
  parseServerMessage,
  type SentSignal,
  type ServerMessage,
} from "./messages.ts";

export const testRoom = "5a".repeat(20);

/** The first announce of a peer that has nothing yet. */
export function newcomer(room: string, peer: string, changes: Partial<Announce>): Announce {
  return {
    kind: "announce",
    room,
    peer,
    event: "started",
    uploaded: 0,
    downloaded: 0,
    left: 1,
    numwant: 50,
    offers: [],
    extended: true,
    ...changes,
  };
}

export class TestClient {
  readonly peer = randomBytes(20).toString("hex");
  readonly offerId = "0f".repeat(20);
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #inbox: ServerMessage[] = [];
  readonly #waiting: ((message: ServerMessage) => void)[] = [];

  private constructor(url: string, options: ClientOptions) {
    this.socket = new WebSocket(`${url.replace("http", "ws")}/announce`, options);
    this.socket.on("message", (data) => this.#onText(data.toString()));
    // What the test waits for says how the connection ended.
    this.socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  /** @throws with the HTTP status when the server refuses the WebSocket. */
  static async connect(url: string, options: ClientOptions = {}): Promise<TestClient> {
    const client = new TestClient(url, options);
    await new Promise<void>((resolve, reject) => {
      client.socket.once("open", resolve);
      client.socket.once("unexpected-response", (_request, response) =>
        reject(new Error(`${response.statusCode}`)),
      );
      client.socket.once("error", reject);
    });
    return client;
  }

  say(message: ClientMessage): void {
    this.socket.send(formatClientMessage(message));
  }

  /** The answer to an announce. */
  announce(changes: Partial<Announce> = {}): Promise<ServerMessage> {
    this.say(newcomer(testRoom, this.peer, changes));
    return this.next();
  }

  signal(kind: SentSignal["kind"], to: string, text: string): void {
    this.say({ kind, room: testRoom, peer: this.peer, to, offerId: this.offerId, text });
  }

  /** The next message of the server. */
  next(): Promise<ServerMessage> {
    const message = this.#inbox.shift();
    return message === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(message);
  }

  close(): void {
    this.socket.close();
  }

  #onText(text: string): void {
    const parsed = parseServerMessage(text);
    if (!parsed.ok) throw new Error(`the server said ${text}: ${parsed.reason}`);
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#inbox.push(parsed.value);
    else waiting(parsed.value);
  }
}
