import { describe, expect, test } from "vitest";
import {
  type PackedSnapshot,
  type PageMessage,
  SnapshotPacker,
  type WorkerMessage,
} from "./page-messages.ts";
import { SessionClient } from "./session-client.ts";
import type { SessionSnapshot, ShareSnapshot } from "./snapshot.ts";

const HASH = "ab".repeat(32);

function setUp() {
  const posted: PageMessage[] = [];
  const shown: SessionSnapshot[] = [];
  const keys = new Map<string, Uint8Array>();
  let listener: (event: MessageEvent<WorkerMessage>) => void = () => {};
  const port = {
    postMessage: (message: PageMessage) => void posted.push(message),
    addEventListener: (_type: "message", listen: typeof listener) => {
      listener = listen;
    },
  };
  const client = new SessionClient(port, {
    onSnapshot: (snapshot) => shown.push(snapshot),
    onLinksWanted: () => {},
    askToRead: async () => {},
    keys: {
      get: (id) => keys.get(id),
      keep: (id, key) => void keys.set(id, key),
      forget: (id) => void keys.delete(id),
    },
    onDownload: () => {},
  });
  const hear = (message: WorkerMessage) =>
    listener({ data: structuredClone(message) } as MessageEvent<WorkerMessage>);
  return { client, posted, shown, hear };
}

/** A snapshot with one share, which has these pieces. */
function snapshotOf(version: number, cells: readonly number[]): SessionSnapshot {
  const share = { id: "x", infohashV2: HASH, pieceMap: { version, cells: Uint8Array.from(cells) } };
  return {
    shares: [share as unknown as ShareSnapshot],
    lifetime: { uploaded: 0, downloaded: 0, wasted: 0 },
    settings: { uploadSlots: 4, connections: 40, relayOnly: false },
    tracker: "online",
    outdated: false,
  };
}

describe("the session as the page sees it", () => {
  test("gets the key of a password that was right when the link is opened again, until the share is removed", () => {
    const { client, posted, hear } = setUp();
    const keyOfLast = () => posted.findLast((message) => message.type === "open")?.key;
    const opened = client.open(HASH);
    if ("problem" in opened) throw new Error("it is a link");
    expect(keyOfLast()).toBeUndefined();
    hear({ type: "unlocked", id: opened.id, key: Uint8Array.of(1, 2) });
    client.open(HASH);
    expect(keyOfLast()).toEqual(Uint8Array.of(1, 2));
    client.forget(opened.id);
    client.open(HASH);
    expect(keyOfLast()).toBeUndefined();
  });

  test("what is shared has its id at once", () => {
    const { client, posted } = setUp();
    const id = client.share([], { public: false });
    expect(posted).toEqual([{ type: "share", id, files: [], options: { public: false } }]);
  });

  test("a text that is no link is refused with the reason, and goes nowhere", () => {
    const { client, posted } = setUp();
    expect(client.open("hello")).toEqual({ problem: "not-a-link" });
    expect(posted).toEqual([]);
  });

  test("one link has one id, however often it is opened", () => {
    const { client } = setUp();
    expect(client.open(HASH)).toEqual(client.open(`https://shoal.example/#${HASH}`));
  });

  test("a link to what is open already leads there", () => {
    const { client, posted, hear } = setUp();
    hear({ type: "snapshot", snapshot: snapshotOf(1, []) });
    expect(client.open(HASH)).toEqual({ id: "x" });
    expect(posted).toEqual([]);
  });

  test("each answer reaches whoever asked for it, in any order", async () => {
    const { client, hear } = setUp();
    const trace = client.trace("x");
    const files = client.files("x");
    hear({ type: "answer", number: 2, answer: [] });
    hear({ type: "answer", number: 1, answer: "trace" });
    expect(await Promise.all([trace, files])).toEqual(["trace", []]);
  });
});

describe("piece maps on their way to the page", () => {
  test("cross once for each version, and keep their identity on the page", () => {
    const { shown, hear } = setUp();
    const packer = new SnapshotPacker();
    const sent: PackedSnapshot[] = [];
    const first = snapshotOf(1, [0, 1]);
    for (const snapshot of [first, { ...first }, snapshotOf(2, [2, 2])]) {
      const packed = packer.pack(snapshot);
      sent.push(packed);
      hear({ type: "snapshot", snapshot: packed });
    }
    expect(sent.map(({ shares }) => shares[0]?.pieceMap?.cells.length)).toEqual([2, undefined, 2]);
    const maps = shown.map(({ shares }) => shares[0]?.pieceMap);
    expect(maps[0]).toBe(maps[1]);
    expect([...(maps[2]?.cells ?? [])]).toEqual([2, 2]);
  });
});
