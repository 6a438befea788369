/** Gives a finished file to the browser's downloads, as every browser can. */
import { safeFileName } from "./safe-file-name.ts";

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
export function downloadBlob(blob: Blob, fileName: string): void {
  // Of no type: were the address ever opened instead of saved, it would be nothing that runs here. No copy is made.
  const url = URL.createObjectURL(new Blob([blob], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = safeFileName(fileName);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), URL_LIFETIME_MS);
}
