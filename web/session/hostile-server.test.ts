/**
 * Plays the signaling server against a private share, with everything that a server can do: it reads what
 * passes, swaps what it likes, and says whatever it wants to whom it wants. Real sessions with real sealing;
 * links in memory connect whoever gets the right signals, and nobody else.
 */
import { describe, expect, test } from "vitest";
import { makeSealer } from "../adapters/sealing.ts";
import { parseShareText } from "../engine/metainfo/share-link.ts";
import { infoHash, type PeerId, peerId } from "../engine/units.ts";
import { memoryWorld } from "../memory-world.ts";
import { MemoryNetwork } from "../ports/memory-links.ts";
import { MemoryTracker } from "../ports/memory-tracker.ts";
import type { Tracker, TrackerEvents, TrackerSignal } from "../ports/tracker.ts";
import { VirtualTime } from "../virtual-time.ts";
import { Session } from "./session.ts";
import type { ShareSnapshot } from "./snapshot.ts";

const FILE_NAME = "salaries of everybody.ods";

/** What the server does with a signal that it should carry. Undefined drops it. */
type Meddle = (signal: TrackerSignal) => Promise<TrackerSignal | undefined>;

/** A tracker that notes all that a server sees, and lets the test do as it likes with signals. */
class HostileTracker {
  readonly #honest = new MemoryTracker();
  readonly #meddle: Meddle;
  readonly seen: unknown[] = [];
  readonly clients: { readonly self: PeerId; readonly room: string; readonly events: TrackerEvents }[] = [];

  constructor(meddle: Meddle) {
    this.#meddle = meddle;
  }

  connect(events: TrackerEvents): Tracker {
    const honest = this.#honest.connect(events);
    return {
      ...honest,
      join: (room, self, figures) => {
        this.seen.push({ join: room, self, figures: figures() });
        this.clients.push({ self, room, events });
        honest.join(room, self, figures);
      },
      signal: (room, to, offerId, signal) => {
        this.seen.push({ room, to, offerId, signal });
        void this.#meddle(signal).then((changed) => {
          if (changed !== undefined) honest.signal(room, to, offerId, changed);
        });
      },
    };
  }
}

class Net {
  readonly time = new VirtualTime();
  readonly network = new MemoryNetwork(this.time.clock);
  readonly server: HostileTracker;

  constructor(meddle: Meddle) {
    this.server = new HostileTracker(this.time.counted(meddle));
  }

  session(): Session {
    const { time, network, server } = this;
    const world = memoryWorld(time, {
      connectLinks: (events) => network.links(events),
      connectTracker: (_url, events) => server.connect(events),
    });
    return new Session(world, () => {});
  }

  /** A private share and somebody who opens its link. */
  async shareAndOpen(): Promise<{ sender: Session; receiver: Session; link: string }> {
    const sender = this.session();
    const file = new File([new Uint8Array(300_000).fill(7)], FILE_NAME);
    sender.share("s", [{ file, path: [FILE_NAME] }], { public: false });
    await this.time.until(() => only(sender).state === "seeding");
    const { link } = only(sender);
    const parsed = parseShareText(link);
    if (!parsed.ok) throw new Error(parsed.reason);
    const receiver = this.session();
    receiver.open("r", parsed.value);
    return { sender, receiver, link };
  }
}

function only(session: Session): ShareSnapshot {
  const [share] = session.snapshot().shares;
  if (share === undefined) throw new Error("there is no share");
  return share;
}

const linkCount = (session: Session) => only(session).peers.length;

describe("a server that only listens", () => {
  test("carries a private share from one to the other and reads no infohash, name, SDP or candidate", async () => {
    const net = new Net(async (signal) => signal);
    const { receiver, sender, link } = await net.shareAndOpen();
    await net.time.until(() => linkCount(receiver) > 0);
    expect(linkCount(receiver)).toBe(1);
    expect(linkCount(sender)).toBe(1);

    const text = JSON.stringify(net.server.seen);
    const { infohashV2 } = only(sender);
    expect(net.server.seen.length).toBeGreaterThan(3);
    for (const secret of [infohashV2, link.split("#")[1] ?? "", FILE_NAME, "salaries"]) {
      expect(secret.length).toBeGreaterThan(6);
      expect(text).not.toContain(secret);
      expect(text).not.toContain(btoa(secret).slice(0, -4));
    }
    // What the memory links' descriptions and candidates say.
    for (const words of [/offer \d/, /answer \d/, /"?sdpMid/, /candidate:/, /fingerprint/]) {
      expect(text).not.toMatch(words);
    }
  });
});

describe("a server that meddles connects nobody", () => {
  /** A sealer like the real one, with a key of the server's own. */
  const ownSealer = async () => {
    const hash = infoHash("66".repeat(32));
    if (hash === undefined) throw new Error("no infohash");
    return makeSealer(hash);
  };

  test.each<[string, Meddle]>([
    ["by putting its own description in clear", async ({ kind }) => ({ kind, text: `${kind} 1` })],
    [
      "by flipping a bit where the fingerprint may be",
      async ({ kind, text }) => {
        const middle = text.length >> 1;
        const other = text[middle] === "A" ? "B" : "A";
        return { kind, text: text.slice(0, middle) + other + text.slice(middle + 1) };
      },
    ],
    [
      "by sealing its own description with a key of its own",
      async ({ kind }) => {
        const context = { kind, from: id(1), to: id(2), offerId: "0f".repeat(20) };
        return { kind, text: await (await ownSealer()).seal(`${kind} 1`, context) };
      },
    ],
    [
      "by giving out an offer as an answer",
      async ({ kind, text }) => (kind === "offer" ? { kind: "answer", text } : undefined),
    ],
  ])("%s", async (_, meddle) => {
    const net = new Net(meddle);
    const { sender, receiver } = await net.shareAndOpen();
    await net.time.pass(20_000);
    expect(net.server.seen.filter(isSignal).length).toBeGreaterThan(0);
    expect(linkCount(sender)).toBe(0);
    expect(linkCount(receiver)).toBe(0);
  });

  test("by injecting offers of its own, or old ones under new names", async () => {
    const captured: TrackerSignal[] = [];
    const net = new Net(async (signal) => {
      captured.push(signal);
      return undefined;
    });
    const { sender, receiver } = await net.shareAndOpen();
    await net.time.until(() => captured.some(({ kind }) => kind === "offer"), 60_000);
    const [offer] = captured.filter(({ kind }) => kind === "offer");
    expect(offer).toBeDefined();

    // The receiver has offered, so a description like "offer 1" is one that the other could answer.
    net.server.seen.length = 0;
    for (const { room, events } of net.server.clients) {
      for (const text of ["offer 1", offer?.text ?? ""]) {
        events.onSignal(room, id(9), "ab".repeat(20), { kind: "offer", text });
      }
    }
    await net.time.pass(3_000);
    expect(net.server.seen.filter((seen) => JSON.stringify(seen).includes('"answer"'))).toEqual([]);
    expect(linkCount(sender)).toBe(0);
    expect(linkCount(receiver)).toBe(0);
  });
});

function isSignal(seen: unknown): boolean {
  return typeof seen === "object" && seen !== null && "signal" in seen;
}

function id(byte: number): PeerId {
  const made = peerId(byte.toString(16).padStart(2, "0").repeat(20));
  if (made === undefined) throw new Error("no peer id");
  return made;
}
