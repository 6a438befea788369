/**
 * A world for sessions in one process, as tests compose it: real hashing and sealing; files, links, tracker and
 * what is remembered in memory.
 */
import { createSyncDigests, hybridHashes, leafHashes, SubtleHasher } from "./adapters/hashing.ts";
import { derivePasswordKey } from "./adapters/password-key.ts";
import { makePublicSealer, makeSealer } from "./adapters/sealing.ts";
import { FileSource } from "./adapters/storage/file-source.ts";
import { MemoryPieceStore } from "./adapters/storage/memory-piece-store.ts";
import { PieceCache } from "./adapters/storage/piece-cache.ts";
import { Bitfield } from "./engine/bitfield.ts";
import { geometryOf } from "./engine/geometry-of.ts";
import type { Info } from "./engine/metainfo/info.ts";
import { MemoryProfile } from "./ports/memory-claims.ts";
import { noDisk } from "./ports/memory-disk.ts";
import { MemoryLibrary } from "./ports/memory-library.ts";
import { RangeFetchError } from "./ports/range-fetch.ts";
import type { OpenedStore, World } from "./session/world.ts";
import type { VirtualTime } from "./virtual-time.ts";

const STORE_BYTES = 512 * 1024 * 1024;
const digests = await createSyncDigests();

/** How this tab reaches others, and whatever else a test is about. */
type Own = Pick<World, "connectLinks" | "connectTracker"> & Partial<World>;

/** @param time counts what takes real time, and is what its clock shows. */
export function memoryWorld(time: VirtualTime, own: Own): World {
  return {
    clock: time.clock,
    hasher: time.countedAll(new SubtleHasher()),
    ...digests,
    ice: { ready: Promise.resolve(), servers: [], relayOnly: false },
    makeSealer: time.counted(async (...keys) => time.countedAll(await makeSealer(...keys))),
    derivePasswordKey: time.counted(derivePasswordKey),
    makePublicSealer: (room) => time.countedAll(makePublicSealer(room)),
    leafHashes: time.counted(leafHashes),
    hybridHashes: time.counted(hybridHashes),
    fetchRange: () => {
      throw new RangeFetchError("unreachable");
    },
    openStore: async (info) => openInMemory(info, STORE_BYTES),
    openFiles: (info, files, isUnchanged) => {
      const geometry = geometryOf(info);
      return new PieceCache(time.countedAll(new FileSource(files, geometry, isUnchanged)), geometry);
    },
    disk: noDisk,
    removePlace: async () => {},
    removeLeftovers: async () => {},
    reopenFile: () => Promise.reject(new Error("There are no handles.")),
    library: new MemoryLibrary(),
    claims: new MemoryProfile().open().claims,
    randomBytes: (count) => Uint8Array.from({ length: count }, () => time.random.below(256)),
    wallClock: () => 0,
    linkBase: "https://shoal.example/",
    trackerUrl: "wss://shoal.example/announce",
    ...own,
  };
}

/** An empty store with room for so many bytes. */
export function openInMemory(info: Info, capacityBytes: number): OpenedStore {
  const geometry = geometryOf(info);
  const store = new MemoryPieceStore(geometry, capacityBytes);
  return { store, source: store, have: new Bitfield(geometry.pieceCount), place: undefined };
}
