import { useState } from "react";
import { isLeft } from "../../store/selectors.ts";
import type { ShareId } from "../../store/session.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useApp } from "../app-context.tsx";

/** Every share is in one of the two, newest first. */
interface SharesOnHome {
  /** Left by an earlier visit. What goes on stays among them while this page is looked at: nothing jumps from under a finger. */
  readonly cameBack: readonly ShareView[];
  readonly others: readonly ShareView[];
}

export function useCameBack(): SharesOnHome {
  const shares = useApp((state) => state.shares);
  const [seen, setSeen] = useState<ReadonlySet<ShareId>>(new Set());
  const unseen = shares.filter((share) => isLeft(share) && !seen.has(share.id));
  if (unseen.length > 0) setSeen(new Set([...seen, ...unseen.map(({ id }) => id)]));
  return {
    cameBack: shares.filter(({ id }) => seen.has(id)),
    others: shares.filter(({ id }) => !seen.has(id)),
  };
}
