/**
 * Where a share is in its life, what the person wants of it, and what stands in the way.
 *
 * Invariants
 *  1. A failed share stays failed; a stopped one can be taken up again where it was.
 *  2. A share of an earlier session rests until somebody asks for it; one that takes another one's place goes on as
 *     that one did.
 */
import type { Problem, StopReason } from "../snapshot.ts";
import type { ShareOrigin } from "./share-origin.ts";
import type { Situation } from "./share-state.ts";

/** What of a share's life holds for the one that takes its place. */
export interface LifeSoFar {
  readonly accepted: boolean;
  readonly paused: boolean;
  readonly isStopped: boolean;
  readonly stoppedBy: StopReason | undefined;
}

export class ShareLife {
  #stage: Situation["stage"];
  #fault: Problem | undefined;
  #accepted: boolean;
  #paused = false;
  #isRestored: boolean;
  #stoppedBy: StopReason | undefined;

  constructor(origin: ShareOrigin) {
    this.#stage = firstStage(origin);
    this.#accepted =
      origin.type === "files" || (origin.type === "kept" && origin.record.share.role === "sender");
    this.#isRestored = origin.type === "kept";
    if (origin.type === "kept" && origin.soFar !== undefined) this.#goOn(origin.soFar);
  }

  get stage(): Situation["stage"] {
    return this.#stage;
  }

  /** What went wrong and stays wrong until somebody does something. */
  get fault(): Problem | undefined {
    return this.#fault;
  }

  /** The person wants it: shares it, or has said that it be downloaded. */
  get accepted(): boolean {
    return this.#accepted;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** It is here from an earlier session, and was not gone on with. */
  get isRestored(): boolean {
    return this.#isRestored;
  }

  get stoppedBy(): StopReason | undefined {
    return this.#stoppedBy;
  }

  /** It is here from an earlier time, and nobody has asked for it. */
  get isResting(): boolean {
    return this.#isRestored && (this.#stage === "resting" || this.#stage === "stopped");
  }

  /** For the share that takes this one's place where there is room for all of it. */
  get soFar(): LifeSoFar {
    return {
      accepted: this.#accepted,
      paused: this.#paused && this.#fault?.code !== "open-elsewhere",
      isStopped: this.#stage === "stopped",
      stoppedBy: this.#stoppedBy,
    };
  }

  /** Pieces may be asked for. */
  get mayDownload(): boolean {
    return this.#accepted && !this.#paused && this.#stage === "joined";
  }

  enter(stage: Exclude<Situation["stage"], "stopped" | "failed">): void {
    this.#stage = stage;
  }

  onWanted(): void {
    this.#accepted = true;
    this.#paused = false;
  }

  onPaused(): void {
    this.#paused = true;
  }

  /** It takes part again: what stood in the way is tried once more. */
  onGoingOn(): void {
    this.#isRestored = false;
    if (this.#stage === "joined") this.#fault = undefined;
  }

  onWaking(): void {
    this.#fault = undefined;
    this.#stage = "opening";
  }

  /** @param isOpen whether there are pieces to read, or somewhere to put them. */
  onWoken(isOpen: boolean): void {
    this.#stage = isOpen ? "joined" : "resting";
    if (isOpen && this.#accepted) this.#isRestored = false;
  }

  onFault(problem: Problem): void {
    this.#fault = problem;
  }

  onFailed(problem: Problem): void {
    this.#fault = problem;
    this.#stage = "failed";
  }

  onStopped(by: StopReason): void {
    this.#stoppedBy = by;
    this.#stage = "stopped";
  }

  /** Nobody sees it any more. */
  onEnded(): void {
    this.#stage = "stopped";
  }

  #goOn({ accepted, paused, isStopped, stoppedBy }: LifeSoFar): void {
    this.#stage = isStopped ? "stopped" : "joined";
    this.#isRestored = isStopped || !accepted;
    this.#stoppedBy = stoppedBy;
    this.#accepted = accepted;
    this.#paused = paused;
  }
}

function firstStage(origin: ShareOrigin): Situation["stage"] {
  if (origin.type === "files") return "hashing";
  if (origin.type === "link") return "joined";
  return origin.record.share.stopped ? "stopped" : "resting";
}
