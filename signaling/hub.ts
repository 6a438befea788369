/**
 * The signaling server without its sockets: what came in and when, to what has to go out.
 *
 * Invariants
 *  1. `step` never throws, whatever the text. What cannot be read is answered with a failure, and nothing else.
 *  2. A peer id that a live socket owns stays with it. A newcomer who claims it waits while the owner is pinged:
 *     any sign of life within `CLAIM_WITHIN_MS` refuses the newcomer; silence closes the old socket and lets the
 *     newcomer in. So nobody steals the id of a live peer, and who changed networks is back in seconds.
 *  3. After `close` the socket is forgotten: nothing more is sent to it, and what it says is ignored.
 *  4. No clock, no sockets, no randomness of its own. It must be woken every `TICK_MS`.
 */
import {
  CLAIM_WITHIN_MS,
  IDLE_WITHOUT_SWARM_MS,
  type Limits,
  PING_AFTER_MS,
  PONG_WITHIN_MS,
} from "./limits.ts";
import { type Announce, type ClientMessage, parseClientMessage, type ServerMessage } from "./messages.ts";
import type { Random } from "./swarm.ts";
import { TokenBucket } from "./token-bucket.ts";
import { type SocketId, Tracker } from "./tracker.ts";

export type { SocketId } from "./tracker.ts";

export type Input =
  | { readonly type: "socket-opened" | "pong-received" | "socket-closed"; readonly socket: SocketId }
  | { readonly type: "text-received"; readonly socket: SocketId; readonly text: string }
  | { readonly type: "woke" };

export type Output =
  | { readonly type: "send"; readonly socket: SocketId; readonly message: ServerMessage }
  | { readonly type: "ping"; readonly socket: SocketId }
  | Close;

export interface Close {
  readonly type: "close";
  readonly socket: SocketId;
  /** RFC 6455 §7.4.1. */
  readonly code: 1000 | 1001 | 1008;
  readonly reason: CloseReason;
}

export type CloseReason = "idle" | "no sign of life" | "too many messages";

/** What is in the hub right now. */
export interface HubFigures {
  readonly sockets: number;
  readonly swarms: number;
  readonly peers: number;
  readonly offers: number;
  /** Messages since the start, by kind. */
  readonly received: Readonly<Record<ReceivedKind, number>>;
}

export type ReceivedKind = ClientMessage["kind"] | "malformed";

interface Socket {
  readonly messages: TokenBucket;
  readonly length: TokenBucket;
  heardAt: number;
  /** When it last sent a text; pongs do not count. */
  saidAt: number;
  /** When the ping that is not answered yet was sent. */
  pingedAt: number | undefined;
}

/** A newcomer's announce that waits for the owner of its peer id to show whether it lives. */
interface Claim {
  readonly claimant: SocketId;
  readonly said: Announce;
  readonly madeAt: number;
}

export class Hub {
  readonly #limits: Limits;
  readonly #tracker: Tracker;
  readonly #sockets = new Map<SocketId, Socket>();
  /** By the socket that owns the peer ids, then by room and peer. */
  readonly #claims = new Map<SocketId, Map<string, Claim>>();
  readonly #received = { announce: 0, offer: 0, answer: 0, candidates: 0, scrape: 0, malformed: 0 };
  #outputs: Output[] = [];

  constructor(options: { limits: Limits; random: Random }) {
    this.#limits = options.limits;
    this.#tracker = new Tracker(options.limits, options.random, (socket, message) =>
      this.#send(socket, message),
    );
  }

  /** What follows from `input` at `now` (ms on a monotonic clock), in order. The array is the caller's. */
  step(input: Input, now: number): Output[] {
    this.#outputs = [];
    this.#on(input, now);
    return this.#outputs;
  }

  figures(): HubFigures {
    return {
      sockets: this.#sockets.size,
      swarms: this.#tracker.swarmCount,
      peers: this.#tracker.peerCount,
      offers: this.#tracker.offerCount,
      received: { ...this.#received },
    };
  }

  #on(input: Input, now: number): void {
    switch (input.type) {
      case "socket-opened":
        this.#onSocketOpened(input.socket, now);
        break;
      case "text-received":
        this.#onText(input.socket, input.text, now);
        break;
      case "pong-received":
        this.#onHeard(input.socket, now);
        break;
      case "socket-closed":
        this.#forget(input.socket, now);
        break;
      case "woke":
        this.#onWoke(now);
        break;
    }
  }

  #onSocketOpened(socket: SocketId, now: number): void {
    this.#sockets.set(socket, {
      messages: new TokenBucket(this.#limits.messagesPerSocket, now),
      length: new TokenBucket(this.#limits.lengthPerSocket, now),
      heardAt: now,
      saidAt: now,
      pingedAt: undefined,
    });
  }

  #onText(id: SocketId, text: string, now: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    this.#onHeard(id, now);
    socket.saidAt = now;
    if (socket.messages.take(1, now) && socket.length.take(text.length, now)) this.#read(id, text, now);
    else this.#close(id, 1008, "too many messages", now);
  }

  #read(id: SocketId, text: string, now: number): void {
    const parsed = parseClientMessage(text);
    this.#received[parsed.ok ? parsed.value.kind : "malformed"]++;
    if (!parsed.ok) {
      this.#send(id, { kind: "failure", room: parsed.reason.room, reason: parsed.reason.message });
    } else if (parsed.value.kind === "announce") {
      this.#onAnnounce(id, parsed.value, now);
    } else if (parsed.value.kind === "scrape") {
      this.#tracker.scrape(id, parsed.value);
    } else {
      this.#tracker.signal(id, parsed.value, now);
    }
  }

  #onAnnounce(socket: SocketId, said: Announce, now: number): void {
    const owner = this.#tracker.ownerOf(said.room, said.peer);
    if (owner === undefined || owner === socket) this.#tracker.announce(socket, said, now);
    else this.#contest(owner, socket, said, now);
  }

  #contest(owner: SocketId, claimant: SocketId, said: Announce, now: number): void {
    const key = said.room + said.peer;
    const claims = this.#claims.get(owner) ?? new Map<string, Claim>();
    if (said.event === "stopped" || claims.has(key)) {
      this.#refuse(claimant, said);
      return;
    }
    this.#claims.set(owner, claims.set(key, { claimant, said, madeAt: now }));
    this.#outputs.push({ type: "ping", socket: owner });
  }

  /** Any sign of life ends the claims on what the socket owns. */
  #onHeard(id: SocketId, now: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    socket.heardAt = now;
    socket.pingedAt = undefined;
    for (const { claimant, said } of this.#takeClaims(id)) this.#refuse(claimant, said);
  }

  #onWoke(now: number): void {
    for (const [owner, claims] of [...this.#claims]) {
      // The first claim is the oldest.
      const [oldest] = claims.values();
      if (oldest !== undefined && now - oldest.madeAt >= CLAIM_WITHIN_MS) {
        this.#close(owner, 1001, "no sign of life", now);
      }
    }
    for (const [id, socket] of this.#sockets) this.#checkLife(id, socket, now);
    this.#tracker.expire(now);
  }

  #checkLife(id: SocketId, socket: Socket, now: number): void {
    if (socket.pingedAt !== undefined) {
      if (now - socket.pingedAt >= PONG_WITHIN_MS) this.#close(id, 1001, "no sign of life", now);
    } else if (now - socket.saidAt >= IDLE_WITHOUT_SWARM_MS && !this.#tracker.isInSwarm(id)) {
      this.#close(id, 1000, "idle", now);
    } else if (now - socket.heardAt >= PING_AFTER_MS) {
      socket.pingedAt = now;
      this.#outputs.push({ type: "ping", socket: id });
    }
  }

  #close(socket: SocketId, code: Close["code"], reason: CloseReason, now: number): void {
    this.#outputs.push({ type: "close", socket, code, reason });
    this.#forget(socket, now);
  }

  /** What the socket was is free again, first of all for those who waited for it. */
  #forget(id: SocketId, now: number): void {
    if (!this.#sockets.delete(id)) return;
    this.#tracker.leave(id);
    for (const { claimant, said } of this.#takeClaims(id)) {
      if (this.#sockets.has(claimant)) this.#onAnnounce(claimant, said, now);
    }
  }

  #takeClaims(owner: SocketId): Iterable<Claim> {
    const claims = this.#claims.get(owner);
    this.#claims.delete(owner);
    return claims?.values() ?? [];
  }

  #refuse(socket: SocketId, said: Announce): void {
    this.#send(socket, { kind: "failure", room: said.room, reason: "peer id in use" });
  }

  #send(socket: SocketId, message: ServerMessage): void {
    if (this.#sockets.has(socket)) this.#outputs.push({ type: "send", socket, message });
  }
}
