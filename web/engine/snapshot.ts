/**
 * A read-only copy of a swarm's state for the screen and for tests. Sizes are bytes, rates bytes per second.
 */
import type { LinkId, PeerId } from "./units.ts";

export interface SwarmPeerSnapshot {
  readonly link: LinkId;
  readonly peer: PeerId;
  readonly client: string;
  readonly uploaded: number;
  readonly downloaded: number;
  readonly wasted: number;
  readonly uploadRate: number;
  readonly downloadRate: number;
  readonly have: number;
  readonly isSeed: boolean;
  readonly amChoking: boolean;
  readonly peerChoking: boolean;
  readonly amInterested: boolean;
  readonly peerInterested: boolean;
  readonly relayed: boolean;
  /** Blocks asked of it and not yet here. */
  readonly requested: number;
}

export interface SwarmSnapshot {
  /** Bytes of the info dictionary that are here, of how many; equal once it is known. */
  readonly metadataHave: number;
  readonly metadataSize: number;
  /** Verified and stored bytes. */
  readonly have: number;
  readonly wanted: number;
  /** Stored bytes of the wanted files. */
  readonly haveOfWanted: number;
  readonly isComplete: boolean;
  readonly uploaded: number;
  readonly downloaded: number;
  readonly wasted: number;
  readonly uploadRate: number;
  readonly downloadRate: number;
  /** Pieces handed out to be hashed and stored, not answered yet. */
  readonly committing: number;
  /** Links whose peer has everything, links whose peer has a part. */
  readonly seeds: number;
  readonly leechers: number;
  /** Every piece that we lack is at someone here. */
  readonly available: boolean;
  /** The others hold every piece among them. */
  readonly availableWithoutUs: boolean;
  /** One byte a piece: 0 missing, 1 asked for, 2 have. Shared, not copied: read it before the next step. */
  readonly pieces: Uint8Array;
  /** Changes when `pieces` does. */
  readonly piecesVersion: number;
  readonly peers: readonly SwarmPeerSnapshot[];
}
