/**
 * What the page knows of the session: plain, cloneable data, sent at most four times a second.
 *
 * `ShareSnapshot` is what `window.shoal.snapshot()` shows (docs/automation.md) plus what the screens need.
 * Sizes are bytes, rates bytes per second.
 */
import type { DropReason } from "../engine/io.ts";
import type { Route } from "../ports/links.ts";
import type { RangeFetchReason } from "../ports/range-fetch.ts";
import type { Settings, ShareLimits } from "./settings.ts";

export type ShareId = string;

export type ShareState =
  /** The sender's files are being fingerprinted. */
  | "hashing"
  /** The receiver is looking for people and for the list of files. */
  | "connecting"
  /** Nobody with a copy is here, or (with `accepted` false) the person has not pressed Download yet. */
  | "waiting"
  | "downloading"
  | "checking"
  | "paused"
  /** Everything wanted is here; still helping others. */
  | "done"
  | "seeding"
  | "stopped"
  | "failed";

/** What was measured where somebody is there and no link comes about. */
export type NoRouteCause =
  /** We connect through relays alone, and this site has none. */
  | "hidden-without-relay"
  /** This site has a relay, and it gave us no address. */
  | "relay-silent"
  /** The relay gave us an address, and that led nowhere either. */
  | "relay-in-vain"
  /** This site names nothing that finds a way from one network into another. */
  | "no-help"
  /** Our network lets nobody in, or theirs does not, or each lets in and they do not meet. */
  | "ours-closed"
  | "theirs-closed"
  | "both-refuse";

/** What is wrong with a torrent, as far as it makes a difference to the person. */
export type TorrentTrouble =
  | "unreadable"
  | "not-a-torrent"
  | "too-large"
  | "too-deep"
  | "too-many"
  | "empty"
  | "names"
  | "sizes"
  | "contradiction"
  | "version";

/** Why something does not go on; the text for each is in the view's catalogue. */
export type Problem =
  | { readonly code: "nobody-here" }
  /**
   * `lastSeenAt`: when somebody with what we lack was last here, milliseconds since the epoch, to the second.
   * `isAlone`: nobody else is here either.
   */
  | { readonly code: "source-gone"; readonly lastSeenAt: number; readonly isAlone: boolean }
  | { readonly code: "no-route"; readonly cause: NoRouteCause }
  | { readonly code: "tracker-unreachable" }
  /** The link asks for a password and none was given. */
  | { readonly code: "password-needed" }
  | { readonly code: "wrong-password" }
  | { readonly code: "storage-refused" }
  | { readonly code: "storage-full" }
  | { readonly code: "file-changed"; readonly name: string }
  /** Some of what was stored is gone: the browser, or somebody, deleted it. It is fetched again. */
  | { readonly code: "storage-lost" }
  /** Shared before the tab was closed. `canReopen`: the browser kept the way to the files, so `resume` does. */
  | { readonly code: "files-needed"; readonly canReopen: boolean }
  /** The browser kept the way to the files, and was not allowed to read them. `resume` asks once more. */
  | { readonly code: "read-refused" }
  | { readonly code: "too-large-for-memory"; readonly limit: number }
  /** Another tab of this profile keeps it, and it does not fit into memory beside that. */
  | { readonly code: "open-elsewhere" }
  | { readonly code: "nothing-to-share" }
  /** What the link names is no torrent that anybody could take part in. */
  | { readonly code: "invalid-torrent"; readonly trouble: TorrentTrouble }
  /** A hybrid torrent whose two halves name different bytes. */
  | { readonly code: "torrent-contradictory" }
  | { readonly code: "internal" };

/** Why a share is stopped. */
export type StopReason = "person" | "ratio" | "idle";

export interface FileSnapshot {
  readonly path: readonly string[];
  readonly size: number;
  readonly have: number;
  readonly wanted: boolean;
  /** Its beginning is here, so that it can be played while the rest arrives. */
  readonly hasBegun: boolean;
}

export interface PeerSnapshot {
  readonly id: string;
  /** Client name and version as the peer says, e.g. "Shoal 0.1"; empty while unknown. Untrusted text. */
  readonly client: string;
  readonly uploaded: number;
  readonly downloaded: number;
  readonly wasted: number;
  readonly uploadRate: number;
  readonly downloadRate: number;
  /** Bytes that the peer has. */
  readonly have: number;
  readonly amChoking: boolean;
  readonly peerChoking: boolean;
  readonly amInterested: boolean;
  readonly peerInterested: boolean;
  readonly relayed: boolean;
  readonly route: Route;
  /** It gives pieces to others than us too. */
  readonly helping: boolean;
}

/** One byte for each piece: 0 missing, 1 asked for, 2 have. `version` changes when a byte does. */
export interface PieceMap {
  readonly version: number;
  readonly cells: Uint8Array;
  /** How many of those here have each piece, 255 for that many and more. */
  readonly copies: Uint8Array;
  /** For each piece 0, or one more than the place in `senders` of the peer that sent most of it. */
  readonly sources: Uint8Array;
  readonly senders: readonly string[];
}

/** Why a page cannot, or must not, speak to an address. */
export type UrlReason = "not-a-url" | "protocol" | "insecure" | "private-network";

/** A tracker of a share, as Details shows it. */
export interface TrackerSnapshot {
  /** Untrusted text unless it is in use. */
  readonly url: string;
  /** "spare": another of its tier is used. "unusable": a page cannot, or must not, speak to it. */
  readonly state: "connecting" | "online" | "offline" | "spare" | "unusable";
  readonly unusable?: UrlReason;
  /** Others in the swarm as it last counted. */
  readonly peers?: number;
  /** What it last refused, in its own words. Untrusted text. */
  readonly reason?: string;
}

/** A web seed of a share, as Details shows it. */
export interface WebSeedSnapshot {
  /** Untrusted text unless it is in use. */
  readonly url: string;
  /** "waiting": it failed and is tried again later. "dropped": it is of no use, or lied. */
  readonly state: "spare" | "used" | "waiting" | "dropped" | "unusable";
  readonly downloaded: number;
  /** Why it failed last, or cannot be used. */
  readonly reason?: WebSeedReason;
}

/** Why a web seed gives nothing, as far as it can be seen from here. */
export type WebSeedFailure = RangeFetchReason | "silent";

export type WebSeedReason = UrlReason | WebSeedFailure | "wrong-data";

export interface ShareSnapshot {
  readonly id: ShareId;
  readonly role: "sender" | "receiver";
  readonly state: ShareState;
  /** Empty while unknown. */
  readonly name: string;
  /** Undefined while the metadata is unknown. */
  readonly size: number | undefined;
  readonly have: number;
  /** Bytes of the files that the person wants. */
  readonly wantedSize: number;
  readonly pieceCount: number;
  readonly pieceLength: number;
  readonly uploaded: number;
  readonly downloaded: number;
  readonly wasted: number;
  readonly ratio: number;
  readonly uploadRate: number;
  readonly downloadRate: number;
  readonly public: boolean;
  readonly infohashV2: string;
  readonly infohashV1?: string;
  readonly peers: readonly PeerSnapshot[];

  /** The whole link; empty until the infohash is known. */
  readonly link: string;
  /** Receiver: Download was pressed. */
  readonly accepted: boolean;
  /** It is here from an earlier time, and rests until the person goes on (`resume`, `download`, `restart`). */
  readonly restored: boolean;
  /** 0 … 1 of the sender's bytes fingerprinted. */
  readonly hashed: number;
  readonly pieceMap: PieceMap;
  /** Seconds until done at the present rate; undefined when it cannot be told. */
  readonly etaSeconds: number | undefined;
  /** Full copies here besides ours, parts besides ours, and whether the people here hold everything among them. */
  readonly copies: number;
  readonly parts: number;
  readonly available: boolean;
  /** The others hold a full copy among them: the sender may leave. */
  readonly availableWithoutUs: boolean;
  /** "other-tab": in memory, for another tab of this profile keeps it. */
  readonly storage: "files" | "opfs" | "memory" | "other-tab" | "none";
  /** Most bytes of it that can be kept, where it is not the disk that says so. */
  readonly capacity: number | undefined;
  readonly problem: Problem | undefined;
  /** Last peers that were dropped, and why (Details). */
  readonly dropped: readonly { readonly peer: string; readonly reason: DropReason }[];
  /** Ours first. */
  readonly trackers: readonly TrackerSnapshot[];
  readonly webSeeds: readonly WebSeedSnapshot[];
  /** Changes when `files` of this share must be fetched again; the list itself comes apart because it can be long. */
  readonly filesVersion: number;
  readonly fileCount: number;
  readonly limits: ShareLimits;
  /** Of a stopped share. */
  readonly stoppedBy?: StopReason;
  /** Milliseconds since the epoch. */
  readonly addedAt: number;
}

/** What is stored in this browser. Bytes; undefined where the browser does not tell. */
export interface StorageReport {
  readonly usage: number | undefined;
  readonly quota: number | undefined;
  /** The browser has promised not to delete it by itself. */
  readonly persisted: boolean;
  /** Shares that take room on the disk. `forget` frees it. */
  readonly shares: readonly { readonly id: ShareId; readonly name: string; readonly bytes: number }[];
}

export interface SessionSnapshot {
  readonly shares: readonly ShareSnapshot[];
  readonly lifetime: { readonly uploaded: number; readonly downloaded: number; readonly wasted: number };
  readonly settings: Settings;
  readonly tracker: "connecting" | "online" | "offline";
  /** A newer version of the app keeps this profile's shares: this one shows none of them and remembers nothing. */
  readonly outdated: boolean;
}
