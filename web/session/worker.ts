/**
 * The composition root of the worker: makes the world out of adapters and a session in it.
 *
 * Nothing here waits: the tracker connects, the server is asked for its ICE servers, and storage is tried, all
 * at once. Only commands wait until hashing is there and
 * earlier shares are in the list, which takes milliseconds.
 */
import { SystemClock } from "../adapters/clock.ts";
import { createSyncDigests, hybridHashes, leafHashes, SubtleHasher } from "../adapters/hashing.ts";
import { FetchedIceConfig } from "../adapters/ice-config.ts";
import { reopenFile } from "../adapters/library/file-handles.ts";
import { idbLibrary } from "../adapters/library/idb-library.ts";
import { webLockClaims } from "../adapters/library/web-locks.ts";
import { fetchRange } from "../adapters/range-fetch.ts";
import { makePublicSealer, makeSealer } from "../adapters/sealing.ts";
import { browserDisk } from "../adapters/storage/browser-disk.ts";
import { FileSource } from "../adapters/storage/file-source.ts";
import { PieceCache } from "../adapters/storage/piece-cache.ts";
import { ShareStores } from "../adapters/storage/share-stores.ts";
import { webSocketTrackers } from "../adapters/tracker/websocket-tracker.ts";
import { remoteLinks } from "../adapters/webrtc/bridge.ts";
import { geometryOf } from "../engine/geometry-of.ts";
import type { Digests } from "../engine/metainfo/torrent.ts";
import { invariant } from "../engine/units.ts";
import { firstMessage, type PageMessage, type WorkerMessage } from "./page-messages.ts";
import { PageService } from "./page-service.ts";

const clock = new SystemClock();
const stores = new ShareStores(clock);
const links = new MessageChannel();
const trackerUrl = new URL("/announce", location.origin.replace(/^http/, "ws")).href;
const hashingReady = createSyncDigests();
let digests: Digests | undefined;

const service = new PageService(
  {
    clock,
    hasher: new SubtleHasher(),
    sha256: (bytes) => readyDigests().sha256(bytes),
    sha1: (bytes) => readyDigests().sha1(bytes),
    ice: new FetchedIceConfig(clock, fetchConfig),
    makeSealer,
    derivePasswordKey: async (...secret) =>
      (await import("../adapters/password-key.ts")).derivePasswordKey(...secret),
    makePublicSealer,
    leafHashes,
    hybridHashes,
    connectLinks: (events) => remoteLinks(links.port1, events),
    connectTracker: webSocketTrackers(trackerUrl, clock),
    fetchRange,
    openStore: (info, where) => stores.open(geometryOf(info), where),
    removePlace: (place) => stores.remove(place),
    removeLeftovers: (kept) => stores.removeLeftovers(kept),
    reopenFile,
    library: idbLibrary(),
    claims: webLockClaims(),
    openFiles: (info, files, isUnchanged) => {
      const geometry = geometryOf(info);
      return new PieceCache(new FileSource(files, geometry, isUnchanged), geometry);
    },
    disk: browserDisk,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    wallClock: Date.now,
    linkBase: `${location.origin}/`,
    trackerUrl,
  },
  post,
);

post({ type: "links", port: links.port2 }, [links.port2]);

const started = service.start(
  hashingReady.then((hashing) => {
    digests = hashing;
  }),
);

const first = firstMessage(self.name);
if (first !== undefined) void started.then(() => service.onMessage(first));

addEventListener("message", ({ data }: MessageEvent<PageMessage>) => {
  void started.then(() => service.onMessage(data));
});

function readyDigests(): Digests {
  invariant(digests, "commands wait until hashing is there");
  return digests;
}

function post(message: WorkerMessage, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

async function fetchConfig(): Promise<string> {
  const response = await fetch("/config", { cache: "no-store" });
  if (!response.ok) throw new Error(`The server answers ${response.status}.`);
  return response.text();
}
