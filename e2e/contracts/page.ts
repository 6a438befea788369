/** Plays the contract suites of `web/ports` against the adapters that only a browser has. */
import { SystemClock } from "../../web/adapters/clock.ts";
import { idbLibrary } from "../../web/adapters/library/idb-library.ts";
import { webLockClaims } from "../../web/adapters/library/web-locks.ts";
import { pageLinks } from "../../web/adapters/webrtc/page-links.ts";
import { claimsScenarios } from "../../web/ports/claims.contract.ts";
import { libraryScenarios } from "../../web/ports/library.contract.ts";
import { linksScenarios } from "../../web/ports/links.contract.ts";
import { libraryVersionScenarios } from "./library-versions.ts";

declare global {
  interface Window {
    /** Each settles when the scenario of that title has been kept. @throws what was broken. */
    contracts: {
      links(title: string): Promise<void>;
      pieceStore(title: string): Promise<void>;
      library(title: string): Promise<void>;
      claims(title: string): Promise<void>;
    };
  }
}

async function playLinks(title: string): Promise<void> {
  const scenario = linksScenarios.find((candidate) => candidate.title === title);
  if (scenario === undefined) throw new Error(`no scenario "${title}"`);
  await scenario.play(pageLinks(new SystemClock()));
}

/**
 * Synchronous file handles are in workers only. One plays all scenarios; the page holds it for good, because Firefox
 * collects a worker that nothing else refers to, even while it waits for a file.
 */
let storeWorker: Worker | undefined;

function playPieceStore(title: string): Promise<void> {
  storeWorker ??= new Worker(new URL("./piece-store-worker.ts", import.meta.url), { type: "module" });
  const worker = storeWorker;
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ broken: string | undefined }>) => {
      if (data.broken === undefined) resolve();
      else reject(new Error(data.broken));
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(title);
  });
}

async function playLibrary(title: string): Promise<void> {
  const database = `library ${title}`;
  const ofVersions = libraryVersionScenarios.find((candidate) => candidate.title === title);
  if (ofVersions !== undefined) return ofVersions.play(database);
  const scenario = libraryScenarios.find((candidate) => candidate.title === title);
  if (scenario === undefined) throw new Error(`no scenario "${title}"`);
  await scenario.play(() => idbLibrary(database));
}

async function playClaims(title: string): Promise<void> {
  const scenario = claimsScenarios.find((candidate) => candidate.title === title);
  if (scenario === undefined) throw new Error(`no scenario "${title}"`);
  await scenario.play(webLockClaims);
}

window.contracts = {
  links: playLinks,
  pieceStore: playPieceStore,
  library: playLibrary,
  claims: playClaims,
};
