/** Questions that more than one screen asks of the store, as pure functions. */
import type { AppState } from "./app-store.ts";
import type { ShareView } from "./share-view.ts";

export function shownShare(state: AppState): ShareView | undefined {
  return state.shares.find((share) => share.id === state.shown);
}

/** People who do not have everything yet. */
export function peopleWaiting(share: ShareView): number {
  return share.people.filter((person) => !person.isComplete).length;
}

/** People who are sending to us right now. */
export function peopleSending(share: ShareView): number {
  return share.people.filter((person) => person.downloadRate > 0).length;
}

/**
 * What would be lost if the tab were closed now: other people's source, our own download (when it is kept
 * in memory alone), or nothing.
 */
export function lossOnLeaving(shares: readonly ShareView[]): "their-source" | "our-download" | undefined {
  const gives = shares.some(
    (share) =>
      (share.stage === "sharing" || share.stage === "done") &&
      peopleWaiting(share) > 0 &&
      !share.availableWithoutUs,
  );
  if (gives) return "their-source";
  const takes = shares.some(
    (share) =>
      share.role === "receiver" && share.storage === "memory" && share.have > 0 && share.progress < 1,
  );
  return takes ? "our-download" : undefined;
}

/** What the tab's title tells while another tab is looked at: the shown share's progress, else the first busy one's. */
export function titleProgress(state: AppState): { name: string; progress: number } | undefined {
  const shown = shownShare(state);
  const candidates = shown === undefined ? state.shares : [shown, ...state.shares];
  for (const share of candidates) {
    const progress = busyProgress(share);
    if (progress !== undefined) return { name: share.name, progress };
  }
  return undefined;
}

/** The share's own progress while it hashes or downloads; while it sends, that of the person furthest behind. */
function busyProgress(share: ShareView): number | undefined {
  switch (share.stage) {
    case "fingerprinting":
    case "downloading":
    case "checking":
    case "waiting":
    case "paused":
      return share.progress;
    case "sharing": {
      const behind = share.people.filter((person) => !person.isComplete).map((person) => person.progress);
      return behind.length > 0 ? Math.min(...behind) : undefined;
    }
    default:
      return undefined;
  }
}
