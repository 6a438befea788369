/** WebSockets of made-up peers. Names are 20 printable characters, so that no text has to be parsed to find them. */
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type ClientOptions, WebSocket } from "ws";

export const nameOf = (kind: "room" | "peer" | "offr", index: number) =>
  kind + String(index).padStart(16, "0");

/** The number in a name that `nameOf` made. */
export const indexOf = (name: string) => Number(name.slice(4));

export async function openSocket(url: string, options: ClientOptions = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
  await once(socket, "open");
  return socket;
}

/**
 * Writes what is said in one turn of the loop at once, in one buffer: writing is most of what load costs, and the
 * load must not be what limits the tracker.
 */
export class BatchingSocket {
  readonly #stream: Duplex;
  #said: string[] = [];

  private constructor(stream: Duplex) {
    this.#stream = stream;
  }

  static async open(url: string, onText: (text: string) => void): Promise<BatchingSocket> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const [[response]] = (await Promise.all([once(socket, "upgrade"), once(socket, "open")])) as [
      [IncomingMessage],
      [],
    ];
    socket.on("message", (data: Buffer) => onText(data.toString("latin1")));
    return new BatchingSocket(response.socket);
  }

  /** @param text of ASCII characters. */
  send(text: string): void {
    if (this.#said.push(text) > 1) return;
    setImmediate(() => {
      this.#stream.write(maskedFrames(this.#said));
      this.#said = [];
    });
  }
}

const MASK = [0x5b, 0xc1, 0x0e, 0xa7] as const;
const HEADER_LENGTH = 8;

/** Texts of ASCII characters as a client's frames (RFC 6455 §5.2, §5.3), always with a length of two bytes. */
function maskedFrames(texts: readonly string[]): Buffer {
  const size = texts.reduce((sum, text) => sum + HEADER_LENGTH + text.length, 0);
  const frames = Buffer.allocUnsafe(size);
  let at = 0;
  for (const text of texts) {
    at = frames.writeUInt16BE(0x81fe, at);
    at = frames.writeUInt16BE(text.length, at);
    frames.set(MASK, at);
    at += MASK.length;
    const end = at + frames.write(text, at, "latin1");
    for (let i = 0; at < end; at++, i++) frames[at] = (frames[at] ?? 0) ^ (MASK[i & 3] ?? 0);
  }
  return frames;
}

/** Does `work` for 0 … `count` − 1, `width` of them at a time. */
export async function each(
  count: number,
  width: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

/** A data channel's description with what a laptop gathers for it, as WebTorrent sends it. */
export function description(type: "offer" | "answer"): string {
  const lines = [
    "v=0",
    `o=- ${type === "offer" ? "4611731400430051336" : "2890844526000000017"} 2 IN IP4 127.0.0.1`,
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0",
    "a=extmap-allow-mixed",
    "a=msid-semantic: WMS",
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0",
    "a=ice-ufrag:Yw0k",
    "a=ice-pwd:aP4kGZ3fbBhqGmeJ0cCwQv9Y",
    "a=ice-options:trickle",
    `a=fingerprint:sha-256 ${Array.from({ length: 32 }, (_, i) => (i * 7 + 16).toString(16).toUpperCase()).join(":")}`,
    `a=setup:${type === "offer" ? "actpass" : "active"}`,
    "a=mid:0",
    "a=sctp-port:5000",
    "a=max-message-size:262144",
  ];
  return [...lines, ...candidates.map((each) => `a=${each}`), ""].join("\r\n");
}

export const candidates = [
  "candidate:1467250027 1 udp 2122260223 8f1f0d2e-54a1-4a07-9b1c-6b7c4d0a5b11.local 46243 typ host generation 0 network-id 1",
  "candidate:1467250028 1 udp 2122194687 17a9bd0c-7c52-4c21-8a3f-0c9f2f3e7f52.local 52133 typ host generation 0 network-id 2",
  "candidate:1853887674 1 udp 1518280447 203.0.113.77 36768 typ srflx raddr 0.0.0.0 rport 0 generation 0 network-id 1",
  "candidate:1853887675 1 udp 1518214911 203.0.113.77 36769 typ srflx raddr 0.0.0.0 rport 0 generation 0 network-id 2",
];
