import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Announced,
  type ClientMessage,
  formatServerMessage,
  parseClientMessage,
  type ServerMessage,
} from "../../../signaling/messages.ts";
import { type PeerId, peerId } from "../../engine/units.ts";
import { ManualClock } from "../../ports/manual-clock.ts";
import type { TrackerEvents, TrackerPeer, TrackerSignal, TrackerStatus } from "../../ports/tracker.ts";
import type { Socket } from "./lasting-socket.ts";
import {
  DEFAULT_INTERVAL_MS,
  MAX_INTERVAL_MS,
  MIN_INTERVAL_MS,
  RETRY_FIRST_MS,
  RETRY_MAX_MS,
  RETRY_MIN_MS,
  SILENCE_MS,
  UNKNOWN_LEFT,
} from "./limits.ts";
import { WebSocketTracker } from "./websocket-tracker.ts";

const ROOM = "5a".repeat(20);
const OFFER = "0f".repeat(20);
const self = id("a");
const other = id("b");

function id(digit: string): PeerId {
  const value = peerId(digit.repeat(40));
  if (value === undefined) throw new Error(`not a peer id: ${digit}`);
  return value;
}

/** A server's end of a socket that opens, speaks and closes when told to. */
class ScriptedSocket implements Socket {
  onopen: Socket["onopen"] = null;
  onmessage: Socket["onmessage"] = null;
  onclose: Socket["onclose"] = null;
  readonly heard: ClientMessage[] = [];
  isClosed = false;

  send(text: string): void {
    const message = parseClientMessage(text);
    if (!message.ok) throw new Error(message.reason.message);
    this.heard.push(message.value);
  }

  close(): void {
    this.isClosed = true;
  }

  accept(): void {
    this.onopen?.(new Event("open"));
  }

  say(message: ServerMessage): void {
    this.sayText(formatServerMessage(message));
  }

  sayText(data: unknown): void {
    this.onmessage?.(new MessageEvent("message", { data }));
  }

  drop(): void {
    this.onclose?.(new Event("close") as CloseEvent);
  }
}

class Recorder implements TrackerEvents {
  readonly statuses: TrackerStatus[] = [];
  readonly peers: {
    room: string;
    peers: readonly TrackerPeer[] | undefined;
    complete: number;
    incomplete: number;
  }[] = [];
  readonly signals: { room: string; from: PeerId; offerId: string; signal: TrackerSignal }[] = [];
  readonly refusals: string[] = [];

  onStatus(status: TrackerStatus): void {
    this.statuses.push(status);
  }

  onPeers(
    room: string,
    peers: readonly TrackerPeer[] | undefined,
    complete: number,
    incomplete: number,
  ): void {
    this.peers.push({ room, peers, complete, incomplete });
  }

  onSignal(room: string, from: PeerId, offerId: string, signal: TrackerSignal): void {
    this.signals.push({ room, from, offerId, signal });
  }

  onRefused(_room: string, reason: string): void {
    this.refusals.push(reason);
  }
}

const announced: Announced = {
  kind: "announced",
  room: ROOM,
  intervalSeconds: 60,
  complete: 1,
  incomplete: 2,
  extensions: { peers: true, targeted: true, trickle: true },
  peers: [],
};

function tracking({ random = 0.5, joined = true } = {}) {
  const clock = new ManualClock();
  const network = new EventTarget();
  const sockets: ScriptedSocket[] = [];
  const openSocket = () => {
    const socket = new ScriptedSocket();
    sockets.push(socket);
    return socket;
  };
  const events = new Recorder();
  const tracker = new WebSocketTracker(events, { clock, network, openSocket, random: () => random });
  if (joined) tracker.join(ROOM, self, () => ({ uploaded: 1, downloaded: 2, left: 3 }));
  const socket = () => {
    const newest = sockets.at(-1);
    if (newest === undefined) throw new Error("no socket was opened");
    return newest;
  };
  return { clock, network, sockets, socket, events, tracker };
}

function online() {
  const made = tracking();
  made.socket().accept();
  made.socket().say(announced);
  return made;
}

const announcesOf = (socket: ScriptedSocket) =>
  socket.heard.flatMap((message) => (message.kind === "announce" ? [message] : []));
const signalsOf = (socket: ScriptedSocket) =>
  socket.heard.filter(({ kind }) => kind !== "announce" && kind !== "scrape");
const retriesOf = ({ statuses }: Recorder) =>
  statuses.flatMap((status) => (status.state === "offline" ? [status.retryInMs] : []));

describe("announcing", () => {
  it("says started when the socket opens, with our figures and no offers, and that we speak the extensions", () => {
    const { socket } = tracking();
    expect(socket().heard).toEqual([]);
    socket().accept();
    expect(socket().heard).toEqual([
      {
        kind: "announce",
        room: ROOM,
        peer: self,
        event: "started",
        uploaded: 1,
        downloaded: 2,
        left: 3,
        numwant: 50,
        offers: [],
        extended: true,
      },
    ]);
  });

  it("carries every room on one socket", () => {
    const { sockets, socket, tracker } = tracking();
    tracker.join("6b".repeat(20), other, () => ({ uploaded: 0, downloaded: 0, left: null }));
    socket().accept();
    tracker.join("7c".repeat(20), other, () => ({ uploaded: 0, downloaded: 0, left: 0 }));
    expect(sockets).toHaveLength(1);
    expect(announcesOf(socket()).map(({ room, left }) => [room.slice(0, 2), left])).toEqual([
      ["5a", 3],
      ["6b", UNKNOWN_LEFT],
      ["7c", 0],
    ]);
  });

  it("comes again at the interval that the tracker gives", () => {
    const { clock, socket } = online();
    clock.advance(60_000);
    expect(announcesOf(socket()).map(({ event }) => event)).toEqual(["started", "update"]);
  });

  it.each([
    ["none", undefined, DEFAULT_INTERVAL_MS],
    ["one that would keep us busy", 0.001, MIN_INTERVAL_MS],
    ["one that would never end", 1e12, MAX_INTERVAL_MS],
  ])("when the tracker gives %s, keeps to bounds", (_what, intervalSeconds, intervalMs) => {
    const { clock, socket } = tracking();
    socket().accept();
    socket().say({ ...announced, intervalSeconds });
    const untilThen = () => announcesOf(socket()).length;
    clock.advance(intervalMs - 1);
    expect(untilThen()).toBe(1);
    clock.advance(1);
    expect(untilThen()).toBe(2);
  });

  it("says completed and how many peers are wanted when told to", () => {
    const { socket, tracker } = online();
    tracker.announce(ROOM, "completed", 7);
    expect(announcesOf(socket()).at(-1)).toMatchObject({ event: "completed", numwant: 7 });
  });

  it("says stopped on leaving, and nothing of that room afterwards", () => {
    const { clock, socket, tracker, events } = online();
    tracker.leave(ROOM);
    expect(announcesOf(socket()).at(-1)).toMatchObject({ event: "stopped" });
    const said = socket().heard.length;
    const told = events.peers.length;
    socket().say(announced);
    tracker.announce(ROOM, "update", 1);
    tracker.signal(ROOM, other, OFFER, { kind: "answer", text: "x" });
    clock.advance(MAX_INTERVAL_MS);
    expect(socket().heard).toHaveLength(said);
    expect(events.peers).toHaveLength(told);
  });
});

describe("what the tracker says", () => {
  it("peers, with who is complete and who cannot take candidates, and never ourselves", () => {
    const { socket, events } = tracking();
    socket().accept();
    socket().say({
      ...announced,
      peers: [
        { peer: self, complete: false, extended: true },
        { peer: other, complete: true, extended: true },
        { peer: id("c"), complete: false, extended: false },
      ],
    });
    expect(events.peers).toEqual([
      {
        room: ROOM,
        complete: 1,
        incomplete: 2,
        peers: [
          { peer: other, complete: true, trickle: true },
          { peer: id("c"), complete: false, trickle: false },
        ],
      },
    ]);
  });

  it("signals, with their sender and offer", () => {
    const { socket, events } = online();
    const signal = { room: ROOM, from: other, offerId: OFFER, text: "sealed", extended: true };
    socket().say({ ...signal, kind: "offer" });
    socket().say({ ...signal, kind: "candidates" });
    socket().say({ ...signal, kind: "answer", from: self });
    expect(
      events.signals.map(({ from, offerId, signal: { kind, text } }) => [from, offerId, kind, text]),
    ).toEqual([
      [other, OFFER, "offer", "sealed"],
      [other, OFFER, "candidates", "sealed"],
    ]);
  });

  it("refusals, in its words", () => {
    const { socket, events } = online();
    socket().say({ kind: "failure", room: ROOM, reason: "swarm is full" });
    expect(events.refusals).toEqual(["swarm is full"]);
  });

  it("is ignored when it is about a room that is not joined", () => {
    const { socket, events } = online();
    const room = "00".repeat(20);
    socket().say({ ...announced, room });
    socket().say({ kind: "offer", room, from: other, offerId: OFFER, text: "x", extended: true });
    socket().say({ kind: "failure", room, reason: "no" });
    socket().say({ kind: "failure", room: undefined, reason: "no" });
    expect([events.peers.length, events.signals.length, events.refusals.length]).toEqual([1, 0, 0]);
  });

  it("is ignored when it is not of the dialect, whatever it is", () => {
    const { socket, events } = online();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant(new ArrayBuffer(8))), (data) => {
        socket().sayText(data);
      }),
    );
    socket().sayText(`{"action":"announce","info_hash":"${"Z".repeat(20)}","offer":{}}`);
    expect([events.peers.length, events.signals.length, events.refusals.length]).toEqual([1, 0, 0]);
  });
});

describe("signalling", () => {
  it("goes to the peer that it is for, from our peer id in that room", () => {
    const { socket, tracker } = online();
    tracker.signal(ROOM, other, OFFER, { kind: "offer", text: "sealed" });
    tracker.signal(ROOM, other, OFFER, { kind: "candidates", text: "more" });
    const signal = { room: ROOM, peer: self, to: other, offerId: OFFER };
    expect(signalsOf(socket())).toEqual([
      { ...signal, kind: "offer", text: "sealed" },
      { ...signal, kind: "candidates", text: "more" },
    ]);
  });

  it("sends a plain WebTorrent tracker nothing but answers", () => {
    const { socket, tracker } = tracking();
    socket().accept();
    socket().say({ ...announced, extensions: undefined, peers: undefined });
    for (const kind of ["offer", "candidates", "answer"] as const)
      tracker.signal(ROOM, other, OFFER, { kind, text: "x" });
    expect(signalsOf(socket()).map(({ kind }) => kind)).toEqual(["answer"]);
  });
});

describe("a connection that is lost", () => {
  it("comes back by itself, announces every room as started, and says how things stand", () => {
    const { clock, sockets, socket, events } = online();
    socket().drop();
    expect(events.statuses).toEqual([
      { state: "connecting" },
      { state: "online" },
      { state: "offline", retryInMs: 750 },
    ]);
    clock.advance(749);
    expect(sockets).toHaveLength(1);
    clock.advance(1);
    expect(sockets).toHaveLength(2);
    expect(events.statuses.at(-1)).toEqual({ state: "connecting" });
    socket().accept();
    expect(announcesOf(socket())).toMatchObject([{ event: "started" }]);
    expect(events.statuses.at(-1)).toEqual({ state: "online" });
  });

  it("is tried again after waits that grow to a limit and are spread at random", () => {
    const waits = (random: number) => {
      const { clock, socket, events } = tracking({ random });
      for (let i = 0; i < 8; i++) {
        socket().drop();
        clock.advance(retriesOf(events).at(-1) ?? 0);
      }
      return retriesOf(events);
    };
    expect(waits(0)).toEqual(new Array(8).fill(RETRY_MIN_MS));
    expect(waits(1)).toEqual([1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => 1_000 * seconds));
  });

  it("is tried again soon only if it had been of use: a server that just hangs up is not hammered", () => {
    const { clock, socket, events } = tracking({ random: 1 });
    for (let i = 0; i < 3; i++) {
      socket().accept();
      socket().drop();
      clock.advance(retriesOf(events).at(-1) ?? 0);
    }
    expect(retriesOf(events)).toEqual([RETRY_FIRST_MS, 2 * RETRY_FIRST_MS, 4 * RETRY_FIRST_MS]);
    socket().accept();
    socket().say(announced);
    socket().drop();
    expect(retriesOf(events).at(-1)).toBe(RETRY_FIRST_MS);
  });

  it("is tried again at once when the machine has a network again", () => {
    const { network, sockets, socket } = online();
    socket().drop();
    network.dispatchEvent(new Event("online"));
    expect(sockets).toHaveLength(2);
    network.dispatchEvent(new Event("online"));
    expect(sockets).toHaveLength(2);
  });

  it("is found out by silence after a question, even when nobody says so", () => {
    const { clock, network, sockets, socket } = online();
    network.dispatchEvent(new Event("online"));
    const dead = socket();
    clock.advance(SILENCE_MS);
    expect(dead.isClosed).toBe(true);
    clock.advance(RETRY_FIRST_MS);
    expect(sockets).toHaveLength(2);
  });

  it("is given up when it does not open", () => {
    const { clock, sockets, socket } = tracking();
    const hanging = socket();
    clock.advance(SILENCE_MS + RETRY_FIRST_MS);
    expect(hanging.isClosed).toBe(true);
    expect(sockets).toHaveLength(2);
    hanging.accept();
    expect(hanging.heard).toEqual([]);
  });

  it("does not come back for nobody, but when somebody joins", () => {
    const { clock, sockets, socket, tracker } = tracking({ joined: false });
    socket().accept();
    socket().drop();
    clock.advance(10 * RETRY_MAX_MS);
    expect(sockets).toHaveLength(1);
    tracker.join(ROOM, self, () => ({ uploaded: 0, downloaded: 0, left: 0 }));
    expect(sockets).toHaveLength(2);
    socket().accept();
    expect(announcesOf(socket())).toHaveLength(1);
  });
});

describe("closing", () => {
  it("leaves every room, and nothing goes on", () => {
    const { clock, network, sockets, socket, events, tracker } = online();
    tracker.close();
    expect(announcesOf(socket()).at(-1)).toMatchObject({ event: "stopped" });
    expect(socket().isClosed).toBe(true);
    const statuses = events.statuses.length;
    network.dispatchEvent(new Event("online"));
    clock.advance(MAX_INTERVAL_MS);
    expect(clock.nextAlarm).toBeUndefined();
    expect(sockets).toHaveLength(1);
    expect(events.statuses).toHaveLength(statuses);
  });
});
