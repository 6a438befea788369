/**
 * A tracker: knows who is in which room and carries signals between them. Ours lists the peers and carries an
 * offer to the one that we choose; a plain WebTorrent tracker passes offers to peers of its own choosing.
 *
 * Invariants
 *  1. A joined room stays joined over reconnections: the adapter announces again by itself, with back-off.
 *  2. What arrives is well-formed and within limits, but who sent it proves nothing: sealing does that.
 */
import type { PeerId } from "../engine/units.ts";

export interface TrackerPeer {
  readonly peer: PeerId;
  /** Said to have everything. A hint, nothing more. */
  readonly complete: boolean;
  /** False when it cannot take candidates after a description (other BitTorrent programs). True unless said. */
  readonly trickle?: boolean;
}

/** `offline` carries when the next try is due, in ms from now. */
export type TrackerStatus =
  | { readonly state: "connecting" | "online" }
  | { readonly state: "offline"; readonly retryInMs: number };

/** The figures of an announce (BEP 3). `left` is null while the size is unknown. */
export interface AnnounceFigures {
  readonly uploaded: number;
  readonly downloaded: number;
  readonly left: number | null;
}

export interface TrackerEvents {
  onStatus(status: TrackerStatus): void;
  /**
   * Answer to an announce. Counts are of the whole swarm, ourselves included.
   * @param peers undefined when this tracker lists nobody and carries only offers of an `announce`.
   */
  onPeers(
    room: string,
    peers: readonly TrackerPeer[] | undefined,
    complete: number,
    incomplete: number,
  ): void;
  onSignal(room: string, from: PeerId, offerId: string, signal: TrackerSignal): void;
  /** The tracker refused something in this room, in its words. */
  onRefused(room: string, reason: string): void;
}

/** `text` is what the sealer made. */
export interface TrackerSignal {
  readonly kind: "offer" | "answer" | "candidates";
  readonly text: string;
  /** Of one that arrived: false when its sender cannot take candidates. True unless said. */
  readonly trickle?: boolean;
}

/** An offer for whomever the tracker passes it to. */
export interface OpenOffer {
  readonly offerId: string;
  readonly sdp: string;
}

export interface Tracker {
  /** Joins, and announces now and at the tracker's interval. `figures` is asked at each announce. */
  join(room: string, self: PeerId, figures: () => AnnounceFigures): void;
  /** Announces now, asking for up to `want` peers, or for a peer to take each of `offers` (at most 5). */
  announce(room: string, event: "update" | "completed", want: number, offers?: readonly OpenOffer[]): void;
  signal(room: string, to: PeerId, offerId: string, signal: TrackerSignal): void;
  leave(room: string): void;
  close(): void;
}
