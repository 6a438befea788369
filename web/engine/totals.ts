/** Bytes. */
export interface Totals {
  readonly uploaded: number;
  readonly downloaded: number;
  readonly wasted: number;
}

export const NO_TOTALS: Totals = { uploaded: 0, downloaded: 0, wasted: 0 };

/** What the shares of a life (or the sessions of a share) come to together. */
export function mergeTotals(...parts: readonly Totals[]): Totals {
  return parts.reduce(
    (sum, part) => ({
      uploaded: sum.uploaded + part.uploaded,
      downloaded: sum.downloaded + part.downloaded,
      wasted: sum.wasted + part.wasted,
    }),
    NO_TOTALS,
  );
}

/** What was moved after `before`. */
export function totalsSince(before: Totals, now: Totals): Totals {
  return {
    uploaded: now.uploaded - before.uploaded,
    downloaded: now.downloaded - before.downloaded,
    wasted: now.wasted - before.wasted,
  };
}
