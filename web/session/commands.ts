/** What a person can tell the session to do. Everything is asynchronous: the effect shows in the next snapshot. */
import type { Settings, ShareLimits } from "./settings.ts";
import type { FileSnapshot, SessionSnapshot, ShareId, StorageReport, TorrentTrouble } from "./snapshot.ts";

/** A file that a person chose, with its place in the folder that was dropped. */
export interface ChosenFile {
  readonly file: File;
  /** Path components, the folder's own name first; one component for a single file. */
  readonly path: readonly string[];
  /** The browser's handle of what was dropped or picked: this file, or the folder at the root of its path. */
  readonly root?: FileSystemHandle;
}

export interface ShareOptions {
  readonly public: boolean;
  /** Of a private share: who opens the link is asked for it. The link says that there is one, not which. */
  readonly password?: string;
}

/** Why a text is not a link that can be opened. */
export type LinkProblem = "empty" | "not-a-link" | "cut-off" | "damaged" | "unsupported";

/** Why a link or a .torrent cannot be opened. */
export type OpenProblem = LinkProblem | `torrent-${TorrentTrouble}`;

/** The share that a .torrent is, or what is wrong with it. */
export type OpenedTorrent = { readonly id: ShareId } | { readonly trouble: TorrentTrouble };

export interface Commands {
  /** Shares these files as one share. @returns its id at once; the link follows in the snapshot. */
  share(files: readonly ChosenFile[], options: ShareOptions): ShareId;
  /** Opens a link in any form that DESIGN §5 names. @returns the share's id or what is wrong with the text. */
  open(text: string): { readonly id: ShareId } | { readonly problem: LinkProblem };
  /** Opens a .torrent, as a public share. */
  openTorrent(file: Blob): Promise<OpenedTorrent>;
  /** A .torrent of a public share, for saving; undefined for a private one, and until its files are known. */
  torrentFile(id: ShareId): Promise<Blob | undefined>;
  /** Begins (or continues) the download of the wanted files. */
  download(id: ShareId): void;
  pause(id: ShareId): void;
  resume(id: ShareId): void;
  /** Leaves the swarm. The share stays in the list as stopped until it is forgotten. */
  stop(id: ShareId): void;
  /** Takes a stop back. */
  restart(id: ShareId): void;
  /** Removes a stopped, failed or finished share and everything that it stored. */
  forget(id: ShareId): void;
  /** One flag for each file. */
  want(id: ShareId, wanted: readonly boolean[]): void;
  /** Tries a password on a share whose problem is "password-needed" or "wrong-password". */
  unlock(id: ShareId, password: string): void;
  /** Replaces the limits of a share. */
  limit(id: ShareId, limits: ShareLimits): void;
  /** Replaces the settings of all shares. */
  configure(settings: Settings): void;
  /** The files of a share, all of them. */
  files(id: ShareId): Promise<readonly FileSnapshot[]>;
  /** The bytes of a complete file, for saving; undefined while it is incomplete. */
  blob(id: ShareId, file: number): Promise<Blob | undefined>;
  /** What is stored in this browser, and what of it belongs to which share. */
  storage(): Promise<StorageReport>;
  /** Gives a file, also one that is still arriving, to whoever holds the other end (ports/file-stream.ts). */
  stream(id: ShareId, file: number, port: MessagePort): void;
  /** A fresh snapshot, not the last one shown. */
  snapshot(): Promise<SessionSnapshot>;
  /** JSON lines of the engine's last steps, for replay. */
  trace(id: ShareId): Promise<string>;
}
