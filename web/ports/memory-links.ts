/**
 * Links without a network: every `Links` of one `MemoryNetwork` can reach every other, by the usual signals.
 *
 * Invariants
 *  1. Keeps the port's contract (links.contract.ts).
 *  2. Nothing is ever reported from within a call into it: `deliver` decides when, and keeps the order.
 *
 * A connection is named by a number in the SDP: who answers offer 7 is linked to who made it.
 */
import { type LinkId, millis } from "../engine/units.ts";
import type { Clock } from "./clock.ts";
import {
  CONNECT_TIMEOUT_MS,
  type LinkEnd,
  type LinkEvents,
  type LinkOptions,
  type Links,
  type Signal,
} from "./links.ts";

/** Runs the task later; tasks run in the order in which they were given. */
export type Deliver = (task: () => void) => void;

/** Collects deliveries until told to make them: the test decides what happens when. */
export class ManualDelivery {
  readonly #tasks: (() => void)[] = [];

  readonly deliver: Deliver = (task) => {
    this.#tasks.push(task);
  };

  /** Makes the oldest delivery. False when there is none. */
  next(): boolean {
    const task = this.#tasks.shift();
    task?.();
    return task !== undefined;
  }

  /** Makes deliveries, also those that they lead to, until there are none. */
  all(): void {
    while (this.next());
  }
}

export class MemoryNetwork {
  readonly #world: World;
  readonly #offered = new Map<string, MemoryLink>();
  readonly #answered = new Map<string, MemoryLink>();
  #offerCount = 0;

  constructor(clock: Clock, deliver: Deliver = queueMicrotask) {
    this.#world = { clock, deliver };
  }

  /** One end's links. */
  links(events: LinkEvents): Links {
    const links = new Map<LinkId, MemoryLink>();
    return {
      begin: (link, options) => {
        const begun = new MemoryLink(this.#world, link, options, events, () => links.delete(link));
        links.set(link, begun);
        if (options.initiator) this.#offer(begun);
      },
      signal: (link, signal) => {
        const signalled = links.get(link);
        if (signalled && !this.#accept(signalled, signal)) signalled.end("refused");
      },
      send: (link, bytes) => links.get(link)?.send(bytes),
      close: (link) => links.get(link)?.end("closed-here"),
    };
  }

  #offer(from: MemoryLink): void {
    this.#offerCount++;
    const name = `${this.#offerCount}`;
    this.#offered.set(name, from);
    from.signal({ type: "offer", sdp: `offer ${name}` });
    from.signal({ type: "candidates", candidates: [{ candidate: "", sdpMid: "0", sdpMLineIndex: 0 }] });
  }

  /** False for nonsense. */
  #accept(at: MemoryLink, signal: Signal): boolean {
    if (signal.type === "candidates") return signal.candidates.length > 0;
    const [type, name] = signal.sdp.split(" ");
    if (type !== signal.type || name === undefined) return false;
    if (type === "offer") {
      if (at.initiator || !this.#offered.has(name) || this.#answered.has(name)) return false;
      this.#answered.set(name, at);
      at.signal({ type: "answer", sdp: `answer ${name}` });
      return true;
    }
    const answerer = this.#answered.get(name);
    if (answerer === undefined || this.#offered.get(name) !== at) return false;
    this.#offered.delete(name);
    at.open(answerer);
    answerer.open(at);
    return true;
  }
}

interface World {
  readonly clock: Clock;
  readonly deliver: Deliver;
}

/** One end of a link. */
class MemoryLink {
  readonly initiator: boolean;
  readonly #deliver: Deliver;
  readonly #link: LinkId;
  readonly #relayOnly: boolean;
  readonly #events: LinkEvents;
  readonly #onEnded: () => void;
  readonly #stopTimeout: () => void;
  #state: "connecting" | "open" | "ended" = "connecting";
  #other: MemoryLink | undefined;

  constructor(
    { clock, deliver }: World,
    link: LinkId,
    options: Pick<LinkOptions, "initiator" | "relayOnly">,
    events: LinkEvents,
    onEnded: () => void,
  ) {
    this.initiator = options.initiator;
    this.#deliver = deliver;
    this.#link = link;
    this.#relayOnly = options.relayOnly;
    this.#events = events;
    this.#onEnded = onEnded;
    this.#stopTimeout = clock.at(millis(clock.now() + CONNECT_TIMEOUT_MS), () => this.end("timeout"));
  }

  signal(signal: Signal): void {
    this.#report(() => this.#events.onSignal(this.#link, signal));
  }

  open(other: MemoryLink): void {
    this.#report(() => {
      this.#stopTimeout();
      this.#state = "open";
      this.#other = other;
      this.#events.onOpened(this.#link);
    });
    const route = this.#relayOnly || other.#relayOnly ? "relayed" : "direct";
    this.#report(() => this.#events.onRoute(this.#link, route));
  }

  /** Transferring the buffer makes it show when a caller goes on using what it gave away. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    const other = this.#other;
    if (other === undefined) return;
    const taken = structuredClone(bytes, { transfer: [bytes.buffer] });
    const count = taken.byteLength;
    this.#report(() => other.#receive(taken));
    this.#report(() => this.#events.onFlushed(this.#link, count));
  }

  end(end: LinkEnd): void {
    if (this.#state === "ended") return;
    const other = this.#other;
    this.#state = "ended";
    this.#other = undefined;
    this.#stopTimeout();
    this.#onEnded();
    this.#deliver(() => this.#events.onClosed(this.#link, end));
    this.#deliver(() => other?.end("closed-there"));
  }

  #receive(bytes: Uint8Array): void {
    if (this.#state === "open") this.#events.onBytes(this.#link, bytes);
  }

  /** Reports later, unless the link ended before. */
  #report(event: () => void): void {
    this.#deliver(() => {
      if (this.#state !== "ended") event();
    });
  }
}
