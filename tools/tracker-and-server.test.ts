/** The app's tracker client against the real signaling server: that both ends mean the same by the same words. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { readConfig } from "../signaling/config.ts";
import { type RunningServer, startServer } from "../signaling/server.ts";
import { SystemClock } from "../web/adapters/clock.ts";
import { WebSocketTracker } from "../web/adapters/tracker/websocket-tracker.ts";
import { type PeerId, peerId } from "../web/engine/units.ts";
import type { TrackerEvents, TrackerPeer, TrackerSignal } from "../web/ports/tracker.ts";

const ROOM = "5a".repeat(20);
const OFFER = "0f".repeat(20);

let appFolder: string;
let server: RunningServer;
let clients: Client[];

beforeEach(async () => {
  appFolder = mkdtempSync(join(tmpdir(), "shoal-app-"));
  writeFileSync(join(appFolder, "index.html"), "<!doctype html>");
  const config = readConfig({ HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "silent" });
  if (!config.ok) throw new Error(config.mistakes.join("\n"));
  server = await startServer(config.config, appFolder);
  clients = [];
});

afterEach(async () => {
  for (const { tracker } of clients) tracker.close();
  await server.close();
  rmSync(appFolder, { recursive: true });
});

/** A tab as the tracker sees it. */
class Client implements TrackerEvents {
  readonly self: PeerId;
  readonly tracker: WebSocketTracker;
  readonly signals: { from: PeerId; offerId: string; signal: TrackerSignal }[] = [];
  peers: readonly TrackerPeer[] | undefined;
  #onEvent: () => void = () => {};

  constructor(digit: string, left: number) {
    const self = peerId(digit.repeat(40));
    if (self === undefined) throw new Error(`not a peer id: ${digit}`);
    this.self = self;
    const url = `${server.url.replace("http", "ws")}/announce`;
    this.tracker = new WebSocketTracker(this, {
      clock: new SystemClock(),
      // What ws and the browser call a WebSocket differ only in types that are not used.
      openSocket: () => new WebSocket(url) as unknown as globalThis.WebSocket,
      random: Math.random,
      network: new EventTarget(),
    });
    this.tracker.join(ROOM, self, () => ({ uploaded: 0, downloaded: 0, left }));
    clients.push(this);
  }

  /** Settles once `holds`, asked after every event, does. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#onEvent = () => {
        if (holds()) resolve();
      };
      this.#onEvent();
    });
  }

  onStatus(): void {
    this.#onEvent();
  }

  onPeers(_room: string, peers: readonly TrackerPeer[] | undefined): void {
    this.peers = peers;
    this.#onEvent();
  }

  onSignal(_room: string, from: PeerId, offerId: string, signal: TrackerSignal): void {
    this.signals.push({ from, offerId, signal });
    this.#onEvent();
  }

  onRefused(_room: string, reason: string): void {
    throw new Error(`the server refused: ${reason}`);
  }
}

describe("the tracker client and the server", () => {
  it("introduce two tabs: a list of peers, an offer to one of them, its answer, candidates", async () => {
    const seed = new Client("a", 0);
    await seed.until(() => seed.peers !== undefined);
    const leech = new Client("b", 1);
    await leech.until(() => leech.peers?.length === 1);
    expect(leech.peers).toEqual([{ peer: seed.self, complete: true, trickle: true }]);

    leech.tracker.signal(ROOM, seed.self, OFFER, { kind: "offer", text: "offer" });
    leech.tracker.signal(ROOM, seed.self, OFFER, { kind: "candidates", text: "candidates" });
    await seed.until(() => seed.signals.length === 2);
    seed.tracker.signal(ROOM, leech.self, OFFER, { kind: "answer", text: "answer" });
    await leech.until(() => leech.signals.length === 1);

    const from = (client: Client, kind: TrackerSignal["kind"]) => ({
      from: client.self,
      offerId: OFFER,
      signal: { kind, text: kind, trickle: true },
    });
    expect(seed.signals).toEqual([from(leech, "offer"), from(leech, "candidates")]);
    expect(leech.signals).toEqual([from(seed, "answer")]);
  });

  it("agree on when a tab has left", async () => {
    const first = new Client("a", 0);
    await first.until(() => first.peers !== undefined);
    const second = new Client("b", 1);
    await second.until(() => second.peers?.length === 1);
    first.tracker.leave(ROOM);
    // One socket is read in its order, but these are two: ask until the server has read the other.
    while (second.peers?.length !== 0) {
      second.peers = undefined;
      second.tracker.announce(ROOM, "update", 50);
      await second.until(() => second.peers !== undefined);
    }
    expect(second.peers).toEqual([]);
  });
});
