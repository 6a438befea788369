import { describe, expect, test } from "vitest";
import { peerSnapshot, shareSnapshot } from "./fixtures.ts";
import type { ShareSnapshot } from "./session.ts";
import { progressOf, shareView, stageOf, withMarks } from "./share-view.ts";

const none = new Map();

describe("the stage", () => {
  test.each<[string, Partial<ShareSnapshot>, string]>([
    ["a sender whose files are read", { role: "sender", state: "hashing" }, "fingerprinting"],
    ["a sender with people", { role: "sender", state: "seeding" }, "sharing"],
    ["a sender who looks for people", { role: "sender", state: "waiting" }, "sharing"],
    [
      "a receiver who knows nothing yet",
      { state: "connecting", size: undefined, accepted: false },
      "finding",
    ],
    ["a receiver alone behind a link", { state: "waiting", size: undefined, accepted: false }, "finding"],
    ["a receiver who has not said yes", { state: "waiting", accepted: false }, "offered"],
    ["a receiver whose sources left", { state: "waiting", accepted: true }, "waiting"],
    ["a receiver who has it all", { state: "done" }, "done"],
    ["a receiver who passes it on", { state: "seeding" }, "done"],
    ["one that failed", { state: "failed" }, "failed"],
  ])("of %s", (_who, facts, stage) => {
    expect(stageOf(shareSnapshot(facts))).toBe(stage);
  });
});

describe("progress", () => {
  test("of a sender is that of the fingerprint", () => {
    expect(progressOf(shareSnapshot({ role: "sender", state: "hashing", hashed: 0.42 }))).toBe(0.42);
    expect(progressOf(shareSnapshot({ role: "sender", state: "seeding", have: 0 }))).toBe(1);
  });

  test("of a receiver counts only the files that are wanted", () => {
    expect(progressOf(shareSnapshot({ have: 30, wantedSize: 60 }))).toBe(0.5);
    expect(progressOf(shareSnapshot({ have: 70, wantedSize: 60 }))).toBe(1);
    expect(progressOf(shareSnapshot({ have: 0, wantedSize: 0, size: undefined }))).toBe(0);
    expect(progressOf(shareSnapshot({ state: "done", have: 0, wantedSize: 0, size: 0 }))).toBe(1);
  });
});

describe("identity", () => {
  const first = peerSnapshot({ id: "a", have: 10 });
  const second = peerSnapshot({ id: "b", have: 20 });
  const before = shareView(shareSnapshot({ peers: [first, second] }), none, undefined);

  test("a snapshot that says the same keeps the view as it is", () => {
    const same = shareSnapshot({ peers: [{ ...first }, { ...second }] });
    expect(shareView(same, none, before)).toBe(before);
  });

  test("only the person who changed is new", () => {
    const after = shareView(shareSnapshot({ peers: [first, { ...second, have: 30 }] }), none, before);
    expect(after).not.toBe(before);
    expect(after.people[0]).toBe(before.people[0]);
    expect(after.people[1]).not.toBe(before.people[1]);
  });

  test("a piece map that changed in place is told by its version", () => {
    const { pieceMap } = before;
    const after = shareView(
      shareSnapshot({ peers: [first, second], pieceMap: { ...pieceMap, version: 1 } }),
      none,
      before,
    );
    expect(after).not.toBe(before);
    expect(after.people).toBe(before.people);
  });

  test("a problem that went away is no longer shown", () => {
    const stuck = shareView(
      shareSnapshot({ problem: { code: "no-route", cause: "relay-in-vain" } }),
      none,
      undefined,
    );
    expect(shareView(shareSnapshot(), none, stuck).problem).toBeUndefined();
  });
});

describe("people", () => {
  const size = 100_000_000;

  test("who has every byte is complete, and has no time left", () => {
    const share = shareSnapshot({ size, peers: [peerSnapshot({ id: "a", have: size })] });
    const marks = withMarks(withMarks(none, share, 0), share, 5_000);
    expect(shareView(share, marks, undefined).people[0]).toMatchObject({
      isComplete: true,
      progress: 1,
      secondsLeft: undefined,
    });
  });

  test("the time that someone still needs is told from what they gained between snapshots", () => {
    const early = shareSnapshot({ size, peers: [peerSnapshot({ id: "a", have: 0 })] });
    const late = shareSnapshot({ size, peers: [peerSnapshot({ id: "a", have: size / 2 })] });
    const marks = withMarks(withMarks(none, early, 0), late, 5_000);
    expect(shareView(late, marks, undefined).people[0]?.secondsLeft).toBe(5);
  });

  test("nobody has a share of unknown size", () => {
    const share = shareSnapshot({ size: undefined, peers: [peerSnapshot({ id: "a", have: 5 })] });
    expect(shareView(share, none, undefined).people[0]).toMatchObject({ isComplete: false, progress: 0 });
  });
});

describe("what others sent for the sender", () => {
  const peers = [
    peerSnapshot({ id: "a", have: 60, uploaded: 40 }),
    peerSnapshot({ id: "b", have: 50, uploaded: 50 }),
  ];

  test("is all that people hold and did not get here", () => {
    const share = shareSnapshot({ role: "sender", uploaded: 90, peers });
    expect(shareView(share, none, undefined).othersSent).toBe(20);
  });

  test("is nothing of what they were sent before they or this tab came back", () => {
    const again = [peerSnapshot({ id: "a", have: 60, uploaded: 0 })];
    const share = shareSnapshot({ role: "sender", uploaded: 45, peers: again });
    expect(shareView(share, none, undefined).othersSent).toBe(0);
  });

  test("does not shrink when they leave", () => {
    const before = shareView(shareSnapshot({ role: "sender", uploaded: 90, peers }), none, undefined);
    expect(shareView(shareSnapshot({ role: "sender", uploaded: 90 }), none, before).othersSent).toBe(20);
  });

  test("is not known to a receiver", () => {
    expect(shareView(shareSnapshot({ peers }), none, undefined).othersSent).toBe(0);
  });
});
