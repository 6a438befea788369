/**
 * What the screen says about a share, from what is known: its state and, when nothing goes on, why.
 *
 * Pure: the same situation gives the same verdict. Where a verdict depends on how long something has lasted,
 * `recheckAt` says when to ask again.
 */
import { type Millis, millis } from "../../engine/units.ts";
import type { SearchFacts } from "../introductions/search-record.ts";
import { ALONE_AFTER_MS, ANSWER_TIMEOUT_MS, NO_ROUTE_AFTER_MS, UNREACHABLE_AFTER_MS } from "../limits.ts";
import type { NoRouteCause, Problem, ShareState } from "../snapshot.ts";

export interface Situation {
  readonly role: "sender" | "receiver";
  /** Where the share is in its life. */
  readonly stage: "hashing" | "resting" | "opening" | "joined" | "stopped" | "failed";
  /** What went wrong in this tab and stays wrong until the person does something. */
  readonly fault: Problem | undefined;
  readonly accepted: boolean;
  /** The browser kept the way to the files of a resting share. */
  readonly canReopen: boolean;
  readonly paused: boolean;
  readonly hasMetadata: boolean;
  readonly isComplete: boolean;
  /** Since when some piece that we lack has been at nobody here; undefined while everything is. */
  readonly unavailableSince: Millis | undefined;
  readonly trackerOnline: boolean;
  /** Since when the tracker has been away, or there. */
  readonly trackerSince: Millis;
  /** The link asks for a password, and none was given. */
  readonly isLocked: boolean;
  readonly hasPassword: boolean;
  /** Undefined until the room is known. */
  readonly search: SearchFacts | undefined;
  /** Web seeds that give right now. */
  readonly webSeeds: number;
  /** This site names servers that find a way between networks; one that relays. */
  readonly hasIceServers: boolean;
  readonly relayAvailable: boolean;
  /** Links go through relays alone. */
  readonly relayOnly: boolean;
  /** What makes milliseconds since the epoch of a time on the session's clock. */
  readonly epochOffset: number;
}

export interface Verdict {
  readonly state: ShareState;
  readonly problem: Problem | undefined;
  readonly recheckAt: Millis | undefined;
}

export function judge(situation: Situation, now: Millis): Verdict {
  const { stage, role, fault } = situation;
  if (stage === "resting") return resting(situation);
  if (stage === "opening") return settled("checking", fault);
  if (stage !== "joined") return settled(stage, fault);
  if (role === "sender") return settled("seeding", fault);
  if (situation.isComplete) return settled("done", fault);
  if (situation.paused) return settled("paused", fault);
  const deadlines = new Deadlines(now);
  const problem = fault ?? whyNothingGoesOn(situation, deadlines);
  return { state: receiving(situation, problem), problem, recheckAt: deadlines.next };
}

function settled(state: ShareState, problem: Problem | undefined): Verdict {
  return { state, problem, recheckAt: undefined };
}

/** It is here from an earlier time, and nobody knows of it yet. */
function resting({ role, isComplete, fault, canReopen }: Situation): Verdict {
  if (role === "sender") return settled("paused", fault ?? { code: "files-needed", canReopen });
  return settled(isComplete ? "done" : "waiting", fault);
}

function receiving(
  { hasMetadata, accepted, search, webSeeds }: Situation,
  problem: Problem | undefined,
): ShareState {
  if (problem !== undefined) return "waiting";
  if (!hasMetadata) return "connecting";
  if (!accepted) return "waiting";
  return webSeeds > 0 || (search?.links ?? 0) > 0 ? "downloading" : "connecting";
}

/** The measured cause, or undefined while it is too early to say. */
function whyNothingGoesOn(situation: Situation, deadlines: Deadlines): Problem | undefined {
  if (situation.webSeeds > 0) return undefined;
  const { search, hasMetadata, trackerOnline, trackerSince, unavailableSince } = situation;
  if (situation.isLocked) return { code: "password-needed" };
  if (search !== undefined && search.links > 0) {
    const isGone = hasMetadata && unavailableSince !== undefined;
    return isGone && deadlines.passed(unavailableSince, ALONE_AFTER_MS)
      ? sourceGone(unavailableSince, false, situation)
      : undefined;
  }
  if (!trackerOnline) {
    return deadlines.passed(trackerSince, UNREACHABLE_AFTER_MS) ? { code: "tracker-unreachable" } : undefined;
  }
  if (search === undefined) return undefined;
  const { answeredSince, aloneSince, others, everMet } = search;
  if (search.turnedAway > 0 && !everMet && situation.hasPassword) return { code: "wrong-password" };
  if (others !== 0 && answeredSince !== undefined && deadlines.passed(answeredSince, NO_ROUTE_AFTER_MS)) {
    return { code: "no-route", cause: noRouteCause(situation, search) };
  }
  if (everMet && hasMetadata) {
    return deadlines.passed(aloneSince, ALONE_AFTER_MS) ? sourceGone(aloneSince, true, situation) : undefined;
  }
  if (others === 0) return deadlines.passed(aloneSince, ALONE_AFTER_MS) ? { code: "nobody-here" } : undefined;
  const isSilent = others !== undefined && answeredSince === undefined;
  return isSilent && deadlines.passed(aloneSince, ANSWER_TIMEOUT_MS) ? { code: "nobody-here" } : undefined;
}

/** What is in the way, by the kinds of addresses that both sides came up with (RFC 8445). */
function noRouteCause(
  { relayOnly, relayAvailable, hasIceServers }: Situation,
  { ourCandidates, theirCandidates }: SearchFacts,
): NoRouteCause {
  if (relayOnly && !relayAvailable) return "hidden-without-relay";
  if (ourCandidates.has("relay")) return "relay-in-vain";
  if (relayAvailable) return "relay-silent";
  if (!hasIceServers) return "no-help";
  const isOursClosed = !isSeenOutside(ourCandidates);
  const isTheirsClosed = !isSeenOutside(theirCandidates);
  if (isOursClosed === isTheirsClosed) return "both-refuse";
  return isOursClosed ? "ours-closed" : "theirs-closed";
}

function isSeenOutside(kinds: SearchFacts["ourCandidates"]): boolean {
  return kinds.has("srflx") || kinds.has("prflx") || kinds.has("relay");
}

function sourceGone(since: Millis, isAlone: boolean, { epochOffset }: Situation): Problem {
  return { code: "source-gone", lastSeenAt: Math.round((since + epochOffset) / 1000) * 1000, isAlone };
}

/** Which waits are over, and when the first of the others will be. */
class Deadlines {
  next: Millis | undefined;
  readonly #now: Millis;

  constructor(now: Millis) {
    this.#now = now;
  }

  passed(since: Millis, waitMs: number): boolean {
    const at = millis(since + waitMs);
    if (at <= this.#now) return true;
    if (this.next === undefined || at < this.next) this.next = at;
    return false;
  }
}
