/**
 * What this browser profile remembers of its shares, so that they survive the tab: everything but the bytes.
 *
 * Invariants
 *  1. Each call is one transaction: after a crash it has happened whole or not at all.
 *  2. `keep` and `note` about one share take effect in the order in which they were called.
 *  3. After `forget` nothing of the share is left.
 *  4. What comes back is what was given, as copies: bytes, flags, and the browser's handles of files.
 */
import type { Totals } from "../engine/totals.ts";

/** A file that a person shared: how to know it again, and, where the browser gives one, the way back to it. */
export interface KeptFile {
  /** As it was chosen: the dropped folder's name first. */
  readonly path: readonly string[];
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  /** Index into `roots`; undefined when the browser gave no handle. */
  readonly root: number | undefined;
}

export interface KeptShare {
  /** Names the record; the same torrent has one as a sender's and one as a receiver's. */
  readonly key: string;
  readonly role: "sender" | "receiver";
  /** The link, by which the share is opened again. */
  readonly link: string;
  /** What the password of the share was turned into; undefined when it has none. */
  readonly passwordKey: Uint8Array | undefined;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
  readonly stopped: boolean;
  /** One flag for each file; undefined when all are wanted. */
  readonly wanted: readonly boolean[] | undefined;
  /** Where its pieces are stored; undefined for a sender's. */
  readonly place: string | undefined;
  /** In the order of the torrent; empty for a receiver's. */
  readonly files: readonly KeptFile[];
  /** The browser's handles of what was dropped or picked. Only a page may ask for leave to read them. */
  readonly roots: readonly unknown[];
  /** What other parts of the session keep with a share (limits, …): plain data, by name. */
  readonly extras: Readonly<Record<string, unknown>>;
}

/** What never changes, but is learned late: large, and written apart. */
export interface KeptTorrent {
  /** The info dictionary. */
  readonly info: Uint8Array;
  /** For each file the roots of its pieces, as far as they are known. */
  readonly layers: readonly (Uint8Array | undefined)[];
}

/** What changes all the time. Piece maps are in wire order (BEP 3). */
export interface KeptProgress {
  /** Verified, stored and flushed. */
  readonly have: Uint8Array;
  /** Verified and stored after the last flush: to be checked before they are believed again. */
  readonly unsure: Uint8Array;
  readonly totals: Totals;
}

export interface KeptRecord {
  readonly share: KeptShare;
  readonly torrent: KeptTorrent;
  readonly progress: KeptProgress;
}

/** All reject with LibraryError when the browser keeps nothing. */
export interface Library {
  /** Oldest first. */
  list(): Promise<readonly KeptRecord[]>;
  get(key: string): Promise<KeptRecord | undefined>;
  /** Puts the whole record in the place of what was there. */
  keep(record: KeptRecord): Promise<void>;
  /** Writes the given parts of a record that is there, and only of such a one. */
  note(key: string, parts: Partial<KeptRecord>): Promise<void>;
  forget(key: string): Promise<void>;
  /** Bytes moved by all shares of this profile, ever. */
  lifetime(): Promise<Totals>;
  /** @returns the sum. Several tabs may add at the same time. */
  addToLifetime(moved: Totals): Promise<Totals>;
  /** What was last kept with `keepSettings`; undefined before. What it means is the session's affair. */
  settings(): Promise<unknown>;
  /** @param settings plain data, which takes the place of what was there. */
  keepSettings(settings: unknown): Promise<void>;
}

/** The page was not given leave to read what a handle leads to. */
export class ReadRefusedError extends Error {
  override readonly name = "ReadRefusedError";
}

/** The browser keeps nothing here (private window, no room, a newer version of the app holds the library). */
export class LibraryError extends Error {
  override readonly name: string = "LibraryError";
}

/** A newer version of the app keeps the library: this one can neither read nor harm it. */
export class NewerLibraryError extends LibraryError {
  override readonly name = "NewerLibraryError";
}
