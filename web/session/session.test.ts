/** Whole sessions in one process: real engine, real hashing, real sealing; links, tracker and stores in memory. */
import { describe, expect, test } from "vitest";
import { parseShareText } from "../engine/metainfo/share-link.ts";
import { millis, type PeerId } from "../engine/units.ts";
import { memoryWorld } from "../memory-world.ts";
import { FaultyPieceStore, type StorageFault } from "../ports/faulty-piece-store.ts";
import type { LinkOptions, Links } from "../ports/links.ts";
import { MemoryNetwork } from "../ports/memory-links.ts";
import { MemoryTracker } from "../ports/memory-tracker.ts";
import { type RangeFetch, RangeFetchError, type RangeFetchReason } from "../ports/range-fetch.ts";
import type { Tracker } from "../ports/tracker.ts";
import { VirtualTime } from "../virtual-time.ts";
import type { ChosenFile, ShareOptions } from "./commands.ts";
import { Session } from "./session.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";
import type { SessionSnapshot, ShareSnapshot } from "./snapshot.ts";
import type { OpenedStore, World } from "./world.ts";

const MIB = 1024 * 1024;

/** Tabs that can reach each other. Time passes only while somebody waits for something. */
class Tabs {
  readonly time = new VirtualTime();
  readonly clock = this.time.clock;
  readonly network: MemoryNetwork;
  readonly tracker = new MemoryTracker();

  /** @param latencyMs how long everything is on its way; a link carries 1 MiB in twice that. */
  constructor(latencyMs = 0) {
    const { clock } = this;
    const later = (task: () => void) => void clock.at(millis(clock.now() + latencyMs), task);
    this.network = new MemoryNetwork(clock, latencyMs === 0 ? queueMicrotask : later);
  }

  /** What web seeds answer. */
  fetchRange: RangeFetch = () => {
    throw new RangeFetchError("unreachable");
  };
  /** Which trackers were contacted, by any tab. */
  readonly contacted = new Set<string>();
  /** Trackers of others, which list nobody. */
  readonly foreign = new Map<string, MemoryTracker>();

  /** A tracker that speaks plain WebTorrent. */
  foreignTracker(url: string): MemoryTracker {
    const tracker = this.foreign.get(url) ?? new MemoryTracker(queueMicrotask, true);
    this.foreign.set(url, tracker);
    return tracker;
  }

  /** @param loses signals of this tab to these peers are lost at the tracker. */
  open(fault?: StorageFault, loses: (to: PeerId) => boolean = () => false, host = "shoal.example"): Tab {
    const { time, network, tracker } = this;
    const begun: LinkOptions[] = [];
    const world = memoryWorld(time, {
      connectLinks: (events) => {
        const links = network.links(events);
        const begin: Links["begin"] = (id, options) => {
          begun.push(options);
          links.begin(id, options);
        };
        return { ...links, begin };
      },
      connectTracker: (url, events) => {
        this.contacted.add(url);
        if (url !== `wss://${host}/announce`) return this.foreignTracker(url).connect(events);
        const client = (host === "shoal.example" ? tracker : new MemoryTracker()).connect(events);
        const signal: Tracker["signal"] = (room, to, ...rest) => {
          if (!loses(to)) client.signal(room, to, ...rest);
        };
        return { ...client, signal };
      },
      fetchRange: (...range) => this.fetchRange(...range),
      linkBase: `https://${host}/`,
      trackerUrl: `wss://${host}/announce`,
    });
    const openStore: World["openStore"] = async (...args) => {
      const opened = await world.openStore(...args);
      return fault === undefined ? opened : faulty(opened, fault);
    };
    return new Tab(time, { ...world, openStore }, begun);
  }
}

function faulty(opened: OpenedStore, fault: StorageFault): OpenedStore {
  const store = new FaultyPieceStore(opened.store, fault);
  return { ...opened, store, source: store };
}

class Tab {
  readonly session: Session;
  readonly shown: SessionSnapshot[] = [];
  readonly #time: VirtualTime;

  /** How its links were begun. */
  readonly begun: readonly LinkOptions[];

  constructor(time: VirtualTime, world: World, begun: readonly LinkOptions[]) {
    this.begun = begun;
    this.#time = time;
    this.session = new Session(world, (snapshot) => this.shown.push(snapshot));
  }

  get share(): ShareSnapshot {
    const share = this.session.snapshot().shares[0];
    if (share === undefined) throw new Error("there is no share");
    return share;
  }

  of(id: string): ShareSnapshot {
    const share = this.session.snapshot().shares.find((each) => each.id === id);
    if (share === undefined) throw new Error(`there is no share ${id}`);
    return share;
  }

  /** Lets time pass until the share is as wanted. */
  async until(holds: (share: ShareSnapshot) => boolean): Promise<ShareSnapshot> {
    if (await this.#time.until(() => holds(this.share))) return this.share;
    throw new Error(`it stayed at ${JSON.stringify({ ...this.share, pieceMap: undefined })}`);
  }

  pass(ms: number): Promise<void> {
    return this.#time.pass(ms);
  }

  reach(state: ShareSnapshot["state"]): Promise<ShareSnapshot> {
    return this.until((share) => share.state === state);
  }

  async seed(files: readonly ChosenFile[], options: ShareOptions = { public: false }): Promise<string> {
    this.session.share("s", files, options);
    return (await this.reach("seeding")).link;
  }

  open(link: string): void {
    const parsed = parseShareText(link);
    if (!parsed.ok) throw new Error(parsed.reason);
    this.session.open("r", parsed.value);
  }

  async bytesOf(file: number): Promise<Uint8Array> {
    const blob = await this.session.blob("r", file);
    return new Uint8Array((await blob?.arrayBuffer()) ?? []);
  }
}

/** Whoever came into the first room first. */
function isSenderIn({ tracker }: Tabs): (peer: PeerId) => boolean {
  return (peer) => tracker.peersIn(tracker.rooms[0] ?? "")[0] === peer;
}

function randomFile(name: string, length: number): ChosenFile {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return { file: new File([bytes], name), path: [name] };
}

async function contentOf({ file }: ChosenFile): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}

/** Vitest compares long arrays element by element, which takes seconds. */
function expectSame(one: Uint8Array, other: Uint8Array): void {
  expect(Buffer.compare(one, other)).toBe(0);
}

describe("from one tab to another", () => {
  test("a file arrives byte for byte, and both sides count the same bytes", async () => {
    const tabs = new Tabs();
    const chosen = randomFile("holiday.bin", 5 * MIB + 123);
    const sender = tabs.open();
    const link = await sender.seed([chosen]);
    const receiver = tabs.open();
    receiver.open(link);
    const offered = await receiver.reach("waiting");
    expect(offered).toMatchObject({
      name: "holiday.bin",
      size: 5 * MIB + 123,
      accepted: false,
      downloaded: 0,
    });
    receiver.session.download("r");
    const done = await receiver.reach("done");
    expectSame(await receiver.bytesOf(0), await contentOf(chosen));
    const given = await sender.until(({ uploaded }) => uploaded >= done.downloaded);
    expect(done).toMatchObject({ downloaded: 5 * MIB + 123, wasted: 0, storage: "memory" });
    expect(given).toMatchObject({ uploaded: 5 * MIB + 123, copies: 1, availableWithoutUs: true });
  });

  test("a folder keeps its paths, only the wanted files come, and another one when it is wanted later", async () => {
    const tabs = new Tabs();
    const files = ["b.txt", "a.txt"].map((name) => {
      const { file } = randomFile(name, 300_000);
      return { file, path: ["trip", name] };
    });
    const sender = tabs.open();
    const link = await sender.seed(files);
    const receiver = tabs.open();
    receiver.open(link);
    await receiver.reach("waiting");
    expect(receiver.share.name).toBe("trip");
    receiver.session.want("r", [false, true]);
    receiver.session.download("r");
    await receiver.reach("done");
    expect(receiver.session.files("r")).toEqual([
      { path: ["a.txt"], size: 300_000, have: 0, wanted: false, hasBegun: false },
      { path: ["b.txt"], size: 300_000, have: 300_000, wanted: true, hasBegun: true },
    ]);
    // The sender is not told that this is everything: the last piece of each file is short.
    await sender.until(({ peers }) => peers[0]?.have === 300_000);
    expect(sender.share).toMatchObject({ copies: 0, parts: 1, availableWithoutUs: false });
    expect(await receiver.session.blob("r", 0)).toBeUndefined();
    const [chosen] = files;
    if (chosen !== undefined) expectSame(await receiver.bytesOf(1), await contentOf(chosen));
    receiver.session.want("r", [true, true]);
    await receiver.until(({ have, state }) => have === 600_000 && state === "done");
  });

  test("the sender may leave once the others hold everything: a latecomer gets it from them", async () => {
    const tabs = new Tabs();
    const chosen = randomFile("a.bin", MIB);
    const sender = tabs.open();
    const link = await sender.seed([chosen]);
    const first = tabs.open();
    first.open(link);
    first.session.download("r");
    await first.reach("done");
    sender.session.stop("s");
    const late = tabs.open();
    late.open(link);
    late.session.download("r");
    await late.reach("done");
    expectSame(await late.bytesOf(0), await contentOf(chosen));
    expect(first.share.uploaded).toBe(MIB);
  });

  test("[BEP 55] two whom the tracker cannot bring together meet through a third", async () => {
    const tabs = new Tabs();
    const sender = tabs.open();
    const link = await sender.seed([randomFile("a.bin", 300_000)]);
    const isSender = (peer: PeerId) => tabs.tracker.peersIn(tabs.tracker.rooms[0] ?? "")[0] === peer;
    const receivers = [
      tabs.open(undefined, (to) => !isSender(to)),
      tabs.open(undefined, (to) => !isSender(to)),
    ];
    for (const receiver of receivers) {
      receiver.open(link);
      await receiver.reach("waiting");
    }
    for (const receiver of receivers) await receiver.until(({ peers }) => peers.length === 2);
  });

  test("public shares have one infohash for the same files, private ones never", async () => {
    const tabs = new Tabs();
    const chosen = randomFile("same.bin", 100_000);
    const links = [];
    for (const isPublic of [true, true, false, false])
      links.push(await tabs.open().seed([chosen], { public: isPublic }));
    expect(links[0]).toBe(links[1]);
    expect(links[0]).toContain("#magnet:?xt=urn:btmh:1220");
    expect(links[2]).not.toBe(links[3]);
    const receiver = tabs.open();
    receiver.open(links[0] ?? "");
    receiver.session.download("r");
    await receiver.reach("done");
    expectSame(await receiver.bytesOf(0), await contentOf(chosen));
  });
});

describe("a share with a password", () => {
  test("waits for it, says when it was wrong, and opens with the right one", async () => {
    const tabs = new Tabs();
    const chosen = randomFile("secret.bin", 300_000);
    const sender = tabs.open();
    const link = await sender.seed([chosen], { public: false, password: "Grüße" });
    expect(link).toMatch(/\.p$/);
    const receiver = tabs.open();
    receiver.open(link);
    await receiver.until(({ problem }) => problem?.code === "password-needed");
    receiver.session.unlock("r", "guess");
    await receiver.until(({ problem }) => problem?.code === "wrong-password");
    expect(receiver.share).toMatchObject({ size: undefined, peers: [] });
    receiver.session.unlock("r", "Gru\u0308ße");
    await receiver.until(({ size }) => size === 300_000);
    receiver.session.download("r");
    await receiver.reach("done");
    expectSame(await receiver.bytesOf(0), await contentOf(chosen));
  });

  test("a guesser cannot make somebody else believe that the password is wrong", async () => {
    const tabs = new Tabs();
    const sender = tabs.open();
    const link = await sender.seed([randomFile("a.bin", 300_000)], { public: false, password: "right" });
    const guesser = tabs.open();
    guesser.open(link);
    guesser.session.unlock("r", "wrong");
    await guesser.until(({ problem }) => problem?.code === "wrong-password");
    expect(sender.share.peers).toEqual([]);
    const friend = tabs.open(undefined, isSenderIn(tabs));
    friend.open(link);
    friend.session.unlock("r", "right");
    await friend.pass(2_000);
    expect(friend.share).toMatchObject({ state: "connecting", problem: undefined });
  });
});

describe("limits", () => {
  test("a share keeps to its upload limit, and goes at full speed again without one", async () => {
    const tabs = new Tabs(1);
    const sender = tabs.open();
    const link = await sender.seed([randomFile("a.bin", 3 * MIB)]);
    sender.session.limit("s", { uploadBytesPerSecond: MIB / 4 });
    const receiver = tabs.open();
    receiver.open(link);
    receiver.session.download("r");
    await receiver.until(({ have }) => have > 0);
    const start = { at: tabs.clock.now(), uploaded: sender.share.uploaded };
    await receiver.pass(4_000);
    const uploaded = sender.share.uploaded - start.uploaded;
    expect(uploaded / (tabs.clock.now() - start.at)).toBeLessThan((1.1 * MIB) / 4 / 1000);
    expect(uploaded).toBeGreaterThan(0.8 * MIB);
    sender.session.limit("s", {});
    await receiver.reach("done");
  });

  test("all shares together keep to the limit of all", async () => {
    const tabs = new Tabs(1);
    const sender = tabs.open();
    sender.session.configure({ ...DEFAULT_SETTINGS, uploadBytesPerSecond: MIB / 2 });
    const links = [];
    for (const id of ["s", "t"]) {
      sender.session.share(id, [randomFile(id, 6 * MIB)], { public: false });
      links.push((await sender.until(() => sender.of(id).link !== "")) && sender.of(id).link);
    }
    const receivers = links.map((link) => {
      const receiver = tabs.open();
      receiver.open(link);
      receiver.session.download("r");
      return receiver;
    });
    for (const receiver of receivers) await receiver.until(({ downloaded }) => downloaded > MIB / 4);
    const uploaded = () => sender.of("s").uploaded + sender.of("t").uploaded;
    const before = { at: tabs.clock.now(), s: sender.of("s").uploaded, all: uploaded() };
    await sender.pass(4_000);
    const rate = (uploaded() - before.all) / (tabs.clock.now() - before.at);
    expect(rate).toBeLessThan((1.1 * MIB) / 2 / 1000);
    expect(rate).toBeGreaterThan((0.8 * MIB) / 2 / 1000);
    const half = (uploaded() - before.all) / 2;
    expect(Math.abs(sender.of("s").uploaded - before.s - half)).toBeLessThan(0.25 * half);
  });

  test("who wants the relay alone gets no other route, from the next link on", async () => {
    const tabs = new Tabs();
    const link = await tabs.open().seed([randomFile("a.bin", 1_000)]);
    const receiver = tabs.open();
    receiver.session.configure({ ...DEFAULT_SETTINGS, relayOnly: true });
    receiver.open(link);
    await receiver.until(() => receiver.begun.length > 0);
    expect(receiver.begun.every(({ relayOnly }) => relayOnly)).toBe(true);
  });

  test("sharing stops at the ratio that was set, and can be taken up again", async () => {
    const tabs = new Tabs();
    const sender = tabs.open();
    const link = await sender.seed([randomFile("a.bin", 300_000)]);
    sender.session.limit("s", { stopAtRatio: 1 });
    const receiver = tabs.open();
    receiver.open(link);
    receiver.session.download("r");
    await receiver.reach("done");
    expect(await sender.reach("stopped")).toMatchObject({ stoppedBy: "ratio", ratio: 1 });
    sender.session.restart("s");
    await sender.reach("seeding");
    await sender.pass(2_000);
    expect(sender.share.state).toBe("seeding");
  });
});

describe("a share that does not go on", () => {
  test("says that nobody is here, and goes on by itself when somebody comes", async () => {
    const tabs = new Tabs();
    const chosen = randomFile("a.bin", 100_000);
    const sender = tabs.open();
    const link = await sender.seed([chosen]);
    sender.session.stop("s");
    const receiver = tabs.open();
    receiver.open(link);
    receiver.session.download("r");
    const waiting = await receiver.reach("waiting");
    expect(waiting.problem).toEqual({ code: "nobody-here" });
    sender.session.restart("s");
    await receiver.reach("done");
  });

  test("says that the source is gone when it leaves half-way", async () => {
    const tabs = new Tabs(20);
    const sender = tabs.open();
    const link = await sender.seed([randomFile("a.bin", 8 * MIB)]);
    const receiver = tabs.open();
    receiver.open(link);
    receiver.session.download("r");
    await receiver.until(({ have }) => have > 0);
    sender.session.stop("s");
    const gone = await receiver.until(({ problem }) => problem !== undefined);
    expect(gone).toMatchObject({ state: "waiting", problem: { code: "source-gone" } });
    sender.session.restart("s");
    await receiver.reach("done");
  });

  test("says that the tracker cannot be reached, and recovers", async () => {
    const tabs = new Tabs();
    const link = await tabs.open().seed([randomFile("a.bin", 100_000)]);
    tabs.tracker.setOnline(false);
    const receiver = tabs.open();
    receiver.open(link);
    receiver.session.download("r");
    const waiting = await receiver.reach("waiting");
    expect(waiting.problem).toEqual({ code: "tracker-unreachable" });
    expect(receiver.session.snapshot().tracker).toBe("offline");
    tabs.tracker.setOnline(true);
    await receiver.reach("done");
  });

  test("a full disk pauses it and says so; Resume tries again", async () => {
    const tabs = new Tabs();
    const link = await tabs.open().seed([randomFile("a.bin", 2 * MIB)]);
    const receiver = tabs.open({ type: "full", afterBytes: MIB });
    receiver.open(link);
    receiver.session.download("r");
    const full = await receiver.reach("paused");
    expect(full.problem).toEqual({ code: "storage-full" });
    expect(full.have).toBeGreaterThan(0);
    receiver.session.resume("r");
    await receiver.until(({ state }) => state !== "paused");
    expect((await receiver.reach("paused")).problem).toEqual({ code: "storage-full" });
  });

  test("Pause stops the download and keeps what is here; Resume goes on", async () => {
    const tabs = new Tabs(20);
    const chosen = randomFile("a.bin", 8 * MIB);
    const link = await tabs.open().seed([chosen]);
    const receiver = tabs.open();
    receiver.open(link);
    receiver.session.download("r");
    await receiver.until(({ have }) => have > 0);
    receiver.session.pause("r");
    await receiver.pass(1_000);
    const { state, downloaded } = receiver.share;
    expect(state).toBe("paused");
    await receiver.pass(5_000);
    expect(receiver.share.downloaded).toBe(downloaded);
    expect(downloaded).toBeLessThan(8 * MIB);
    receiver.session.resume("r");
    await receiver.reach("done");
    expectSame(await receiver.bytesOf(0), await contentOf(chosen));
  });

  test("files without a byte cannot be shared, and it says so", async () => {
    const sender = new Tabs().open();
    sender.session.share("s", [randomFile("empty", 0)], { public: false });
    expect((await sender.reach("failed")).problem).toEqual({ code: "nothing-to-share" });
  });
});

describe("the list of shares", () => {
  test("opening a link that is here already makes no second share", async () => {
    const tabs = new Tabs();
    const tab = tabs.open();
    const link = await tab.seed([randomFile("a.bin", 1_000)]);
    tab.open(link);
    expect(tab.session.snapshot().shares.map(({ id }) => id)).toEqual(["s"]);
  });

  test("sharing files of which a share is open takes its place", async () => {
    const tabs = new Tabs();
    const chosen = randomFile("a.bin", 1_000);
    const link = await tabs.open().seed([chosen], { public: true });
    const tab = tabs.open();
    tab.open(link);
    tab.session.share("s", [chosen], { public: true });
    await tab.until(() => tab.session.snapshot().shares.length === 1);
    expect(tab.share).toMatchObject({ id: "s", state: "seeding" });
  });

  test("[BEP 52] a public share is in the swarms of both its infohashes, and links each of its peers once", async () => {
    const tabs = new Tabs();
    const chosen = randomFile("film.mkv", 600_000);
    const sender = tabs.open();
    const link = await sender.seed([chosen], { public: true });
    const { infohashV2, infohashV1 = "" } = sender.share;
    expect([...tabs.tracker.rooms].sort()).toEqual([infohashV2.slice(0, 40), infohashV1].sort());

    const receiver = tabs.open();
    receiver.open(link);
    receiver.session.download("r");
    const done = await receiver.reach("done");
    expect(done.peers).toHaveLength(1);
    expect(done.downloaded).toBe(600_000);
    expectSame(await receiver.bytesOf(0), await contentOf(chosen));
  });

  test("[BEP 9, 52] who opens it by the v1 infohash alone learns the other, and joins that swarm too", async () => {
    const tabs = new Tabs();
    const chosen = randomFile("film.mkv", 600_000);
    const sender = tabs.open();
    await sender.seed([chosen], { public: true });
    const { infohashV2, infohashV1 = "" } = sender.share;
    const receiver = tabs.open();
    receiver.open(`magnet:?xt=urn:btih:${infohashV1}`);
    receiver.session.download("r");
    const done = await receiver.reach("done");
    expect(done).toMatchObject({ infohashV2, infohashV1, downloaded: 600_000 });
    expect(tabs.tracker.peersIn(infohashV2.slice(0, 40))).toHaveLength(2);
    expectSame(await receiver.bytesOf(0), await contentOf(chosen));
  });

  test("a forgotten share leaves its room, and its totals stay counted", async () => {
    const tabs = new Tabs();
    const sender = tabs.open();
    const link = await sender.seed([randomFile("a.bin", 50_000)]);
    const receiver = tabs.open();
    receiver.open(link);
    receiver.session.download("r");
    await receiver.reach("done");
    receiver.session.forget("r");
    const { shares, lifetime } = receiver.session.snapshot();
    expect([shares, lifetime.downloaded]).toEqual([[], 50_000]);
    const [room = ""] = tabs.tracker.rooms;
    expect(tabs.tracker.peersIn(room)).toHaveLength(1);
  });

  test("a share that is stopped while its files are hashed begins again when that is taken back", async () => {
    const tab = new Tabs().open();
    tab.session.share("s", [randomFile("a.bin", 10 * MIB)], { public: false });
    await tab.until(({ hashed }) => hashed > 0);
    tab.session.stop("s");
    expect(tab.share).toMatchObject({ state: "stopped", link: "" });
    tab.session.restart("s");
    expect((await tab.reach("seeding")).hashed).toBe(1);
  });

  test("the page is shown how it ends, and is left alone while nothing happens", async () => {
    const tabs = new Tabs();
    const tab = tabs.open();
    await tab.seed([randomFile("a.bin", 1_000)]);
    await tab.until(() => tabs.tracker.rooms.length > 0);
    await tab.pass(1_000);
    const states = tab.shown.map(({ shares }) => shares[0]?.state);
    expect(states.at(-1)).toBe("seeding");
    const count = tab.shown.length;
    await tab.pass(5_000);
    expect(tab.shown).toHaveLength(count);
  });
});

describe("trackers of others", () => {
  const FOREIGN = "wss://tracker.example/";
  const withTracker = (link: string) => `${link}&tr=${encodeURIComponent(FOREIGN)}`;

  test("two who have only a plain WebTorrent tracker in common meet there, and its answer shows", async () => {
    const tabs = new Tabs();
    const chosen = randomFile("film.mkv", 600_000);
    const sender = tabs.open();
    const link = await sender.seed([chosen], { public: true });
    const reader = tabs.open();
    reader.open(withTracker(link));
    await reader.reach("waiting");
    reader.session.download("r");
    await reader.reach("done");
    // Served from another host, whose own tracker knows nobody of this swarm.
    const stranger = tabs.open(undefined, undefined, "other.example");
    stranger.open(`magnet:?xt=urn:btmh:1220${reader.share.infohashV2}&tr=${encodeURIComponent(FOREIGN)}`);
    await stranger.reach("waiting");
    stranger.session.download("r");
    await stranger.reach("done");
    expectSame(await stranger.bytesOf(0), await contentOf(chosen));
    expect(stranger.share.trackers).toEqual([
      { url: "wss://other.example/announce", state: "online", peers: 0 },
      { url: FOREIGN, state: "online", peers: 1 },
    ]);
    expect(stranger.share.link).toContain(encodeURIComponent(FOREIGN));
  });

  test("a private share is announced to our own tracker alone, whatever its link says", async () => {
    const tabs = new Tabs();
    const sender = tabs.open();
    const link = await sender.seed([randomFile("diary.txt", 1_000)]);
    const reader = tabs.open();
    const parsed = parseShareText(link);
    if (!parsed.ok) throw new Error(parsed.reason);
    reader.session.open("r", { ...parsed.value, trackers: [FOREIGN] });
    await reader.reach("waiting");
    expect([...tabs.contacted]).toEqual(["wss://shoal.example/announce"]);
  });

  test("a foreign tracker that is away costs nothing: the others introduce", async () => {
    const tabs = new Tabs();
    tabs.foreignTracker(FOREIGN).setOnline(false);
    const sender = tabs.open();
    const link = await sender.seed([randomFile("film.mkv", 1_000)], { public: true });
    const reader = tabs.open();
    reader.open(withTracker(link));
    const offered = await reader.reach("waiting");
    expect(offered.problem).toBeUndefined();
    expect(offered.trackers[1]).toEqual({ url: FOREIGN, state: "offline" });
  });
});

describe("[BEP 19] web seeds", () => {
  const MIRROR = "https://mirror.example/photos.zip";
  const withSeed = (link: string) => `${link}&ws=${encodeURIComponent(MIRROR)}`;

  /** A server that has `bytes`, and does with each range what `meddle` says. */
  function mirror(
    bytes: Uint8Array,
    asked: string[] = [],
    meddle = (chunk: Uint8Array) => chunk,
  ): RangeFetch {
    return async function* (url, begin, end) {
      asked.push(`${url} ${begin}-${end}`);
      for (let at = begin; at < end; at += 50_000) {
        await new Promise((resolve) => setImmediate(resolve));
        yield meddle(bytes.slice(at, Math.min(at + 50_000, end)));
      }
    };
  }

  /** A tab that knows what the torrent is, and has lost the one who had it. */
  async function leftAlone(tabs: Tabs, chosen: ChosenFile): Promise<Tab> {
    const sender = tabs.open();
    const link = await sender.seed([chosen], { public: true });
    const receiver = tabs.open();
    receiver.open(withSeed(link));
    await receiver.reach("waiting");
    await receiver.pass(2_000);
    sender.session.stop("s");
    await receiver.until(({ peers }) => peers.length === 0);
    return receiver;
  }

  test("brings the files when nobody is there, in long ranges, and is not a person", async () => {
    const tabs = new Tabs();
    const chosen = randomFile("photos.zip", 2 * MIB + 5_000);
    const asked: string[] = [];
    const receiver = await leftAlone(tabs, chosen);
    tabs.fetchRange = mirror(await contentOf(chosen), asked);
    await receiver.pass(10_000);
    expect(asked).toEqual([]);
    receiver.session.download("r");
    const downloading = await receiver.until(({ have }) => have > 0);
    expect(downloading).toMatchObject({ state: "downloading", problem: undefined, copies: 0, peers: [] });
    const done = await receiver.reach("done");
    expectSame(await receiver.bytesOf(0), await contentOf(chosen));
    expect(done.webSeeds).toMatchObject([{ url: MIRROR, downloaded: 2 * MIB + 5_000 }]);
    expect(asked.length).toBeLessThan(20);
    expect(new Set(asked.map((range) => range.split(" ")[0]))).toEqual(new Set([MIRROR]));
  });

  test("one that lies is found out by the hashes, dropped with the reason, and never asked again", async () => {
    const tabs = new Tabs();
    const chosen = randomFile("photos.zip", 600_000);
    const asked: string[] = [];
    const receiver = await leftAlone(tabs, chosen);
    const lie = (chunk: Uint8Array) => chunk.fill(0, 10, 20);
    tabs.fetchRange = mirror(await contentOf(chosen), asked, lie);
    receiver.session.download("r");
    const caught = await receiver.until(({ webSeeds }) => webSeeds[0]?.state === "dropped");
    expect(caught.webSeeds).toMatchObject([{ url: MIRROR, state: "dropped", reason: "wrong-data" }]);
    const { length } = asked;
    await receiver.pass(15_000);
    expect(asked).toHaveLength(length);
    expect(receiver.share.have).toBe(0);
  });

  test("people who are fast enough leave it alone", async () => {
    const tabs = new Tabs();
    const asked: string[] = [];
    const chosen = randomFile("photos.zip", 3 * MIB);
    tabs.fetchRange = mirror(await contentOf(chosen), asked);
    const sender = tabs.open();
    const link = await sender.seed([chosen], { public: true });
    const receiver = tabs.open();
    receiver.open(withSeed(link));
    await receiver.reach("waiting");
    receiver.session.download("r");
    await receiver.reach("done");
    expect(asked).toEqual([]);
  });

  test("one that fails is asked ever more rarely, and one that has nothing not at all", async () => {
    const tabs = new Tabs();
    let tries = 0;
    let reason: RangeFetchReason = "busy";
    const receiver = await leftAlone(tabs, randomFile("photos.zip", 300_000));
    tabs.fetchRange = () => {
      tries++;
      throw new RangeFetchError(reason);
    };
    receiver.session.download("r");
    await receiver.until(({ webSeeds }) => webSeeds[0]?.state === "waiting");
    expect(receiver.share.webSeeds[0]?.reason).toBe("busy");
    const first = tries;
    await receiver.pass(15_000);
    expect(tries).toBeGreaterThan(first);
    expect(tries).toBeLessThan(first + 10);
    reason = "not-there";
    await receiver.pass(15_000);
    await receiver.until(({ webSeeds }) => webSeeds[0]?.state === "dropped");
    const last = tries;
    await receiver.pass(15_000);
    expect(tries).toBe(last);
  });

  test("nobody contacts one for a person who hides their address", async () => {
    const tabs = new Tabs();
    const asked: string[] = [];
    const chosen = randomFile("photos.zip", 300_000);
    const receiver = await leftAlone(tabs, chosen);
    tabs.fetchRange = mirror(await contentOf(chosen), asked);
    receiver.session.configure({ ...receiver.session.snapshot().settings, relayOnly: true });
    receiver.session.download("r");
    await receiver.pass(15_000);
    expect(asked).toEqual([]);
  });
});

describe("torrent files", () => {
  test("a saved one shows its files at once, with nobody there, and brings them when somebody comes", async () => {
    const tabs = new Tabs();
    const files = ["b.txt", "a.txt"].map((name) => ({
      file: randomFile(name, 400_000).file,
      path: ["trip", name],
    }));
    const sender = tabs.open();
    await sender.seed(files, { public: true });
    const torrent = sender.session.torrentFile("s");
    sender.session.stop("s");
    const receiver = tabs.open();
    const opened = await receiver.session.openTorrent(torrent ?? new Blob());
    const id = "id" in opened ? opened.id : "";
    expect(receiver.session.files(id).map(({ path, size }) => [path.join("/"), size])).toEqual([
      ["a.txt", 400_000],
      ["b.txt", 400_000],
    ]);
    expect(receiver.share).toMatchObject({ name: "trip", public: true, infohashV1: expect.any(String) });
    sender.session.restart("s");
    receiver.session.download(id);
    await receiver.reach("done");
    expect(await receiver.session.openTorrent(torrent ?? new Blob())).toEqual({ id });
    expect(receiver.session.torrentFile(id)).toEqual(torrent);
  });

  test("none is made of a private share, whose infohash is its key", async () => {
    const sender = new Tabs().open();
    await sender.seed([randomFile("diary.txt", 1_000)]);
    expect(sender.session.torrentFile("s")).toBeUndefined();
  });

  test("whatever is no torrent is named by what is wrong with it, and opens nothing", async () => {
    const tab = new Tabs().open();
    const troubleOf = async (content: string) => {
      const opened = await tab.session.openTorrent(new Blob([content]));
      return "trouble" in opened ? opened.trouble : "none";
    };
    const v1 = (info: string) => `d4:infod${info}ee`;
    const pieces = `6:pieces20:${"x".repeat(20)}12:piece lengthi16384e`;
    const deep = "1:a".repeat(200);
    expect(await troubleOf("hello")).toBe("not-a-torrent");
    expect(await troubleOf("l".repeat(500))).toBe("too-deep");
    expect(await troubleOf(v1(`5:filesld6:lengthi1e4:pathl${deep}eee4:name1:n${pieces}`))).toBe("too-deep");
    expect(await troubleOf(`l${"0:".repeat(3_000_001)}e`)).toBe("too-many");
    expect(await troubleOf(v1(`6:lengthi1099511627776000e4:name1:n${pieces}`))).toBe("too-many");
    expect(await troubleOf(v1(`6:lengthi-1e4:name1:n${pieces}`))).toBe("sizes");
    expect(await troubleOf(v1(`6:lengthi99999e4:name1:n${pieces}`))).toBe("contradiction");
    expect(await troubleOf(v1(`6:lengthi5e${pieces}`))).toBe("names");
    expect(await troubleOf(v1(`5:filesle4:name1:n${pieces}`))).toBe("empty");
    const link = "d4:attr1:l6:lengthi0e4:pathl1:ae12:symlink pathl2:..3:etcee";
    expect(await troubleOf(v1(`5:filesl${link}e4:name1:n${pieces}`))).toBe("empty");
    expect(await troubleOf("d4:infod12:meta versioni3e4:name1:nee")).toBe("version");
    expect(tab.session.snapshot().shares).toEqual([]);
  });

  test("[BEP 53] a magnet that names files wants those alone", async () => {
    const tabs = new Tabs();
    const files = ["a", "b", "c"].map((name) => ({
      file: randomFile(name, 1_000).file,
      path: ["trip", name],
    }));
    const sender = tabs.open();
    const link = await sender.seed(files, { public: true });
    const receiver = tabs.open();
    // The v1 list has padding behind each file, which counts.
    receiver.open(`${link}&so=2`);
    await receiver.reach("waiting");
    expect(receiver.session.files("r").map(({ wanted }) => wanted)).toEqual([false, true, false]);
  });
});
