import { expect, test, vi } from "vitest";
import { createAppStore } from "./app-store.ts";
import { peerSnapshot, sessionSnapshot, shareSnapshot } from "./fixtures.ts";
import { openLink } from "./opening.ts";

const older = shareSnapshot({ id: "older", addedAt: 1, peers: [peerSnapshot({ id: "a" })] });
const newer = shareSnapshot({ id: "newer", addedAt: 2 });

test("shares are listed newest first", () => {
  const store = createAppStore();
  store.take(sessionSnapshot([older, newer]), 0);
  expect(store.getState().shares.map((share) => share.id)).toEqual(["newer", "older"]);
});

test("a snapshot that says the same leaves the list and its rows as they are", () => {
  const store = createAppStore();
  store.take(sessionSnapshot([older, newer]), 0);
  const before = store.getState().shares;
  store.take(sessionSnapshot([{ ...older }, { ...newer }]), 250);
  expect(store.getState().shares).toBe(before);
});

test("a row that did not change stays the same beside one that did", () => {
  const store = createAppStore();
  store.take(sessionSnapshot([older, newer]), 0);
  const [newerBefore, olderBefore] = store.getState().shares;
  store.take(sessionSnapshot([older, { ...newer, have: 5 }]), 250);
  const [newerAfter, olderAfter] = store.getState().shares;
  expect(olderAfter).toBe(olderBefore);
  expect(newerAfter).not.toBe(newerBefore);
});

test("each share has its own history of rates, which goes with it", () => {
  const store = createAppStore();
  store.take(sessionSnapshot([{ ...older, uploadRate: 7 }, newer]), 0);
  store.take(sessionSnapshot([{ ...older, uploadRate: 9 }]), 1_000);
  expect(store.getState().histories).toEqual(
    new Map([
      [
        "older",
        [
          { at: 0, up: 7, down: 0 },
          { at: 1_000, up: 9, down: 0 },
        ],
      ],
    ]),
  );
});

test("what can be done about a share is offered no longer than that is there", () => {
  const store = createAppStore();
  store.take(sessionSnapshot([older, newer]), 0);
  store.say("Sharing has stopped.", { label: "Undo", share: "older", run: () => {} });
  store.say("Link copied.");
  const { messages } = store.getState();
  store.take(sessionSnapshot([older, newer]), 250);
  expect(store.getState().messages).toBe(messages);
  store.take(sessionSnapshot([newer]), 500);
  expect(store.getState().messages.map(({ words }) => words)).toEqual(["Link copied."]);
});

test("the time left is told across snapshots", () => {
  const store = createAppStore();
  const withHave = (have: number) => shareSnapshot({ size: 100, peers: [peerSnapshot({ id: "a", have })] });
  store.take(sessionSnapshot([withHave(0)]), 0);
  store.take(sessionSnapshot([withHave(50)]), 5_000);
  expect(store.getState().shares[0]?.people[0]?.secondsLeft).toBe(5);
});

test("a good link shows its share and takes the last complaint away", () => {
  const store = createAppStore();
  store.reportLinkProblem("cut-off");
  expect(openLink(store, { open: () => ({ id: "opened" }) }, "#abc")).toBe(true);
  expect(store.getState()).toMatchObject({ shown: "opened", linkProblem: undefined });
});

test("a bad link says what is wrong with it and changes nothing else", () => {
  const store = createAppStore();
  const open = vi.fn(() => ({ problem: "damaged" }) as const);
  expect(openLink(store, { open }, "abc!")).toBe(false);
  expect(open).toHaveBeenCalledWith("abc!");
  expect(store.getState()).toMatchObject({ shown: undefined, linkProblem: "damaged" });
});
