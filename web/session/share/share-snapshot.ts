/** Puts together what the page sees of one share. */
import type { DropReason } from "../../engine/io.ts";
import type { Info } from "../../engine/metainfo/info.ts";
import type { SwarmPeerSnapshot, SwarmSnapshot } from "../../engine/snapshot.ts";
import type { LinkId } from "../../engine/units.ts";
import type { Route } from "../../ports/links.ts";
import type { PeerSnapshot, PieceMap, ShareSnapshot, StopReason } from "../snapshot.ts";
import type { Verdict } from "./share-state.ts";

/** What a share knows of itself beside its swarm. */
export interface ShareFacts
  extends Pick<
    ShareSnapshot,
    | "id"
    | "role"
    | "public"
    | "infohashV2"
    | "link"
    | "accepted"
    | "restored"
    | "hashed"
    | "storage"
    | "capacity"
    | "filesVersion"
    | "limits"
    | "addedAt"
    | "trackers"
    | "webSeeds"
  > {
  readonly infohashV1: string | undefined;
  readonly stoppedBy: StopReason | undefined;
  readonly verdict: Verdict;
  /** The name before the info dictionary is known. */
  readonly workingName: string;
  /** The size before the info dictionary is known. */
  readonly workingSize: number | undefined;
  readonly workingFileCount: number;
  readonly info: Info | undefined;
  readonly pieceMap: PieceMap;
  readonly swarm: SwarmSnapshot | undefined;
  readonly routes: ReadonlyMap<LinkId, Route>;
  readonly dropped: readonly { readonly peer: string; readonly reason: DropReason }[];
}

export function shareSnapshot(facts: ShareFacts): ShareSnapshot {
  const { info, swarm, verdict, infohashV1, stoppedBy } = facts;
  const uploaded = swarm?.uploaded ?? 0;
  const downloaded = swarm?.downloaded ?? 0;
  const size = info?.files.reduce((sum, file) => sum + file.length, 0) ?? facts.workingSize;
  return {
    id: facts.id,
    role: facts.role,
    state: verdict.state,
    name: info?.name ?? facts.workingName,
    size,
    have: swarm?.have ?? 0,
    wantedSize: wantedSize(swarm, size ?? 0),
    pieceCount: facts.pieceMap.cells.length,
    pieceLength: info?.pieceLength ?? 0,
    uploaded,
    downloaded,
    wasted: swarm?.wasted ?? 0,
    ratio: ratioOf(facts.role, uploaded, downloaded, size),
    uploadRate: swarm?.uploadRate ?? 0,
    downloadRate: swarm?.downloadRate ?? 0,
    public: facts.public,
    infohashV2: facts.infohashV2,
    ...(infohashV1 !== undefined && { infohashV1 }),
    peers: swarm?.peers.map((peer) => peerSnapshot(peer, swarm, facts.routes)) ?? [],
    link: facts.link,
    accepted: facts.accepted,
    restored: facts.restored,
    hashed: facts.hashed,
    pieceMap: facts.pieceMap,
    etaSeconds: swarm && verdict.state === "downloading" ? etaSeconds(swarm) : undefined,
    copies: swarm?.seeds ?? 0,
    parts: swarm?.leechers ?? 0,
    available: swarm?.available ?? false,
    availableWithoutUs: swarm?.availableWithoutUs ?? false,
    storage: facts.storage,
    capacity: facts.capacity,
    problem: verdict.problem,
    dropped: facts.dropped,
    trackers: facts.trackers,
    webSeeds: facts.webSeeds,
    filesVersion: facts.filesVersion,
    fileCount: info?.files.length ?? facts.workingFileCount,
    limits: facts.limits,
    ...(verdict.state === "stopped" && stoppedBy !== undefined && { stoppedBy }),
    addedAt: facts.addedAt,
  };
}

/** Uploaded to downloaded; who brought the files in has one whole copy in place of a download. */
function ratioOf(role: ShareFacts["role"], uploaded: number, downloaded: number, size = 0): number {
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
