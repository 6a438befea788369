/** Puts together what the page sees of one share. */
import type { SwarmPeerSnapshot, SwarmSnapshot } from "../../engine/snapshot.ts";
import type { LinkId } from "../../engine/units.ts";
import type { Route } from "../../ports/links.ts";
import type { PeerSnapshot, PieceMap, ShareId, ShareSnapshot } from "../snapshot.ts";
import type { KeptMembership, WrittenShare } from "./kept-membership.ts";
import { workingFigures } from "./share-origin.ts";
import type { Verdict } from "./share-state.ts";

/** What a share knows of itself. */
export interface ViewedShare extends WrittenShare {
  readonly id: ShareId;
  /** Of its files, while they become a torrent. */
  readonly hashedBytes: number;
  /** Undefined until its torrent is known. */
  readonly part: KeptMembership | undefined;
}

/** @param swarm without web seeds; undefined until its torrent is known. */
export function shareSnapshot(
  share: ViewedShare,
  swarm: SwarmSnapshot | undefined,
  pieceMap: PieceMap,
  { state, problem }: Verdict,
): ShareSnapshot {
  const { identity, life, part } = share;
  const { role, hashes, info } = identity;
  const { workingName, workingSize, workingFileCount } = workingFigures(identity.origin);
  const { uploaded = 0, downloaded = 0 } = swarm ?? {};
  const size = info?.files.reduce((sum, file) => sum + file.length, 0) ?? workingSize;
  const routes = part?.membership.routes ?? new Map();
  return {
    id: share.id,
    role,
    state,
    name: info?.name ?? workingName,
    size,
    have: swarm?.have ?? 0,
    wantedSize: wantedSize(swarm, size ?? 0),
    pieceCount: pieceMap.cells.length,
    pieceLength: info?.pieceLength ?? 0,
    uploaded,
    downloaded,
    wasted: swarm?.wasted ?? 0,
    ratio: ratioOf(role, uploaded, downloaded, size),
    uploadRate: swarm?.uploadRate ?? 0,
    downloadRate: swarm?.downloadRate ?? 0,
    public: identity.isPublic,
    infohashV2: hashes?.infoHash ?? "",
    ...(hashes?.infoHashV1 !== undefined && { infohashV1: hashes.infoHashV1 }),
    peers: swarm?.peers.map((peer) => peerSnapshot(peer, swarm, routes)) ?? [],
    link: identity.link,
    accepted: life.accepted,
    restored: life.isRestored,
    hashed: hashes === undefined && workingSize ? share.hashedBytes / workingSize : 1,
    pieceMap,
    etaSeconds: swarm && state === "downloading" ? etaSeconds(swarm) : undefined,
    copies: swarm?.seeds ?? 0,
    parts: swarm?.leechers ?? 0,
    available: swarm?.available ?? false,
    availableWithoutUs: swarm?.availableWithoutUs ?? false,
    storage: part?.storage ?? "none",
    capacity: part?.membership.store?.capacityBytes,
    problem,
    dropped: part?.membership.dropped ?? [],
    trackers: part?.membership.discovery.trackers.snapshots ?? [],
    webSeeds: part?.membership.webSeeds.snapshots ?? [],
    filesVersion: share.files.version,
    fileCount: info?.files.length ?? workingFileCount,
    limits: share.limiter.limits,
    ...(state === "stopped" && life.stoppedBy !== undefined && { stoppedBy: life.stoppedBy }),
    addedAt: identity.addedAt,
  };
}

/** Uploaded to downloaded; who brought the files in has one whole copy in place of a download. */
function ratioOf(role: ShareSnapshot["role"], uploaded: number, downloaded: number, size = 0): number {
  const taken = role === "sender" ? size : downloaded;
  return taken > 0 ? uploaded / taken : 0;
}

/** Until its store is open the swarm knows of no pieces: everything is wanted then. */
function wantedSize(swarm: SwarmSnapshot | undefined, size: number): number {
  return swarm === undefined || swarm.pieces.length === 0 ? size : swarm.wanted;
}

function etaSeconds({ wanted, haveOfWanted, downloadRate }: SwarmSnapshot): number | undefined {
  return downloadRate > 0 ? (wanted - haveOfWanted) / downloadRate : undefined;
}

function peerSnapshot(
  peer: SwarmPeerSnapshot,
  swarm: SwarmSnapshot,
  routes: ReadonlyMap<LinkId, Route>,
): PeerSnapshot {
  const route = routes.get(peer.link) ?? "unknown";
  // What peers do among themselves cannot be seen from here: it has pieces, and others here lack some.
  const helping = peer.have > 0 && swarm.leechers > (peer.isSeed ? 0 : 1);
  return {
    id: peer.peer,
    client: peer.client,
    uploaded: peer.uploaded,
    downloaded: peer.downloaded,
    wasted: peer.wasted,
    uploadRate: peer.uploadRate,
    downloadRate: peer.downloadRate,
    have: peer.have,
    amChoking: peer.amChoking,
    peerChoking: peer.peerChoking,
    amInterested: peer.amInterested,
    peerInterested: peer.peerInterested,
    relayed: route === "relayed",
    route,
    helping,
  };
}
