/**
 * Tabs of browser profiles as tests have them: whole sessions that can reach each other, end at once, and leave
 * behind what a disk and a library keep.
 */
import { SubtleHasher } from "./adapters/hashing.ts";
import { geometryOf } from "./engine/geometry-of.ts";
import { parseShareText } from "./engine/metainfo/share-link.ts";
import { millis } from "./engine/units.ts";
import { memoryWorld, openInMemory } from "./memory-world.ts";
import { ReadRefusedError } from "./ports/library.ts";
import type { Links } from "./ports/links.ts";
import { MemoryProfile } from "./ports/memory-claims.ts";
import { MemoryLibrary } from "./ports/memory-library.ts";
import { MemoryNetwork } from "./ports/memory-links.ts";
import { MemoryTracker } from "./ports/memory-tracker.ts";
import type { Tracker } from "./ports/tracker.ts";
import { VolatileDisk } from "./ports/volatile-disk.ts";
import type { ChosenFile } from "./session/commands.ts";
import { Session } from "./session/session.ts";
import type { SessionSnapshot, ShareSnapshot } from "./session/snapshot.ts";
import { VirtualTime } from "./virtual-time.ts";

export const MIB = 1024 * 1024;
export const SIZE = 4 * MIB + 5;

/** Everything that a browser profile keeps. */
export interface Profile {
  library: MemoryLibrary;
  disk: VolatileDisk;
  readonly locks: MemoryProfile;
  /** What handles lead to, by the handle. */
  readonly files: Map<unknown, File>;
  /** Bytes that fit into the memory of a tab. */
  memory: number;
  /** The person does not allow them to be read. */
  refuses: boolean;
}

export function newProfile(): Profile {
  return {
    library: new MemoryLibrary(),
    disk: new VolatileDisk(),
    locks: new MemoryProfile(),
    files: new Map(),
    memory: 2 * SIZE,
    refuses: false,
  };
}

/** Machines that can reach each other. Time passes only while somebody waits for something. */
export class Places {
  readonly time = new VirtualTime();
  readonly clock = this.time.clock;
  readonly #network = new MemoryNetwork(this.clock, (task) => void this.clock.at(this.#soon(), task));
  readonly tracker = new MemoryTracker();
  #storeCount = 0;

  #soon() {
    return millis(this.clock.now() + 10);
  }

  /** A file that a tab of another profile shares, and the profile that is to get it. */
  async shared() {
    const chosen = randomFile();
    const sender = await this.tab();
    return { chosen, sender, link: await sender.seed(chosen), profile: newProfile() };
  }

  /** A new tab that opened the link and has `part` of the file; all of it when 1. */
  async downloading(link: string, part: number, profile = newProfile()): Promise<Tab> {
    const tab = await this.tab(profile);
    tab.session.download(tab.open(link));
    await (part === 1 ? tab.reach("done") : tab.until(isPast(part)));
    return tab;
  }

  /** A new tab, which has taken up what was kept. */
  async tab(profile = newProfile()): Promise<Tab> {
    const { claims, end } = profile.locks.open();
    const { time } = this;
    const hasher = new CountingHasher();
    const ends: (() => void)[] = [];
    let isAlive = true;
    /** A tab that is gone writes nothing more. */
    const whileAlive = <Target extends object>(target: Target): Target =>
      new Proxy(target, {
        get(_, name) {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== "function") return value;
          return (...args: unknown[]) =>
            isAlive ? Reflect.apply(value, target, args) : new Promise(() => {});
        },
      });
    const world = memoryWorld(time, {
      hasher: time.countedAll(hasher),
      connectLinks: (events) => {
        const links = this.#network.links(events);
        const begin: Links["begin"] = (id, options) => {
          if (!isAlive) return;
          ends.push(() => links.close(id));
          links.begin(id, options);
        };
        return { ...links, begin };
      },
      connectTracker: (_url, events) => {
        const client = this.tracker.connect(events);
        const join: Tracker["join"] = (room, ...rest) => {
          ends.push(() => client.leave(room));
          client.join(room, ...rest);
        };
        return { ...client, join };
      },
      openStore: async (info, where) => {
        if (where === "memory") return openInMemory(info, profile.memory);
        const kept = where === "disk" ? undefined : where;
        const place = kept?.place ?? `place ${++this.#storeCount}`;
        const opened = profile.disk.open(place, geometryOf(info), kept?.have);
        const store = whileAlive(time.countedAll(opened));
        return { store, source: store, have: store.have, place };
      },
      disk: {
        estimate: async () => ({ usage: 0, quota: profile.disk.free }),
        isPersisted: async () => false,
        usedAt: async (place) => (profile.disk.places.includes(place) ? 1 : 0),
      },
      removePlace: async (place) => profile.disk.remove(place),
      reopenFile: async (root) => {
        if (profile.refuses) throw new ReadRefusedError("no");
        const file = profile.files.get((root as { name: string }).name);
        if (file === undefined) throw new Error("It is gone.");
        return file;
      },
      library: whileAlive(profile.library),
      claims,
    });
    const shown: SessionSnapshot[] = [];
    const keys: Uint8Array[] = [];
    const session = new Session(
      world,
      (snapshot) => void shown.splice(0, 1, snapshot),
      (_id, key) => void keys.push(key),
    );
    // The page is shown something before anything is known of earlier sessions.
    await new Promise((resolve) => setImmediate(resolve));
    this.clock.advance(1_000);
    await session.restore();
    return new Tab(session, time, hasher, shown, keys, () => {
      isAlive = false;
      for (const cut of ends) cut();
      end();
    });
  }
}

class CountingHasher extends SubtleHasher {
  count = 0;

  override leaves(bytes: Uint8Array): Promise<Uint8Array> {
    this.count++;
    return super.leaves(bytes);
  }
}

export class Tab {
  readonly session: Session;
  readonly hasher: CountingHasher;
  /** Of passwords that turned out to be right. */
  readonly keys: readonly Uint8Array[];
  /** What the page was shown last, alone. */
  readonly shown: readonly SessionSnapshot[];
  /** The tab is gone at once; what it had not written down is lost. */
  readonly end: () => void;
  readonly #time: VirtualTime;

  constructor(
    session: Session,
    time: VirtualTime,
    hasher: CountingHasher,
    shown: readonly SessionSnapshot[],
    keys: readonly Uint8Array[],
    end: () => void,
  ) {
    this.keys = keys;
    this.session = session;
    this.shown = shown;
    this.hasher = hasher;
    this.#time = time;
    this.end = end;
  }

  get shares(): readonly ShareSnapshot[] {
    return this.session.snapshot().shares;
  }

  get share(): ShareSnapshot {
    const [share] = this.shares;
    if (share === undefined) throw new Error("there is no share");
    return share;
  }

  async until(holds: (shares: readonly ShareSnapshot[]) => boolean): Promise<ShareSnapshot> {
    if (await this.#time.until(() => holds(this.shares))) return this.share;
    throw new Error(
      `it stayed at ${JSON.stringify(this.shares.map((share) => ({ ...share, pieceMap: 0 })))}`,
    );
  }

  reach(...states: readonly ShareSnapshot["state"][]): Promise<ShareSnapshot> {
    return this.until(([share]) => share !== undefined && states.includes(share.state));
  }

  pass(ms: number): Promise<void> {
    return this.#time.pass(ms);
  }

  async seed(...files: readonly ChosenFile[]): Promise<string> {
    this.session.share("s", files, { public: false });
    return (await this.reach("seeding")).link;
  }

  open(link: string, key?: Uint8Array): string {
    const parsed = parseShareText(link);
    if (!parsed.ok) throw new Error(parsed.reason);
    this.session.open("r", parsed.value, key);
    return this.share.id;
  }

  async bytes(): Promise<Uint8Array> {
    const blob = await this.session.blob(this.share.id, 0);
    return new Uint8Array((await blob?.arrayBuffer()) ?? []);
  }
}

export function randomFile(name = "holiday.bin", length = SIZE): ChosenFile {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return { file: new File([bytes], name, { lastModified: 1_000 }), path: [name] };
}

/** The same file by a handle, as a drop in Chromium gives it. */
export function withHandle(chosen: ChosenFile, profile: Profile): ChosenFile {
  profile.files.set(chosen.file.name, chosen.file);
  return { ...chosen, root: { name: chosen.file.name } as FileSystemHandle };
}

/** The first share has at least this part of the file. */
export const isPast = (part: number) => (shares: readonly ShareSnapshot[]) =>
  (shares[0]?.have ?? 0) >= part * SIZE;
