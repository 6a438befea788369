/**
 * The signaling server without its sockets: what came in and when, to what has to go out.
 *
 * Invariants
 *  1. `step` never throws, whatever the text. What cannot be read is answered with a failure, and nothing else.
 *  2. A peer id that a live socket has stays with it (contests.ts).
 *  3. After `close` the socket is forgotten: nothing more is sent to it, and what it says is ignored.
 *  4. What one socket says is handled in the order in which it came, also when the directory has to be asked.
 *  5. No clock, no sockets, no randomness of its own. It must be woken every `TICK_MS`.
 */
import { Contests } from "./contests.ts";
import type { Answer, NodeId, Parcel, Question } from "./directory.ts";
import type { Close, CloseReason, HubFigures, Input, OrderToDirectory, Output } from "./hub-io.ts";
import { IDLE_WITHOUT_SWARM_MS, type Limits, PING_AFTER_MS, PONG_WITHIN_MS } from "./limits.ts";
import { type Announce, type ClientMessage, parseClientMessage, type ServerMessage } from "./messages.ts";
import type { SocketId } from "./presences.ts";
import type { Random } from "./swarm.ts";
import { takeTokens } from "./token-bucket.ts";
import { Tracker } from "./tracker.ts";

type SwarmAnswer = Extract<Answer, { kind: "swarm" }>;

interface Socket {
  /** When the buckets of messages and of their length are full again. */
  messagesFullAt: number;
  lengthFullAt: number;
  heardAt: number;
  /** When it last sent a text; pongs do not count. */
  saidAt: number;
  /** When the ping that is not answered yet was sent. */
  pingedAt: number | undefined;
  /** What the directory is being asked for, and what was said after it. */
  asking: ClientMessage | undefined;
  waiting: ClientMessage[] | undefined;
}

export interface HubOptions {
  readonly limits: Limits;
  readonly random: Random;
  /** Our name in the directory; undefined when there is none and this process is alone. */
  readonly node: NodeId | undefined;
}

export class Hub {
  readonly #limits: Limits;
  readonly #node: NodeId | undefined;
  readonly #tracker: Tracker;
  readonly #sockets = new Map<SocketId, Socket>();
  readonly #contests: Contests;
  readonly #received = { announce: 0, offer: 0, answer: 0, candidates: 0, scrape: 0, malformed: 0 };
  #outputs: Output[] = [];

  constructor({ limits, random, node }: HubOptions) {
    this.#limits = limits;
    this.#node = node;
    this.#tracker = new Tracker(limits, random, {
      send: (socket, message) => this.#send(socket, message),
      forward: (node, parcel) => this.#order({ type: "forward", node, parcel }),
      entered: (room, member, hasCompleted) => this.#order({ type: "enter", room, member, hasCompleted }),
      left: (room, peer) => this.#order({ type: "leave", room, peer }),
    });
    this.#contests = new Contests({
      admit: ({ socket, said, swarm }, now) => {
        if (!this.#sockets.has(socket)) return;
        if (swarm === undefined) this.#take(socket, said, now);
        else this.#onAnnounce(socket, said, { ...swarm, holder: undefined }, now);
      },
      refuse: ({ socket, said }) =>
        this.#send(socket, { kind: "failure", room: said.room, reason: "peer id in use" }),
      ping: (owner) => this.#outputs.push({ type: "ping", socket: owner }),
      closeDead: (owner, now) => this.#close(owner, 1001, "no sign of life", now),
      forward: (node, parcel) => this.#order({ type: "forward", node, parcel }),
    });
  }

  /** What follows from `input` at `now` (whole ms on a monotonic clock), in order. The array is the caller's. */
  step(input: Input, now: number): Output[] {
    this.#outputs = [];
    this.#on(input, now);
    return this.#outputs;
  }

  figures(): HubFigures {
    return {
      sockets: this.#sockets.size,
      swarms: this.#tracker.presences.swarmCount,
      peers: this.#tracker.presences.peerCount,
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
      case "answered":
        this.#onAnswered(input.socket, input.answer, now);
        break;
      case "parcel-received":
        this.#onParcel(input.parcel, now);
        break;
      case "directory-recovered":
        this.#onDirectoryRecovered();
        break;
      case "woke":
        this.#onWoke(now);
        break;
    }
  }

  #onSocketOpened(socket: SocketId, now: number): void {
    this.#sockets.set(socket, {
      messagesFullAt: 0,
      lengthFullAt: 0,
      heardAt: now,
      saidAt: now,
      pingedAt: undefined,
      asking: undefined,
      waiting: undefined,
    });
  }

  #onText(id: SocketId, text: string, now: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    this.#onHeard(id, now);
    socket.saidAt = now;
    if (!this.#maySay(socket, text.length, now)) {
      this.#close(id, 1008, "too many messages", now);
      return;
    }
    const parsed = parseClientMessage(text);
    this.#received[parsed.ok ? parsed.value.kind : "malformed"]++;
    if (parsed.ok) this.#take(id, parsed.value, now);
    else this.#send(id, { kind: "failure", room: parsed.reason.room, reason: parsed.reason.message });
  }

  #maySay(socket: Socket, length: number, now: number): boolean {
    const { messagesPerSocket, lengthPerSocket } = this.#limits;
    const messagesFullAt = takeTokens(messagesPerSocket, socket.messagesFullAt, 1, now);
    const lengthFullAt = takeTokens(lengthPerSocket, socket.lengthFullAt, length, now);
    if (messagesFullAt === undefined || lengthFullAt === undefined) return false;
    socket.messagesFullAt = messagesFullAt;
    socket.lengthFullAt = lengthFullAt;
    return true;
  }

  /** Handles `message` at once, or after the directory said what it knows, or after what waits already. */
  #take(id: SocketId, message: ClientMessage, now: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    if (socket.asking !== undefined) {
      socket.waiting ??= [];
      socket.waiting.push(message);
      return;
    }
    const question = this.#node === undefined ? undefined : this.#questionOf(id, message);
    if (question === undefined) {
      this.#handle(id, message, undefined, now);
      return;
    }
    socket.asking = message;
    this.#order({ type: "ask", socket: id, question });
  }

  #questionOf(id: SocketId, message: ClientMessage): Question | undefined {
    switch (message.kind) {
      case "announce":
        return this.#ownerElsewhereThan(id, message) === undefined
          ? this.#tracker.questionOf(message)
          : undefined;
      case "scrape":
        return { kind: "counts", rooms: message.rooms };
      default:
        return this.#tracker.goesElsewhere(message)
          ? { kind: "peer", room: message.room, peer: message.to }
          : undefined;
    }
  }

  #onAnswered(id: SocketId, answer: Answer | undefined, now: number): void {
    const socket = this.#sockets.get(id);
    if (socket?.asking === undefined) return;
    const message = socket.asking;
    socket.asking = undefined;
    this.#handle(id, message, answer, now);
    while (socket.asking === undefined) {
      const next = socket.waiting?.shift();
      if (next === undefined) return;
      this.#take(id, next, now);
    }
  }

  #handle(id: SocketId, message: ClientMessage, answer: Answer | undefined, now: number): void {
    switch (message.kind) {
      case "announce":
        this.#onAnnounce(id, message, answer?.kind === "swarm" ? answer : undefined, now);
        break;
      case "scrape":
        this.#tracker.scrape(id, message, answer?.kind === "counts" ? answer.swarms : undefined);
        break;
      default:
        this.#tracker.signal(id, message, answer?.kind === "peer" ? answer.member : undefined, now);
    }
  }

  #onAnnounce(socket: SocketId, said: Announce, swarm: SwarmAnswer | undefined, now: number): void {
    const owner = this.#ownerElsewhereThan(socket, said);
    const newcomer = { socket, said, swarm };
    if (owner !== undefined) this.#contests.claimHere(owner, newcomer, now);
    else if (swarm?.holder === undefined || this.#node === undefined)
      this.#tracker.announce(socket, said, swarm, now);
    else this.#contests.claimElsewhere(swarm.holder, this.#node, newcomer, now);
  }

  /** The socket that is this peer already, if it is another one than `socket`. */
  #ownerElsewhereThan(socket: SocketId, { room, peer }: Announce): SocketId | undefined {
    const owner = this.#tracker.presences.get(room, peer)?.home;
    return owner === socket ? undefined : owner;
  }

  #onParcel(parcel: Parcel, now: number): void {
    switch (parcel.kind) {
      case "signal":
        this.#tracker.signalFromElsewhere(parcel.signal, parcel.extended, now);
        break;
      case "claim":
        this.#contests.onClaim(parcel, this.#tracker.presences.get(parcel.room, parcel.peer)?.home, now);
        break;
      case "claim-ended":
        this.#contests.onClaimEnded(parcel, now);
        break;
    }
  }

  #onHeard(id: SocketId, now: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    socket.heardAt = now;
    socket.pingedAt = undefined;
    this.#contests.onHeard(id, now);
  }

  #onDirectoryRecovered(): void {
    for (const member of this.#tracker.presences.all()) {
      this.#order({ type: "enter", room: member.room, member, hasCompleted: false });
    }
  }

  #onWoke(now: number): void {
    this.#contests.onWoke(now);
    for (const [id, socket] of this.#sockets) this.#checkLife(id, socket, now);
    this.#tracker.expire(now);
  }

  #checkLife(id: SocketId, socket: Socket, now: number): void {
    if (socket.pingedAt !== undefined) {
      if (now - socket.pingedAt >= PONG_WITHIN_MS) this.#close(id, 1001, "no sign of life", now);
    } else if (now - socket.saidAt >= IDLE_WITHOUT_SWARM_MS && !this.#tracker.presences.isInSwarm(id)) {
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
    this.#tracker.presences.leave(id);
    this.#contests.onGone(id, now);
  }

  #send(socket: SocketId, message: ServerMessage): void {
    if (this.#sockets.has(socket)) this.#outputs.push({ type: "send", socket, message });
  }

  #order(order: OrderToDirectory): void {
    if (this.#node !== undefined) this.#outputs.push(order);
  }
}
