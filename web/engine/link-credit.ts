/** How far ahead of its link a peer is served: LINK_CREDIT_MS of the rate at which the link drains, within bounds. */
import {
  ANSWER_BACKLOG_BYTES,
  LINK_CREDIT_MS,
  MAX_LINK_CREDIT_BYTES,
  MIN_LINK_CREDIT_BYTES,
} from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { Millis } from "./units.ts";

/** Less waits for the link than its credit. The rate only fades until more is flushed. */
export function hasCredit(peer: Peer, now: Millis): boolean {
  if (peer.unflushedBytes < MIN_LINK_CREDIT_BYTES) return true;
  return peer.unflushedBytes < peer.creditBytes && peer.unflushedBytes < creditOf(peer, now);
}

/** Bytes that may wait for the link now. */
export function creditOf({ flushed }: Peer, now: Millis): number {
  const drainedBytes = (flushed.bytesPerSecond(now) * LINK_CREDIT_MS) / 1000;
  return Math.max(MIN_LINK_CREDIT_BYTES, Math.min(drainedBytes, MAX_LINK_CREDIT_BYTES));
}

/** It asks for more than it takes. */
export function isBacklogged({ unflushedBytes }: Peer): boolean {
  return unflushedBytes > ANSWER_BACKLOG_BYTES;
}
