/** What every implementation of `Library` must do, as scenarios that need no test framework. */
import type { KeptRecord, Library } from "./library.ts";

export interface LibraryScenario {
  readonly title: string;
  /** `open` leads to one library, which no other scenario has used, each time as another tab sees it. */
  play(open: () => Library): Promise<void>;
}

export const libraryScenarios: readonly LibraryScenario[] = [
  {
    title: "what was kept is there for the next tab, byte for byte, oldest first",
    async play(open) {
      const library = open();
      await library.keep(recordOf("b", 2));
      await library.keep(recordOf("a", 1));
      const next = open();
      expectSame(await next.list(), [recordOf("a", 1), recordOf("b", 2)]);
      expectSame(await next.get("b"), recordOf("b", 2));
      expectSame(await next.get("c"), undefined);
    },
  },
  {
    title: "a note changes the parts that it names, and the last of several stands",
    async play(open) {
      const library = open();
      const record = recordOf("a", 1);
      await library.keep(record);
      const notes = Array.from({ length: 20 }, (_, index) => {
        const progress = { ...record.progress, have: Uint8Array.of(index) };
        return library.note("a", { progress });
      });
      const share = { ...record.share, stopped: true };
      await Promise.all([...notes, library.note("a", { share })]);
      expectSame(await open().get("a"), {
        ...record,
        share,
        progress: { ...record.progress, have: Uint8Array.of(19) },
      });
    },
  },
  {
    title: "a record that is kept again takes the place of the one before",
    async play(open) {
      const library = open();
      await library.keep(recordOf("a", 1));
      await library.keep(recordOf("a", 7));
      expectSame(await library.list(), [recordOf("a", 7)]);
    },
  },
  {
    title: "what comes back is a copy: changing it changes nothing that is kept",
    async play(open) {
      const library = open();
      const record = recordOf("a", 1);
      await library.keep(record);
      record.progress.have.fill(9);
      (await library.get("a"))?.torrent.info.fill(9);
      expectSame(await library.get("a"), recordOf("a", 1));
    },
  },
  {
    title: "nothing is left of a forgotten share, and the others stay",
    async play(open) {
      const library = open();
      await library.keep(recordOf("a", 1));
      await library.keep(recordOf("b", 2));
      await library.forget("a");
      await library.forget("never kept");
      expectSame(await open().list(), [recordOf("b", 2)]);
      expectSame(await open().get("a"), undefined);
    },
  },
  {
    title: "several tabs add to the totals of a life, and none of it is lost",
    async play(open) {
      const tabs = [open(), open()];
      expectSame(await open().lifetime(), { uploaded: 0, downloaded: 0, wasted: 0 });
      const adding = Array.from({ length: 10 }, (_, index) =>
        tabs[index % 2]?.addToLifetime({ uploaded: 1, downloaded: index, wasted: 0 }),
      );
      await Promise.all(adding);
      expectSame(await open().lifetime(), { uploaded: 10, downloaded: 45, wasted: 0 });
    },
  },
  {
    title: "the settings are there for the next tab, as they were kept last",
    async play(open) {
      const library = open();
      expectSame(await library.settings(), undefined);
      await Promise.all([library.keepSettings({ slots: 1 }), library.keepSettings({ slots: 2, only: true })]);
      expectSame(await open().settings(), { slots: 2, only: true });
    },
  },
];

function recordOf(key: string, addedAt: number): KeptRecord {
  return {
    share: {
      key,
      role: "receiver",
      link: `https://shoal.example/#${key}`,
      passwordKey: Uint8Array.of(1, 2, 3),
      addedAt,
      stopped: false,
      wanted: [true, false],
      place: `place of ${key}`,
      files: [{ path: ["a", "b"], size: 5, modifiedAt: 6, root: 0 }],
      roots: [{ name: "a" }],
      extras: { limits: { stopAtRatio: 2 } },
    },
    torrent: { info: Uint8Array.of(addedAt, 5), layers: [undefined, Uint8Array.of(8)] },
    progress: {
      have: Uint8Array.of(0x80),
      unsure: Uint8Array.of(0x40),
      totals: { uploaded: 1, downloaded: 2, wasted: 3 },
    },
  };
}

function expectSame(found: unknown, expected: unknown): void {
  const [one, other] = [found, expected].map((value) => JSON.stringify(value, plain));
  if (one !== other) throw new Error(`expected ${other}, got ${one}`);
}

/** Byte arrays by their bytes, and what is missing by its name. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  return value === undefined ? "undefined" : value;
}
