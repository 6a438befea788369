/**
 * What survives a tab: whole sessions one after another, and beside each other, in one browser profile whose disk
 * forgets what was not flushed.
 */
import { describe, expect, test, vi } from "vitest";
import { createSyncDigests, SubtleHasher } from "../adapters/hashing.ts";
import { geometryOf } from "../engine/geometry-of.ts";
import type { PieceIndex } from "../engine/units.ts";
import {
  isPast,
  MIB,
  newProfile,
  Places,
  type Profile,
  randomFile,
  SIZE,
  type Tab,
  withHandle,
} from "../memory-tabs.ts";
import { type KeptRecord, NewerLibraryError } from "../ports/library.ts";
import type { VolatileDisk } from "../ports/volatile-disk.ts";
import type { ChosenFile } from "./commands.ts";
import { readRecord } from "./keeping/restoring.ts";
import { piecesOf } from "./keeping/stored-pieces.ts";
import { LIBRARY_TIMEOUT_MS } from "./limits.ts";
import { DEFAULT_SETTINGS } from "./settings.ts";
import { intactTest } from "./verifying/intact.ts";
import { treesOf } from "./verifying/trees.ts";

const { sha256 } = await createSyncDigests();

async function expectContent(tab: Tab, { file }: ChosenFile): Promise<void> {
  expect(Buffer.compare(await tab.bytes(), new Uint8Array(await file.arrayBuffer()))).toBe(0);
}

/** By piece: 2 where it is here. */
const mapOf = (tab: Tab) => [...tab.share.pieceMap.cells];

describe("whoever downloads comes back", () => {
  test("it is asked whether to go on, goes on without hashing anything again, and takes no byte twice", async () => {
    const places = new Places();
    const { chosen, link, profile } = await places.shared();
    for (const part of [0.3, 0.6]) {
      const tab = await places.tab(profile);
      tab.session.download(tab.open(link));
      await tab.until(isPast(part));
      tab.session.pause(tab.share.id);
      await tab.pass(6_000);
      tab.end();
    }
    const tab = await places.tab(profile);
    expect(tab.share).toMatchObject({
      restored: true,
      accepted: false,
      state: "waiting",
      name: "holiday.bin",
    });
    expect(tab.share.have).toBeGreaterThan(0.6 * SIZE);
    const missing = tab.share.pieceMap.cells.filter((cell) => cell === 0).length;
    tab.session.resume(tab.share.id);
    await tab.reach("downloading", "done");
    expect(tab.share.restored).toBe(false);
    await tab.reach("done");
    expect(tab.hasher.count).toBe(missing);
    expect(tab.share.downloaded).toBe(SIZE);
    await expectContent(tab, chosen);
  });

  test("what was written and not flushed is hashed first, and only that is believed which is right", async () => {
    const places = new Places();
    const { chosen, link, profile } = await places.shared();
    const first = await places.downloading(link, 0.5, profile);
    first.end();
    // Nothing was flushed yet: half of each piece is missing on the disk.
    profile.disk = profile.disk.afterCrash();
    const tab = await places.tab(profile);
    expect(tab.share.have).toBeGreaterThan(0.4 * SIZE);
    tab.session.resume(tab.share.id);
    await tab.reach("done");
    await expectContent(tab, chosen);
  });

  test("a complete download can be saved at once, and helps others after one click", async () => {
    const places = new Places();
    const { chosen, sender, link, profile } = await places.shared();
    const first = await places.downloading(link, 1, profile);
    await first.pass(6_000);
    first.end();
    sender.end();
    const tab = await places.tab(profile);
    expect(tab.share).toMatchObject({ state: "done", restored: true, peers: [] });
    await expectContent(tab, chosen);
    expect(tab.hasher.count).toBe(0);
    tab.session.resume(tab.share.id);
    const other = await places.downloading(link, 1);
    await expectContent(other, chosen);
  });

  test("whoever opens the link again finds the question on its page", async () => {
    const places = new Places();
    const { link, profile } = await places.shared();
    const first = await places.downloading(link, 0.5, profile);
    first.end();
    const tab = await places.tab(profile);
    tab.open(link);
    const looking = await tab.until(([share]) => share?.copies === 1);
    expect(looking).toMatchObject({ state: "waiting", accepted: false, restored: true, available: true });
    const { downloaded } = tab.share;
    await tab.pass(2_000);
    expect(tab.share.downloaded).toBe(downloaded);
    expect(tab.shares).toHaveLength(1);
  });

  test("what the browser deleted meanwhile is noticed, said, and fetched again", async () => {
    const places = new Places();
    const { chosen, link, profile } = await places.shared();
    const first = await places.downloading(link, 1, profile);
    await first.pass(6_000);
    first.end();
    for (const place of profile.disk.places) profile.disk.remove(place);
    const tab = await places.tab(profile);
    tab.session.resume(tab.share.id);
    const lost = await tab.until(([share]) => share?.problem !== undefined);
    expect(lost).toMatchObject({ state: "paused", problem: { code: "storage-lost" }, have: 0 });
    tab.session.resume(tab.share.id);
    await tab.reach("done");
    await expectContent(tab, chosen);
  });

  test("what the disk loses under an open share is found out whole at once, and others get it elsewhere", async () => {
    const places = new Places();
    const { chosen, link, profile } = await places.shared();
    const tab = await places.downloading(link, 1, profile);
    for (const place of profile.disk.places) profile.disk.wipe(place);
    const other = await places.tab();
    other.session.download(other.open(link));
    await other.reach("done");
    expect(other.share.wasted).toBe(0);
    const lost = await tab.until(([share]) => share?.have === 0);
    expect(lost).toMatchObject({ state: "paused", problem: { code: "storage-lost" } });
    tab.session.resume(tab.share.id);
    await tab.reach("done");
    await expectContent(tab, chosen);
  });

  test("a forgotten share leaves nothing, whether it was open or not", async () => {
    const places = new Places();
    const { link } = await places.shared();
    for (const isOpen of [true, false]) {
      const profile = newProfile();
      let tab = await places.tab(profile);
      tab.session.download(tab.open(link));
      await tab.until(isPast(0.5));
      if (!isOpen) {
        await tab.pass(6_000);
        tab.end();
        tab = await places.tab(profile);
      }
      tab.session.forget(tab.share.id);
      expect(tab.shares).toEqual([]);
      await places.time.turns(300);
      expect(profile.disk.places).toEqual([]);
      expect(await profile.library.list()).toEqual([]);
      expect((await profile.locks.open().claims.taken()).size).toBe(0);
    }
  });

  test("the totals of a life count every tab once", async () => {
    const places = new Places();
    const { link, profile } = await places.shared();
    const first = await places.downloading(link, 1, profile);
    await first.pass(6_000);
    first.end();
    const tab = await places.tab(profile);
    expect(tab.session.snapshot().lifetime.downloaded).toBe(SIZE);
    tab.session.forget(tab.share.id);
    places.clock.advance(6_000);
    expect(tab.session.snapshot().lifetime.downloaded).toBe(SIZE);
    expect((await profile.library.lifetime()).downloaded).toBe(SIZE);
  });
});

describe("whoever shares comes back", () => {
  test("dropping the same file goes on at the same link, and the totals with it", async () => {
    const places = new Places();
    const profile = newProfile();
    const chosen = randomFile();
    const first = await places.tab(profile);
    const link = await first.seed(chosen);
    const receiver = await places.downloading(link, 0.3);
    receiver.session.pause(receiver.share.id);
    await first.pass(6_000);
    first.end();
    const tab = await places.tab(profile);
    const problem = { code: "files-needed", canReopen: false };
    expect(tab.share).toMatchObject({ state: "paused", restored: true, role: "sender", link, problem });
    const before = tab.share.uploaded;
    expect(before).toBeGreaterThan(0);
    tab.session.share("again", [chosen], { public: false });
    await tab.until(([share]) => share?.id === "again" && share.state === "seeding");
    expect(tab.shares).toHaveLength(1);
    expect(tab.share.link).toBe(link);
    receiver.session.resume(receiver.share.id);
    await receiver.reach("done");
    await expectContent(receiver, chosen);
    expect((await tab.until(([share]) => (share?.uploaded ?? 0) > before)).uploaded).toBeLessThan(1.5 * SIZE);
    tab.end();
    expect((await places.tab(profile)).share.link).toBe(link);
  });

  test("another file is another share, and the old one goes on waiting", async () => {
    const places = new Places();
    const profile = newProfile();
    const first = await places.tab(profile);
    const link = await first.seed(randomFile());
    first.end();
    const tab = await places.tab(profile);
    tab.session.share("other", [randomFile()], { public: false });
    await tab.until((shares) => shares.some(({ state }) => state === "seeding"));
    expect(tab.shares.map((share) => [share.state, share.link === link])).toEqual([
      ["paused", true],
      ["seeding", false],
    ]);
  });

  test("where the browser kept a handle it goes on with one click", async () => {
    const places = new Places();
    const profile = newProfile();
    const chosen = withHandle(randomFile(), profile);
    const first = await places.tab(profile);
    const link = await first.seed(chosen);
    first.end();
    const tab = await places.tab(profile);
    expect(tab.share.problem).toEqual({ code: "files-needed", canReopen: true });
    expect(tab.session.handles(tab.share.id)).toHaveLength(1);
    tab.session.resume(tab.share.id);
    await tab.reach("seeding");
    expect(tab.share).toMatchObject({ link, restored: false });
    const receiver = await places.downloading(link, 1);
    await expectContent(receiver, chosen);
  });

  test("who does not allow the files to be read is told so, and can allow it later or choose them again", async () => {
    const places = new Places();
    const profile = newProfile();
    const chosen = withHandle(randomFile(), profile);
    const first = await places.tab(profile);
    const link = await first.seed(chosen);
    first.end();
    const tab = await places.tab(profile);
    profile.refuses = true;
    tab.session.resume(tab.share.id);
    await tab.until(([share]) => share?.problem?.code === "read-refused");
    expect(tab.share).toMatchObject({ state: "paused", restored: true, link });
    profile.refuses = false;
    tab.session.resume(tab.share.id);
    expect(await tab.reach("seeding")).toMatchObject({ link, problem: undefined });
    tab.end();

    const third = await places.tab(profile);
    profile.refuses = true;
    third.session.resume(third.share.id);
    await third.until(([share]) => share?.problem?.code === "read-refused");
    third.session.share("again", [chosen], { public: false });
    await third.until(([share]) => share?.id === "again" && share.state === "seeding");
    expect(third.shares.map((share) => share.link)).toEqual([link]);
  });

  test.each([
    ["of another length", randomFile("holiday.bin", SIZE + 1)],
    ["of the same length and another date", randomFile("holiday.bin", SIZE)],
  ])("a file that is %s is refused before anybody gets a byte of it", async (_what, other) => {
    const places = new Places();
    const profile = newProfile();
    const first = await places.tab(profile);
    await first.seed(withHandle(randomFile(), profile));
    first.end();
    profile.files.set("holiday.bin", new File([other.file], "holiday.bin", { lastModified: 2_000 }));
    const tab = await places.tab(profile);
    tab.session.resume(tab.share.id);
    const refused = await tab.until(([share]) => share?.problem?.code === "file-changed");
    expect(refused).toMatchObject({ state: "paused", problem: { name: "holiday.bin" }, uploaded: 0 });
  });

  test("a file that only got another date is hashed, and shared on", async () => {
    const places = new Places();
    const profile = newProfile();
    const chosen = withHandle(randomFile(), profile);
    const first = await places.tab(profile);
    const link = await first.seed(chosen);
    first.end();
    profile.files.set("holiday.bin", new File([chosen.file], "holiday.bin", { lastModified: 2_000 }));
    const tab = await places.tab(profile);
    tab.session.resume(tab.share.id);
    await tab.reach("seeding");
    expect(tab.share.link).toBe(link);
  });

  test("a file that was changed behind the back of size and date never gives a wrong byte away", async () => {
    const places = new Places();
    const profile = newProfile();
    const chosen = withHandle(randomFile(), profile);
    const first = await places.tab(profile);
    const link = await first.seed(chosen);
    first.end();
    const bytes = new Uint8Array(await chosen.file.arrayBuffer());
    bytes[MIB] = (bytes[MIB] ?? 0) ^ 1;
    profile.files.set("holiday.bin", new File([bytes], "holiday.bin", { lastModified: 1_000 }));
    const tab = await places.tab(profile);
    tab.session.resume(tab.share.id);
    await tab.reach("seeding");
    const receiver = await places.tab();
    receiver.session.download(receiver.open(link));
    await tab.until(([share]) => share?.problem?.code === "file-changed");
    const waiting = await receiver.until(([share]) => share?.problem !== undefined);
    expect(waiting).toMatchObject({ problem: { code: "source-gone", isAlone: false }, wasted: 0 });
  });
});

describe("several tabs of one profile", () => {
  test("a second tab of a link gets the file beside the first, and takes over when that ends", async () => {
    const places = new Places();
    const { chosen, link, profile } = await places.shared();
    const first = await places.downloading(link, 0.6, profile);
    first.session.pause(first.share.id);
    await first.pass(6_000);
    const second = await places.tab(profile);
    expect(second.shares).toEqual([]);
    second.session.download(second.open(link));
    await second.until(isPast(0.2));
    expect(second.share.storage).toBe("other-tab");
    expect(profile.disk.places).toHaveLength(1);
    expect(await profile.library.list()).toHaveLength(1);
    second.session.pause(second.share.id);
    await second.pass(100);
    const stored = first.share.have;
    const both = mapOf(first).map((cell, piece) => Math.max(cell, mapOf(second)[piece] ?? 0));
    expect(second.share.have).toBeGreaterThan(0);
    first.end();
    await second.until(isPast(stored / SIZE));
    // What the second alone had is not lost by that.
    expect(mapOf(second)).toEqual(both);
    await second.until(([share]) => share?.storage === "opfs");
    second.session.resume(second.share.id);
    await second.reach("done");
    await expectContent(second, chosen);
    await second.pass(6_000);
    second.end();
    const third = await places.tab(profile);
    expect(third.share).toMatchObject({ state: "done", have: SIZE });
    await expectContent(third, chosen);
  });

  /** Both have all of it, the first one on the disk; each write to that from now on takes its time. */
  async function twoThatHaveIt() {
    const places = new Places();
    const { chosen, link, profile } = await places.shared();
    const first = await places.downloading(link, 0.5, profile);
    first.session.pause(first.share.id);
    await first.pass(6_000);
    const second = await places.downloading(link, 1, profile);
    expect(second.share.storage).toBe("other-tab");
    const { library } = profile;
    const note = library.note.bind(library);
    vi.spyOn(library, "note").mockImplementation(async (...changes) => {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      return note(...changes);
    });
    return { places, chosen, profile, first, second };
  }

  test("while a tab takes over from another one nothing is seen of it, and a file can be saved at every moment", async () => {
    const { chosen, first, second } = await twoThatHaveIt();
    const bytes = new Uint8Array(await chosen.file.arrayBuffer());
    /** Reads a part of what is saved, which is enough: another one each time. */
    const isSavedRight = async (begin: number) => {
      const blob = await second.session.blob(second.share.id, 0);
      const part = (await blob?.slice(begin, begin + 65_536).arrayBuffer()) ?? new ArrayBuffer();
      return (
        blob?.size === SIZE &&
        Buffer.compare(new Uint8Array(part), bytes.subarray(begin, begin + 65_536)) === 0
      );
    };
    first.end();
    const saved: Promise<boolean>[] = [];
    const states = new Set<string>();
    const seesAll = ([share]: Tab["shares"]) => {
      states.add(`${share?.state} ${share?.accepted} ${share?.restored}`);
      saved.push(isSavedRight((saved.length * 500_000) % SIZE));
      return share?.storage === "opfs";
    };
    await second.until(seesAll);
    await second.pass(100);
    seesAll(second.shares);
    expect([...states]).toEqual(["done true false"]);
    expect(saved.length).toBeGreaterThan(20);
    expect(new Set(await Promise.all(saved))).toEqual(new Set([true]));
    await expectContent(second, chosen);
  });

  test.each([1, 2, 4, 8, 16, 32, 64])(
    "a share that is deleted %i turns after a tab began to take over from another one leaves nothing",
    async (turns) => {
      const { places, profile, first, second } = await twoThatHaveIt();
      first.end();
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      second.session.forget(second.share.id);
      await places.time.turns(300);
      expect(second.shares).toEqual([]);
      expect(profile.disk.places).toEqual([]);
      expect(await profile.library.list()).toEqual([]);
    },
  );

  test("a share that is stopped while what another tab left is opened stays so", async () => {
    const places = new Places();
    const { link, profile } = await places.shared();
    const first = await places.downloading(link, 0.5, profile);
    first.session.pause(first.share.id);
    const second = await places.downloading(link, 0.2, profile);
    first.end();
    await second.until(([share]) => share?.storage === "none");
    second.session.stop(second.share.id);
    await second.pass(3_000);
    expect(second.share).toMatchObject({ state: "stopped", storage: "opfs", peers: [] });
  });

  test("two tabs that only look at a link are in nobody's way: whichever downloads keeps it on the disk", async () => {
    const places = new Places();
    const { link, profile } = await places.shared();
    const tabs = [await places.tab(profile), await places.tab(profile)];
    for (const tab of tabs) {
      tab.open(link);
      await tab.until(([share]) => share?.name === "holiday.bin");
    }
    // The one that came last first: the other one has owned the name since it looked.
    for (const tab of tabs.toReversed()) {
      tab.session.download(tab.share.id);
      await tab.until(isPast(0.1));
    }
    expect(tabs.map((tab) => tab.share.storage)).toEqual(["other-tab", "opfs"]);
    await tabs[1]?.reach("done");
    const [record] = await profile.library.list();
    expect(profile.disk.places).toContain(record?.share.place);
  });

  test("what is too large for a second tab's memory is said, and goes on there once the first is closed", async () => {
    const places = new Places();
    const { chosen, link, profile } = await places.shared();
    profile.memory = SIZE - 1;
    const first = await places.downloading(link, 0.5, profile);
    first.session.pause(first.share.id);
    await first.pass(6_000);
    const second = await places.tab(profile);
    second.session.download(second.open(link));
    await second.until(([share]) => share?.problem?.code === "open-elsewhere");
    expect(second.share).toMatchObject({ state: "paused", have: 0 });
    first.end();
    await second.reach("done");
    expect(second.share.storage).toBe("opfs");
    expect(second.share.downloaded).toBeLessThan(1.1 * SIZE);
    await expectContent(second, chosen);
  });

  test("a share that is deleted in the tab that kept it is kept by the other one", async () => {
    const places = new Places();
    const { chosen, link, profile } = await places.shared();
    profile.memory = SIZE - 1;
    const first = await places.downloading(link, 1, profile);
    const second = await places.tab(profile);
    second.session.download(second.open(link));
    await second.until(([share]) => share?.problem?.code === "open-elsewhere");
    first.session.forget(first.share.id);
    await second.reach("done");
    await second.pass(6_000);
    expect(profile.disk.places).toHaveLength(1);
    second.end();
    const third = await places.tab(profile);
    expect(third.share).toMatchObject({ state: "done", have: SIZE });
    await expectContent(third, chosen);
  });

  test("a share that merely rests in one tab goes to the one that opens its link", async () => {
    const places = new Places();
    const { link, profile } = await places.shared();
    const first = await places.downloading(link, 0.5, profile);
    first.end();
    const idle = await places.tab(profile);
    const { have } = idle.share;
    const tab = await places.tab(profile);
    tab.open(link);
    await tab.until(isPast(have / SIZE));
    expect(idle.shares).toEqual([]);
    expect(tab.share).toMatchObject({ restored: true, accepted: false });
  });
});

describe("a tab that is still ending when the next one begins", () => {
  test("leaves what it had to that one all the same, once, whether it is opened there meanwhile or not", async () => {
    const places = new Places();
    const { link, profile } = await places.shared();
    for (const opens of [false, true]) {
      const first = await places.downloading(link, 0.5, profile);
      first.session.pause(first.share.id);
      const next = await places.tab(profile);
      expect(next.shares).toEqual([]);
      if (opens) next.open(link);
      await first.pass(600);
      first.end();
      await next.until(isPast(0.4));
      await next.pass(10_000);
      expect(next.shares).toMatchObject([{ restored: true, accepted: false, state: "waiting" }]);
      next.session.forget(next.share.id);
      await places.time.turns(300);
      expect(profile.disk.places).toEqual([]);
      next.end();
    }
  });

  test("is waited for no longer than some seconds: another tab that goes on keeps what it has", async () => {
    const places = new Places();
    const { chosen, link, profile } = await places.shared();
    const first = await places.downloading(link, 1, profile);
    const next = await places.tab(profile);
    await first.pass(10_000);
    first.end();
    await places.downloading(link, 1);
    expect(next.shares).toEqual([]);
    await expectContent(await places.tab(profile), chosen);
  });
});

test("what the library remembers comes late where the library is slow, instead of not at all", async () => {
  const places = new Places();
  const { link, profile } = await places.shared();
  const first = await places.downloading(link, 1, profile);
  first.end();
  const records = await profile.library.list();
  const answers: ((records: readonly KeptRecord[]) => void)[] = [];
  profile.library.list = () => new Promise((resolve) => answers.push(resolve));
  const opening = places.tab(profile);
  await places.time.turns(3);
  places.clock.advance(LIBRARY_TIMEOUT_MS);
  const tab = await opening;
  expect(tab.shares).toEqual([]);
  // Its first question, not that for what may be deleted.
  answers[0]?.(records);
  await tab.until(isPast(1));
  expect(tab.share).toMatchObject({ state: "done", restored: true });
});

describe("a full disk", () => {
  test("pauses the share and says so, and it goes on by itself once there is room", async () => {
    const places = new Places();
    const { chosen, link, profile } = await places.shared();
    profile.disk.free = 2 * MIB;
    const tab = await places.tab(profile);
    tab.session.download(tab.open(link));
    const full = await tab.reach("paused");
    expect(full).toMatchObject({ problem: { code: "storage-full" } });
    expect(full.have).toBeGreaterThan(0);
    await tab.pass(15_000);
    expect(tab.share.state).toBe("paused");
    profile.disk.free = 10 * MIB;
    await tab.reach("done");
    await expectContent(tab, chosen);
  });
});

describe("what a person set", () => {
  test("is as it was in the next tab, for all shares and for each", async () => {
    const places = new Places();
    const profile = newProfile();
    const chosen = randomFile();
    const first = await places.tab(profile);
    const link = await first.seed(chosen);
    const settings = { uploadBytesPerSecond: 9_000, uploadSlots: 3, connections: 12, relayOnly: true };
    const limits = { uploadBytesPerSecond: 500_000, stopAtRatio: 2 };
    first.session.configure(settings);
    first.session.limit("s", limits);
    await first.pass(100);
    first.end();
    const tab = await places.tab(profile);
    expect(tab.session.snapshot().settings).toEqual(settings);
    expect(tab.share).toMatchObject({ link, limits });
    // The limit that is set for the new drop goes before, the other one stays.
    tab.session.share("again", [chosen], { public: false });
    tab.session.limit("again", { uploadBytesPerSecond: 1_000 });
    await tab.until(([share]) => share?.id === "again" && share.state === "seeding");
    expect(tab.share.limits).toEqual({ ...limits, uploadBytesPerSecond: 1_000 });
  });

  test("a password is asked for once: who downloads goes on without it, and who shares has the same link", async () => {
    const places = new Places();
    const profiles = { sender: newProfile(), receiver: newProfile() };
    const chosen = randomFile();
    const sender = await places.tab(profiles.sender);
    sender.session.share("s", [chosen], { public: false, password: "grün" });
    const { link } = await sender.reach("seeding");
    const receiver = await places.tab(profiles.receiver);
    receiver.session.unlock(receiver.open(link), "grün");
    await receiver.until(([share]) => share?.name === "holiday.bin");
    receiver.session.download(receiver.share.id);
    await receiver.until(isPast(0.3));
    receiver.session.pause(receiver.share.id);
    await receiver.pass(6_000);
    receiver.end();
    sender.end();
    const again = await places.tab(profiles.sender);
    again.session.share("again", [chosen], { public: false });
    await again.until(([share]) => share?.id === "again" && share.state === "seeding");
    expect(again.shares.map((share) => share.link)).toEqual([link]);
    const back = await places.tab(profiles.receiver);
    back.session.download(back.share.id);
    await back.reach("done");
    await expectContent(back, chosen);
  });

  test("a password that was right is not asked for again after a reload, also before anything is downloaded", async () => {
    const places = new Places();
    const sender = await places.tab();
    sender.session.share("s", [randomFile()], { public: false, password: "grün" });
    const { link } = await sender.reach("seeding");
    const first = await places.tab();
    first.session.unlock(first.open(link), "falsch");
    await first.until(([share]) => share?.problem?.code === "wrong-password");
    expect(first.keys).toEqual([]);
    first.session.unlock(first.share.id, "grün");
    await first.until(([share]) => share?.name === "holiday.bin");
    const [key] = first.keys;
    first.end();
    const again = await places.tab();
    again.open(link, key);
    expect(again.share.problem).toBeUndefined();
    await again.until(([share]) => share?.name === "holiday.bin");
  });

  test.each(["", "grün"])(
    "who waits finds the sender who comes back, also with a password (%j)",
    async (password) => {
      const places = new Places();
      const profiles = { sender: newProfile(), receiver: newProfile() };
      const chosen = randomFile();
      const sender = await places.tab(profiles.sender);
      sender.session.share("s", [chosen], { public: false, ...(password && { password }) });
      const { link } = await sender.reach("seeding");
      const receiver = await places.tab(profiles.receiver);
      const id = receiver.open(link);
      if (password) receiver.session.unlock(id, password);
      await receiver.until(([share]) => share?.name === "holiday.bin");
      receiver.session.download(receiver.share.id);
      await receiver.until(isPast(0.3));
      sender.end();
      const again = await places.tab(profiles.sender);
      again.session.share("again", [chosen], { public: false });
      await again.until(([share]) => share?.id === "again" && share.state === "seeding");
      await receiver.reach("done");
    },
  );

  test("is shown before anything is shared, so that changing one thing changes no other", async () => {
    const places = new Places();
    const profile = newProfile();
    const settings = { uploadBytesPerSecond: 9_000, uploadSlots: 3, connections: 12, relayOnly: true };
    const first = await places.tab(profile);
    first.session.configure(settings);
    first.end();
    const tab = await places.tab(profile);
    places.clock.advance(1_000);
    expect(tab.shown).toMatchObject([{ settings }]);
  });

  test("is said to be kept by a newer version where that is so, and the tab works all the same", async () => {
    const places = new Places();
    const profile = newProfile();
    const chosen = randomFile();
    profile.library.settings = () => Promise.reject(new NewerLibraryError("newer"));
    profile.library.list = () => Promise.reject(new NewerLibraryError("newer"));
    const tab = await places.tab(profile);
    const link = await tab.seed(chosen);
    expect(tab.session.snapshot().outdated).toBe(true);
    const receiver = await places.downloading(link, 1);
    expect(receiver.session.snapshot().outdated).toBe(false);
  });

  test("is what it is on a first visit where the library never answers, and the tab works all the same", async () => {
    const places = new Places();
    const profile = newProfile();
    const never = () => new Promise<never>(() => {});
    Object.assign(profile.library, { list: never, lifetime: never, settings: never });
    const opening = places.tab(profile);
    await places.time.turns(3);
    places.clock.advance(LIBRARY_TIMEOUT_MS);
    const tab = await opening;
    expect(tab.session.snapshot().settings).toEqual(DEFAULT_SETTINGS);
    expect(await tab.seed(randomFile())).not.toBe("");
  });
});

describe("a tab that is killed between any two steps", () => {
  /** Pieces that a record calls flushed and whose bytes on the disk are wrong. */
  async function falseBits(record: KeptRecord, disk: VolatileDisk): Promise<number[]> {
    const { info } = readRecord(record) ?? {};
    if (info === undefined) throw new Error("the record cannot be read");
    const trees = treesOf(info, record.torrent.layers, sha256);
    const isIntact = intactTest(info, trees, { hasher: new SubtleHasher(), sha256 });
    const wrong: number[] = [];
    for (const index of piecesOf(record, geometryOf(info).pieceCount).have) {
      const piece = index as PieceIndex;
      const bytes = disk.durable(record.share.place ?? "", piece);
      if (bytes === undefined || !(await isIntact(piece, bytes))) wrong.push(piece);
    }
    return wrong;
  }

  test("has set no bit whose bytes are wrong, and goes on from every such step", async () => {
    const places = new Places();
    const { chosen, link, profile } = await places.shared();
    const crashes: { readonly records: Promise<readonly KeptRecord[]>; readonly disk: VolatileDisk }[] = [];
    const crash = () => crashes.push({ records: profile.library.list(), disk: profile.disk.afterCrash() });
    profile.disk.onStep = crash;
    const tab = await places.tab(profile);
    tab.session.download(tab.open(link));
    // Flushed on the way too: by time, and by pausing for longer than that.
    await tab.until(isPast(0.4));
    tab.session.pause(tab.share.id);
    await tab.pass(6_000);
    tab.session.resume(tab.share.id);
    await tab.reach("done");
    await tab.pass(100);
    crash();
    tab.end();
    profile.disk.onStep = () => {};
    const haves = new Set<number>();
    expect(crashes.length).toBeGreaterThan(30);
    for (const { records, disk } of crashes) {
      for (const record of await records) {
        expect(await falseBits(record, disk)).toEqual([]);
        haves.add(record.progress.have.reduce((sum, byte) => sum + byte, 0));
      }
    }
    expect(haves.size).toBeGreaterThan(2);
    for (const { records, disk } of crashes.filter(
      (_, step) => step % 7 === 0 || step === crashes.length - 1,
    )) {
      const after: Profile = { ...newProfile(), disk };
      for (const record of await records) await after.library.keep(record);
      const again = await places.tab(after);
      if (again.shares.length === 0) again.open(link);
      again.session.download(again.share.id);
      await again.reach("done");
      await expectContent(again, chosen);
      again.end();
    }
  });
});
