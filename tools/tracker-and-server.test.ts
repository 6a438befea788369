/** The app's tracker client against the real signaling server: that both ends mean the same by the same words. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../signaling/config.ts";
import { type RunningServer, startServer } from "../signaling/server.ts";
import type { TrackerPeer, TrackerSignal } from "../web/ports/tracker.ts";
import { ListeningClient } from "./listening-client.ts";

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
  expect(clients.flatMap(({ refusals }) => refusals)).toEqual([]);
});

/** A tab as the tracker sees it. */
class Client extends ListeningClient {
  constructor(digit: string, left: number) {
    super(`${server.url.replace("http", "ws")}/announce`, ROOM, digit, left);
    clients.push(this);
  }

  /** Those that were listed last. */
  get peers(): readonly TrackerPeer[] | undefined {
    return this.answers.at(-1)?.peers;
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
      second.answers = [];
      second.tracker.announce(ROOM, "update", 50);
      await second.until(() => second.peers !== undefined);
    }
    expect(second.peers).toEqual([]);
  });
});
