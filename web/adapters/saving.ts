/** Page side: gives a finished file to the browser's downloads. */
import { safeFileName } from "./saving/safe-file-name.ts";

/**
 * How long the blob's URL stays valid, ms: the browser reads from it until the file is copied, and for that long
 * it may be asking where to save.
 */
const URL_LIFETIME_MS = 15 * 60_000;

/**
 * Saves one file. A file-backed blob is copied from disk to disk.
 *
 * @param fileName untrusted; it is made safe here.
 */
export function saveBlob(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = safeFileName(fileName);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), URL_LIFETIME_MS);
}
