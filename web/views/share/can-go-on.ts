import type { ShareView } from "../../store/share-view.ts";

/** One click is enough for a share of an earlier visit: what it needs is kept here, or the way to it is. */
export function canGoOn({ problem }: ShareView): boolean {
  return problem?.code !== "files-needed" || problem.canReopen;
}
