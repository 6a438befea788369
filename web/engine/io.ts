/**
 * Everything that can happen to a swarm, and everything that a swarm can ask for.
 *
 * `Swarm.step(input, now)` takes one fact and returns all orders that follow from it. The driver carries
 * out every order before it hands in the next fact. Inputs are facts in the past tense, outputs orders.
 *
 * Invariants
 *  1. Both unions are closed: what is not here cannot happen to a swarm.
 *  2. A byte array in an input is read only during that step, one in an output belongs to the driver afterwards,
 *     unless its line says otherwise.
 *  3. Every `commit` is answered by one `piece-committed`, every `serve` by later `bytes-flushed`.
 *  4. At most one `wake-at` per step; it replaces the earlier one.
 */
import type { Priority } from "./availability.ts";
import type { Bitfield } from "./bitfield.ts";
import type { Info, InfoReason } from "./metainfo/info.ts";
import type { LinkId, Millis, PeerId, PieceIndex } from "./units.ts";
import type { Note } from "./wire/introduction.ts";

export type Input =
  /**
   * A channel to a peer is open. `peer` is who signaling said it is; the handshake must agree. `metIn` is the swarm
   * of a hybrid torrent in which we heard of each other, `initiated` whether it was we who dialled: they decide who
   * speaks first, and with which infohash.
   */
  | {
      type: "link-opened";
      link: LinkId;
      peer: PeerId;
      relayed: boolean;
      metIn?: TorrentVersion;
      initiated?: boolean;
    }
  /** Bytes of the peer's stream; where messages begin and end in it means nothing. */
  | { type: "bytes-received"; link: LinkId; bytes: Uint8Array }
  /** `count` bytes that were sent or served have left this machine's queue: that much credit is back. */
  | { type: "bytes-flushed"; link: LinkId; count: number }
  | { type: "link-closed"; link: LinkId }
  /**
   * The store is ready for this torrent; `have` is what it already holds, verified. Follows `metadata-complete`,
   * or comes once for a torrent that is resumed: what is not in `have` is lost.
   */
  | { type: "storage-opened"; have: Bitfield }
  /**
   * The outcome of a `commit`. `leaves` are the hashes of its 16 KiB blocks, 32 bytes each, in order; they tell
   * the engine which blocks of a corrupt piece are bad. Empty for a stored piece whose order did not ask for them.
   * `contradictory`: one of its two hashes is right and the other wrong. `failed`: the disk would not take it.
   */
  | { type: "piece-committed"; piece: PieceIndex; result: "stored" | "corrupt"; leaves: Uint8Array }
  | { type: "piece-committed"; piece: PieceIndex; result: "contradictory" }
  | { type: "piece-committed"; piece: PieceIndex; result: "failed" }
  /** A `serve` could not be read (file changed, evicted): the piece is no longer had. Its link may be closed by then. */
  | { type: "serve-failed"; link: LinkId; piece: PieceIndex; begin: number; length: number }
  /** The person pressed Download (or Pause); a paused swarm keeps its links and goes on giving what it has. */
  /** `awaitsRoom`: we may show interest, and ask for nothing before this is said again without it. */
  | { type: "download-allowed"; allowed: boolean; awaitsRoom?: boolean }
  /** The person chose files: one flag for each file of the torrent, and which are to come first (all alike if absent). */
  | { type: "files-wanted"; wanted: readonly boolean[]; priorities?: readonly Priority[] }
  /**
   * These pieces are about to be played, in this order; `count` 0 lifts the window. They are wanted while they are
   * in it, also of a file that was not chosen, and fetched before all others; a pause is not lifted by it.
   */
  | { type: "window-set"; first: PieceIndex; count: number }
  /** Limits in bytes per second; Infinity lifts one. */
  | { type: "limits-set"; uploadBytesPerSecond: number; downloadBytesPerSecond: number; uploadSlots: number }
  /** A note for `to`, to be handed on by the peer at `through`, who told us of it. Answered by silence or a refusal. */
  | { type: "introduction-asked"; through: LinkId; to: PeerId; note: Note }
  /** The time of the last `wake-at` has come. */
  | { type: "woke" };

export type Output =
  /** Send these bytes on the link, in order with everything else on it. */
  | { type: "send"; link: LinkId; bytes: Uint8Array }
  /**
   * Read the block, put the 13-byte header of a `piece` message before it, send it: one trip. The last `padding`
   * bytes of its `length` are zeros that are stored nowhere (BEP 47).
   */
  | { type: "serve"; link: LinkId; piece: PieceIndex; begin: number; length: number; padding: number }
  /** Hash, compare, store: one trip. `bytes` stays the engine's: the driver only reads it, until it answers. */
  | { type: "commit"; piece: PieceIndex; bytes: Uint8Array; check: PieceCheck }
  /** Close the link for this reason. No input for it follows but `serve-failed`. `ban` keeps this peer out of the share. */
  | { type: "drop"; link: LinkId; reason: DropReason; ban: boolean }
  /** The info dictionary is here and its SHA-256 is the infohash: open a store for it, then say so. */
  | { type: "metadata-complete"; info: Info }
  /** The info dictionary is what the link names, but nothing that can be opened. The share cannot go on. */
  | { type: "metadata-invalid"; reason: InfoReason }
  /** Its v1 and v2 hashes name different bytes: there is no telling which are meant, and the share cannot go on. */
  | { type: "hashes-disagree" }
  /** The last wanted piece is stored. */
  | { type: "download-complete" }
  /** Introduce us to these peers, whom `through` told us about (peer exchange). */
  | { type: "peers-discovered"; through: LinkId; peers: readonly PeerId[] }
  /** The peer at `through` hands us a note, and says whom it is from. */
  | { type: "introduction-heard"; through: LinkId; from: PeerId; note: Note }
  /** The peer at `through` cannot hand our note to `to`. */
  | { type: "introduction-refused"; through: LinkId; to: PeerId; offerId: string }
  /** Feed `woke` at this time. */
  | { type: "wake-at"; at: Millis };

/** What a piece must hash to: by v2, by v1, or by both. */
export interface PieceCheck {
  /** Root over `width` leaves, 32 bytes (BEP 52 padding rules). */
  readonly merkle?: { readonly root: Uint8Array; readonly width: number };
  /** SHA-1 of the piece with `padding` zeros behind it, 20 bytes (BEP 3, BEP 47). */
  readonly sha1?: { readonly hash: Uint8Array; readonly padding: number };
  /** The answer must carry the leaves of a stored piece, though nothing here is compared with them. */
  readonly needsLeaves: boolean;
}

/** Which of the two wire protocols a link speaks: they differ in what the pieces of a hybrid torrent are. */
export type TorrentVersion = "v1" | "v2";

/** Why a peer was dropped. Closed: every way in which a peer can misbehave or become useless is named here. */
export type DropReason =
  | "handshake-malformed"
  | "handshake-other-torrent"
  | "handshake-other-peer"
  | "handshake-timeout"
  | "peer-is-self"
  | "peer-already-linked"
  | "message-too-long"
  | "message-malformed"
  | "message-out-of-place"
  | "bitfield-malformed"
  | "index-out-of-range"
  | "request-too-long"
  | "request-flood"
  | "block-not-requested"
  | "extension-malformed"
  | "metadata-corrupt"
  | "hashes-forged"
  | "data-corrupt"
  | "silent"
  | "both-seeds"
  | "share-stopped";
