/**
 * The library in IndexedDB: three stores with the same keys, so that what changes all the time is small and what
 * is large is written once or twice.
 *
 * Invariants
 *  1. The database's version is the number of migrations. Each is run once, in order, on what the one before left;
 *     none is ever changed after a release.
 *  2. A tab that is older than the database gives up its library and says so, and lets a newer one upgrade it.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";
import { mergeTotals, NO_TOTALS, type Totals } from "../../engine/totals.ts";
import {
  type KeptProgress,
  type KeptRecord,
  type KeptShare,
  type KeptTorrent,
  type Library,
  LibraryError,
  NewerLibraryError,
} from "../../ports/library.ts";

interface Schema extends DBSchema {
  shares: { key: string; value: KeptShare };
  torrents: { key: string; value: KeptTorrent };
  progress: { key: string; value: KeptProgress };
  /** One record, under LIFETIME. */
  totals: { key: string; value: Totals };
  /** One record, under OF_ALL_SHARES. */
  settings: { key: string; value: unknown };
}

type Database = IDBPDatabase<Schema>;
export type Upgrade = IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">;

const DATABASE = "shoal";
const LIFETIME = "lifetime";
const OF_ALL_SHARES = "all shares";
const OF_SHARES = ["shares", "torrents", "progress"] as const;

/** In the order in which they came about; the first makes a new database. */
const migrations: readonly ((database: Database, upgrade: Upgrade) => void)[] = [
  (database) => {
    for (const store of [...OF_SHARES, "totals"] as const) database.createObjectStore(store);
  },
  (database) => {
    database.createObjectStore("settings");
  },
];

/** Opens the library of this profile; whether that went well shows at the first call. */
export function idbLibrary(name = DATABASE): Library {
  let isOutdated = false;
  const opening = openLibrary(name, () => {
    isOutdated = true;
  });
  opening.catch(() => {});

  /** @throws LibraryError whatever goes wrong: callers can do nothing about the cause. */
  async function within<Value>(use: (database: Database) => Promise<Value>): Promise<Value> {
    try {
      return await use(await opening);
    } catch (cause) {
      const isNewer = isOutdated || (cause instanceof DOMException && cause.name === "VersionError");
      if (isNewer) throw new NewerLibraryError("A newer version keeps the library.", { cause });
      throw new LibraryError("The library cannot be used.", { cause });
    }
  }

  return {
    list: () => within(listAll),
    get: (key) => within((database) => getOne(database, key)),
    keep: (record) => within((database) => write(database, record.share.key, record)),
    note: (key, parts) => within((database) => write(database, key, parts)),
    forget: (key) => within((database) => remove(database, key)),
    lifetime: () => within(async (database) => (await database.get("totals", LIFETIME)) ?? NO_TOTALS),
    addToLifetime: (moved) => within((database) => addTo(database, moved)),
    settings: () => within((database) => database.get("settings", OF_ALL_SHARES)),
    keepSettings: (settings) =>
      within(async (database) => void (await database.put("settings", settings, OF_ALL_SHARES))),
  };
}

/** @param onOutdated a newer version has taken it over. */
function openLibrary(name: string, onOutdated: () => void): Promise<Database> {
  return openDB<Schema>(name, migrations.length, {
    upgrade: (database, oldVersion, _newVersion, upgrade) => {
      for (const migrate of migrations.slice(oldVersion)) migrate(database, upgrade);
    },
    blocking: (_current, _blocked, event) => {
      // A newer tab waits to upgrade it. What this one still notes is lost, and fetched again.
      onOutdated();
      (event.target as IDBDatabase).close();
    },
  });
}

async function listAll(database: Database): Promise<readonly KeptRecord[]> {
  const reading = database.transaction(OF_SHARES);
  const keys = await reading.objectStore("shares").getAllKeys();
  const records = await Promise.all(keys.map((key) => read(reading, key)));
  const whole = records.filter((record) => record !== undefined);
  return whole.sort((a, b) => a.share.addedAt - b.share.addedAt);
}

function getOne(database: Database, key: string): Promise<KeptRecord | undefined> {
  return read(database.transaction(OF_SHARES), key);
}

async function read(
  reading: IDBPTransaction<Schema, typeof OF_SHARES, "readonly">,
  key: string,
): Promise<KeptRecord | undefined> {
  const [share, torrent, progress] = await Promise.all([
    reading.objectStore("shares").get(key),
    reading.objectStore("torrents").get(key),
    reading.objectStore("progress").get(key),
  ]);
  return share && torrent && progress && { share, torrent, progress };
}

async function write(
  database: Database,
  key: string,
  { share, torrent, progress }: Partial<KeptRecord>,
): Promise<void> {
  const writing = database.transaction(OF_SHARES, "readwrite");
  if (share !== undefined) void writing.objectStore("shares").put(share, key);
  if (torrent !== undefined) void writing.objectStore("torrents").put(torrent, key);
  if (progress !== undefined) void writing.objectStore("progress").put(progress, key);
  // Otherwise it would only be committed once this thread has heard of the writes, and it may be busy for long.
  writing.commit();
  await writing.done;
}

async function remove(database: Database, key: string): Promise<void> {
  const writing = database.transaction(OF_SHARES, "readwrite");
  for (const store of OF_SHARES) void writing.objectStore(store).delete(key);
  await writing.done;
}

async function addTo(database: Database, moved: Totals): Promise<Totals> {
  const writing = database.transaction("totals", "readwrite");
  const sum = mergeTotals((await writing.store.get(LIFETIME)) ?? NO_TOTALS, moved);
  void writing.store.put(sum, LIFETIME);
  await writing.done;
  return sum;
}
