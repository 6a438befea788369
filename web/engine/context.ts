/**
 * What the parts of a swarm share: the time of the step, the peers, and the ways to act on them.
 */
import type { DropReason } from "./io.ts";
import type { Ledger } from "./ledger.ts";
import type { Outbox } from "./outbox.ts";
import type { Peer } from "./peer.ts";
import type { LinkId, Millis } from "./units.ts";

export interface SwarmContext {
  readonly now: Millis;
  readonly peers: ReadonlyMap<LinkId, Peer>;
  readonly out: Outbox;
  readonly ledger: Ledger;
  /** Closes the link; nothing more is sent on it. With `ban` the peer is kept out of the share. */
  drop(peer: Peer, reason: DropReason, options?: { ban: boolean }): void;
}
