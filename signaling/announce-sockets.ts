/**
 * The hub on real sockets: WebSocket upgrades of `/announce` on an HTTP server that is somebody else's.
 *
 * Invariants
 *  1. Other upgrades are left alone (Vite has its own), unless `refuseOthers` says that nobody else wants them.
 *  2. Every admitted socket is released at the gate and closed at the hub, once, however it ends.
 *  3. A reader that is too slow for what is sent to it is cut off before it costs more than `bufferedBytes`.
 *  4. Addresses, names of swarms and signals are never logged.
 *  5. What is said to one socket in one turn of the loop leaves together: under load writing is what costs most.
 *  6. A socket has no closures of its own: with thousands of idle ones they would be most of what it weighs.
 */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { clientAddress } from "./address.ts";
import type { AddressGate } from "./address-gate.ts";
import { AnnounceSocket } from "./announce-socket.ts";
import type { Directory, DirectoryEvents, Question } from "./directory.ts";
import { Hub } from "./hub.ts";
import type { Input, Output } from "./hub-io.ts";
import { CLOSE_GRACE_MS, type Limits, MAX_CLIENT_MESSAGE_BYTES, TICK_MS } from "./limits.ts";
import { formatServerMessage, type ServerMessage } from "./messages.ts";
import type { CountEvent, SignalingFigures } from "./metrics.ts";
import type { SocketId } from "./presences.ts";
import type { RelayTimes } from "./relay-times.ts";

export interface SignalingOptions {
  readonly limits: Limits;
  readonly gate: AddressGate;
  readonly trustedProxies: number;
  readonly allowedOrigins: readonly string[] | undefined;
  /** Refuse upgrades of other paths instead of leaving them to other listeners. */
  readonly refuseOthers: boolean;
  readonly count: CountEvent;
  readonly relayTimes: Pick<RelayTimes, "add">;
  readonly log: { error(details: object, message: string): void };
  /** What joins this process with others to one tracker. Undefined when it is alone. */
  readonly openDirectory: ((events: DirectoryEvents) => Directory) | undefined;
}

export interface Signaling {
  figures(): SignalingFigures;
  /** Tells every client that the service restarts (1012), and settles when all sockets are closed. */
  close(): Promise<void>;
}

export function attachSignaling(server: Server, options: SignalingOptions): Signaling {
  const { limits, gate, count } = options;
  const directory = options.openDirectory?.({
    onParcel: (parcel) => step({ type: "parcel-received", parcel }),
    onRecovered: () => step({ type: "directory-recovered" }),
  });
  const hub = new Hub({ limits, random: Math.random, node: directory?.self });
  const sockets = new Map<SocketId, AnnounceSocket>();
  /** Those to whom something was said in this turn of the loop, and when the signals for them were read. */
  let spokenTo: AnnounceSocket[] = [];
  let readAt: number[] = [];
  /** When what is being handled came in. */
  let cameAt = 0;
  const webSockets = new WebSocketServer({
    noServer: true,
    WebSocket: AnnounceSocket,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_CLIENT_MESSAGE_BYTES,
  });
  let lastId: SocketId = 0;

  function step(input: Input, since = performance.now()): void {
    cameAt = since;
    try {
      // Whole milliseconds, because V8 keeps small integers in place and boxes everything else.
      for (const output of hub.step(input, Math.trunc(performance.now()))) carryOut(output);
    } catch (error) {
      contain(error, input);
    }
  }

  /** A bug of ours ends the socket that met it, not the tracker for everybody. */
  function contain(error: unknown, input: Input): void {
    // The first line of a stack is the message, which may repeat what a client said.
    const frames = error instanceof Error ? (error.stack ?? "").split("\n").slice(1, 6) : [];
    options.log.error({ input: input.type, frames }, "the tracker failed to handle an input");
    count("socket-closed", "failure here");
    if ("socket" in input) sockets.get(input.socket)?.terminate();
  }

  function carryOut(output: Output): void {
    switch (output.type) {
      case "send":
        send(output.socket, output.message);
        break;
      case "ping":
        sockets.get(output.socket)?.ping();
        break;
      case "close":
        count("socket-closed", output.reason);
        closeSocket(sockets.get(output.socket), output.code, output.reason);
        break;
      case "ask":
        void ask(output.socket, output.question);
        break;
      case "enter":
        directory?.enter(output.room, output.member, output.hasCompleted);
        break;
      case "leave":
        directory?.leave(output.room, output.peer);
        break;
      case "forward":
        directory?.forward(output.node, output.parcel);
        break;
    }
  }

  async function ask(socket: SocketId, question: Question): Promise<void> {
    const askedAt = cameAt;
    const answer = await directory?.ask(question);
    step({ type: "answered", socket, answer }, askedAt);
  }

  function send(id: SocketId, message: ServerMessage): void {
    const socket = sockets.get(id);
    if (socket === undefined) return;
    if (socket.waitingLength > limits.bufferedBytes) {
      count("socket-closed", "slow reader");
      socket.terminate();
    } else {
      count("message-sent", message.kind);
      if (message.kind === "failure") count("message-refused", refusalOf(message.reason));
      else if (message.kind !== "announced" && message.kind !== "scraped") readAt.push(cameAt);
      const isFirst = socket.say(formatServerMessage(message));
      if (isFirst && spokenTo.push(socket) === 1) setImmediate(flush);
    }
  }

  function flush(): void {
    const waiting = spokenTo;
    spokenTo = [];
    for (const socket of waiting) socket.flush();
    const now = performance.now();
    for (const at of readAt) options.relayTimes.add((now - at) / 1_000);
    readAt = [];
  }

  function onUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    if (pathOf(request) !== "/announce") {
      if (options.refuseOthers) refuse(stream, 404, "unknown path");
      return;
    }
    if (!isAllowed(request.headers.origin, options.allowedOrigins)) {
      refuse(stream, 403, "origin");
      return;
    }
    const address = clientAddress(request, options.trustedProxies);
    // It is released also when the handshake fails and no WebSocket ever comes of it.
    const refusal = gate.admitSocket(stream, address, performance.now());
    if (refusal !== undefined) {
      refuse(stream, refusal === "too many sockets" ? 503 : 429, refusal);
      return;
    }
    webSockets.handleUpgrade(request, stream, head, (socket) => onConnected(socket, stream));
  }

  function refuse(stream: Duplex, status: keyof typeof statusTexts, reason: string): void {
    count("socket-refused", reason);
    respond(stream, status);
  }

  function onConnected(socket: AnnounceSocket, stream: Duplex): void {
    socket.id = ++lastId;
    socket.stream = stream;
    sockets.set(socket.id, socket);
    step({ type: "socket-opened", socket: socket.id });
    socket.on("message", onMessage);
    socket.on("pong", onPong);
    // A frame that breaks RFC 6455 or is too long: ws says the right code and closes.
    socket.on("error", nothing);
    socket.on("close", onClose);
  }

  /** Text and binary frames are read alike, as the reference server does. */
  const onMessage = listener(({ id }, data) => {
    step({ type: "text-received", socket: id, text: data.toString() });
  });
  const onPong = listener(({ id }) => step({ type: "pong-received", socket: id }));
  const onClose = listener(({ id }) => {
    sockets.delete(id);
    step({ type: "socket-closed", socket: id });
  });

  const tick = setInterval(() => {
    step({ type: "woke" });
    gate.forgetIdle(performance.now());
  }, TICK_MS);
  webSockets.on("wsClientError", (_error, stream) => refuse(stream, 400, "bad handshake"));
  server.on("upgrade", onUpgrade);

  return {
    figures() {
      const isAvailable = directory?.isAvailable() === true ? "connected" : "unavailable";
      return { ...hub.figures(), directory: directory === undefined ? "none" : isAvailable };
    },
    async close() {
      server.off("upgrade", onUpgrade);
      clearInterval(tick);
      const open = [...sockets.values()];
      const closed = open.map((socket) => new Promise((done) => socket.once("close", done)));
      for (const socket of open) closeSocket(socket, 1012, "service restart");
      await Promise.all(closed);
      await directory?.close();
    },
  };
}

function closeSocket(socket: AnnounceSocket | undefined, code: number, reason: string): void {
  if (socket === undefined) return;
  socket.flush();
  socket.close(code, reason);
  const cut = setTimeout(() => socket.terminate(), CLOSE_GRACE_MS);
  socket.once("close", () => clearTimeout(cut));
}

/** One function for the events of all sockets. */
function listener(act: (socket: AnnounceSocket, data: RawData) => void): (data: RawData) => void {
  return function (this: WebSocket, data) {
    if (this instanceof AnnounceSocket) act(this, data);
  };
}

/** Refusals that have words of their own; all others say what is wrong with a message. */
const refusals: ReadonlySet<string> = new Set([
  "announce before you signal",
  "no such offer",
  "no such offer to answer",
  "peer id in use",
  "peer not found",
  "peer takes no candidates",
  "swarm is full",
  "too many offers",
  "too many peers of one socket in this swarm",
  "too many swarms on one socket",
]);

function refusalOf(reason: string): string {
  return refusals.has(reason) ? reason : "malformed";
}

function nothing(): void {}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").replace(/[?#].*$/, "");
}

/** Programs other than browsers say no origin; they could say any. */
function isAllowed(origin: string | undefined, allowed: readonly string[] | undefined): boolean {
  return origin === undefined || allowed === undefined || allowed.includes(origin);
}

const statusTexts = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  429: "Too Many Requests",
  503: "Service Unavailable",
};

function respond(stream: Duplex, status: keyof typeof statusTexts): void {
  // The other end may be gone already; that is no news.
  stream.on("error", nothing);
  const response = `HTTP/1.1 ${status} ${statusTexts[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
  // Not only our half: otherwise a client could keep the connection for ever.
  stream.end(response, () => stream.destroy());
}
