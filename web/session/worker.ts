/**
 * The composition root of the worker: makes the world out of adapters and a session in it.
 *
 * Nothing here waits: the tracker connects, the server is asked for its ICE servers, and storage is tried, all
 * at once. Only commands wait until hashing is there, which takes milliseconds.
 */
import { SystemClock } from "../adapters/clock.ts";
import {
  createSyncSha1,
  createSyncSha256,
  hybridHashes,
  leafHashes,
  SubtleHasher,
} from "../adapters/hashing.ts";
import { FetchedIceConfig } from "../adapters/ice-config.ts";
import { makePublicSealer, makeSealer } from "../adapters/sealing.ts";
import { browserDisk } from "../adapters/storage/browser-disk.ts";
import { FileSource } from "../adapters/storage/file-source.ts";
import { PieceCache } from "../adapters/storage/piece-cache.ts";
import { ShareStores } from "../adapters/storage/share-stores.ts";
import { webSocketTrackers } from "../adapters/tracker/websocket-tracker.ts";
import { remoteLinks } from "../adapters/webrtc/bridge.ts";
import { invariant, type Sha256 } from "../engine/units.ts";
import { geometryOf } from "./file-progress.ts";
import type { PageMessage, WorkerMessage } from "./page-messages.ts";
import { PageService } from "./page-service.ts";

const clock = new SystemClock();
const stores = new ShareStores(clock);
const links = new MessageChannel();
const trackerUrl = new URL("/announce", location.origin.replace(/^http/, "ws")).href;
const hashingReady = Promise.all([createSyncSha256(), createSyncSha1()]);
let hashing: readonly [sha256: Sha256, sha1: Sha256] | undefined;

/** Commands wait until hashing is there. */
function digest(algorithm: 0 | 1, bytes: Uint8Array): Uint8Array {
  invariant(hashing, "nothing is hashed before the first command");
  return hashing[algorithm](bytes);
}

const service = new PageService(
  {
    clock,
    hasher: new SubtleHasher(),
    sha256: (bytes) => digest(0, bytes),
    sha1: (bytes) => digest(1, bytes),
    ice: new FetchedIceConfig(clock, fetchConfig),
    makeSealer,
    derivePasswordKey: async (...secret) =>
      (await import("../adapters/password-key.ts")).derivePasswordKey(...secret),
    makePublicSealer,
    leafHashes,
    hybridHashes,
    connectLinks: (events) => remoteLinks(links.port1, events),
    connectTracker: webSocketTrackers(trackerUrl, clock),
    openStore: (infoHash, info) => stores.open(infoHash, geometryOf(info)),
    openFiles: (info, files) => {
      const geometry = geometryOf(info);
      return new PieceCache(new FileSource(files, geometry), geometry);
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

addEventListener("message", ({ data }: MessageEvent<PageMessage>) => {
  void hashingReady.then((ready) => {
    hashing = ready;
    service.onMessage(data);
  });
});

function post(message: WorkerMessage, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

async function fetchConfig(): Promise<string> {
  const response = await fetch("/config", { cache: "no-store" });
  if (!response.ok) throw new Error(`The server answers ${response.status}.`);
  return response.text();
}
