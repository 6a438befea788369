/**
 * One WebSocket that comes back.
 *
 * Invariants
 *  1. At most one socket or one timer to make the next one, never both; nothing after `close`.
 *  2. Waits between tries grow as capped exponential back-off with full jitter, so that a server that restarts
 *     is not met by all its clients at once. They start again from the shortest when a server proved useful.
 *  3. A socket that stays silent after a question is replaced: browsers do not tell of a dead connection.
 *  4. A socket that says more than anybody could have to say is closed, and met again like one that was lost.
 *
 * Source of the back-off: M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog 2015.
 */
import { type Millis, millis } from "../../engine/units.ts";
import type { Clock } from "../../ports/clock.ts";
import type { TrackerStatus } from "../../ports/tracker.ts";
import {
  FLOOD_LENGTH,
  FLOOD_MESSAGES,
  FLOOD_WINDOW_MS,
  RETRY_FIRST_MS,
  RETRY_MAX_MS,
  RETRY_MIN_MS,
  SILENCE_MS,
} from "./limits.ts";

/** What of a WebSocket it takes. */
export interface Socket {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface SocketWorld {
  readonly clock: Clock;
  /** Begins to connect. May throw. */
  readonly openSocket: () => Socket;
  /** Evenly distributed in [0, 1). */
  readonly random: () => number;
  /** Longest wait before a retry, ms; RETRY_MAX_MS when left out. */
  readonly retryMaxMs?: number;
}

export interface LastingSocketEvents {
  /** Whether a lost socket should come back by itself; otherwise the next `connect` brings it back. */
  isNeeded(): boolean;
  /** Open now, maybe again. What is sent from here on is the first to arrive. */
  onOpened(): void;
  onText(text: string): void;
  onStatus(status: TrackerStatus): void;
}

export class LastingSocket {
  readonly #world: SocketWorld;
  readonly #events: LastingSocketEvents;
  #state: "idle" | "connecting" | "open" | "waiting" | "closed" = "idle";
  #socket: Socket | undefined;
  #failures = 0;
  #windowSince: Millis = millis(Number.NEGATIVE_INFINITY);
  #messages = 0;
  #length = 0;
  #cancelRetry: () => void = nothing;
  #cancelSilence: (() => void) | undefined;

  constructor(world: SocketWorld, events: LastingSocketEvents) {
    this.#world = world;
    this.#events = events;
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** Connects now unless that is under way or done. */
  connect(): void {
    if (this.#state !== "idle" && this.#state !== "waiting") return;
    this.#cancelRetry();
    this.#state = "connecting";
    this.#events.onStatus({ state: "connecting" });
    this.#expectWord();
    try {
      this.#listen(this.#world.openSocket());
    } catch {
      // The platform refuses the address or the network: the same to us as a server that is not there.
      this.#onLost();
    }
  }

  /** Sends if it is open. */
  send(text: string): void {
    if (this.#state === "open") this.#socket?.send(text);
  }

  /** Sends what has to be answered, by anything at all, within SILENCE_MS. */
  ask(text: string): void {
    if (this.#state !== "open") return;
    this.send(text);
    this.#expectWord();
  }

  /** The server does what it is there for: after the next loss the first retry is soon. */
  proved(): void {
    this.#failures = 0;
  }

  close(): void {
    this.#state = "closed";
    this.#cancelRetry();
    this.#abandon();
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    socket.onopen = () => {
      this.#heard();
      this.#state = "open";
      this.#events.onOpened();
      this.#events.onStatus({ state: "online" });
    };
    socket.onmessage = ({ data }) => {
      this.#heard();
      if (typeof data !== "string") return;
      if (this.#isFlood(data)) this.#onLost();
      else this.#events.onText(data);
    };
    socket.onclose = () => this.#onLost();
  }

  #isFlood(text: string): boolean {
    const now = this.#world.clock.now();
    if (now - this.#windowSince >= FLOOD_WINDOW_MS) {
      this.#windowSince = now;
      this.#messages = 0;
      this.#length = 0;
    }
    this.#messages++;
    this.#length += text.length;
    return this.#messages > FLOOD_MESSAGES || this.#length > FLOOD_LENGTH;
  }

  #expectWord(): void {
    const { clock } = this.#world;
    this.#cancelSilence ??= clock.at(millis(clock.now() + SILENCE_MS), () => this.#onLost());
  }

  #heard(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = undefined;
  }

  #onLost(): void {
    this.#abandon();
    if (!this.#events.isNeeded()) {
      this.#state = "idle";
      return;
    }
    this.#state = "waiting";
    const { clock, random, retryMaxMs = RETRY_MAX_MS } = this.#world;
    const longest = Math.min(RETRY_FIRST_MS * 2 ** this.#failures, retryMaxMs);
    const retryInMs = Math.round(RETRY_MIN_MS + random() * (longest - RETRY_MIN_MS));
    this.#failures++;
    this.#cancelRetry = clock.at(millis(clock.now() + retryInMs), () => this.connect());
    this.#events.onStatus({ state: "offline", retryInMs });
  }

  #abandon(): void {
    this.#heard();
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }
}

function nothing(): void {}
