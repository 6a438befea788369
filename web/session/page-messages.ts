/**
 * What the page and the session's worker say to each other, besides the links, which have a port of their own.
 *
 * Invariants
 *  1. Every `ask` is answered once, under its number.
 *  2. A piece map crosses only when it is another than in the message before.
 */
import type { ChosenFile, OpenedTorrent, ShareOptions } from "./commands.ts";
import type { Settings, ShareLimits } from "./settings.ts";
import { NO_PIECES } from "./share/piece-map.ts";
import type {
  FileSnapshot,
  PieceMap,
  SessionSnapshot,
  ShareId,
  ShareSnapshot,
  StorageReport,
} from "./snapshot.ts";

/** What the page wants to know, and what the answer to it is. */
export interface Answers {
  readonly files: readonly FileSnapshot[];
  readonly blob: Blob | undefined;
  readonly torrent: OpenedTorrent;
  readonly "torrent-file": Blob | undefined;
  /** The browser's handles of the files of a share, for the page to ask leave to read them. */
  readonly handles: readonly unknown[];
  readonly storage: StorageReport;
  readonly snapshot: SessionSnapshot;
  readonly trace: string;
}

export type Question =
  | { readonly about: "files"; readonly id: ShareId }
  | { readonly about: "blob"; readonly id: ShareId; readonly file: number }
  | { readonly about: "handles"; readonly id: ShareId }
  | { readonly about: "storage" | "snapshot" }
  | { readonly about: "torrent"; readonly file: Blob }
  | { readonly about: "trace" | "torrent-file"; readonly id: ShareId };

export type PageMessage =
  | {
      readonly type: "share";
      readonly id: ShareId;
      readonly files: readonly ChosenFile[];
      readonly options: ShareOptions;
    }
  /** `key`: what the password of the link was turned into before the page was reloaded. */
  | {
      readonly type: "open";
      readonly id: ShareId;
      readonly text: string;
      readonly key: Uint8Array | undefined;
    }
  | {
      readonly type: "download" | "pause" | "resume" | "stop" | "restart" | "forget";
      readonly id: ShareId;
    }
  | { readonly type: "want"; readonly id: ShareId; readonly wanted: readonly boolean[] }
  | { readonly type: "unlock"; readonly id: ShareId; readonly password: string }
  | { readonly type: "limit"; readonly id: ShareId; readonly limits: ShareLimits }
  | { readonly type: "configure"; readonly settings: Settings }
  /** Whoever holds the other end of `port` reads this file (ports/file-stream.ts). */
  | { readonly type: "stream"; readonly id: ShareId; readonly file: number; readonly port: MessagePort }
  | { readonly type: "ask"; readonly number: number; readonly question: Question };

/**
 * What the worker is made for travels in its name: what is posted to a new worker reaches it only once the page has
 * a moment to spare (so Chromium), and the page is drawing its screens then.
 *
 * @returns undefined for what cannot be written as a name: it has to be posted.
 */
export function nameWith(first: PageMessage | undefined): string | undefined {
  return first?.type === "open" && first.key === undefined ? JSON.stringify(first) : undefined;
}

/** @param name of the worker. @returns what was put into it by `nameWith`. */
export function firstMessage(name: string): PageMessage | undefined {
  return name.startsWith("{") ? JSON.parse(name) : undefined;
}

export type WorkerMessage =
  /** The first message: where the page is to expose its links. */
  | { readonly type: "links"; readonly port: MessagePort }
  | { readonly type: "snapshot"; readonly snapshot: PackedSnapshot }
  /** A password turned out to be right; this is its key. */
  | { readonly type: "unlocked"; readonly id: ShareId; readonly key: Uint8Array }
  | { readonly type: "answer"; readonly number: number; readonly answer: Answers[Question["about"]] };

/** A snapshot without the piece maps that the page has. */
export interface PackedSnapshot extends Omit<SessionSnapshot, "shares"> {
  readonly shares: readonly PackedShare[];
}

interface PackedShare extends Omit<ShareSnapshot, "pieceMap"> {
  /** Undefined where the page has it already. */
  readonly pieceMap: PieceMap | undefined;
}

/** In the worker: remembers which maps the page has. */
export class SnapshotPacker {
  #sent = new Map<ShareId, PieceMap>();

  pack(snapshot: SessionSnapshot): PackedSnapshot {
    const sent = new Map<ShareId, PieceMap>();
    const shares = snapshot.shares.map((share) => {
      sent.set(share.id, share.pieceMap);
      if (this.#sent.get(share.id) !== share.pieceMap) return share;
      return { ...share, pieceMap: undefined };
    });
    this.#sent = sent;
    return { ...snapshot, shares };
  }
}

/** On the page: puts in the maps that it has, as the same objects while nothing changed. */
export class SnapshotUnpacker {
  #received = new Map<ShareId, PieceMap>();

  unpack(packed: PackedSnapshot): SessionSnapshot {
    const received = new Map<ShareId, PieceMap>();
    const shares = packed.shares.map((share) => {
      const pieceMap = share.pieceMap ?? this.#received.get(share.id) ?? NO_PIECES;
      received.set(share.id, pieceMap);
      return { ...share, pieceMap };
    });
    this.#received = received;
    return { ...packed, shares };
  }
}
