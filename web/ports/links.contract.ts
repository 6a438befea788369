/**
 * What every implementation of `Links` must do, as scenarios that need no test framework: the fake and the
 * bridge play them in Node, WebRTC in a browser.
 *
 * A scenario waits on events, never on time; one that waits for what does not come hangs until its runner
 * gives up on it.
 */
import { type LinkId, linkId } from "../engine/units.ts";
import type { LinkEnd, LinkEvents, LinkOptions, Links, Route, Signal } from "./links.ts";

/** Makes the links of one end. A scenario calls it twice; signals go from one end to the other by the scenario. */
export type MakeLinks = (events: LinkEvents) => Links;

export interface LinksScenario {
  readonly title: string;
  play(make: MakeLinks): Promise<void>;
}

const MIB = 1024 * 1024;
const LINK = linkId(1);

export const linksScenarios: readonly LinksScenario[] = [
  {
    title: "an offer, its answer and candidates open both ends",
    async play(make) {
      const { near, far } = await connectedPair(make);
      expect(near.signals(LINK).includes("offer"), "who begins as initiator makes the offer");
      expect(far.signals(LINK).includes("answer"), "who does not begin as initiator answers");
    },
  },
  {
    title: "the route is told after opening",
    async play(make) {
      const { near, far } = await connectedPair(make);
      for (const end of [near, far]) {
        await end.until(() => end.route(LINK) !== undefined);
        expect(end.names(LINK).indexOf("opened") < end.names(LINK).indexOf("route"), "opened comes first");
      }
    },
  },
  {
    title: "bytes arrive complete and in order, both ways at once",
    async play(make) {
      const { near, far } = await connectedPair(make);
      const sent = near.sendStream(LINK, 3 * MIB, 1);
      const sentBack = far.sendStream(LINK, 2 * MIB, 2);
      await Promise.all([
        far.until(() => far.received(LINK).count >= sent.count),
        near.until(() => near.received(LINK).count >= sentBack.count),
      ]);
      expect(far.received(LINK).checksum === sent.checksum, "what was sent arrives");
      expect(near.received(LINK).checksum === sentBack.checksum, "what was sent back arrives");
    },
  },
  {
    title: "every byte sent is flushed in the end, and no more than were sent",
    async play(make) {
      const { near } = await connectedPair(make);
      const { count } = near.sendStream(LINK, 3 * MIB, 3);
      await near.until(() => near.flushed(LINK) >= count);
      near.links.send(LINK, new Uint8Array(1));
      await near.until(() => near.flushed(LINK) >= count + 1);
      expect(near.flushed(LINK) === count + 1, "flushed equals sent");
    },
  },
  {
    title: "closing ends both sides once, and nothing follows",
    async play(make) {
      const { near, far } = await connectedPair(make);
      far.sendStream(LINK, MIB, 4);
      near.links.close(LINK);
      near.links.close(LINK);
      const before = near.names(LINK).length;
      near.links.send(LINK, new Uint8Array(10));
      await Promise.all([near.ended(LINK), far.ended(LINK)]);
      expect(near.end(LINK) === "closed-here", `who closes reads closed-here, not ${near.end(LINK)}`);
      expect(far.end(LINK) === "closed-there", `the other reads closed-there, not ${far.end(LINK)}`);
      expect(near.names(LINK).length === before + 1, "after close() there is only its end");

      // Whatever was on its way has arrived when another link, begun after it, has opened and carried bytes.
      await connect(near, far, linkId(2));
      far.links.send(linkId(2), new Uint8Array(1));
      await near.until(() => near.received(linkId(2)).count === 1);
      for (const end of [near, far]) expect(end.names(LINK).at(-1) === "closed", "nothing follows the end");
    },
  },
  {
    title: "a link closed before it opened ends, too",
    async play(make) {
      const near = new LinkRecorder(make);
      near.begin(LINK, true);
      near.links.close(LINK);
      await near.ended(LINK);
      expect(near.end(LINK) === "closed-here", "it reads closed-here");
      expect(!near.names(LINK).includes("opened"), "it never opened");
    },
  },
  {
    title: "nonsense closes the link that it was for, and only it",
    async play(make) {
      const { near } = await connectedPair(make);
      const nonsense: readonly [boolean, Signal][] = [
        [false, { type: "offer", sdp: "nonsense" }],
        [false, { type: "answer", sdp: "nonsense" }],
        [true, { type: "answer", sdp: "nonsense" }],
        [true, { type: "candidates", candidates: [] }],
      ];
      for (const [index, [initiator, signal]] of nonsense.entries()) {
        const link = linkId(10 + index);
        near.begin(link, initiator);
        near.links.signal(link, signal);
        await near.ended(link);
        expect(near.end(link) === "refused", `nonsense ${index} reads refused, not ${near.end(link)}`);
      }
      near.links.send(LINK, new Uint8Array(1));
      await near.until(() => near.flushed(LINK) === 1);
    },
  },
  {
    title: "links live side by side and do not mix their bytes",
    async play(make) {
      const { near, far } = await connectedPair(make);
      const other = linkId(2);
      await connect(far, near, other);
      const first = near.sendStream(LINK, MIB, 5);
      const second = near.sendStream(other, MIB, 6);
      await far.until(() => far.received(LINK).count >= first.count);
      await far.until(() => far.received(other).count >= second.count);
      expect(far.received(LINK).checksum === first.checksum, "the first link carries its own bytes");
      expect(far.received(other).checksum === second.checksum, "the second link carries its own bytes");
    },
  },
  {
    title: "calls for a link that never began or has ended do nothing",
    async play(make) {
      const { near, far } = await connectedPair(make);
      near.links.close(LINK);
      await near.ended(LINK);
      const events = near.names(LINK).length;
      for (const link of [LINK, linkId(99)]) {
        near.links.signal(link, { type: "offer", sdp: "nonsense" });
        near.links.send(link, new Uint8Array(1));
        near.links.close(link);
      }
      await connect(near, far, linkId(2));
      expect(near.names(LINK).length === events, "an ended link stays silent");
      expect(near.names(linkId(99)).length === 0, "an unknown link stays silent");
    },
  },
];

/** One end: makes its links, passes their signals on, and remembers what happened. */
export class LinkRecorder implements LinkEvents {
  readonly links: Links;
  /** Where signals go: the other end. */
  peer: LinkRecorder | undefined;
  readonly #records = new Map<LinkId, LinkRecord>();
  readonly #waiting = new Set<() => void>();

  constructor(make: MakeLinks) {
    this.links = make(this);
  }

  begin(link: LinkId, initiator: boolean, options: Partial<LinkOptions> = {}): void {
    this.links.begin(link, { initiator, iceServers: [], relayOnly: false, ...options });
  }

  /** Sends `length` bytes, different for each seed, in messages of changing size. */
  sendStream(link: LinkId, length: number, seed: number): ByteCount {
    const sent = new ByteCount();
    for (let message = 0; sent.count < length; message++) {
      const bytes = new Uint8Array(Math.min(length - sent.count, 1 + ((message * 7919) % (64 * 1024))));
      for (let i = 0; i < bytes.length; i++) bytes[i] = (sent.count + i) * (2 * seed + 1) + (i >> 8);
      sent.add(bytes);
      this.links.send(link, bytes);
    }
    return sent;
  }

  /** Settles once `holds` does; it is asked after every event. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!holds()) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  ended(link: LinkId): Promise<void> {
    return this.until(() => this.end(link) !== undefined);
  }

  /** The names of the link's events in their order. */
  names(link: LinkId): readonly string[] {
    return this.#record(link).names;
  }

  signals(link: LinkId): readonly Signal["type"][] {
    return this.#record(link).signals;
  }

  received(link: LinkId): ByteCount {
    return this.#record(link).received;
  }

  flushed(link: LinkId): number {
    return this.#record(link).flushed;
  }

  route(link: LinkId): Route | undefined {
    return this.#record(link).route;
  }

  end(link: LinkId): LinkEnd | undefined {
    return this.#record(link).end;
  }

  onSignal(link: LinkId, signal: Signal): void {
    this.#record(link).signals.push(signal.type);
    this.#happened(link, "signal");
    this.peer?.links.signal(link, signal);
  }

  onOpened(link: LinkId): void {
    this.#happened(link, "opened");
  }

  onRoute(link: LinkId, route: Route): void {
    this.#record(link).route = route;
    this.#happened(link, "route");
  }

  onBytes(link: LinkId, bytes: Uint8Array): void {
    this.#record(link).received.add(bytes);
    this.#happened(link, "bytes");
  }

  onFlushed(link: LinkId, count: number): void {
    this.#record(link).flushed += count;
    this.#happened(link, "flushed");
  }

  onClosed(link: LinkId, end: LinkEnd): void {
    this.#record(link).end = end;
    this.#happened(link, "closed");
  }

  #record(link: LinkId): LinkRecord {
    const record = this.#records.get(link) ?? new LinkRecord();
    this.#records.set(link, record);
    return record;
  }

  #happened(link: LinkId, name: string): void {
    this.#record(link).names.push(name);
    for (const check of [...this.#waiting]) check();
  }
}

/** What happened to one link. */
class LinkRecord {
  readonly names: string[] = [];
  readonly signals: Signal["type"][] = [];
  readonly received = new ByteCount();
  flushed = 0;
  route: Route | undefined;
  end: LinkEnd | undefined;
}

/** How many bytes, and a checksum that depends on their order (Adler-32, RFC 1950). */
class ByteCount {
  count = 0;
  #low = 1;
  #high = 0;

  get checksum(): number {
    return this.#high * 65536 + this.#low;
  }

  add(bytes: Uint8Array): void {
    this.count += bytes.length;
    for (const byte of bytes) {
      this.#low = (this.#low + byte) % 65521;
      this.#high = (this.#high + this.#low) % 65521;
    }
  }
}

async function connectedPair(make: MakeLinks): Promise<{ near: LinkRecorder; far: LinkRecorder }> {
  const near = new LinkRecorder(make);
  const far = new LinkRecorder(make);
  near.peer = far;
  far.peer = near;
  await connect(near, far, LINK);
  return { near, far };
}

async function connect(initiator: LinkRecorder, other: LinkRecorder, link: LinkId): Promise<void> {
  other.begin(link, false);
  initiator.begin(link, true);
  await Promise.all([initiator, other].map((end) => end.until(() => end.names(link).includes("opened"))));
}

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(`contract of Links broken: ${what}`);
}
