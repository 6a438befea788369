/** The library in IndexedDB across versions of the app, on databases as those would have written them. */
import { idbLibrary } from "../../web/adapters/library/idb-library.ts";
import { NewerLibraryError } from "../../web/ports/library.ts";

interface VersionScenario {
  readonly title: string;
  /** @param name of a database that no other scenario has used. */
  play(name: string): Promise<void>;
}

const share = {
  key: "receiver-a",
  role: "receiver",
  link: "https://shoal.example/#a",
  passwordKey: undefined,
  addedAt: 1,
  stopped: false,
  wanted: undefined,
  place: "place of a",
  files: [],
  roots: [],
  extras: {},
};
const torrent = { info: Uint8Array.of(1, 2), layers: [undefined, Uint8Array.of(3)] };
const totals = { uploaded: 1, downloaded: 2, wasted: 3 };
const progress = { have: Uint8Array.of(0x80), unsure: Uint8Array.of(0), totals };

/** What each version had, by name, and what version 1 put there. */
const STORES_OF_1 = { shares: share, torrents: torrent, progress, totals };

export const libraryVersionScenarios: readonly VersionScenario[] = [
  {
    title: "what the first version wrote is all there for this one",
    async play(name) {
      await write(name, 1);
      const library = idbLibrary(name);
      expectSame(await library.list(), [{ share, torrent, progress }]);
      expectSame(await library.lifetime(), totals);
      expectSame(await library.settings(), undefined);
      await library.keepSettings({ slots: 2 });
      expectSame(await idbLibrary(name).settings(), { slots: 2 });
    },
  },
  {
    title: "a library that a newer version wrote is refused as such, and left as it is",
    async play(name) {
      await write(name, 99);
      const library = idbLibrary(name);
      for (const call of [library.list(), library.settings(), library.forget(share.key)]) {
        const outcome = await call.then(
          () => "an answer",
          (error: unknown) => error,
        );
        if (!(outcome instanceof NewerLibraryError)) throw new Error(`expected a refusal, got ${outcome}`);
      }
      const database = await open(name, 99, () => {});
      expectSame(await get(database, "shares", share.key), share);
      expectSame(await get(database, "progress", share.key), progress);
      database.close();
    },
  },
  {
    title: "a tab whose library a newer version takes over lets it, and is told so at its next call",
    async play(name) {
      const older = idbLibrary(name);
      await older.list();
      const database = await open(name, 99, () => {});
      database.close();
      const outcome = await older.list().catch((error: unknown) => error);
      if (!(outcome instanceof NewerLibraryError)) throw new Error(`expected a refusal, got ${outcome}`);
    },
  },
];

/** Makes the database with the stores of version 1 and what was in them. */
async function write(name: string, version: number): Promise<void> {
  const database = await open(name, version, (made) => {
    for (const store of Object.keys(STORES_OF_1)) made.createObjectStore(store);
  });
  const writing = database.transaction(Object.keys(STORES_OF_1), "readwrite");
  for (const [store, value] of Object.entries(STORES_OF_1))
    writing.objectStore(store).put(value, store === "totals" ? "lifetime" : share.key);
  await new Promise((resolve, reject) => {
    writing.oncomplete = resolve;
    writing.onerror = reject;
  });
  database.close();
}

function open(name: string, version: number, upgrade: (database: IDBDatabase) => void): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, version);
  opening.onupgradeneeded = () => upgrade(opening.result);
  return answerOf(opening);
}

function get(database: IDBDatabase, store: string, key: string): Promise<unknown> {
  return answerOf(database.transaction(store).objectStore(store).get(key));
}

function answerOf<Answer>(request: IDBRequest<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function expectSame(found: unknown, expected: unknown): void {
  const [one, other] = [found, expected].map((value) => JSON.stringify(value));
  if (one !== other) throw new Error(`expected ${other}, got ${one}`);
}
