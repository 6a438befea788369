/**
 * A read-only copy of a swarm's state for the screen and for tests. Sizes are bytes, rates bytes per second.
 */

import type { Geometry } from "./geometry.ts";
import type { Ledger } from "./ledger.ts";
import type { MetadataExchange } from "./metadata-exchange.ts";
import type { Peer } from "./peer.ts";
import type { PieceSources } from "./piece-sources.ts";
import type { Pieces } from "./pieces.ts";
import type { LinkId, Millis, PeerId, PieceIndex } from "./units.ts";

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
  /** How many peers here have a piece. */
  readonly copiesOf: (piece: PieceIndex) => number;
  /** Who sent which piece; shared like `pieces`. Undefined until storage is open. */
  readonly sources: PieceSources | undefined;
  readonly peers: readonly SwarmPeerSnapshot[];
}

/** What a snapshot is taken of; all from `geometry` on are unknown until storage is open. */
export interface SnapshotSource {
  readonly now: Millis;
  readonly peers: Iterable<Peer>;
  readonly ledger: Ledger;
  readonly metadata: MetadataExchange;
  readonly geometry: Geometry | undefined;
  readonly pieces: Pieces | undefined;
  readonly sources: PieceSources | undefined;
  readonly committing: number;
}

const NO_PIECES = new Uint8Array(0);

export function takeSnapshot(source: SnapshotSource): SwarmSnapshot {
  const { now, ledger, metadata, geometry, pieces } = source;
  const peers = [...source.peers].filter((peer) => peer.isHandshakeDone);
  const rows = peers.map((peer) => peerSnapshot(peer, ledger, geometry, now));
  const sumOf = (read: (peer: SwarmPeerSnapshot) => number) =>
    rows.reduce((sum, peer) => sum + read(peer), 0);
  return {
    metadataHave: metadata.received,
    metadataSize: metadata.size,
    ...haveOf(geometry, pieces),
    ...ledger.total,
    uploadRate: sumOf((peer) => peer.uploadRate),
    downloadRate: sumOf((peer) => peer.downloadRate),
    committing: source.committing,
    seeds: rows.filter((peer) => peer.isSeed).length,
    leechers: rows.filter((peer) => !peer.isSeed).length,
    ...availabilityOf(peers, pieces),
    pieces: pieces?.cells ?? NO_PIECES,
    piecesVersion: pieces?.cellsVersion ?? 0,
    copiesOf: (piece) => pieces?.availability.copies(piece) ?? 0,
    sources: source.sources,
    peers: rows,
  };
}

function peerSnapshot(
  peer: Peer,
  ledger: Ledger,
  geometry: Geometry | undefined,
  now: Millis,
): SwarmPeerSnapshot {
  const isSeed = peer.isFullCopy;
  const total = geometry?.totalBytes ?? 0;
  return {
    link: peer.link,
    peer: peer.id,
    client: peer.client,
    ...ledger.of(peer.id),
    uploadRate: peer.sentLately.bytesPerSecond(now),
    downloadRate: peer.receivedLately.bytesPerSecond(now),
    have: isSeed ? total : peer.haveBytes,
    isSeed,
    amChoking: peer.amChoking,
    peerChoking: peer.isChoking,
    amInterested: peer.amInterested,
    peerInterested: peer.isInterested,
    relayed: peer.relayed,
    requested: peer.requests.length,
  };
}

function haveOf(
  geometry: Geometry | undefined,
  pieces: Pieces | undefined,
): Pick<SwarmSnapshot, "have" | "wanted" | "haveOfWanted" | "isComplete"> {
  if (geometry === undefined || pieces === undefined) {
    return { have: 0, wanted: 0, haveOfWanted: 0, isComplete: false };
  }
  return { ...pieces.bytes, isComplete: pieces.isComplete };
}

function availabilityOf(
  peers: readonly Peer[],
  pieces: Pieces | undefined,
): Pick<SwarmSnapshot, "available" | "availableWithoutUs"> {
  if (pieces === undefined) return { available: false, availableWithoutUs: false };
  if (peers.some((peer) => peer.isFullCopy)) return { available: true, availableWithoutUs: true };
  let available = true;
  let availableWithoutUs = true;
  for (let index = 0; index < pieces.have.length && (available || availableWithoutUs); index++) {
    const piece = index as PieceIndex;
    if (pieces.availability.copies(piece) > 0) continue;
    availableWithoutUs = false;
    if (pieces.isMissing(piece)) available = false;
  }
  return { available, availableWithoutUs };
}
