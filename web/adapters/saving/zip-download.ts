/**
 * Several files as one archive among the browser's downloads: made by the service worker as they are downloaded,
 * or, where there is none, here before that.
 *
 * Invariants
 *  1. What is saved under this name is a whole archive, or the browser says that its download failed.
 *  2. The archive holds one folder with the share's name, and nothing outside it.
 */
import type { SaveAnswer, SavedEntry, SaveOutcome } from "../../service-worker/messages.ts";
import { savePath } from "../../service-worker/routes.ts";
import type { PageServiceWorker, SavePort } from "../service-worker.ts";
import { downloadBlob } from "./blob-download.ts";
import { type FileToSave, type OnProgress, totalBytes } from "./file-to-save.ts";
import { safeFileName } from "./safe-file-name.ts";
import { safePaths } from "./safe-paths.ts";

/** How long the service worker may take to come for what it was sent for, ms. */
const START_TIMEOUT_MS = 10_000;

/** Most that is made into an archive without it, bytes: some browsers keep all of it in memory. */
const IN_MEMORY_BYTES = 512 * 1024 * 1024;

/**
 * @returns false when the person called it off; "too-large" when this browser can make no archive of that size.
 * @throws what reading a file throws, and when the service worker breaks off.
 */
export async function downloadAsZip(
  worker: PageServiceWorker,
  folder: string,
  files: readonly FileToSave[],
  onProgress: OnProgress,
): Promise<boolean | "too-large"> {
  const root = safeFileName(folder);
  const paths = safePaths(files.map(({ path }) => path));
  const entries = files.map(({ size }, index) => ({ path: [root, ...(paths[index] ?? [])].join("/"), size }));
  const name = safeFileName(`${folder}.zip`);
  if (worker.isServing) {
    const outcome = await downloadThroughWorker(worker, name, entries, files, onProgress);
    if (outcome === "failed") throw new Error("The download of the archive broke off.");
    if (outcome !== "not-begun") return outcome === "complete";
  }
  if (totalBytes(files) > IN_MEMORY_BYTES) return "too-large";
  downloadBlob(await zipOf(entries, files, onProgress), name);
  return true;
}

function downloadThroughWorker(
  worker: PageServiceWorker,
  name: string,
  entries: readonly SavedEntry[],
  files: readonly FileToSave[],
  onProgress: OnProgress,
): Promise<SaveOutcome | "not-begun"> {
  return new Promise((resolve) => {
    const id = crypto.randomUUID();
    // A download of a frame leaves this page as it is; one of a link would not go through the service worker.
    const frame = document.createElement("iframe");
    const settle = (outcome: SaveOutcome | "not-begun") => {
      clearTimeout(timer);
      takeBack();
      forgetLoss();
      frame.remove();
      resolve(outcome);
    };
    const timer = setTimeout(() => settle("not-begun"), START_TIMEOUT_MS);
    let forgetLoss = () => {};
    const takeBack = worker.offer(id, (port) => {
      clearTimeout(timer);
      forgetLoss = worker.onLost(() => settle("failed"));
      giveFiles(port, { type: "opened", name, entries }, files, onProgress, settle);
    });
    frame.hidden = true;
    frame.src = savePath(id, name);
    document.body.append(frame);
  });
}

function giveFiles(
  port: SavePort,
  opened: SaveAnswer,
  files: readonly FileToSave[],
  onProgress: OnProgress,
  onEnded: (outcome: SaveOutcome) => void,
): void {
  port.onmessage = ({ data }) => {
    switch (data.type) {
      case "want":
        read(files[data.entry]).then(
          (blob) => port.postMessage({ type: "file", blob }),
          () => port.postMessage({ type: "failed" }),
        );
        break;
      case "progress":
        onProgress(data.bytes / data.of);
        break;
      case "ended":
        port.close();
        onEnded(data.outcome);
    }
  };
  port.postMessage(opened);
}

async function read(file: FileToSave | undefined): Promise<Blob> {
  if (file === undefined) throw new Error("There is no such file.");
  return file.read();
}

/** Loaded only where it is needed, which is nearly nowhere. */
async function zipOf(
  entries: readonly SavedEntry[],
  files: readonly FileToSave[],
  onProgress: OnProgress,
): Promise<Blob> {
  const { makeArchive } = await import("../../service-worker/archive.ts");
  async function* inputs() {
    for (const [index, { path }] of entries.entries()) {
      const input = await read(files[index]);
      const lastModified = input instanceof File ? input.lastModified : Date.now();
      yield { input, name: path, lastModified };
      onProgress((index + 1) / entries.length);
    }
  }
  return new Response(makeArchive(inputs(), entries), {
    headers: { "content-type": "application/zip" },
  }).blob();
}
