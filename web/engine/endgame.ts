/**
 * Endgame (Cohen 2003 §2.4.4): when every block is asked for, a peer that is idle is asked for one that another owes us.
 * Blocks that nobody here has are not waited for, unless they keep coming: from a seed that shows one piece after the
 * other, or because the others are as far as we are.
 *
 * Cohen asks everybody for everything. Here it is the one block that we would wait for longest, the last of a long queue
 * or one of a stalled peer, and only where the idle peer is expected to give it clearly sooner: then the other has not
 * begun to send it when it hears `cancel`, and it comes once. Peers that let requests lie are left out: a few of them
 * could hand the last block to each other for ever.
 */
import type { BlockRef } from "./asking.ts";
import type { SwarmContext } from "./context.ts";
import { ENDGAME_BLOCK_MS, ENDGAME_GAIN_MS, ENDGAME_QUIET_MS } from "./limits.ts";
import type { Peer, PendingRequest } from "./peer.ts";
import type { Pieces } from "./pieces.ts";

/** The block to ask the peer for although another one is asked for it, if there is one; it counts as asked from here on. */
export function takeInEndgame(context: SwarmContext, peer: Peer, pieces: Pieces): readonly BlockRef[] {
  if (peer.requests.length > 0 || peer.pipeline.isStalled) return [];
  if (isAnyLeftToStart(context, pieces)) return [];
  const { now } = context;
  let found: PendingRequest | undefined;
  let longestMs = peer.pipeline.waitMs(1, now, now) + ENDGAME_GAIN_MS;
  for (const { requests, pipeline } of context.peers.values()) {
    const [oldest] = requests;
    if (oldest === undefined) continue;
    // Peers answer in order, so what was asked last comes last. A block may be on its way already: that is worth a wait.
    for (let at = requests.length - 1; at >= 0; at--) {
      const wholeMs = pipeline.waitMs(at + 1, oldest.askedAt, now);
      const waitMs = Math.max(pipeline.waitMs(at, oldest.askedAt, now), wholeMs - ENDGAME_BLOCK_MS);
      if (waitMs <= longestMs) break;
      const request = requests[at];
      if (request === undefined || !mayDouble(request, peer, pieces)) continue;
      longestMs = waitMs;
      found = request;
      break;
    }
  }
  if (found === undefined) return [];
  pieces.started.get(found.piece)?.onAsked(found.block, peer.link, now);
  return [found];
}

/** Some piece that nobody is asked for is at a peer here, or is likely to be soon. */
function isAnyLeftToStart({ peers, now }: SwarmContext, { availability }: Pieces): boolean {
  if (availability.pickable === 0) return false;
  if (availability.pickableHere > 0 || now < availability.newPieceAt + ENDGAME_QUIET_MS) return true;
  return [...peers.values()].some((peer) => peer.isFullCopy);
}

function mayDouble({ piece, block }: PendingRequest, peer: Peer, pieces: Pieces): boolean {
  if (!peer.have?.has(piece)) return false;
  return pieces.started.get(piece)?.mayDouble(block, peer.link) ?? false;
}
