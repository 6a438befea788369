/** Lets the data of a scene move as it does during a transfer. Nothing here is random: the same tick looks the same. */
import type { PeerSnapshot, PieceMap, SessionSnapshot, ShareSnapshot } from "../../store/session.ts";

/** As often as the session sends snapshots at most. */
export const TICK_MS = 250;

/** Of everything, what arrives in one tick. */
const STEP = 1 / 400;

/** The snapshot as it is `tick` ticks later. */
export function moved(snapshot: SessionSnapshot, tick: number): SessionSnapshot {
  return { ...snapshot, shares: snapshot.shares.map((share) => movedShare(share, tick)) };
}

function movedShare(share: ShareSnapshot, tick: number): ShareSnapshot {
  const size = share.size ?? 0;
  const wave = 1 + 0.2 * Math.sin(tick / 3);
  return {
    ...share,
    have: Math.min(size, share.have + size * STEP * tick),
    downloadRate: share.downloadRate * wave,
    uploadRate: share.uploadRate * wave,
    pieceMap: movedPieces(share.pieceMap, tick),
    peers: share.peers.map((peer, i) => movedPeer(peer, size, tick + i)),
  };
}

function movedPeer(peer: PeerSnapshot, size: number, tick: number): PeerSnapshot {
  const wave = 1 + 0.3 * Math.sin(tick / 2);
  return {
    ...peer,
    have: Math.min(size, peer.have + size * STEP * tick),
    uploadRate: peer.uploadRate * wave,
    downloadRate: peer.downloadRate * wave,
  };
}

/** Every tick some more pieces, here and there, have arrived or are asked for. */
function movedPieces(map: PieceMap, tick: number): PieceMap {
  const { length } = map.cells;
  const cells = map.cells.slice();
  const count = Math.floor(length * STEP * tick);
  for (let i = 0; i < count; i++) cells[(i * 7919) % length] = 2;
  for (let i = count; i < count + 60; i++) {
    const piece = (i * 7919) % length;
    if (cells[piece] === 0) cells[piece] = 1;
  }
  return { ...map, version: map.version + tick, cells };
}
