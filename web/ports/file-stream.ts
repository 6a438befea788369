/**
 * What is said over a message port between whoever reads a file of a share (the service worker) and the session,
 * which has the file or is still getting it.
 *
 * Invariants
 *  1. The reader asks for each chunk: at most one is on its way, so that a slow reader holds up to one chunk in
 *     memory and nothing piles up.
 *  2. The first answer is `opened` or `refused`. Each `read` is answered by one `bytes` or one `failed`.
 *  3. While a `read` waits for a piece, `waiting` comes every WAITING_EVERY_MS: silence means that nobody is there.
 */

/** Longest chunk, bytes: one read of a piece of the usual length, one message. */
export const CHUNK_BYTES = 256 * 1024;

/** How often a reader hears that its bytes are still being fetched, ms. */
export const WAITING_EVERY_MS = 4_000;

/** A reader that hears nothing for this long gives up, ms: two words went missing. */
export const SILENT_AFTER_MS = 12_000;

export type FileStreamRequest =
  /** Up to `length` bytes from `at` on, both within the file; the answer may be shorter, never empty. */
  { readonly type: "read"; readonly at: number; readonly length: number } | { readonly type: "close" };

export type FileStreamAnswer =
  /** The file is known; `size` in bytes. */
  | { readonly type: "opened"; readonly size: number }
  /** There is no such file here. */
  | { readonly type: "refused" }
  /** Transferred: the reader owns them. */
  | { readonly type: "bytes"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly type: "waiting" }
  /** These bytes cannot be read, now or later. */
  | { readonly type: "failed" };

/** A `MessagePort` as far as either side uses it. */
export interface FileStreamPort {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: FileStreamRequest | FileStreamAnswer, transfer?: Transferable[]): void;
  close(): void;
}

/** There is no such file. */
export function refuse(port: FileStreamPort): void {
  port.postMessage({ type: "refused" });
  port.close();
}
