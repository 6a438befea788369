import { describe, expect, test } from "vitest";
import { peerId } from "../../engine/units.ts";
import { ManualClock } from "../../ports/manual-clock.ts";
import type { Tracker, TrackerEvents } from "../../ports/tracker.ts";
import { FOREIGN_TRACKERS, MAX_REASON_LENGTH, MAX_TRACKERS, TIER_AGAIN_FIRST_MS } from "../limits.ts";
import { ShareTrackers } from "./share-trackers.ts";
import { type SeatEvents, TrackerPool } from "./tracker-pool.ts";

const OURS = "wss://shoal.example/announce";
const ROOM = "11".repeat(20);
const SELF = peerId("aa".repeat(20));

interface Contacted {
  readonly events: TrackerEvents;
  readonly rooms: Set<string>;
  readonly told: string[];
}

function sharing(tiers: readonly (readonly string[])[], rooms: readonly string[] = [ROOM]) {
  const clock = new ManualClock();
  /** Trackers with a connection now. */
  const live = new Map<string, Contacted>();
  const connect = (url: string, events: TrackerEvents): Tracker => {
    const contacted: Contacted = { events, rooms: new Set(), told: [] };
    live.set(url, contacted);
    return {
      join: (room) => contacted.rooms.add(room),
      announce: (_room, event) => contacted.told.push(event),
      signal: () => {},
      leave: (room) => contacted.rooms.delete(room),
      close: () => live.delete(url),
    };
  };
  const heard: string[] = [];
  const pool = new TrackerPool(OURS, connect, () => {});
  const events: SeatEvents = {
    onStatus: () => {},
    onPeers: ({ url }) => heard.push(url),
    onSignal: () => {},
    onRefused: () => {},
  };
  const onLeft = () => {};
  const trackers = new ShareTrackers(pool, clock, OURS, "https://shoal.example/", { ...events, onLeft });
  trackers.add(tiers);
  const join = () => {
    if (SELF === undefined) throw new Error("not a peer id");
    trackers.join({ self: SELF, rooms, figures: () => ({ uploaded: 0, downloaded: 0, left: 1 }) });
  };
  const status = (url: string, state: "online" | "offline") =>
    live.get(url)?.events.onStatus(state === "online" ? { state } : { state, retryInMs: 1 });
  const states = () => trackers.snapshots.map(({ url, state }) => `${url.slice(6, 13)} ${state}`);
  return { clock, live, heard, trackers, join, status, states };
}

const a = "wss://a.example/";
const b = "wss://b.example/";
const c = "wss://c.example/";

describe("[BEP 12] tiers", () => {
  test("ours first, then one of each tier", () => {
    const { live, join } = sharing([[a, b], [c]]);
    expect([...live.keys()]).toEqual([OURS]);
    join();
    expect([...live.keys()]).toEqual([OURS, a, c]);
  });

  test("one that cannot be reached gives its place to the next of its tier, and is met again later", () => {
    const { clock, live, join, status, states } = sharing([[a, b], [c]]);
    join();
    status(a, "offline");
    expect([...live.keys()]).toEqual([OURS, c, b]);
    expect(states()).toEqual([
      "shoal.e connecting",
      "a.examp offline",
      "b.examp connecting",
      "c.examp connecting",
    ]);
    status(b, "offline");
    expect([...live.keys()]).toEqual([OURS, c]);
    clock.advance(TIER_AGAIN_FIRST_MS);
    expect([...live.keys()]).toEqual([OURS, c, a]);
  });

  test("a tier of dead trackers is tried ever more rarely", () => {
    const { clock, live, join, status } = sharing([[a, b]]);
    join();
    const failAll = () => {
      status(a, "offline");
      status(b, "offline");
    };
    failAll();
    clock.advance(TIER_AGAIN_FIRST_MS);
    failAll();
    clock.advance(TIER_AGAIN_FIRST_MS);
    expect(live.has(a)).toBe(false);
    clock.advance(TIER_AGAIN_FIRST_MS);
    expect(live.has(a)).toBe(true);
  });

  test("one that refuses is named with its words, cut short, and the next is tried", () => {
    const { live, join, trackers } = sharing([[a, b]]);
    join();
    live.get(a)?.events.onRefused(ROOM, "x".repeat(10_000));
    expect(live.has(b)).toBe(true);
    expect(trackers.snapshots[1]).toEqual({
      url: a,
      state: "offline",
      reason: "x".repeat(MAX_REASON_LENGTH),
    });
  });

  test("one that is alone in its tier keeps trying by itself", () => {
    const { live, join, status } = sharing([[a]]);
    join();
    status(a, "offline");
    expect(live.has(a)).toBe(true);
    status(a, "online");
    expect(live.has(a)).toBe(true);
  });
});

describe("what a stranger's list can make us do", () => {
  test("no tracker that a page cannot or must not use is contacted; each is named with the reason", () => {
    const { live, join, trackers } = sharing([["udp://a.example:80", "wss://192.168.0.1/", "nonsense", a]]);
    join();
    expect([...live.keys()]).toEqual([OURS, a]);
    expect(trackers.snapshots.slice(2).map(({ state, unusable }) => [state, unusable])).toEqual([
      ["unusable", "protocol"],
      ["unusable", "private-network"],
      ["unusable", "not-a-url"],
    ]);
  });

  test("a long list is cut, and few of it are contacted", () => {
    const many = Array.from({ length: 1_000 }, (_, i) => [`wss://t${i}.example/`]);
    const { live, join, trackers } = sharing(many);
    join();
    expect(live.size).toBe(1 + FOREIGN_TRACKERS);
    expect(trackers.snapshots.length).toBeLessThanOrEqual(MAX_TRACKERS);
  });

  test("ours is not joined twice, nor any other", () => {
    const { trackers } = sharing([[OURS], [a], [a, `${a}#again`]]);
    expect(trackers.snapshots.map(({ url }) => url)).toEqual([OURS, a]);
  });

  test("a tracker speaks only for the rooms that were joined there", () => {
    const { live, join, heard } = sharing([[a]]);
    join();
    live.get(a)?.events.onPeers("99".repeat(20), [], 0, 1);
    expect(heard).toEqual([]);
    live.get(a)?.events.onPeers(ROOM, [], 0, 1);
    expect(heard).toEqual([a]);
  });
});

describe("joining and leaving", () => {
  test("every room is joined at every tracker, and told of completion there", () => {
    const other = "22".repeat(20);
    const { live, join, trackers } = sharing([[a]], [ROOM, other]);
    join();
    trackers.completed();
    for (const url of [OURS, a]) {
      expect([...(live.get(url)?.rooms ?? [])]).toEqual([ROOM, other]);
      expect(live.get(url)?.told).toEqual(["completed", "completed"]);
    }
  });

  test("leaving ends the connections to others, never the one to ours; joining again begins anew", () => {
    const { clock, live, join, trackers, status } = sharing([[a, b]]);
    join();
    status(a, "offline");
    status(b, "offline");
    trackers.leave();
    clock.advance(10 * TIER_AGAIN_FIRST_MS);
    expect([...live.keys()]).toEqual([OURS]);
    expect(live.get(OURS)?.rooms.size).toBe(0);
    join();
    expect(live.size).toBe(2);
  });
});
