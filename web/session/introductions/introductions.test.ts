import { describe, expect, test } from "vitest";
import { type LinkId, linkId, type PeerId, peerId } from "../../engine/units.ts";
import type { LinkEvents, Links } from "../../ports/links.ts";
import { MemoryTracker } from "../../ports/memory-tracker.ts";
import type { Sealer } from "../../ports/sealing.ts";
import type { Tracker, TrackerPeer, TrackerSignal } from "../../ports/tracker.ts";
import {
  ANSWER_TIMEOUT_MS,
  ASK_AGAIN_MS,
  DIALLED_OF_LINKS,
  DIALS_AT_ONCE,
  LINKS_PER_SHARE,
  REDIAL_FIRST_MS,
} from "../limits.ts";
import { type Seat, TrackerPool } from "../trackers/tracker-pool.ts";
import { Introductions } from "./introductions.ts";
import { LinkBudget } from "./link-budget.ts";
import { QuietNetwork } from "./quiet-network.ts";

const OURS = "wss://shoal.example/announce";
const LINKS_DIALLED = DIALLED_OF_LINKS * LINKS_PER_SHARE;
const ROOM = "11".repeat(20);
const OFFER = "22".repeat(20);

/** Seals by saying for whom: enough to tell a text that was made for something else. */
const sealer: Sealer = {
  room: ROOM,
  hasPassword: false,
  seal: async (text, { kind, from, to, offerId }) => JSON.stringify([kind, from, to, offerId, text]),
  open: async (sealed, { kind, from, to, offerId }) => {
    const [, , , , text] = sealed.startsWith("[") ? JSON.parse(sealed) : [];
    return sealed === JSON.stringify([kind, from, to, offerId, text]) ? text : undefined;
  },
};

function id(number: number): PeerId {
  const made = peerId(number.toString(16).padStart(40, "0"));
  if (made === undefined) throw new Error(`${number} makes no peer id`);
  return made;
}

/** Several peers in one room. */
class Room extends QuietNetwork {
  readonly tracker = new MemoryTracker(this.delivery.deliver);
  readonly participants: Participant[] = [];
  offers = 0;
  #links = 0;

  peer(
    number: number,
    options: { budget?: LinkBudget; isComplete?: boolean; makeLinks?: MakeLinks } = {},
  ): Participant {
    const { budget = new LinkBudget(), isComplete = false } = options;
    const makeLinks = options.makeLinks ?? ((events) => this.network.links(events));
    const nextLink = () => linkId(++this.#links);
    const participant = new Participant(this, id(number), budget, isComplete, makeLinks, nextLink);
    this.participants.push(participant);
    return participant;
  }

  /** What a peer in the middle does for two others. */
  handOver(through: LinkId, from: PeerId, to: PeerId, offerId: string, signal: TrackerSignal): void {
    const target = this.participants.find(({ self }) => self === to);
    this.delivery.deliver(() => target?.introductions.onSignalThrough(through, from, offerId, signal));
  }
}

type MakeLinks = (events: LinkEvents) => Links;

class Participant {
  readonly self: PeerId;
  readonly introductions: Introductions;
  readonly seat: Seat;
  /** How many peers the tracker was asked for, besides on joining. */
  readonly asked: number[] = [];
  readonly opened: PeerId[] = [];
  readonly ended: LinkId[] = [];
  readonly begun: boolean[] = [];
  settings = { connections: LINKS_PER_SHARE };
  readonly links: Links;

  constructor(
    room: Room,
    self: PeerId,
    budget: LinkBudget,
    isComplete: boolean,
    makeLinks: MakeLinks,
    nextLink: () => LinkId,
  ) {
    this.self = self;
    const inner = makeLinks({
      onSignal: (link, signal) => this.introductions.onLinkSignal(link, signal),
      onOpened: (link) => this.introductions.onLinkOpened(link),
      onRoute: () => {},
      onBytes: () => {},
      onFlushed: () => {},
      onClosed: (link) => this.introductions.onLinkClosed(link),
    });
    this.links = {
      ...inner,
      begin: (link, options) => {
        this.begun.push(options.initiator);
        inner.begin(link, options);
      },
    };
    const pool = new TrackerPool(
      OURS,
      (_url, events) => {
        const tracker = room.tracker.connect(events);
        const announce: Tracker["announce"] = (...call) => {
          this.asked.push(call[2]);
          tracker.announce(...call);
        };
        return { ...tracker, announce };
      },
      () => {},
    );
    const ports = {
      clock: room.clock,
      links: this.links,
      sealer,
      ice: { ready: Promise.resolve(), servers: [], relayOnly: false },
      budget,
      settings: () => this.settings,
      nextLink,
      randomBytes: (count: number) => new Uint8Array(count).fill(++room.offers),
      handOver: (through: LinkId, to: PeerId, offerId: string, signal: TrackerSignal) =>
        room.handOver(through, self, to, offerId, signal),
    };
    const events = {
      onOpened: (_link: LinkId, peer: PeerId) => this.opened.push(peer),
      onEnded: (link: LinkId) => this.ended.push(link),
      onChanged: () => {},
    };
    this.introductions = new Introductions(self, ports, events, () => isComplete);
    const left = isComplete ? 0 : 1;
    this.seat = pool.join(OURS, ROOM, self, () => ({ uploaded: 0, downloaded: 0, left }), {
      onStatus: (seat, { state }) => this.introductions.onSeatOnline(seat, state === "online"),
      onPeers: (...found) => this.introductions.onPeers(...found),
      onSignal: (...signal) => this.introductions.onTrackerSignal(...signal),
      onRefused: () => {},
    });
  }

  /** As if the tracker had listed these in a swarm of `size`, ourselves included. */
  learns(peers: readonly TrackerPeer[], size: number): void {
    this.introductions.onPeers(this.seat, peers, 0, size);
  }

  get dials(): number {
    return this.begun.filter((initiator) => initiator).length;
  }

  /** A word from the tracker, sealed as it should be. */
  async hear(from: PeerId, offerId: string, kind: TrackerSignal["kind"], text: string): Promise<void> {
    const sealed = await sealer.seal(text, { kind, from, to: this.self, offerId });
    this.introductions.onTrackerSignal(this.seat, from, offerId, { kind, text: sealed });
  }
}

/** Links that never come about: they only remember what was asked of them. */
function silentLinks(calls: string[] = []): MakeLinks {
  return (events) => ({
    begin: (link, { initiator }) => calls.push(`begin ${link} ${initiator ? "as initiator" : ""}`.trim()),
    signal: (link, signal) => calls.push(`${signal.type} ${link}`),
    send: () => {},
    close: (link) => {
      calls.push(`close ${link}`);
      events.onClosed(link, "closed-here");
    },
  });
}

/** A room that lists `count` peers who are not there to answer. */
function listed(count: number, complete = false) {
  return Array.from({ length: count }, (_, i) => ({ peer: id(1000 + i), complete }));
}

describe("meeting", () => {
  test("the one who comes later dials the one who was there, and one link opens at both ends", async () => {
    const room = new Room();
    const first = room.peer(1);
    await room.settle();
    const second = room.peer(2);
    await room.settle();
    expect([first.opened, second.opened]).toEqual([[second.self], [first.self]]);
    expect([first.dials, second.dials]).toEqual([0, 1]);
  });

  test("when two dial each other, the link whose initiator has the smaller peer id survives", async () => {
    const room = new Room();
    const larger = room.peer(9);
    const smaller = room.peer(3);
    await room.settle();
    const answer = (complete: boolean, peer: PeerId) => [{ peer, complete }];
    larger.learns(answer(false, smaller.self), 2);
    smaller.learns(answer(false, larger.self), 2);
    await room.settle();
    expect([larger.opened, smaller.opened]).toEqual([[smaller.self], [larger.self]]);
    expect(smaller.introductions.facts.links).toBe(1);
    expect(larger.introductions.facts.links).toBe(1);
    expect([smaller.ended, larger.ended]).toEqual([[], []]);
  });

  test("offers that cross leave one link, begun by the smaller peer id", async () => {
    const room = new Room();
    const calls: string[] = [];
    const smaller = room.peer(3, { makeLinks: silentLinks(calls) });
    await room.settle();
    smaller.learns([{ peer: id(9), complete: false }], 2);
    await smaller.hear(id(9), OFFER, "offer", "sdp");
    await room.settle();
    expect(calls).toEqual(["begin 1 as initiator"]);

    const callsOfLarger: string[] = [];
    const larger = room.peer(9, { makeLinks: silentLinks(callsOfLarger) });
    larger.introductions.onSeatOnline(larger.seat, true);
    larger.learns([{ peer: id(3), complete: false }], 2);
    await room.settle();
    callsOfLarger.length = 0;
    await larger.hear(id(3), OFFER, "offer", "sdp");
    await room.settle();
    expect(callsOfLarger).toEqual(["close 2", "begin 3", "offer 3"]);
  });

  test("nobody dials or answers themselves", async () => {
    const room = new Room();
    const alone = room.peer(1);
    alone.learns([{ peer: alone.self, complete: false }], 1);
    await alone.hear(alone.self, OFFER, "offer", "sdp");
    await room.settle();
    expect(alone.begun).toEqual([]);
  });

  test("a peer that dials us again has lost its end: the new link takes the place of the old", async () => {
    const room = new Room();
    const host = room.peer(1);
    await room.settle();
    room.peer(2);
    await room.settle();
    const again = room.peer(2);
    await room.settle();
    expect(host.opened).toEqual([id(2), id(2)]);
    expect(host.ended).toHaveLength(1);
    expect(host.introductions.facts.links).toBe(1);
    expect(again.introductions.facts.links).toBe(1);
  });

  test("a seed dials no seeds, since they have nothing to say to each other", async () => {
    const room = new Room();
    const seed = room.peer(1, { isComplete: true });
    seed.learns(listed(3, true), 4);
    await room.settle();
    expect(seed.dials).toBe(0);
    seed.learns(listed(3, false), 4);
    await room.settle();
    expect(seed.dials).toBe(3);
  });
});

describe("signals", () => {
  test("a text that was not sealed for this is counted and not answered", async () => {
    const room = new Room();
    const host = room.peer(1);
    host.introductions.onTrackerSignal(host.seat, id(2), OFFER, { kind: "offer", text: "forged" });
    const elsewhere = { kind: "offer", from: id(2), to: id(3), offerId: OFFER } as const;
    const text = await sealer.seal("sdp", elsewhere);
    host.introductions.onTrackerSignal(host.seat, id(2), OFFER, { kind: "offer", text });
    await host.hear(id(2), OFFER, "candidates", "not json");
    await room.settle();
    expect(host.introductions.facts.refused).toBe(3);
    expect(host.begun).toEqual([]);
    expect(room.tracker.carried).toBe(0);
  });

  test("candidates that come before their offer wait for it", async () => {
    const room = new Room();
    const calls: string[] = [];
    const host = room.peer(1, { makeLinks: silentLinks(calls) });
    await host.hear(id(2), OFFER, "candidates", "[]");
    await room.settle();
    expect(calls).toEqual([]);
    await host.hear(id(2), OFFER, "offer", "sdp");
    await room.settle();
    expect(calls).toEqual(["begin 1", "offer 1", "candidates 1"]);
  });

  test("an answer to no offer of ours does nothing", async () => {
    const room = new Room();
    const calls: string[] = [];
    const host = room.peer(1, { makeLinks: silentLinks(calls) });
    host.learns(listed(1), 2);
    await room.settle();
    await host.hear(id(1000), OFFER, "answer", "sdp");
    await room.settle();
    expect(calls).toEqual(["begin 1 as initiator"]);
  });
});

describe("whom to dial, and how often", () => {
  test("no more than a few peers are dialled at once, over all shares together", async () => {
    const room = new Room();
    const budget = new LinkBudget();
    const one = room.peer(1, { budget, makeLinks: silentLinks() });
    const other = room.peer(2, { budget, makeLinks: silentLinks() });
    await room.settle();
    const before = one.dials + other.dials;
    one.learns(listed(20), 21);
    other.learns(listed(20), 21);
    await room.settle();
    expect(one.dials + other.dials).toBe(DIALS_AT_ONCE);
    expect(before).toBeLessThanOrEqual(DIALS_AT_ONCE);
  });

  test("peers that do not answer give their places to others, one after another", async () => {
    const room = new Room();
    const host = room.peer(1, { makeLinks: silentLinks() });
    host.learns(listed(2 * DIALS_AT_ONCE), 13);
    await room.settle();
    expect(host.dials).toBe(DIALS_AT_ONCE);
    await room.pass(ANSWER_TIMEOUT_MS);
    expect(host.dials).toBe(2 * DIALS_AT_ONCE);
  });

  test("a peer that failed is dialled again later, ever more rarely", async () => {
    const room = new Room();
    const host = room.peer(1, { makeLinks: silentLinks() });
    host.learns(listed(1), 2);
    await room.settle();
    await room.pass(ANSWER_TIMEOUT_MS);
    await room.pass(REDIAL_FIRST_MS - 1);
    expect(host.dials).toBe(1);
    await room.pass(1);
    expect(host.dials).toBe(2);
    await room.pass(ANSWER_TIMEOUT_MS + 2 * REDIAL_FIRST_MS - 1);
    expect(host.dials).toBe(2);
    await room.pass(1);
    expect(host.dials).toBe(3);
  });

  test("once links are made in another way, whoever failed is dialled at once, and what was tried is forgotten", async () => {
    const calls: string[] = [];
    const room = new Room();
    const host = room.peer(1, { makeLinks: silentLinks(calls) });
    host.learns(listed(1), 2);
    await room.settle();
    await room.pass(ANSWER_TIMEOUT_MS + 1);
    expect(host.dials).toBe(1);
    host.introductions.tryAnew();
    await room.settle();
    expect(host.dials).toBe(2);

    const [, link] = calls.at(-1)?.split(" ").map(Number) ?? [];
    host.introductions.onLinkSignal(linkId(link ?? 0), {
      type: "offer",
      sdp: "a=candidate:1 1 udp 1 a 1 typ host",
    });
    expect([...host.introductions.facts.ourCandidates]).toEqual(["host"]);
    host.introductions.tryAnew();
    await room.settle();
    expect(calls).toContain(`close ${link}`);
    expect(host.dials).toBe(3);
    expect(host.introductions.facts).toMatchObject({ answeredSince: undefined, ourCandidates: new Set() });
  });

  test("a share dials up to its aim and takes calls up to its most", async () => {
    const room = new Room();
    const host = room.peer(1);
    for (let number = 2; number <= 60; number++) room.peer(number);
    await room.settle();
    expect(host.introductions.facts.links).toBeLessThanOrEqual(LINKS_PER_SHARE);
    expect(host.introductions.facts.links).toBeGreaterThanOrEqual(LINKS_DIALLED);
  });

  test("the person says how many links there may be", async () => {
    const room = new Room();
    const host = room.peer(1, { makeLinks: silentLinks() });
    host.settings = { connections: 4 };
    await room.settle();
    for (let number = 2; number < 12; number++) room.peer(number);
    await room.settle();
    expect(host.begun).toHaveLength(4);
  });

  test("a banned peer is neither dialled nor answered", async () => {
    const room = new Room();
    const host = room.peer(1);
    await room.settle();
    const liar = room.peer(2);
    await room.settle();
    const link = linkId(2);
    expect(host.introductions.peerOf(link)).toBe(liar.self);
    host.introductions.drop(link, "data-corrupt", true);
    await room.settle();
    host.learns([{ peer: liar.self, complete: true }], 2);
    await room.pass(10 * REDIAL_FIRST_MS);
    expect(host.opened).toEqual([liar.self]);
    expect(liar.introductions.facts.links).toBe(0);
  });

  test("while the tracker is away nobody is dialled whom no peer can reach either", async () => {
    const room = new Room();
    const host = room.peer(1, { makeLinks: silentLinks() });
    await room.settle();
    room.tracker.setOnline(false);
    await room.settle();
    host.learns([{ peer: id(7), complete: false }], 2);
    await room.settle();
    expect(host.dials).toBe(0);
    room.tracker.setOnline(true);
    await room.settle();
    expect(host.dials).toBe(1);
  });

  test("[BEP 55] while the tracker is away, a peer that is linked to both introduces them", async () => {
    const room = new Room();
    const host = room.peer(1);
    const guest = room.peer(2);
    room.tracker.setOnline(false);
    await room.settle();
    const middle = linkId(99);
    host.introductions.onDiscovered(middle, [guest.self]);
    await room.settle();
    expect(host.opened).toEqual([guest.self]);
    expect(guest.opened).toEqual([host.self]);
    expect(room.tracker.carried).toBe(0);
  });

  test("[BEP 55] who has refused to introduce somebody is not asked again", async () => {
    const room = new Room();
    const host = room.peer(1, { makeLinks: silentLinks() });
    room.tracker.setOnline(false);
    await room.settle();
    const middle = linkId(99);
    host.introductions.onDiscovered(middle, [id(7)]);
    await room.settle();
    expect(host.dials).toBe(1);
    host.introductions.onCarrierRefused(middle, id(7), "01".repeat(20));
    await room.pass(100 * REDIAL_FIRST_MS);
    expect(host.dials).toBe(1);
  });

  test("when the tracker has led to nothing, a peer in the middle is tried", async () => {
    const room = new Room();
    const host = room.peer(1, { makeLinks: silentLinks() });
    await room.settle();
    const carried: PeerId[] = [];
    room.handOver = (_through, _from, to) => void carried.push(to);
    host.introductions.onDiscovered(linkId(99), [id(7)]);
    await room.pass(ANSWER_TIMEOUT_MS);
    host.introductions.onLinkSignal(linkId(1), { type: "offer", sdp: "v=0" });
    await room.pass(REDIAL_FIRST_MS);
    host.introductions.onLinkSignal(linkId(2), { type: "offer", sdp: "v=0" });
    await room.settle();
    expect(carried).toEqual([id(7)]);
  });

  test("with few links and nobody left to dial, the tracker is asked for more, but not all the time", async () => {
    const room = new Room();
    const host = room.peer(1);
    await room.settle();
    host.learns([], 30);
    await room.pass(ASK_AGAIN_MS - 1);
    expect(host.asked).toEqual([]);
    await room.pass(1);
    expect(host.asked).toEqual([50]);
  });

  test("after close every link is gone and nothing is dialled any more", async () => {
    const room = new Room();
    const host = room.peer(1);
    await room.settle();
    const guest = room.peer(2);
    await room.settle();
    host.introductions.close();
    await room.settle();
    expect([host.introductions.facts.links, guest.introductions.facts.links]).toEqual([0, 0]);
    host.learns(listed(3), 4);
    await room.settle();
    expect(host.dials).toBe(0);
  });
});

test("a seed among seeds does not ask the tracker for more of them", async () => {
  const room = new Room();
  const seed = room.peer(1, { isComplete: true });
  await room.settle();
  seed.introductions.onPeers(seed.seat, [], 30, 0);
  await room.pass(10 * ASK_AGAIN_MS);
  expect(seed.asked).toEqual([]);
});

test("two seeds that met do not dial each other again", async () => {
  const room = new Room();
  const seed = room.peer(1, { isComplete: true });
  await room.settle();
  seed.learns([{ peer: id(7), complete: false }], 2);
  await room.settle();
  seed.introductions.drop(linkId(1), "both-seeds", false);
  await room.pass(100 * REDIAL_FIRST_MS);
  expect(seed.dials).toBe(1);
});
