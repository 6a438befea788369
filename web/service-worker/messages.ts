/**
 * What pages and the service worker say to each other. Reading a file of a share has a protocol of its own
 * (ports/file-stream.ts): the page hands the port on to its session.
 *
 * Invariants
 *  1. Each `save` is answered by `opened` or `refused`, each `want` by `file` or `failed`: one at a time.
 *  2. A page that has offered something says `stay` until it hears that nothing is open any more.
 */

/** To a page. */
export type PageRequest =
  | { readonly type: "media"; readonly share: string; readonly file: number; readonly port: MessagePort }
  | { readonly type: "save"; readonly id: string; readonly port: MessagePort }
  /** The answer to `stay`: how many answers are still being read. */
  | { readonly type: "open"; readonly count: number }
  /** The answer to `shared`: what the system handed to the app; empty when that got lost. */
  | { readonly type: "shared"; readonly files: readonly File[] };

/** To the service worker. */
export type WorkerRequest =
  /** A browser ends a service worker that hears nothing for half a minute, in the middle of an answer too. */
  | { readonly type: "stay" }
  /** A page that was loaded around the service worker wants to be served by it. */
  | { readonly type: "claim" }
  /** The page has what it needs itself: now is the time to keep the app for when there is no network. */
  | { readonly type: "keep" }
  /** The page was opened for files that the system handed over. */
  | { readonly type: "shared" };

/** How often a page says `stay`, ms: Firefox and Chromium wait 30 s. */
export const STAY_EVERY_MS = 10_000;

/** How long a page may take to answer, ms. */
export const ANSWER_TIMEOUT_MS = 15_000;

/** A file on its way into an archive. */
export interface SavedEntry {
  /** Its path in the archive, with forward slashes; safe. */
  readonly path: string;
  readonly size: number;
}

export type SaveAnswer =
  | { readonly type: "opened"; readonly name: string; readonly entries: readonly SavedEntry[] }
  | { readonly type: "refused" }
  | { readonly type: "file"; readonly blob: Blob }
  | { readonly type: "failed" };

export type SaveRequest =
  | { readonly type: "want"; readonly entry: number }
  /** Bytes of the archive that the browser has taken. */
  | { readonly type: "progress"; readonly bytes: number; readonly of: number }
  | { readonly type: "ended"; readonly outcome: SaveOutcome };

/** "cancelled" by the person, in the browser's own list of downloads. */
export type SaveOutcome = "complete" | "cancelled" | "failed";
