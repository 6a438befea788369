/**
 * One share as the screens need it: the session's snapshot, with what follows from it worked out once.
 *
 * Invariants
 *  1. A view or a person that did not change keeps its identity from one snapshot to the next.
 *  2. `progress` is 1 exactly when nothing is left to do.
 */
import { clamp01 } from "./format.ts";
import { type Gain, secondsLeft, withMark } from "./gain.ts";
import { type Nickname, nicknameOf } from "./nickname.ts";
import type { PeerSnapshot, ShareSnapshot } from "./session.ts";

/** Which screen a share is on; also names its state in words. */
export type Stage =
  | "fingerprinting"
  /** Sending, or waiting for the first person to come. */
  | "sharing"
  /** The link is open and nothing is known of what is behind it yet. */
  | "finding"
  /** It is known what is behind the link; Download was not pressed. */
  | "offered"
  | "downloading"
  | "checking"
  | "paused"
  | "waiting"
  | "done"
  | "stopped"
  | "failed";

export interface Person extends PeerSnapshot {
  readonly nickname: Nickname;
  /** 0 … 1 of the share. */
  readonly progress: number;
  readonly isComplete: boolean;
  /** Until it has everything, at the rate of the last seconds; rounded, undefined while unknown. */
  readonly secondsLeft: number | undefined;
}

export interface ShareView extends Omit<ShareSnapshot, "peers"> {
  readonly stage: Stage;
  /** 0 … 1: of the fingerprinting or the download. */
  readonly progress: number;
  readonly people: readonly Person[];
  /** Bytes that the people here got from each other instead of from us; never falls. */
  readonly othersSent: number;
}

/** What is remembered of each peer between snapshots, by peer id. */
export type Gains = ReadonlyMap<string, Gain>;

export function stageOf(share: ShareSnapshot): Stage {
  switch (share.state) {
    case "hashing":
      return "fingerprinting";
    case "downloading":
    case "checking":
    case "paused":
    case "stopped":
    case "failed":
      return share.state;
    case "done":
      return "done";
    case "seeding":
      return share.role === "sender" ? "sharing" : "done";
    case "connecting":
    case "waiting":
      if (share.role === "sender") return "sharing";
      if (share.size === undefined) return "finding";
      return share.accepted ? "waiting" : "offered";
  }
}

export function progressOf(share: ShareSnapshot): number {
  if (share.state === "hashing") return clamp01(share.hashed);
  if (share.role === "sender" || share.state === "done" || share.state === "seeding") return 1;
  return share.wantedSize > 0 ? clamp01(share.have / share.wantedSize) : 0;
}

/** Marks what every peer has now. */
export function withMarks(gains: Gains, share: ShareSnapshot, at: number): Gains {
  return new Map(share.peers.map((peer) => [peer.id, withMark(gains.get(peer.id), at, peer.have)]));
}

/** @param previous the view of the same share before, whose unchanged parts are kept. */
export function shareView(share: ShareSnapshot, gains: Gains, previous: ShareView | undefined): ShareView {
  const { peers, ...rest } = share;
  const before = new Map(previous?.people.map((person) => [person.id, person]));
  const people = peers.map((peer) => {
    const person = personOf(peer, share.size, gains.get(peer.id));
    const known = before.get(peer.id);
    return known !== undefined && isSame(known, person) ? known : person;
  });
  const view: ShareView = {
    ...rest,
    stage: stageOf(share),
    progress: progressOf(share),
    people: keepList(previous?.people, people),
    othersSent: Math.max(previous?.othersSent ?? 0, passedOn(share)),
  };
  return previous !== undefined && isSame(previous, view) ? previous : view;
}

function personOf(peer: PeerSnapshot, size: number | undefined, gain: Gain | undefined): Person {
  const isComplete = size !== undefined && peer.have >= size;
  const left = gain === undefined || size === undefined || isComplete ? undefined : secondsLeft(gain, size);
  return {
    ...peer,
    nickname: nicknameOf(peer.id),
    progress: size === undefined || size === 0 ? 0 : clamp01(peer.have / size),
    isComplete,
    secondsLeft: left === undefined ? undefined : Math.round(left),
  };
}

/**
 * Only the one who brought the files knows that whatever others hold and did not get here, they gave each other.
 * Counted against all that was ever sent, of which a tab that ended may have forgotten the last seconds: what one
 * person alone holds cannot be from others.
 */
function passedOn(share: ShareSnapshot): number {
  if (share.role !== "sender" || share.peers.length < 2) return 0;
  return Math.max(0, share.peers.reduce((sum, peer) => sum + peer.have, 0) - share.uploaded);
}

function keepList<Item>(previous: readonly Item[] | undefined, next: readonly Item[]): readonly Item[] {
  if (previous?.length !== next.length) return next;
  return next.every((item, i) => item === previous[i]) ? previous : next;
}

/** Structural equality of plain data; a piece map is compared by its version, for its cells change in step with it. */
function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && a.length === b.length;
  const entriesA = Object.entries(a);
  const mapB = new Map<string, unknown>(Object.entries(b));
  return entriesA.length === mapB.size && entriesA.every(([key, value]) => isSame(value, mapB.get(key)));
}
