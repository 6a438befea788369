/** Questions that more than one screen asks of the store, as pure functions. */
import type { AppState } from "./app-store.ts";
import type { Person, ShareView } from "./share-view.ts";

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

/** What goes between us and a person, bytes per second. Rates fall slowly: who has everything gets nothing any more. */
export function flowsBetween(person: Person, areWeComplete: boolean): { given: number; got: number } {
  return {
    given: person.isComplete ? 0 : person.uploadRate,
    got: areWeComplete ? 0 : person.downloadRate,
  };
}

/** Something comes or goes right now. */
export function isMoving(share: ShareView): boolean {
  return share.uploadRate > 0 || share.downloadRate > 0;
}

/** What closing the tab would cost, and whom. */
export type Loss =
  | { readonly kind: "their-source"; readonly name: string; readonly people: number }
  /** Kept in memory alone, and not saved yet. */
  | { readonly kind: "our-download"; readonly name: string; readonly bytes: number };

/** The worst that closing the tab would cost; undefined when nobody would lose anything. */
export function lossOnLeaving(shares: readonly ShareView[], saved: ReadonlySet<string>): Loss | undefined {
  const [robbed] = shares
    .filter((share) => (share.stage === "sharing" || share.stage === "done") && !share.availableWithoutUs)
    .map((share) => ({ name: share.name, people: peopleWaiting(share) }))
    .filter(({ people }) => people > 0)
    .sort((a, b) => b.people - a.people);
  if (robbed !== undefined) return { kind: "their-source", ...robbed };
  const ours = shares.find(
    ({ id, role, storage, have }) =>
      role === "receiver" && storage === "memory" && have > 0 && !saved.has(id),
  );
  return ours === undefined ? undefined : { kind: "our-download", name: ours.name, bytes: ours.have };
}

/** Whoever opens its link needs a password, as the link itself says (DESIGN §5). */
export function hasPassword({ link, public: isPublic }: ShareView): boolean {
  return !isPublic && link.endsWith(".p");
}

/** Left by an earlier visit, and waits for a word from the person; what was stopped then is simply stopped. */
export function isLeft(share: ShareView): boolean {
  return share.restored && share.stage !== "stopped";
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
