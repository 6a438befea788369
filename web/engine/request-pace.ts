/** How many requests a peer gets, when it is late with one, and how quick it is. */
import type { PickerPeer } from "./asking.ts";
import { Bitfield } from "./bitfield.ts";
import type { SwarmContext } from "./context.ts";
import type { Geometry } from "./geometry.ts";
import { BLOCK_BYTES, FASTEST_SHARE, MIN_PIPELINE, PLAYING_QUEUE_MS, REQUEST_QUEUE_MS } from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { Millis } from "./units.ts";

/** Requests to keep in flight to the peer now. */
export function requestTarget(peer: Peer, isPlaying: boolean, now: Millis): number {
  if (peer.isChoking || !peer.amInterested || peer.have === undefined) return 0;
  if (peer.restsUntil !== undefined && now < peer.restsUntil) return 0;
  const target = peer.pipeline.target(peer.reqq);
  return isPlaying ? Math.min(target, playingTarget(peer, now)) : target;
}

/** While something is played queues are short, so that what is needed at once does not wait behind the rest. */
function playingTarget(peer: Peer, now: Millis): number {
  const bytes = (peer.receivedLately.bytesPerSecond(now) * PLAYING_QUEUE_MS) / 1000;
  return Math.max(2 * MIN_PIPELINE, Math.ceil(bytes / BLOCK_BYTES));
}

/** When the peer is late with its oldest request, if nothing comes until then. */
export function lateWithOldest({ requests, lastBlockAt, pipeline }: Peer): number {
  const [oldest] = requests;
  return Math.max(oldest?.askedAt ?? 0, lastBlockAt ?? 0) + pipeline.timeoutMs;
}

/** By what they gave in the last moments; while nobody gave anything, everybody is. */
export function isOneOfTheFastest(context: SwarmContext, peer: Peer): boolean {
  const rateOf = (one: Peer) => one.receivedLately.bytesPerSecond(context.now);
  const fastest = Math.max(0, ...Array.from(context.peers.values(), rateOf));
  return rateOf(peer) >= fastest * FASTEST_SHARE;
}

/** What the picker reads of the peer. It is fast if its queue holds whole pieces. */
export function asPickerPeer(peer: Peer, geometry: Geometry, now: Millis, isAmongFastest = true): PickerPeer {
  const rate = peer.received.bytesPerSecond(now);
  return {
    link: peer.link,
    peer: peer.id,
    have: peer.have ?? new Bitfield(geometry.pieceCount),
    isFast: (rate * REQUEST_QUEUE_MS) / 1000 >= geometry.pieceLength,
    isAmongFastest,
    givesUnshown: peer.givesUnshown,
    outstanding: peer.requests.length,
    isStalled: peer.pipeline.isStalled,
  };
}
