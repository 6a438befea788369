import { describe, expect, test } from "vitest";
import { createAppStore } from "./app-store.ts";
import { peerSnapshot, sessionSnapshot, shareSnapshot } from "./fixtures.ts";
import {
  flowsBetween,
  isLeft,
  lossOnLeaving,
  peopleSending,
  peopleWaiting,
  titleProgress,
} from "./selectors.ts";
import type { ShareSnapshot } from "./session.ts";
import { shareView } from "./share-view.ts";

const size = 100_000_000;
const needy = peerSnapshot({ id: "a", have: size / 4 });
const served = peerSnapshot({ id: "b", have: size });

function view(facts: Partial<ShareSnapshot>) {
  return shareView(shareSnapshot({ size, ...facts }), new Map(), undefined);
}

describe("leaving", () => {
  const sender = { role: "sender", state: "seeding" } as const;

  const lossOf = (...shares: readonly Partial<ShareSnapshot>[]) => lossOnLeaving(shares.map(view), new Set());

  test("costs nobody anything when nobody needs us", () => {
    expect(lossOf()).toBeUndefined();
    expect(lossOf({ ...sender, peers: [] })).toBeUndefined();
    expect(lossOf({ ...sender, peers: [served] })).toBeUndefined();
  });

  test("takes the source from people who still need it, and tells how many of what", () => {
    const theirs = { kind: "their-source", name: "holiday.zip", people: 1 };
    expect(lossOf({ ...sender, peers: [needy, served] })).toEqual(theirs);
    expect(lossOf({ state: "done", peers: [needy] })).toEqual(theirs);
  });

  test("tells of the share that most people need", () => {
    const other = peerSnapshot({ id: "c", have: 1 });
    const shares = [
      { ...sender, name: "a", peers: [needy] },
      { ...sender, id: "2", name: "b", peers: [needy, other] },
    ];
    expect(lossOf(...shares)).toEqual({ kind: "their-source", name: "b", people: 2 });
  });

  test("is fine once they hold a full copy among them", () => {
    expect(lossOf({ ...sender, peers: [needy], availableWithoutUs: true })).toBeUndefined();
  });

  test("loses a download that only memory holds, until it is saved", () => {
    expect(lossOf({ storage: "memory", have: 5 })).toEqual({
      kind: "our-download",
      name: "holiday.zip",
      bytes: 5,
    });
    expect(lossOf({ storage: "opfs", have: 1 })).toBeUndefined();
    expect(lossOf({ storage: "memory", have: 0 })).toBeUndefined();
    expect(lossOnLeaving([view({ storage: "memory", have: 5 })], new Set(["share"]))).toBeUndefined();
  });
});

test("a share of an earlier visit waits for a word, unless it was stopped then", () => {
  expect(isLeft(view({ state: "paused", restored: true }))).toBe(true);
  expect(isLeft(view({ state: "paused" }))).toBe(false);
  expect(isLeft(view({ state: "stopped", restored: true }))).toBe(false);
});

test("nothing flows any more to who has everything, though rates fall slowly", () => {
  const rates = { uploadRate: 7, downloadRate: 5 };
  const [waits, whole] = view({
    peers: [
      { ...needy, ...rates },
      { ...served, ...rates },
    ],
  }).people;
  if (waits === undefined || whole === undefined) throw new Error("nobody is here");
  expect(flowsBetween(waits, false)).toEqual({ given: 7, got: 5 });
  expect(flowsBetween(whole, true)).toEqual({ given: 0, got: 0 });
});

test("people who wait and people who send are counted by what they do now", () => {
  const share = view({ peers: [needy, served, peerSnapshot({ id: "c", have: size, downloadRate: 5 })] });
  expect(peopleWaiting(share)).toBe(1);
  expect(peopleSending(share)).toBe(1);
});

describe("the title of the tab", () => {
  function titleOf(shares: readonly ShareSnapshot[], shown?: string) {
    const store = createAppStore();
    store.take(sessionSnapshot(shares), 0);
    store.show(shown);
    return titleProgress(store.getState());
  }
  const download = shareSnapshot({
    id: "d",
    name: "film",
    size,
    wantedSize: size,
    have: size / 2,
    addedAt: 2,
  });
  const hashing = shareSnapshot({
    id: "h",
    name: "report",
    role: "sender",
    state: "hashing",
    hashed: 0.1,
    addedAt: 3,
  });

  test("tells of the share that is shown before any other", () => {
    expect(titleOf([download, hashing])).toEqual({ name: "report", progress: 0.1 });
    expect(titleOf([download, hashing], "d")).toEqual({ name: "film", progress: 0.5 });
  });

  test("tells a sender of the person furthest behind", () => {
    const sharing = { ...download, role: "sender", state: "seeding", peers: [needy, served] } as const;
    expect(titleOf([sharing])).toEqual({ name: "film", progress: 0.25 });
    expect(titleOf([{ ...sharing, peers: [served] }])).toBeUndefined();
  });

  test("says nothing of what is done", () => {
    expect(titleOf([{ ...download, state: "done" }])).toBeUndefined();
  });
});
