/** Saves what is complete, in the way that this browser does best. */
import type { PageServiceWorker } from "../service-worker.ts";
import { downloadBlob } from "./blob-download.ts";
import type { FileToSave, OnProgress } from "./file-to-save.ts";
import { canPickFile, canPickFolder, saveToPickedFile, saveToPickedFolder } from "./pickers.ts";
import { downloadAsZip } from "./zip-download.ts";

export { canPickFolder, downloadBlob };

/** @returns false when the person called it off. */
export async function saveFile(
  name: string,
  read: () => Promise<Blob>,
  onProgress: OnProgress,
): Promise<boolean> {
  if (canPickFile()) return saveToPickedFile(name, read, onProgress);
  downloadBlob(await read(), name);
  return true;
}

/**
 * Saves several files, with their folders, below one called `folder`: into a place that the person picks where
 * the browser can do that, else (or with `asZip`) as one archive; what is too large even for that, one by one.
 *
 * @param list called once the person has said where to. @returns false when the person called it off.
 */
export async function saveFiles(
  worker: PageServiceWorker,
  folder: string,
  list: () => Promise<readonly FileToSave[]>,
  asZip: boolean,
  onProgress: OnProgress,
): Promise<boolean> {
  if (!asZip && canPickFolder()) return saveToPickedFolder(folder, list, onProgress);
  const files = await list();
  const outcome = await downloadAsZip(worker, folder, files, onProgress);
  if (outcome !== "too-large") return outcome;
  for (const file of files) downloadBlob(await file.read(), file.path.at(-1) ?? folder);
  return true;
}
