/** Meeting through plain WebTorrent trackers, which pass offers to peers of their own choosing. */
import { describe, expect, test } from "vitest";
import { type LinkId, linkId, type PeerId, peerId } from "../../engine/units.ts";
import type { LinkOptions } from "../../ports/links.ts";
import { MemoryTracker } from "../../ports/memory-tracker.ts";
import type { Sealer } from "../../ports/sealing.ts";
import type { OpenOffer, Tracker } from "../../ports/tracker.ts";
import {
  FOREIGN_CALLS_AT_ONCE,
  LINKS_PER_SHARE,
  OFFER_AGAIN_MS,
  OFFERS_AT_ONCE,
  OFFERS_PER_ANNOUNCE,
} from "../limits.ts";
import { type Seat, TrackerPool } from "../trackers/tracker-pool.ts";
import { Introductions } from "./introductions.ts";
import { LinkBudget } from "./link-budget.ts";
import { QuietNetwork } from "./quiet-network.ts";

const ROOM = "11".repeat(20);
const OFFER = "22".repeat(20);
const THEIRS = "wss://tracker.example/";
const plain: Sealer = {
  room: ROOM,
  hasPassword: false,
  seal: async (text) => text,
  open: async (text) => text,
};

const ourKind = (number: number) => id(`2d534830${number.toString(16).padStart(32, "0")}`);
const stranger = (number: number) => id(`2d575430${number.toString(16).padStart(32, "0")}`);

function id(text: string): PeerId {
  const made = peerId(text);
  if (made === undefined) throw new Error(`not a peer id: ${text}`);
  return made;
}

class Room extends QuietNetwork {
  readonly tracker = new MemoryTracker(this.delivery.deliver, true);
  #links = 0;
  #offers = 0;

  /** @param heldBack so many offers of it are not complete before `complete`. */
  join(self: PeerId, heldBack = 0): Participant {
    return new Participant(
      this,
      self,
      heldBack,
      () => linkId(++this.#links),
      () => ++this.#offers,
    );
  }
}

class Participant {
  readonly self: PeerId;
  readonly seat: Seat;
  readonly introductions: Introductions;
  readonly opened: PeerId[] = [];
  readonly ended: LinkId[] = [];
  readonly begun: LinkOptions[] = [];
  readonly closed: LinkId[] = [];
  readonly announced: (readonly OpenOffer[])[] = [];
  readonly #incomplete: (() => void)[] = [];

  constructor(room: Room, self: PeerId, heldBack: number, nextLink: () => LinkId, nextOffer: () => number) {
    this.self = self;
    const inner = room.network.links({
      onSignal: (link, signal) => {
        const tell = () => this.introductions.onLinkSignal(link, signal);
        if (signal.type === "offer" && heldBack-- > 0) this.#incomplete.push(tell);
        else tell();
      },
      onOpened: (link) => this.introductions.onLinkOpened(link),
      onRoute: () => {},
      onBytes: () => {},
      onFlushed: () => {},
      onClosed: (link) => this.introductions.onLinkClosed(link),
    });
    const links = {
      ...inner,
      begin: (link: LinkId, options: LinkOptions) => {
        this.begun.push(options);
        inner.begin(link, options);
      },
      close: (link: LinkId) => {
        this.closed.push(link);
        inner.close(link);
      },
    };
    const ports = {
      clock: room.clock,
      links,
      sealer: plain,
      ice: { ready: Promise.resolve(), servers: [], relayOnly: false },
      budget: new LinkBudget(),
      settings: () => ({ connections: LINKS_PER_SHARE }),
      nextLink,
      randomBytes: (count: number) => new Uint8Array(count).fill(nextOffer()),
      handOver: () => {},
    };
    const events = {
      onOpened: (_link: LinkId, peer: PeerId) => this.opened.push(peer),
      onEnded: (link: LinkId) => this.ended.push(link),
      onChanged: () => {},
    };
    this.introductions = new Introductions(self, ports, events, () => false);
    const pool = new TrackerPool(
      "wss://shoal.example/announce",
      (url, trackerEvents) => {
        const tracker = room.tracker.connect(trackerEvents);
        const announce: Tracker["announce"] = (name, event, want, offers = []) => {
          if (url === THEIRS) this.announced.push(offers);
          tracker.announce(name, event, want, offers);
        };
        return { ...tracker, announce };
      },
      () => {},
    );
    this.seat = pool.join(THEIRS, ROOM, self, () => ({ uploaded: 0, downloaded: 0, left: 1 }), {
      onStatus: (seat, { state }) => this.introductions.onSeatOnline(seat, state === "online"),
      onPeers: (...found) => this.introductions.onPeers(...found),
      onSignal: (...signal) => this.introductions.onTrackerSignal(...signal),
      onRefused: () => {},
    });
  }

  get links(): number {
    return this.introductions.facts.links;
  }

  /** The first of the offers that were held back is. */
  complete(): void {
    this.#incomplete.shift()?.();
  }

  /** As another program offers a link through the tracker. */
  hearOffer(from: PeerId, offerId: string, sdp: string): void {
    this.introductions.onTrackerSignal(this.seat, from, offerId, {
      kind: "offer",
      text: sdp,
      trickle: false,
    });
  }

  hearAnswer(from: PeerId, offerId: string, sdp: string): void {
    const signal = { kind: "answer", text: sdp, trickle: false } as const;
    this.introductions.onTrackerSignal(this.seat, from, offerId, signal);
  }
}

describe("at a tracker that chooses who gets an offer", () => {
  test("whoever comes later offers, and one link opens at both ends", async () => {
    const room = new Room();
    const first = room.join(ourKind(1));
    await room.settle();
    const second = room.join(ourKind(2));
    await room.settle();
    expect([first.opened, second.opened]).toEqual([[second.self], [first.self]]);
    expect([first.announced.length, second.announced.map((offers) => offers.length)]).toEqual([0, [1]]);
  });

  test("nobody is offered anything when nobody else is there", async () => {
    const room = new Room();
    const alone = room.join(ourKind(1));
    await room.settle();
    await room.pass(10 * OFFER_AGAIN_MS);
    expect([alone.begun, alone.announced]).toEqual([[], []]);
  });

  test("no more than five offers ride on an announce, complete ones, for they are followed by nothing", async () => {
    const room = new Room();
    for (let number = 1; number <= 9; number++) room.join(ourKind(number), OFFERS_PER_ANNOUNCE);
    await room.settle();
    const late = room.join(ourKind(10));
    await room.settle();
    expect(late.announced.map((offers) => offers.length)).toEqual([OFFERS_PER_ANNOUNCE]);
    expect(late.begun.every(({ trickle }) => trickle === false)).toBe(true);
    expect(late.opened).toHaveLength(OFFERS_PER_ANNOUNCE);
  });

  test("offers come again no sooner than after a while, however often the tracker answers", async () => {
    const room = new Room();
    const host = room.join(ourKind(1));
    await room.settle();
    const answer = () => host.introductions.onPeers(host.seat, undefined, 0, 3);
    for (let i = 0; i < 5; i++) answer();
    await room.settle();
    expect(host.announced).toHaveLength(1);
    await room.pass(OFFER_AGAIN_MS);
    answer();
    await room.settle();
    expect(host.announced).toHaveLength(2);
  });

  test("an offer that is not complete in time is left out, and one that nobody takes is closed", async () => {
    const room = new Room();
    room.join(ourKind(1));
    await room.settle();
    const slow = room.join(ourKind(2), 1);
    slow.introductions.onPeers(slow.seat, undefined, 0, 3);
    await room.settle();
    expect(slow.begun).toHaveLength(2);
    await room.pass(2_000);
    expect([slow.announced.map((offers) => offers.length), slow.closed.length]).toEqual([[1], 1]);

    const unlucky = room.join(ourKind(3));
    unlucky.introductions.onPeers(unlucky.seat, undefined, 0, 60);
    room.tracker.setOnline(false);
    await room.settle();
    expect(unlucky.begun.length).toBeLessThanOrEqual(OFFERS_AT_ONCE);
    const { length } = unlucky.begun;
    await room.pass(60_000);
    expect(unlucky.links).toBe(0);
    room.tracker.setOnline(true);
    await room.settle();
    expect(unlucky.begun.length).toBeGreaterThan(length);
  });

  test("a machine that is too slow for any of them announces with the first that is complete", async () => {
    const room = new Room();
    const slow = room.join(ourKind(2), 3);
    slow.introductions.onPeers(slow.seat, undefined, 0, 4);
    await room.settle();
    await room.pass(2_000);
    expect([slow.begun.length, slow.announced, slow.closed.length]).toEqual([3, [], 0]);
    slow.complete();
    expect([slow.announced.map((offers) => offers.length), slow.closed.length]).toEqual([[1], 2]);
  });

  test("an answer counts once: neither a second one nor a made-up one opens anything", async () => {
    const room = new Room();
    const host = room.join(ourKind(1));
    await room.settle();
    host.introductions.onPeers(host.seat, undefined, 0, 2);
    await room.settle();
    const offerId = host.announced[0]?.[0]?.offerId ?? "";
    host.hearAnswer(stranger(5), OFFER, "answer 1");
    host.hearAnswer(host.self, offerId, "answer 1");
    await room.settle();
    expect(host.introductions.facts.answeredSince).toBeUndefined();
    host.hearAnswer(stranger(5), offerId, "answer 1");
    host.hearAnswer(stranger(6), offerId, "answer 1");
    await room.settle();
    expect(host.introductions.facts.answeredSince).toBeDefined();
    expect(host.links).toBe(0);
  });
});

describe("when both offer and both answer", () => {
  test("two of our kind end the same one of the two links", async () => {
    for (const [first, second] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const room = new Room();
      const one = room.join(ourKind(first));
      const other = room.join(ourKind(second));
      await room.settle();
      one.introductions.onPeers(one.seat, undefined, 0, 2);
      other.introductions.onPeers(other.seat, undefined, 0, 2);
      await room.settle();
      await room.pass(30_000);
      expect([one.links, other.links]).toEqual([1, 1]);
    }
  });

  test("a program that keeps what was offered to it keeps our offer, so we do", async () => {
    const room = new Room();
    const host = room.join(ourKind(1));
    await room.settle();
    host.introductions.onPeers(host.seat, undefined, 0, 2);
    await room.settle();
    const offer = host.announced[0]?.[0];
    const theirs = room.join(stranger(7), OFFERS_PER_ANNOUNCE);
    await room.settle();
    host.hearOffer(stranger(7), OFFER, "offer 2");
    await room.settle();
    expect(host.begun.map(({ initiator }) => initiator)).toEqual([true, false]);
    host.hearAnswer(stranger(7), offer?.offerId ?? "", "answer 1");
    await room.settle();
    expect(host.closed).toHaveLength(1);
    expect(theirs.self).toBe(stranger(7));
  });

  test("who is linked and offers again to nobody in particular has not lost its end", async () => {
    const room = new Room();
    const first = room.join(ourKind(1));
    await room.settle();
    const second = room.join(ourKind(2));
    await room.settle();
    await room.pass(OFFER_AGAIN_MS);
    second.introductions.onPeers(second.seat, undefined, 0, 4);
    await room.settle();
    expect([first.links, second.links, first.ended, second.ended]).toEqual([1, 1, [], []]);
  });
});

test("a tracker of others that invents callers gets no more than a few places", async () => {
  const room = new Room();
  const host = room.join(ourKind(1));
  await room.settle();
  const offers: string[] = [];
  const invented = room.network.links({
    onSignal: (_link, signal) => {
      if (signal.type === "offer") offers.push(signal.sdp);
    },
    onOpened: () => {},
    onRoute: () => {},
    onBytes: () => {},
    onFlushed: () => {},
    onClosed: () => {},
  });
  for (let caller = 0; caller < 5 * FOREIGN_CALLS_AT_ONCE; caller++) {
    invented.begin(linkId(1000 + caller), { initiator: true, iceServers: [], relayOnly: false });
  }
  await room.settle();
  for (const [caller, sdp] of offers.entries()) {
    host.hearOffer(stranger(caller), caller.toString(16).padStart(40, "0"), sdp);
  }
  await room.settle();
  expect(offers).toHaveLength(5 * FOREIGN_CALLS_AT_ONCE);
  expect(host.begun).toHaveLength(FOREIGN_CALLS_AT_ONCE);
});
