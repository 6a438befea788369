/**
 * What several processes know of each other's peers, so that together they are one tracker.
 *
 * A process alone needs none: its own memory is the whole truth. With a directory, every process says who is on
 * its sockets, asks who is in a swarm before it answers an announce, and carries signals to other processes.
 *
 * Invariants
 *  1. An answer may be a moment old; nothing breaks when a peer in it is gone.
 *  2. A process that dies takes its peers out of the directory within `NODE_TTL_MS` and one beat.
 *  3. While the directory is out of order, `ask` settles with undefined and every process serves its own peers.
 *     Afterwards `onRecovered` asks for everything that was said meanwhile, and all is as before.
 */
import type { ScrapedSwarm, SentSignal } from "./messages.ts";
import type { Member, SwarmView } from "./swarm.ts";

/** Names one process for as long as it runs. */
export type NodeId = string;

export type Question =
  /** Who `peer` may be introduced to, at most `count`; no seeds if it is `complete`. */
  | {
      readonly kind: "swarm";
      readonly room: string;
      readonly peer: string;
      readonly complete: boolean;
      readonly count: number;
    }
  /** Where `peer` is. */
  | { readonly kind: "peer"; readonly room: string; readonly peer: string }
  | { readonly kind: "counts"; readonly rooms: readonly string[] };

export type Answer =
  /** `holder` is the other process that has this peer id. */
  | ({ readonly kind: "swarm"; readonly holder: NodeId | undefined } & SwarmView<NodeId>)
  | { readonly kind: "peer"; readonly member: Member<NodeId> | undefined }
  | { readonly kind: "counts"; readonly swarms: readonly ScrapedSwarm[] };

/** What one process tells another. */
export type Parcel =
  /** To a peer of yours, from one of mine, who speaks the extensions or does not. */
  | { readonly kind: "signal"; readonly signal: SentSignal; readonly extended: boolean }
  /** Somebody at `claimant` says to be this peer of yours: is it still alive? */
  | { readonly kind: "claim"; readonly room: string; readonly peer: string; readonly claimant: NodeId }
  | { readonly kind: "claim-ended"; readonly room: string; readonly peer: string; readonly isFree: boolean };

export interface DirectoryEvents {
  onParcel(parcel: Parcel): void;
  /** Say again who is on your sockets. */
  onRecovered(): void;
}

export interface Directory {
  readonly self: NodeId;
  isAvailable(): boolean;
  /** Settles within about a second, with undefined when nobody can tell. Never rejects. */
  ask(question: Question): Promise<Answer | undefined>;
  /** A peer of ours is in a swarm, or still is. `hasCompleted`: it just became a seed. */
  enter(room: string, member: Member<unknown>, hasCompleted: boolean): void;
  leave(room: string, peer: string): void;
  /** Reaches the other process soon, or never. */
  forward(to: NodeId, parcel: Parcel): void;
  /** Takes our peers out and lets go. */
  close(): Promise<void>;
}
